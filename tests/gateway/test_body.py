"""Bodies are read as JSON or forms, in every way in which servers deliver them."""

import asyncio
import json
from urllib.parse import urlencode

import pytest

from gws_chat.gateway import body
from gws_chat.gateway.body import BODY_LIMIT

CHAT = "/api/v2/me/chats/0071023821aec011"
CONFERENCE = "/api/v2/me/chats/0000Na9B26EF002X"
COMETD = "/api/v2/notifications"
LEAVE = b'{"operationName": "Leave"}'
HANDSHAKE = {"channel": "/meta/handshake", "version": "1.0", "supportedConnectionTypes": ["long-polling"]}
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
NOT_CLOSED = "body: must be JSON, expecting ',' delimiter at line 1 column 29"
SUCCESS = (200, {"statusCode": 0})


def outcome(response):
    return response.status_code, response.json()


def error(status, code, message):
    return status, {"statusCode": code, "statusMessage": message}


@pytest.fixture
def post(http):
    """Send a body as agent1, with a media type or without. Pieces have no announced length."""

    async def send(path, content, media_type=None, **headers):
        headers |= {} if media_type is None else {"Content-Type": media_type}
        return await http.post(path, content=content, headers=headers, auth=("agent1", "secret1"))

    return send


async def in_pieces(*pieces):
    for piece in pieces:
        yield piece


async def never_ending():
    yield LEAVE
    await asyncio.Event().wait()


class TestBody:
    """A JSON body."""

    @pytest.mark.parametrize(
        ("pieces", "expected"),
        [
            ([LEAVE[:9], b"", LEAVE[9:]], SUCCESS),
            ([LEAVE.ljust(BODY_LIMIT)], SUCCESS),
            ([], error(400, 2, "body: required, but empty")),
        ],
        ids=["in pieces", "at limit", "empty"],
    )
    async def test_body_without_length_is_read_to_the_limit(self, post, pieces, expected):
        assert expected == outcome(await post(CHAT, in_pieces(*pieces), JSON))

    @pytest.mark.assumed("errors.large-body")
    @pytest.mark.parametrize("pieces", [[b" " * BODY_LIMIT + b" "], [b" " * BODY_LIMIT, b" "]], ids=len)
    async def test_size_of_pieces_is_limited(self, post, pieces):
        response = await post(CHAT, in_pieces(*pieces), JSON)

        assert error(413, 10, "body: must be at most 1048576 bytes, got more") == outcome(response)

    @pytest.mark.assumed("emulator.order-of-checks")
    async def test_the_media_type_is_checked_before_reading(self, post):
        response = await post(CHAT, never_ending(), "text/plain")

        message = "Content-Type: must be application/json, got 'text/plain'"
        assert error(415, 2, message) == outcome(response)

    @pytest.mark.assumed("emulator.order-of-checks")
    async def test_a_length_is_checked_before_the_media_type(self, post):
        response = await post(CHAT, b" " * (BODY_LIMIT + 1), "text/plain")

        assert error(413, 10, "body: must be at most 1048576 bytes, got 1048577") == outcome(response)

    @pytest.mark.parametrize(
        ("media_type", "message"),
        [
            ("application/json", None),
            ("application/json; charset=utf-8", None),
            ('Application/JSON;charset="UTF-8"', None),
            ("application/json; charset=utf8; version=1", None),
            ("application/json;", None),
            ("text/json", None),
            ("text/json; charset=utf-16", "the charset must be utf-8, got 'utf-16'"),
            ("text/jsonp", "must be application/json, got 'text/jsonp'"),
            ("application/json; charset=latin-1", "the charset must be utf-8, got 'latin-1'"),
            ("application/jsonx", "must be application/json, got 'application/jsonx'"),
            (FORM, f"must be application/json, got '{FORM}'"),
            ("", "must be application/json, but it is missing"),
            (None, "must be application/json, but it is missing"),
        ],
    )
    async def test_media_type_must_be_json_in_utf8(self, post, media_type, message):
        expected = error(415, 2, f"Content-Type: {message}") if message else SUCCESS
        assert expected == outcome(await post(CHAT, LEAVE, media_type))

    @pytest.mark.observed
    @pytest.mark.parametrize(
        ("content", "media_type", "expected"),
        [
            (b'{"operationName": "Complete"}', None, SUCCESS),
            (b'{"operationName": "Complete"}', "", SUCCESS),
            (b'{"operationName": "Complete"', None, error(400, 2, NOT_CLOSED)),
            (b"", None, error(400, 2, "body: required, but empty")),
            (b"{}", "text/plain", error(415, 2, "Content-Type: must be application/json, got 'text/plain'")),
        ],
    )
    async def test_customers_may_omit_the_media_type(self, customer, content, media_type, expected):
        request_chat = b'{"operationName": "RequestChat", "nickname": "Eva"}'
        path = (await customer.request("POST", "/api/v2/chats", content=request_chat)).json()["path"]
        headers = {"ContactCenterId": "any"} | ({} if media_type is None else {"Content-Type": media_type})

        assert expected == outcome(await customer.request("POST", path, content=content, headers=headers))

    async def test_too_large_body_is_rejected_by_its_length(self, post):
        response = await post(CHAT, never_ending(), JSON, **{"Content-Length": str(BODY_LIMIT + 1)})

        assert error(413, 10, "body: must be at most 1048576 bytes, got 1048577") == outcome(response)

    async def test_body_that_pauses_too_long_is_rejected(self, monkeypatch, post):
        monkeypatch.setattr(body, "BODY_PAUSE", 0.001)

        response = await post(CHAT, never_ending(), JSON)

        assert error(400, 2, "body: incomplete after 26 bytes") == outcome(response)

    async def test_body_cut_by_a_disconnect_is_not_performed(self, application, agent):
        messages = [{"type": "http.disconnect"}, {"type": "http.request", "body": LEAVE, "more_body": True}]
        headers = [(b"authorization", b"Basic YWdlbnQxOnNlY3JldDE="), (b"content-type", b"application/json")]
        scope = {"type": "http", "method": "POST", "path": CONFERENCE, "query_string": b"", "headers": headers}
        sent = []

        async def receive():
            return messages.pop()

        async def send(message):
            sent.append(message)

        await application.asgi(scope, receive, send)

        assert 400 == sent[0]["status"]
        assert "Chatting" == (await agent("agent1").get(CONFERENCE))["chat"]["state"]


class TestCometd:
    """Bodies of the CometD endpoint, which also accepts forms."""

    async def test_body_without_media_type_is_json(self, post):
        response = await post(COMETD, json.dumps([HANDSHAKE]).encode())

        assert [True] == [reply["successful"] for reply in response.json()]

    async def test_messages_of_a_form_are_joined_in_order(self, post):
        fields = ['{"channel": "/a"}', '[{"channel": "/b"}, {"channel": "/c"}]', '{"channel": "/d"}']
        form = urlencode([("message", field) for field in fields])

        response = await post(COMETD, form, f"{FORM}; charset=UTF-8")

        assert ["/a", "/b", "/c", "/d"] == [reply["channel"] for reply in response.json()]

    @pytest.mark.parametrize(
        ("form", "code", "message"),
        [
            ("message=%5B%5D&jsonp=x", 2, "jsonp: unknown form field, allowed: message"),
            ("%0A=%5B%5D", 2, r"\n: unknown form field, allowed: message"),
            ("message=", 2, "body: must be JSON, expecting value at line 1 column 1"),
            ("message=%5B%5D", 10, "body: must be 1 to 64 items, got 0"),
            ("message=%FF", 2, "body: must be a form in UTF-8 with at most 1000 fields"),
            ("&".join(["message=1"] * 1001), 2, "body: must be a form in UTF-8 with at most 1000 fields"),
            ("message=%7B%22channel%22:%22/a%22%7D&message=%7B%7D", 1, "1.channel: required, but missing"),
        ],
        ids=["other field", "line break", "no JSON", "no message", "not UTF-8", "1001 fields", "no channel"],
    )
    async def test_invalid_form_is_rejected_as_a_whole(self, post, form, code, message):
        assert error(400, code, message) == outcome(await post(COMETD, form, FORM))

    async def test_other_media_type_is_rejected(self, post):
        message = "Content-Type: must be application/json, got 'text/plain'"
        assert error(415, 2, message) == outcome(await post(COMETD, b"[]", "text/plain"))
