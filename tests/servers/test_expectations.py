"""Interim responses and codings of bodies, under both servers."""

import gzip

import pytest

from tests.raw_http import exchange, request
from tests.service import Service

CHAT = "/api/v2/me/chats/0071023821aec011"
FOCUS = b'{"operationName": "InFocus"}'
CHUNKS = b"c\r\n" + FOCUS[:12] + b"\r\n10\r\n" + FOCUS[12:] + b"\r\n0\r\n\r\n"
LENGTH = "Content-Length: 28"
CONTINUE = 100, None
SUCCESS = 200, {"statusCode": 0}
OVER_LIMIT = "Content-Length: 1048577"
JSON = "Content-Type: application/json"
REJECTED_BY_HEAD = {
    "no media type": (415, request("POST", CHAT, LENGTH, "Expect: 100-continue", user="agent1")),
    "other media type": (
        415,
        request("POST", CHAT, LENGTH, "Expect: 100-continue", "Content-Type: text/plain", user="agent1"),
    ),
    "empty body": (400, request("POST", CHAT, JSON, "Content-Length: 0", "Expect: 100-continue", user="agent1")),
    "no body": (400, request("POST", CHAT, JSON, "Expect: 100-continue", user="agent1")),
    "no credentials": (403, request("POST", CHAT, LENGTH, "Expect: 100-continue")),
    "unknown path": (404, request("POST", "/unknown", LENGTH, "Expect: 100-continue", user="agent1")),
    "other method": (405, request("PUT", CHAT, LENGTH, "Expect: 100-continue", user="agent1")),
    "too large": (413, request("POST", CHAT, OVER_LIMIT, "Expect: 100-continue", user="agent1")),
    "compressed": (415, request("POST", CHAT, LENGTH, "Expect: 100-continue", "Content-Encoding: br", user="agent1")),
}


@pytest.fixture(scope="module", params=["uvicorn", "flask"])
def service(request):
    with Service(request.param) as service:
        yield service


def focus(*headers, body=FOCUS):
    return request("POST", CHAT, "Content-Type: application/json", *headers, body=body, user="agent1")


@pytest.mark.parametrize("expect", ["100-continue", "100-Continue", "100-continue \t"])
@pytest.mark.parametrize(
    ("header", "body"), [(LENGTH, FOCUS), ("Transfer-Encoding: chunked", CHUNKS)], ids=["length", "chunked"]
)
async def test_continue_is_sent_once(service, expect, header, body):
    head = focus(header, f"Expect: {expect}", body=b"")

    assert [CONTINUE, SUCCESS] == await exchange(service.port, head, body)
    assert [CONTINUE, SUCCESS] == await exchange(service.port, head + body)


async def test_http_1_0_receives_no_continue(service):
    assert [SUCCESS] == await exchange(
        service.port, focus(LENGTH, "Expect: 100-continue").replace(b"HTTP/1.1", b"HTTP/1.0")
    )


@pytest.mark.parametrize(("status", "head"), REJECTED_BY_HEAD.values(), ids=REJECTED_BY_HEAD)
async def test_no_continue_before_a_rejection(service, status, head):
    assert [status] == [status for status, _ in await exchange(service.port, head)]


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "deflate", "br", "zstd", "identity, GZIP", "aws-chunked"])
async def test_an_encoded_body_is_rejected_by_name(service, coding):
    body = gzip.compress(FOCUS)
    sent = focus(f"Content-Encoding: {coding}", f"Content-Length: {len(body)}", body=body)

    message = f"Content-Encoding: must be identity, got {coding.split(', ')[-1]!r}"
    assert [(415, {"statusCode": 2, "statusMessage": message})] == await exchange(service.port, sent)


@pytest.mark.parametrize("headers", [["Content-Encoding: identity"], ["Content-Encoding:"]])
async def test_identity_is_accepted(service, headers):
    assert [SUCCESS] == await exchange(service.port, focus(LENGTH, *headers))


async def test_a_second_line_of_codings_is_read(service):
    sent = focus(LENGTH, "Content-Encoding: identity", "Content-Encoding: br")

    [(status, content)] = await exchange(service.port, sent)

    assert (415, "Content-Encoding: must be identity, got 'br'") == (status, content["statusMessage"])


async def test_an_unknown_transfer_coding_is_rejected(service):
    [(status, content)] = await exchange(service.port, focus("Transfer-Encoding: gzip, chunked", body=CHUNKS))

    assert (415, "Transfer-Encoding: must be chunked, got 'gzip'") == (status, content["statusMessage"])
