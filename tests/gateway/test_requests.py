"""Bodies, forms and queries are read and validated in every form in which servers pass them on."""

import asyncio
import json
from urllib.parse import quote, urlencode

import pytest

from handlers.app import build
from handlers.gateway import requests
from handlers.gateway.requests import BODY_LIMIT
from handlers.settings import Settings
from tests.customers import CustomerClient

CHATS = "/api/v2/me/chats"
CHAT = f"{CHATS}/0071023821aec011"
COMETD = "/api/v2/notifications"
LEAVE = b'{"operationName": "Leave"}'
HANDSHAKE = {"channel": "/meta/handshake", "version": "1.0", "supportedConnectionTypes": ["long-polling"]}
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
SUCCESS = (200, {"statusCode": 0})


def outcome(response):
    return response.status_code, response.json()


def error(status, code, message):
    return status, {"statusCode": code, "statusMessage": message}


def more(body):
    return {"body": body, "more_body": True}


TOO_LARGE = error(413, 10, "body: at most 1048576 bytes, this one goes on after them")


@pytest.fixture(scope="module")
def application():
    """Return one application for the module: a Leave may be repeated."""
    return build(Settings())


@pytest.fixture
def post(http):
    """Send a body as agent1, with a media type or without."""

    async def send(path, content, media_type=None):
        headers = {} if media_type is None else {"Content-Type": media_type}
        return await http.post(path, content=content, headers=headers, auth=("agent1", "secret1"))

    return send


@pytest.fixture
def pass_on(application):
    """Pass a request on as a server does, message by message, and return the outcome."""

    async def run(*messages, headers=()):
        waiting, sent = list(messages), []

        async def receive():
            if not waiting:
                await asyncio.Event().wait()
            return {"type": "http.request", **waiting.pop(0)}

        async def send(message):
            sent.append(message)

        credentials = b"authorization", b"Basic YWdlbnQxOnNlY3JldDE="
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": CHAT,
            "raw_path": CHAT.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": [credentials, (b"content-type", b"application/json"), *headers],
            "server": ("localhost", 8080),
            "client": ("127.0.0.1", 1),
        }
        await application.asgi(scope, receive, send)
        body = b"".join(message.get("body", b"") for message in sent)
        return sent[0]["status"], json.loads(body)

    return run


class TestBody:
    """A JSON body."""

    @pytest.mark.parametrize(
        ("messages", "expected"),
        [
            ([more(LEAVE[:9]), more(b""), {"body": LEAVE[9:]}], SUCCESS),
            ([more(LEAVE), {}], SUCCESS),
            ([{"body": LEAVE.ljust(BODY_LIMIT)}], SUCCESS),
            ([{"body": LEAVE.ljust(BODY_LIMIT + 1)}], TOO_LARGE),
            ([*[more(b" " * (BODY_LIMIT // 2))] * 2, more(b" ")], TOO_LARGE),
            ([{"body": b""}], error(400, 2, "body: required, but empty")),
        ],
        ids=["in pieces", "empty last message", "of limit", "over limit", "goes on over limit", "empty"],
    )
    async def test_body_without_length_is_read_to_the_limit(self, pass_on, messages, expected):
        assert expected == await pass_on(*messages)

    @pytest.mark.parametrize(
        ("media_type", "message"),
        [
            ("application/json", None),
            ("application/json; charset=utf-8", None),
            ('Application/JSON;charset="UTF-8"', None),
            ("application/json; charset=utf8", None),
            ("application/json; version=1", None),
            ("application/json; charset=utf-8; version=1", None),
            ("application/json;", None),
            ("application/json; charset=latin-1", "the charset must be utf-8, not 'latin-1'"),
            ("application/jsonx", "must be application/json, not 'application/jsonx'"),
            ("text/plain", "must be application/json, not 'text/plain'"),
            (FORM, f"must be application/json, not '{FORM}'"),
            ("", "must be application/json, but is missing"),
            (None, "must be application/json, but is missing"),
        ],
    )
    async def test_media_type_must_be_json_in_utf8(self, post, media_type, message):
        expected = error(415, 2, f"Content-Type: {message}") if message else SUCCESS
        assert expected == outcome(await post(CHAT, LEAVE, media_type))

    async def test_too_large_body_is_rejected_by_its_length(self, pass_on):
        rejected = await pass_on(headers=[(b"content-length", str(BODY_LIMIT + 1).encode())])

        assert error(413, 10, "body: at most 1048576 bytes, not 1048577") == rejected

    async def test_body_that_pauses_too_long_is_rejected(self, monkeypatch, pass_on):
        monkeypatch.setattr(requests, "BODY_PATIENCE", 0.001)

        rejected = await pass_on(more(LEAVE))

        assert error(400, 2, "body: ended after 26 bytes, shorter than announced") == rejected


class TestDisconnectedClient:
    """A client that disconnects in the middle of its body."""

    @pytest.fixture
    def application(self):
        return build(Settings())

    async def test_incomplete_body_is_not_performed(self, pass_on, agent):
        await pass_on(more(LEAVE), {"type": "http.disconnect"})

        response = await agent("agent1").get(CHAT)
        assert "Chatting" == response["chat"]["state"]


class TestCometd:
    """Bodies of the CometD endpoint, which also accepts forms."""

    async def test_body_without_media_type_is_json(self, post):
        response = await post(COMETD, json.dumps([HANDSHAKE]).encode())

        assert [True] == [reply["successful"] for reply in response.json()]

    @pytest.mark.parametrize(
        ("media_type", "fields", "channels"),
        [
            (FORM, ['{"channel": "/a"}'], ["/a"]),
            (f"{FORM}; charset=UTF-8", ['[{"channel": "/a"}, {"channel": "/b"}]'], ["/a", "/b"]),
            (
                FORM,
                ['{"channel": "/a"}', '[{"channel": "/b"}, {"channel": "/c"}]', '{"channel": "/d"}'],
                ["/a", "/b", "/c", "/d"],
            ),
        ],
        ids=["message", "array and charset", "several fields"],
    )
    async def test_messages_of_a_form_are_joined_in_order(self, post, media_type, fields, channels):
        form = urlencode([("message", field) for field in fields])

        response = await post(COMETD, form, media_type)

        assert channels == [reply["channel"] for reply in response.json()]

    @pytest.mark.parametrize(
        ("form", "code", "message"),
        [
            ("message=%5B%5D&jsonp=x", 2, "'jsonp': unknown in the form, known here: message"),
            ("message=", 2, "body: not JSON, expecting value at line 1 column 1"),
            ("message=%5B%5D", 10, "body: must be at least 1 items, not 0"),
            ("message=%FF", 2, "body: not a form in UTF-8 of at most 1000 fields"),
            ("&".join(["message=1"] * 1001), 2, "body: not a form in UTF-8 of at most 1000 fields"),
            ("message=1", 2, "0: must be an object, not 1"),
            ("message=%7B%22channel%22:%22/a%22%7D&message=%7B%7D", 1, "1.channel: required, but missing"),
        ],
        ids=["other field", "no JSON", "no message", "not UTF-8", "1001 fields", "number", "no channel"],
    )
    async def test_invalid_form_is_rejected_as_a_whole(self, post, form, code, message):
        assert error(400, code, message) == outcome(await post(COMETD, form, FORM))

    async def test_other_media_type_is_rejected(self, post):
        message = "Content-Type: must be application/json, not 'text/json'"
        assert error(415, 2, message) == outcome(await post(COMETD, b"[]", "text/json"))


class TestQuery:
    """Parameters of the query."""

    async def test_parameter_may_be_escaped(self, agent):
        response = await agent("agent1").get(f"{CHATS}?%66ields=%2A")

        assert ["statusCode", "chats"] == list(response)

    @pytest.mark.parametrize(
        ("target", "message"),
        [
            (f"{CHATS}?page=2", "'page': unknown in the query, known here: fields"),
            (f"{CHATS}?Fields=*", "'Fields': unknown in the query, known here: fields"),
            (f"{CHATS}?%0A", r"'\n': unknown in the query, known here: fields"),
            (f"{CHATS}?=", "'': unknown in the query, known here: fields"),
            (f"{CHATS}?fields=*&fields=*", "fields: given more than once"),
            (f"{CHATS}?fields=id", 'fields: must be *, not "id"'),
            (f"{CHATS}?fields=1", 'fields: must be *, not "1"'),
            (f"{CHATS}?fields=", 'fields: must be *, not ""'),
            (f"{CHATS}?fields", 'fields: must be *, not ""'),
            (f"{CHATS}?fields={quote('*' * 70)}", f'fields: must be *, not "{"*" * 63}...'),
            ("/health?x=1", "'x': unknown in the query, known here: none"),
        ],
    )
    async def test_invalid_parameter_is_rejected(self, agent, target, message):
        response = await agent("agent1").request("GET", target)

        assert error(400, 2, message) == outcome(response)

    async def test_empty_query_is_accepted(self, http):
        response = await http.get("/health?")

        assert 200 == response.status_code


class TestIntegerInTheQuery:
    """`index`, the first message that a customer requests."""

    @pytest.fixture
    async def messages(self, http):
        """Request the messages of a chat that has three."""
        customer = CustomerClient(http)
        await customer.request_chat()
        await customer.write("a")
        await customer.write("b")

        async def get(query):
            return await customer.request("GET", f"{customer.path}/messages{query}")

        return get

    @pytest.mark.parametrize(
        ("query", "indexes"),
        [
            ("", [1, 2, 3]),
            ("?index=0", [1, 2, 3]),
            ("?index=2", [2, 3]),
            ("?index=%33", [3]),
            ("?index=002", [2, 3]),
            ("?index=1000000000", []),
        ],
    )
    async def test_integer_is_read(self, messages, query, indexes):
        response = await messages(query)

        assert indexes == [message["index"] for message in response.json()["messages"]]

    @pytest.mark.parametrize(
        ("value", "code", "message"),
        [
            *(
                (value, 2, f'must be an integer, not "{value}"')
                for value in ("x", "", "1.0", "1e1", "0x1", "1_0", "true", "--1")
            ),
            ("%2B1", 2, 'must be an integer, not "+1"'),
            ("+1", 2, 'must be an integer, not " 1"'),
            ("1+", 2, 'must be an integer, not "1 "'),
            ("%D9%A3", 2, r'must be an integer, not "\u0663"'),
            ("9" * 101, 2, f'must be an integer, not "{"9" * 63}...'),
            ("9" * 100, 10, f"must be at most 1000000000, not {'9' * 64}..."),
            ("-1", 10, "must be at least 0, not -1"),
            ("1000000001", 10, "must be at most 1000000000, not 1000000001"),
        ],
    )
    async def test_invalid_integer_is_rejected(self, messages, value, code, message):
        response = await messages(f"?index={value}")

        assert error(400, code, f"index: {message}") == outcome(response)
