"""Faulty HTTP under uvicorn: it is rejected after the responses to the requests before it."""

import pytest

from tests.agents import COMETD_PATH
from tests.raw_http import exchange, json_request, request
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


@pytest.mark.parametrize("together", [True, False])
async def test_malformed_http_waits_for_a_held_poll(service, together):
    handshake = {"channel": "/meta/handshake", "version": "1.0", "supportedConnectionTypes": ["long-polling"]}
    [(_, [reply])] = await exchange(service.port, json_request(COMETD_PATH, [handshake], user="agent1"))
    connect = {"channel": "/meta/connect", "clientId": reply["clientId"], "connectionType": "long-polling"}
    polls = [
        kept_open(json_request(COMETD_PATH, [connect | {"advice": {"timeout": milliseconds}}], user="agent1"))
        for milliseconds in (0, 300)
    ]
    packets = [*polls, b"nonsense\r\n\r\n" + FOCUS]

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
