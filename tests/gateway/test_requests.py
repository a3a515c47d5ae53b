"""How a request's body and query are read, in every form in which servers hand them on."""

import asyncio
import json
from urllib.parse import quote, urlencode

import pytest

from handlers.app import build
from handlers.gateway import requests
from handlers.gateway.requests import BODY_LIMIT
from handlers.settings import Settings
from tests.customers import CustomerClient

ALONE = "/api/v2/me/chats/0071023821aec011"
CHATS = "/api/v2/me/chats"
EXCHANGE = "/api/v2/notifications"
LEAVE = b'{"operationName": "Leave"}'
HANDSHAKE = {"channel": "/meta/handshake", "version": "1.0", "supportedConnectionTypes": ["long-polling"]}
FORM = "application/x-www-form-urlencoded"
BASIC = (b"authorization", b"Basic YWdlbnQxOnNlY3JldDE=")


async def in_pieces(*pieces):
    for piece in pieces:
        yield piece


def said(answer):
    content = answer.json()
    return answer.status_code, content["statusCode"], content["statusMessage"]


@pytest.fixture(scope="module")
def application():
    """One for all of these tests: a Leave may be repeated."""
    return build(Settings())


@pytest.fixture
def post(http):
    """Send a body as agent1, with a media type or without."""

    async def send(path, content, media_type=None):
        headers = {} if media_type is None else {"Content-Type": media_type}
        return await http.post(path, content=content, headers=headers, auth=("agent1", "secret1"))

    return send


@pytest.fixture
def hand_on(application):
    """Hand a Leave on as a server does, message by message, and return status and content of the answer."""

    async def through(*messages, headers=()):
        waiting, sent = list(messages), []

        async def receive():
            if not waiting:
                await asyncio.Event().wait()
            return {"type": "http.request", **waiting.pop(0)}

        async def send(message):
            sent.append(message)

        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": ALONE,
            "raw_path": ALONE.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": [BASIC, (b"content-type", b"application/json"), *headers],
            "server": ("localhost", 8080),
            "client": ("127.0.0.1", 1),
        }
        await application.asgi(scope, receive, send)
        body = b"".join(message.get("body", b"") for message in sent)
        return sent[0]["status"], json.loads(body)

    return through


class TestBody:
    """A body of JSON."""

    async def test_it_is_read_without_an_announced_length(self, post):
        answer = await post(ALONE, in_pieces(LEAVE), "application/json")

        assert (200, {"statusCode": 0}) == (answer.status_code, answer.json())

    async def test_it_is_read_in_pieces(self, post):
        answer = await post(ALONE, in_pieces(LEAVE[:9], b"", LEAVE[9:]), "application/json")

        assert (200, {"statusCode": 0}) == (answer.status_code, answer.json())

    @pytest.mark.parametrize(
        "media_type",
        [
            pytest.param("application/json", id="plain"),
            pytest.param("application/json; charset=utf-8", id="with the charset"),
            pytest.param('Application/JSON;charset="UTF-8"', id="with the charset in quotes and capitals"),
            pytest.param("application/json; charset=utf8", id="with the charset as many spell it"),
            pytest.param("application/json; version=1", id="with another parameter"),
            pytest.param(
                "application/json; charset=utf-8; version=1", id="with the charset and another parameter"
            ),
            pytest.param("application/json;", id="with no parameter"),
        ],
    )
    async def test_its_media_type_may_have_parameters(self, post, media_type):
        answer = await post(ALONE, LEAVE, media_type)

        assert 200 == answer.status_code

    @pytest.mark.parametrize(
        ("media_type", "message"),
        [
            pytest.param(
                "text/plain", "Content-Type: must be application/json, not 'text/plain'", id="another type"
            ),
            pytest.param(
                "application/jsonx",
                "Content-Type: must be application/json, not 'application/jsonx'",
                id="a type that begins alike",
            ),
            pytest.param(FORM, f"Content-Type: must be application/json, not '{FORM}'", id="a form"),
            pytest.param(
                "application/json; charset=latin-1",
                "Content-Type: the charset must be utf-8, not 'latin-1'",
                id="another charset",
            ),
            pytest.param(None, "Content-Type: must be application/json, but is missing", id="none"),
            pytest.param("", "Content-Type: must be application/json, but is missing", id="an empty one"),
        ],
    )
    async def test_another_media_type_is_refused(self, post, media_type, message):
        answer = await post(ALONE, LEAVE, media_type)

        assert (415, 2, message) == said(answer)

    async def test_none_is_refused(self, post):
        answer = await post(ALONE, b"", "application/json")

        assert (400, 2, "body: required, but empty") == said(answer)

    async def test_one_as_large_as_the_limit_is_read(self, post):
        answer = await post(ALONE, LEAVE + b" " * (BODY_LIMIT - len(LEAVE)), "application/json")

        assert 200 == answer.status_code

    async def test_one_over_the_limit_is_refused_for_its_announced_length(self, hand_on):
        answer = await hand_on(headers=[(b"content-length", str(BODY_LIMIT + 1).encode())])

        assert (
            413,
            {"statusCode": 10, "statusMessage": "body: at most 1048576 bytes, not 1048577"},
        ) == answer

    async def test_one_over_the_limit_is_refused_as_soon_as_it_is_over_it(self, hand_on):
        piece = {"body": b" " * (BODY_LIMIT // 2), "more_body": True}

        answer = await hand_on(piece, piece, {"body": b" ", "more_body": True})

        assert (
            413,
            {"statusCode": 10, "statusMessage": "body: at most 1048576 bytes, this one goes on after them"},
        ) == answer

    async def test_one_over_the_limit_is_refused_where_it_comes_in_one_piece(self, hand_on):
        status, content = await hand_on({"body": LEAVE + b" " * BODY_LIMIT})

        assert (413, 10) == (status, content["statusCode"])

    async def test_a_last_message_may_lack_everything(self, hand_on):
        assert (200, {"statusCode": 0}) == await hand_on({"body": LEAVE, "more_body": True}, {})

    async def test_a_client_that_pauses_in_the_middle_is_waited_for_so_long_only(self, monkeypatch, hand_on):
        monkeypatch.setattr(requests, "BODY_PATIENCE", 0.001)

        answer = await hand_on({"body": LEAVE, "more_body": True})

        assert (
            400,
            {"statusCode": 2, "statusMessage": "body: ended after 26 bytes, shorter than announced"},
        ) == answer


class TestBodyThatBreaksOff:
    """A body whose client has gone in the middle of it."""

    @pytest.fixture
    def application(self):
        return build(Settings())

    async def test_it_is_not_acted_on(self, hand_on, agent):
        await hand_on({"body": LEAVE, "more_body": True}, {"type": "http.disconnect"})

        answer = await agent("agent1").get(ALONE)

        assert "Chatting" == answer["chat"]["state"]


class TestExchange:
    """What the CometD exchange takes besides JSON."""

    async def test_a_body_without_a_media_type_is_json(self, post):
        answer = await post(EXCHANGE, json.dumps([HANDSHAKE]).encode())

        assert [True] == [reply["successful"] for reply in answer.json()]

    @pytest.mark.parametrize(
        "media_type", [FORM, f"{FORM}; charset=UTF-8"], ids=["plain", "with the charset"]
    )
    async def test_a_forms_message_is_a_message(self, post, media_type):
        answer = await post(EXCHANGE, urlencode({"message": json.dumps(HANDSHAKE)}), media_type)

        assert (200, [True]) == (answer.status_code, [reply["successful"] for reply in answer.json()])

    async def test_a_forms_message_may_be_an_array_of_them(self, post):
        messages = [{"channel": "/a", "id": "1"}, {"channel": "/b", "id": "2"}]
        answer = await post(EXCHANGE, urlencode({"message": json.dumps(messages)}), FORM)

        assert ["/a", "/b"] == [reply["channel"] for reply in answer.json()]

    async def test_all_the_messages_of_a_form_are_joined_in_their_order(self, post):
        fields = [
            ("message", '{"channel": "/a"}'),
            ("message", '[{"channel": "/b"}, {"channel": "/c"}]'),
            ("message", '{"channel": "/d"}'),
        ]
        answer = await post(EXCHANGE, urlencode(fields), FORM)

        assert ["/a", "/b", "/c", "/d"] == [reply["channel"] for reply in answer.json()]

    @pytest.mark.parametrize(
        ("form", "code", "message"),
        [
            pytest.param(
                "message=%5B%5D&jsonp=x",
                2,
                "'jsonp': unknown in the form, known here: message",
                id="another field",
            ),
            pytest.param("message=", 2, "body: not JSON, expecting value at line 1 column 1", id="no JSON"),
            pytest.param("message=%5B%5D", 10, "body: must be at least 1 items, not 0", id="no message"),
            pytest.param(
                "message=%FF", 2, "body: not a form in UTF-8 of at most 1000 fields", id="not UTF-8"
            ),
            pytest.param(
                "&".join(["message=1"] * 1001),
                2,
                "body: not a form in UTF-8 of at most 1000 fields",
                id="too many fields",
            ),
            pytest.param("message=1", 2, "0: must be an object, not 1", id="a message that is none"),
            pytest.param(
                "message=%7B%7D", 1, "0.channel: required, but missing", id="a message without channel"
            ),
        ],
    )
    async def test_a_form_that_is_not_of_messages_is_refused(self, post, form, code, message):
        answer = await post(EXCHANGE, form, FORM)

        assert (400, code, message) == said(answer)

    async def test_another_media_type_is_refused(self, post):
        answer = await post(EXCHANGE, b"[]", "text/json")

        assert (415, 2, "Content-Type: must be application/json, not 'text/json'") == said(answer)

    async def test_one_bad_message_keeps_the_others_from_being_processed(self, post):
        answer = await post(EXCHANGE, json.dumps([HANDSHAKE, {}]).encode(), "application/json")

        assert (400, 1, "1.channel: required, but missing") == said(answer)


class TestQuery:
    """Parameters after the question mark."""

    async def test_a_parameter_of_the_document_is_read(self, agent):
        answer = await agent("agent1").get(f"{CHATS}?fields=*")

        assert ["statusCode", "chats"] == list(answer)

    async def test_a_parameter_may_be_escaped(self, agent):
        answer = await agent("agent1").get(f"{CHATS}?%66ields=%2A")

        assert ["statusCode", "chats"] == list(answer)

    @pytest.mark.parametrize(
        ("query", "message"),
        [
            pytest.param("page=2", "'page': unknown in the query, known here: fields", id="unknown"),
            pytest.param(
                "Fields=*", "'Fields': unknown in the query, known here: fields", id="in other letters"
            ),
            pytest.param("%0A", r"'\n': unknown in the query, known here: fields", id="a line break"),
            pytest.param("=", "'': unknown in the query, known here: fields", id="without a name"),
            pytest.param("fields=*&fields=*", "fields: given more than once", id="twice"),
            pytest.param("fields=id", 'fields: must be *, not "id"', id="of another value"),
            pytest.param("fields=", 'fields: must be *, not ""', id="of no value"),
            pytest.param("fields", 'fields: must be *, not ""', id="without a value"),
            pytest.param(
                f"fields={quote('*' * 70)}", f'fields: must be *, not "{"*" * 63}...', id="of a long value"
            ),
        ],
    )
    async def test_another_parameter_is_refused(self, agent, query, message):
        answer = await agent("agent1").request("GET", f"{CHATS}?{query}")

        assert (400, 2, message) == said(answer)

    async def test_an_operation_without_parameters_says_so(self, http):
        answer = await http.get("/health?x=1")

        assert (400, 2, "'x': unknown in the query, known here: none") == said(answer)

    async def test_an_empty_query_is_none(self, http):
        answer = await http.get("/health?")

        assert 200 == answer.status_code


class TestWholeNumberInTheQuery:
    """`index`, of the messages that a customer asks for."""

    @pytest.fixture
    async def messages(self, http):
        """Ask for the messages of a chat in which the customer has written `b` after joining and `a`."""
        customer = CustomerClient(http)
        await customer.request_chat()
        await customer.write("a")
        await customer.write("b")

        async def ask(query):
            return await customer.request("GET", f"{customer.path}/messages{query}")

        return ask

    @pytest.mark.parametrize(
        ("query", "indexes"),
        [
            pytest.param("", [1, 2, 3], id="not given"),
            pytest.param("?index=0", [1, 2, 3], id="zero"),
            pytest.param("?index=2", [2, 3], id="a number"),
            pytest.param("?index=%33", [3], id="escaped"),
            pytest.param("?index=002", [2, 3], id="with leading zeros"),
            pytest.param("?index=1000000000", [], id="as large as may be"),
        ],
    )
    async def test_it_is_read_as_a_number(self, messages, query, indexes):
        answer = await messages(query)

        assert indexes == [message["index"] for message in answer.json()["messages"]]

    @pytest.mark.parametrize(
        ("value", "shown"),
        [
            pytest.param("x", "x", id="a word"),
            pytest.param("", "", id="nothing"),
            pytest.param("1.0", "1.0", id="a fraction"),
            pytest.param("1e1", "1e1", id="a power"),
            pytest.param("%2B1", "+1", id="a plus"),
            pytest.param("+1", " 1", id="a blank before it"),
            pytest.param("1+", "1 ", id="a blank after it"),
            pytest.param("0x1", "0x1", id="hexadecimal"),
            pytest.param("1_0", "1_0", id="as Python writes it"),
            pytest.param("true", "true", id="a truth"),
            pytest.param("--1", "--1", id="twice less"),
        ],
    )
    async def test_what_is_no_number_is_refused(self, messages, value, shown):
        answer = await messages(f"?index={value}")

        assert (400, 2, f'index: must be an integer, not "{shown}"') == said(answer)

    @pytest.mark.parametrize(
        "value", [pytest.param("%D9%A3", id="Arabic"), pytest.param("9" * 101, id="a hundred and one")]
    )
    async def test_digits_that_are_not_read_are_refused(self, messages, value):
        answer = await messages(f"?index={value}")

        assert (400, 2) == said(answer)[:2]

    @pytest.mark.parametrize(
        ("value", "message"),
        [
            pytest.param("-1", "index: must be at least 0, not -1", id="less than none"),
            pytest.param(
                "1000000001", "index: must be at most 1000000000, not 1000000001", id="one too many"
            ),
        ],
    )
    async def test_a_number_out_of_range_is_refused(self, messages, value, message):
        answer = await messages(f"?index={value}")

        assert (400, 10, message) == said(answer)

    async def test_a_number_far_out_of_range_is_refused_as_such(self, messages):
        answer = await messages(f"?index={'9' * 100}")

        assert (400, 10) == said(answer)[:2]

    async def test_a_text_that_looks_like_a_number_stays_a_text_where_the_document_wants_one(self, agent):
        answer = await agent("agent1").request("GET", f"{CHATS}?fields=1")

        assert (400, 2, 'fields: must be *, not "1"') == said(answer)
