"""Query parameters are read, converted and validated."""

from urllib.parse import quote

import pytest

from gws_chat.app import build
from gws_chat.settings import Settings
from tests.customers import CustomerClient

CHATS = "/api/v2/me/chats"


def outcome(response):
    return response.status_code, response.json()


def error(code, message):
    return 400, {"statusCode": code, "statusMessage": message}


async def test_parameter_may_be_escaped(agent):
    response = await agent("agent1").get(f"{CHATS}?%66ields=%2A")

    assert ["statusCode", "chats"] == list(response)


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (f"{CHATS}?fields=*&fields=*", "fields: must be given once, got it several times"),
        (f"{CHATS}?fields=id", 'fields: must be *, got "id"'),
        (f"{CHATS}?fields=", 'fields: must be *, got ""'),
        (f"{CHATS}?fields={quote('*' * 70)}", f'fields: must be *, got "{"*" * 63}...'),
        (f"{CHATS}?page=2&fields=id", 'fields: must be *, got "id"'),
    ],
)
async def test_invalid_parameter_is_rejected(agent, target, message):
    response = await agent("agent1").request("GET", target)

    assert error(2, message) == outcome(response)


@pytest.mark.observed
@pytest.mark.parametrize("query", ["_=1769000000", "{}", "limit=2&limit=3", "Fields=id", "%0A", "="])
async def test_unknown_parameter_changes_nothing(agent, query):
    agent1 = agent("agent1")

    assert await agent1.get(f"{CHATS}?fields=*") == await agent1.get(f"{CHATS}?{query}&fields=*")


class TestStrict:
    @pytest.fixture
    def application(self):
        return build(Settings(strict=True))

    @pytest.mark.parametrize(
        ("target", "message"),
        [
            (f"{CHATS}?page=2", "page: unknown query parameter, allowed: fields"),
            (f"{CHATS}?Fields=*", "Fields: unknown query parameter, allowed: fields"),
            (f"{CHATS}?%0A", r"\n: unknown query parameter, allowed: fields"),
            (f"{CHATS}?=", '"": unknown query parameter, allowed: fields'),
            ("/health?x=1", "x: unknown query parameter, allowed: none"),
            (f"/health?{'x' * 70}=1", f"{'x' * 64}...: unknown query parameter, allowed: none"),
        ],
    )
    async def test_unknown_parameter_is_rejected(self, agent, target, message):
        response = await agent("agent1").request("GET", target)

        assert error(2, message) == outcome(response)


async def test_empty_query_is_accepted(http):
    response = await http.get("/health?")

    assert 200 == response.status_code


class TestIntegerInTheQuery:
    """The parameter `index`: the first message that a customer requests."""

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
                (value, 2, f'must be an integer, got "{value}"')
                for value in ("x", "", "1.0", "1e1", "0x1", "1_0", "true", "--1")
            ),
            ("%2B1", 2, 'must be an integer, got "+1"'),
            ("+1", 2, 'must be an integer, got " 1"'),
            ("%D9%A3", 2, r'must be an integer, got "\u0663"'),
            ("9" * 101, 2, f'must be an integer, got "{"9" * 63}...'),
            ("9" * 100, 10, f"must be 0 to 1000000000, got {'9' * 64}..."),
            ("-1", 10, "must be 0 to 1000000000, got -1"),
            ("1000000001", 10, "must be 0 to 1000000000, got 1000000001"),
        ],
    )
    async def test_invalid_integer_is_rejected(self, messages, value, code, message):
        response = await messages(f"?index={value}")

        assert error(code, f"index: {message}") == outcome(response)
