"""Addresses are put in order, answers get the cookie, and uris begin as the service was addressed."""

import pytest

from handlers.app import build
from handlers.gateway.entry import EntryMiddleware, external_url_of
from handlers.gateway.security import set_cookie
from handlers.settings import Settings

EXCHANGE = "/api/v2/notifications"


class Inside:
    """The rest of the stack: remembers what came in, answers with a new cookie if it has one."""

    def __init__(self, cookie=None):
        self.cookie = cookie
        self.scopes = []

    async def __call__(self, scope, receive, send):
        del receive
        self.scopes.append(scope)
        if self.cookie:
            set_cookie(scope, "JSESSIONID", lambda: self.cookie)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x-own", b"1")]})
        await send({"type": "http.response.body", "body": b"{}"})


@pytest.fixture
def enter():
    """Send a request through the entry to what is inside, and return what is sent back."""

    async def through(inside, **scope):
        sent = []

        async def send(message):
            sent.append(message)

        await EntryMiddleware(inside, EXCHANGE)({"type": "http", "path": "/", **scope}, None, send)
        return sent

    return through


@pytest.mark.parametrize(
    ("path", "routed"),
    [
        pytest.param("/api/v2/me", "/api/v2/me", id="an address in order"),
        pytest.param("/api/v2/me/", "/api/v2/me", id="a trailing slash"),
        pytest.param("/api/v2/me/chats//", "/api/v2/me/chats", id="two trailing slashes"),
        pytest.param("/health/", "/health", id="a trailing slash outside of the API"),
        pytest.param("/", "/", id="the root"),
        pytest.param("//api/v2/me", "//api/v2/me", id="two slashes ahead"),
        pytest.param("/ui/", "/ui/", id="the documentation, whose slash means something"),
        pytest.param(EXCHANGE, EXCHANGE, id="the exchange"),
        pytest.param(f"{EXCHANGE}/", EXCHANGE, id="the exchange with a slash"),
        pytest.param(f"{EXCHANGE}/handshake", EXCHANGE, id="the exchange with a segment"),
        pytest.param(f"{EXCHANGE}/handshake/", EXCHANGE, id="the exchange with a segment and a slash"),
        pytest.param(f"{EXCHANGE}/a/b", f"{EXCHANGE}/a/b", id="the exchange with two segments"),
        pytest.param(f"{EXCHANGE}s", f"{EXCHANGE}s", id="an address that begins like the exchange"),
        pytest.param("/api/v2/me/handshake", "/api/v2/me/handshake", id="a segment elsewhere"),
    ],
)
async def test_an_address_is_routed_in_order(enter, path, routed):
    inside = Inside()

    await enter(inside, path=path)

    assert [routed] == [scope["path"] for scope in inside.scopes]


async def test_the_scope_of_the_server_stays_as_it_was(enter):
    extensions = {}

    await enter(Inside("token"), path="/api/v2/me/", extensions=extensions)

    assert {} == extensions


async def test_what_is_not_http_passes_as_it_is():
    inside, scope = Inside(), {"type": "lifespan"}

    async def send(_):
        pass

    await EntryMiddleware(inside, EXCHANGE)(scope, None, send)

    assert scope is inside.scopes[0]


async def test_a_new_cookie_is_set_by_the_answer(enter):
    sent = await enter(Inside("token"))

    assert [
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [
                (b"x-own", b"1"),
                (b"set-cookie", b"JSESSIONID=token; Path=/; HttpOnly; SameSite=Lax"),
            ],
        },
        {"type": "http.response.body", "body": b"{}"},
    ] == sent


async def test_without_a_new_cookie_the_answer_is_as_it_is(enter):
    sent = await enter(Inside())

    assert [(b"x-own", b"1")] == sent[0]["headers"]


@pytest.mark.parametrize(
    ("scope", "url"),
    [
        pytest.param(
            {"scheme": "http", "headers": [(b"accept", b"*/*"), (b"host", b"gws.example:8080")]},
            "http://gws.example:8080/api/v2",
            id="by Host",
        ),
        pytest.param(
            {"scheme": "https", "headers": [(b"host", b"[::1]")], "server": ("127.0.0.1", 1)},
            "https://[::1]/api/v2",
            id="by Host rather than by the server's own address",
        ),
        pytest.param(
            {"scheme": "http", "headers": [], "server": ("127.0.0.1", 8080)},
            "http://127.0.0.1:8080/api/v2",
            id="by the server's own address without Host",
        ),
        pytest.param(
            {"scheme": "http", "headers": [], "server": None},
            "http://localhost:80/api/v2",
            id="by nothing",
        ),
    ],
)
def test_uris_begin_as_the_service_was_addressed(scope, url):
    assert url == external_url_of(scope)


async def test_a_request_that_names_another_host_is_answered_with_it(http):
    answer = await http.get("/api/v2/me", auth=("agent1", "secret1"), headers={"Host": "gws.example"})

    assert "http://gws.example/api/v2/users/" in answer.json()["user"]["uri"]


class TestWithAnExternalUrl:
    """The setting decides, however a request was addressed."""

    @pytest.fixture
    def application(self):
        return build(Settings(external_url="https://proxy.example/gws/api/v2"))

    async def test_uris_begin_with_it(self, agent):
        answer = await agent("agent2").get("/api/v2/me/chats")

        assert [
            "https://proxy.example/gws/api/v2/chats/0000Na9B26EF002X",
            "https://proxy.example/gws/api/v2/chats/0000Na9B26EF004Z",
        ] == answer["uris"]
