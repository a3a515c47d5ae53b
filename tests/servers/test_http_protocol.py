"""Faulty HTTP under uvicorn: it is rejected after the responses to the requests before it."""

import asyncio
import contextlib
import gc
import socket
import weakref

import httpx2
import pytest
import uvicorn
from uvicorn.server import ServerState

from gws_chat.gateway import body
from gws_chat.servers import http_protocol
from gws_chat.servers.http_protocol import HttpProtocol
from tests.agents import COMETD_PATH
from tests.raw_http import TIMEOUT, RawConnection, exchange, json_request, request
from tests.service import Service

MALFORMED = {
    "not HTTP": b"nonsense\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "unknown version": b"GET / HTTP/9.9\r\n\r\n",
    "invalid header": request("GET", "/health", "no header"),
    "path not ASCII": request("GET", "/api/v2/me/\xff"),
    "negative length": request("POST", "/api/v2/me/chats/1", "Content-Length: -2"),
    "two lengths": request("POST", "/api/v2/me/chats/1", "Content-Length: 2", "Content-Length: 3"),
}

REJECTED = 400, {"statusCode": 2, "statusMessage": "request: invalid http request received"}
SUCCESS = 200, {"statusCode": 0}
CHUNKED = "Content-Type: application/json", "Transfer-Encoding: chunked"
MALFORMED_CHUNK = b'3\r\n{"o\r\nzz\r\n{}\r\n0\r\n\r\n'
INCOMPLETE = 400, {"statusCode": 2, "statusMessage": "body: incomplete after 3 bytes"}


@pytest.fixture(scope="module")
def service():
    """Start one service for the tests that change nothing."""
    with Service("uvicorn") as service:
        yield service


def kept_open(sent):
    return sent.replace(b"Connection: close\r\n", b"")


FOCUS = kept_open(json_request("/api/v2/me/chats/0071023821aec011", {"operationName": "InFocus"}, user="agent1"))
DELETE_FAULTS = request("DELETE", "/simulation/faults", *CHUNKED, body=MALFORMED_CHUNK)


@pytest.mark.parametrize("malformed", MALFORMED.values(), ids=MALFORMED)
async def test_malformed_http_is_rejected_with_json(service, malformed):
    assert [REJECTED] == await exchange(service.port, malformed)


@pytest.mark.parametrize("malformed", MALFORMED.values(), ids=MALFORMED)
@pytest.mark.parametrize("together", [True, False])
async def test_performed_requests_are_answered_before_the_error(service, malformed, together):
    packets = [FOCUS * 3 + malformed] if together else [FOCUS * 3, malformed]

    assert [SUCCESS] * 3 + [REJECTED] == await exchange(service.port, *packets)


async def polls(port, *hold_times):
    """Return polls of a new session, in which the server holds each for some milliseconds."""
    handshake = {"channel": "/meta/handshake", "version": "1.0", "supportedConnectionTypes": ["long-polling"]}
    [(_, [reply])] = await exchange(port, json_request(COMETD_PATH, [handshake], user="agent1"))
    connect = {"channel": "/meta/connect", "clientId": reply["clientId"], "connectionType": "long-polling"}
    return [
        kept_open(json_request(COMETD_PATH, [connect | {"advice": {"timeout": hold_time}}], user="agent1"))
        for hold_time in hold_times
    ]


@pytest.mark.parametrize("together", [True, False])
async def test_malformed_http_waits_for_a_held_poll(service, together):
    packets = [*await polls(service.port, 0, 300), b"nonsense\r\n\r\n" + FOCUS]

    responses = await exchange(service.port, *([b"".join(packets)] if together else packets))

    assert [200, 200] == [status for status, _ in responses[:2]]
    assert [REJECTED] == responses[2:]


@pytest.mark.parametrize("before", [0, 2])
async def test_a_malformed_chunk_is_an_incomplete_body(service, before):
    chat = request("POST", "/api/v2/me/chats/1", *CHUNKED, body=MALFORMED_CHUNK, user="agent1")

    assert [SUCCESS] * before + [INCOMPLETE] == await exchange(service.port, FOCUS * before + kept_open(chat))


async def test_an_operation_without_a_body_is_answered_once(service):
    assert [SUCCESS] == await exchange(service.port, DELETE_FAULTS)


async def test_a_fault_after_the_response_closes_the_connection(service):
    unknown = kept_open(request("POST", "/unknown", *CHUNKED, body=b"2\r\n{"))

    assert [404] == [status for status, _ in await exchange(service.port, unknown, b"}zz")]


LONG = "x" * 70_000
TOO_LARGE = 431, {"statusCode": 10, "statusMessage": "request: URL and headers must be at most 65536 bytes, got more"}
HEALTHY = 200, {"statusCode": 0, "status": "ready"}
UNFINISHED = b"GET /health HTTP/1.1\r\nHost: localhost\r\nX-Long: "


@pytest.mark.parametrize(
    "packets",
    [
        [request("GET", "/health", f"X-Long: {LONG}")],
        [request("GET", "/health", *(f"X-{number}: {number:080}" for number in range(800)))],
        [request("GET", f"/health?{LONG}")],
        [f"GET /{LONG} HTTP/1.1\r\n\r\n".encode()],
        [UNFINISHED + LONG.encode()],
        [UNFINISHED, *[LONG[:20_000].encode()] * 4],
        [UNFINISHED, LONG.encode() * 100],
    ],
    ids=["header", "headers", "query", "path", "unfinished", "in packets", "7 MB"],
)
async def test_a_head_over_the_limit_is_rejected(service, packets):
    assert [TOO_LARGE] == await exchange(service.port, *packets)


async def test_a_head_over_the_limit_waits_for_responses(service):
    large = request("GET", "/health", f"X-Long: {LONG}")

    assert [SUCCESS, TOO_LARGE] == await exchange(service.port, FOCUS + large)


async def test_a_head_below_the_limit_is_accepted(service):
    large = request("GET", "/health", f"X-Long: {LONG[:65_000]}")

    assert [HEALTHY] * 2 == await exchange(service.port, kept_open(large) + large)


async def test_a_large_body_is_no_large_head(service):
    large = json_request("/api/v2/me/chats/1", {"operationName": LONG * 3}, user="agent1")

    responses = await exchange(service.port, kept_open(large) + UNFINISHED, b"x\r\nConnection: close\r\n\r\n")

    assert [400, 200] == [status for status, _ in responses]


class Listener:
    """The application in this process, with short time-outs. `connections` are those that are open."""

    def __init__(self, application, idle_timeout):
        self._config = uvicorn.Config(application.asgi, ws="none", log_config=None, timeout_keep_alive=idle_timeout)
        self._state = ServerState()
        self.connections = self._state.connections
        self.records = []

    def _connect(self):
        return HttpProtocol(self._config, self._state, {}, observers=[self.records.append])

    async def __aenter__(self):
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connect, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self._server.close()

    def limit_send_buffer(self):
        """Leave most of a large response in the server's own buffer."""
        self._server.sockets[0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)

    async def wait_until_closed(self):
        async with asyncio.timeout(TIMEOUT):
            while self.connections:  # noqa: ASYNC110 - uvicorn has no event for it
                await asyncio.sleep(0.01)


@pytest.fixture
async def listener(application, monkeypatch):
    monkeypatch.setattr(http_protocol, "REQUEST_TIMEOUT", 0.1)
    monkeypatch.setattr(body, "BODY_PAUSE", 0.1)
    async with Listener(application, idle_timeout=0.2) as listener:
        yield listener


TIMED_OUT = 408, {"statusCode": 2, "statusMessage": "request: must arrive within 30 s"}


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (b"", []),
        (b"\r\n\r\n", []),
        (FOCUS, [SUCCESS]),
        (FOCUS + b"\r\n", [SUCCESS]),
        (b"G", [TIMED_OUT]),
        (UNFINISHED, [TIMED_OUT]),
        (FOCUS + UNFINISHED, [SUCCESS, TIMED_OUT]),
        (FOCUS[:-1], [(400, {"statusCode": 2, "statusMessage": "body: incomplete after 27 bytes"})]),
    ],
)
async def test_an_idle_or_slow_connection_is_closed(listener, sent, expected):
    assert expected == await exchange(listener.port, sent)


@pytest.mark.parametrize(
    ("start", "piece", "status"),
    [
        (b"", b"\r\n", b""),
        (UNFINISHED, b"x", b"408"),
        (UNFINISHED, b"\r\nX: y", b"408"),
        (FOCUS[:-28].replace(b"28", b"9999"), b" ", b"400"),
        (kept_open(request("POST", "/unknown", "Content-Length: 9999")), b" ", b"404"),
    ],
    ids=["line ends", "header", "headers", "body", "rejected body"],
)
async def test_sending_slowly_does_not_keep_a_connection(listener, start, piece, status):
    connection = await RawConnection.sending(listener.port, start)
    head = asyncio.create_task(connection.head())
    async with asyncio.timeout(TIMEOUT):
        while listener.connections or not head.done():
            connection.writer.write(piece)
            await asyncio.sleep(0.02)

    response = b""
    with contextlib.suppress(ConnectionResetError):  # in place of the end, if a piece arrives after it
        response = await head
    assert status == response.partition(b" ")[2][:3]
    await connection.close()


async def test_held_polls_do_not_time_out(listener):
    first, held, last = await polls(listener.port, 0, 500, 0)

    responses = await exchange(listener.port, first + held, UNFINISHED)

    assert [200, 200, 408] == [status for status, _ in responses]
    last = last.replace(b"Host", b"Connection: close\r\nHost")
    assert [200, 200] == [status for status, _ in await exchange(listener.port, held + last)]


async def test_a_request_whose_head_came_in_parts_is_not_idle(listener):
    first, held = await polls(listener.port, 0, 500)

    responses = await exchange(listener.port, first + held[:20], held[20:])

    assert [200, 200] == [status for status, _ in responses]


async def test_responses_wait_for_a_client_that_does_not_read(application):
    async with Listener(application, idle_timeout=75) as listener:
        connection = await RawConnection.sending(listener.port, kept_open(request("GET", "/openapi.yaml")) * 50)
        for _ in range(20):  # turns of the event loop, in which the server could write all of them
            await exchange(listener.port, request("GET", "/health"))

        assert 2**20 > sum(each.transport.get_write_buffer_size() for each in listener.connections)

        await connection.close()


async def test_a_request_behind_a_dropped_one_is_not_performed(listener):
    await exchange(listener.port, json_request("/simulation/faults", {"effect": "dropRequest", "times": 1}, user=""))
    chat = "/api/v2/me/chats/0071023821aec011"

    responses = await exchange(listener.port, FOCUS + json_request(chat, {"operationName": "Leave"}, user="agent1"))

    [(_, content)] = await exchange(listener.port, request("GET", chat, user="agent1"))
    assert ([], "Chatting") == (responses, content["chat"]["state"])


async def test_a_client_that_reads_nothing_is_disconnected(listener):
    connection = await RawConnection.sending(listener.port, kept_open(request("GET", "/openapi.yaml")) * 1000)
    assert [HEALTHY] == await exchange(listener.port, request("GET", "/health"))  # the server has read the packet

    await listener.wait_until_closed()

    await connection.close()


async def test_responses_before_an_error_are_read_completely(application, monkeypatch):
    monkeypatch.setattr(http_protocol, "LINGER", 0)
    document = kept_open(request("GET", "/openapi.json"))
    async with Listener(application, idle_timeout=75) as listener:
        listener.limit_send_buffer()
        responses = await exchange(listener.port, document + b"nonsense\r\n\r\n")

    assert [200, 400] == [status for status, _ in responses]


@pytest.mark.parametrize("sent", [b"", UNFINISHED, FOCUS, FOCUS + UNFINISHED, FOCUS[:-1], b"nonsense\r\n\r\n"])
async def test_a_reset_connection_is_freed_at_once(application, sent):
    gc.collect()
    gc.disable()  # a connection that waits for garbage collection is not freed at once
    try:
        async with Listener(application, idle_timeout=75) as listener:
            connection = await RawConnection.sending(listener.port, sent)
            assert [HEALTHY] == await exchange(listener.port, request("GET", "/health"))
            (served,) = map(weakref.ref, listener.connections)
            await connection.reset()
            await listener.wait_until_closed()
            assert [HEALTHY] == await exchange(listener.port, request("GET", "/health"))

            assert served() is None
    finally:
        gc.enable()


@pytest.mark.parametrize(
    ("sent", "recorded"),
    [
        (b"nonsense\r\n\r\n", ("-", "-", 400, 2)),
        (FOCUS + b"nonsense\r\n\r\n", ("-", "-", 400, 2)),
        (request("GET", "/health?secret", "no header"), ("GET", "/health", 400, 2)),
        (f"GET /{LONG} HTTP/1.1\r\n\r\n".encode(), ("GET", f"/{LONG[:255]}...", 431, 10)),
        (UNFINISHED, ("GET", "/health", 408, 2)),
    ],
    ids=["unknown", "unknown after another", "header", "path", "slow"],
)
async def test_a_rejected_request_is_recorded(listener, sent, recorded):
    await exchange(listener.port, sent)

    [record] = listener.records
    assert recorded == (record.method, record.path, record.status, record.status_code)


async def test_a_rejected_request_is_logged_and_counted(serve):
    service = serve("uvicorn")

    await exchange(service.port, b"nonsense\r\n\r\n")

    metrics = httpx2.get(f"{service.url}/metrics").text
    assert 'gws_chat_requests_total{operation="other",statusCode="2"} 1.0' in metrics
    service.end()
    assert " - - status=400 statusCode=2 0.0 ms\n" in service.output
