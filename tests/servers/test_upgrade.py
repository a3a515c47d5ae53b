"""A request that offers an upgrade is served as HTTP/1.1, and its body belongs to no other request."""

import httpx2
import pytest

from tests.clients.node import HERE, require_program
from tests.commands import run
from tests.raw_http import exchange, request
from tests.service import Service

LEAVE = b'{"operationName": "Leave"}'
FOCUS = b'{"operationName": "InFocus"}'
CONFERENCE = "/api/v2/me/chats/0000Na9B26EF002X"
HTTP2 = "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA"
WEBSOCKET = "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
OFFERS = {
    "HTTP/2": ("Connection: Upgrade, HTTP2-Settings", *HTTP2),
    "TLS": ("Connection: upgrade", "Upgrade: TLS/1.0"),
    "WebSocket": ("Connection: keep-alive, Upgrade", *WEBSOCKET),
    "several": ("Upgrade: h2c", "Connection: keep-alive", "Connection: Upgrade", "Upgrade: TLS/1.2, IRC/6.9"),
    "no protocol": ("Connection: Upgrade", "Upgrade:"),
    "no offer": ("Connection: Upgrade",),
}
BODIES = {
    "length": ("Content-Length: 28", FOCUS),
    "chunked": ("Transfer-Encoding: chunked", b"c\r\n" + FOCUS[:12] + b"\r\n10\r\n" + FOCUS[12:] + b"\r\n0\r\n\r\n"),
}
LAST = request("GET", "/health")
HEALTHY = 200, {"statusCode": 0, "status": "ready"}
SUCCESS = 200, {"statusCode": 0}


def offering(offer, *headers, path=CONFERENCE, body=b""):
    """Return a POST on a connection that stays open."""
    sent = request("POST", path, "Content-Type: application/json", *headers, *OFFERS[offer], body=body, user="agent1")
    return sent.replace(b"Connection: close\r\n", b"")


@pytest.fixture(scope="module")
def service():
    with Service("uvicorn") as service:
        yield service


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("offer", OFFERS)
async def test_body_and_next_request_are_read(service, offer, body):
    header, content = BODIES[body]
    sent = offering(offer, header, body=content)
    for split in (30, len(sent) - len(content) - 2, len(sent) - len(content), len(sent) - 5, len(sent)):
        assert [SUCCESS, HEALTHY] == await exchange(service.port, sent[:split], sent[split:] + LAST)

    assert [SUCCESS, HEALTHY] == await exchange(service.port, sent + LAST)


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("offer", OFFERS)
async def test_a_request_in_a_body_is_not_performed(service, offer, together):
    inner = offering("no offer", "Content-Length: 26", body=LEAVE)
    head, body = offering(offer, f"Content-Length: {len(inner)}"), inner

    responses = await exchange(service.port, *([head + body + LAST] if together else [head, body + LAST]))

    assert [400, 200] == [status for status, _ in responses]
    chats = httpx2.get(f"{service.url}/api/v2/me/chats?fields=*", auth=("agent1", "secret1")).json()["chats"]
    assert "0000Na9B26EF002X" in [chat["id"] for chat in chats]


async def test_many_offers_in_one_packet_are_served(service):
    one = request("GET", "/health", *OFFERS["HTTP/2"]).replace(b"Connection: close\r\n", b"")

    assert [HEALTHY] * 1501 == await exchange(service.port, one * 1500 + LAST)


async def test_nothing_after_connect_is_performed(service):
    inner = offering("no offer", "Content-Length: 26", body=LEAVE)
    connect = request("CONNECT", CONFERENCE, f"Content-Length: {len(inner)}").replace(b"Connection: close\r\n", b"")

    assert [405] == [status for status, _ in await exchange(service.port, connect + inner)]


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
async def test_websocket_receives_an_ordinary_error(share, server):
    service = share(server)

    opening = request("GET", "/api/v2/notifications", *OFFERS["WebSocket"], user="agent1")

    [(status, content)] = await exchange(service.port, opening)

    assert (405, 3) == (status, content["statusCode"])
    assert "websockets" not in service.output


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
def test_curl_and_java_can_post(share, server):
    """Both offer HTTP/2. The JDK's client does so by default."""
    curl, java = require_program("curl", "apt-get install curl"), require_program("java", "apt-get install default-jdk")
    url = f"{share(server).url}{CONFERENCE}"
    options = ["--user", "agent1:secret1", "--header", "Content-Type: application/json", "--data", FOCUS.decode()]

    assert (0, '{"statusCode":0}', "") == run([curl, "--silent", "--http2", *options, url])
    assert (0, '200 {"statusCode":0}\n' * 2, "") == run([java, HERE / "Post.java", url])
