"""Paths are normalized before routing, responses set new cookies, and URIs use the requested host."""

import pytest

from handlers.app import build
from handlers.gateway.entry import EntryMiddleware, external_url_of
from handlers.gateway.security import set_cookie
from handlers.settings import Settings

COMETD = "/api/v2/notifications"


class Inside:
    """The next application: it records scopes and responds, with a new cookie if it has one."""

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


async def enter(inside, scope):
    """Send a request through the middleware and return the messages of the response."""
    sent = []

    async def send(message):
        sent.append(message)

    await EntryMiddleware(inside, COMETD)(scope, None, send)
    return sent


@pytest.mark.parametrize(
    ("path", "routed"),
    [
        ("/api/v2/me", "/api/v2/me"),
        ("/api/v2/me/", "/api/v2/me"),
        ("/api/v2/me/chats//", "/api/v2/me/chats"),
        ("/health/", "/health"),
        ("/", "/"),
        ("//api/v2/me", "//api/v2/me"),
        ("/ui/", "/ui/"),
        (COMETD, COMETD),
        (f"{COMETD}/", COMETD),
        (f"{COMETD}/handshake", COMETD),
        (f"{COMETD}/handshake/", COMETD),
        (f"{COMETD}/a/b", f"{COMETD}/a/b"),
        (f"{COMETD}s", f"{COMETD}s"),
        ("/api/v2/me/handshake", "/api/v2/me/handshake"),
    ],
)
async def test_path_is_normalized_before_routing(path, routed):
    inside = Inside()

    await enter(inside, {"type": "http", "path": path})

    assert [routed] == [scope["path"] for scope in inside.scopes]


async def test_scope_that_is_not_http_passes_unchanged():
    inside, scope = Inside(), {"type": "lifespan"}

    await enter(inside, scope)

    assert scope is inside.scopes[0]


async def test_new_cookie_is_set_without_changing_the_servers_scope():
    extensions = {}

    sent = await enter(Inside("token"), {"type": "http", "path": "/", "extensions": extensions})

    cookie = b"JSESSIONID=token; Path=/; HttpOnly; SameSite=Lax"
    headers = [(b"x-own", b"1"), (b"set-cookie", cookie)]
    assert {} == extensions
    assert [
        {"type": "http.response.start", "status": 200, "headers": headers},
        {"type": "http.response.body", "body": b"{}"},
    ] == sent


async def test_response_without_a_new_cookie_stays_unchanged():
    sent = await enter(Inside(), {"type": "http", "path": "/"})

    assert [(b"x-own", b"1")] == sent[0]["headers"]


@pytest.mark.parametrize(
    ("scheme", "headers", "server", "url"),
    [
        (
            "http",
            [(b"accept", b"*/*"), (b"host", b"gws.example:8080")],
            None,
            "http://gws.example:8080/api/v2",
        ),
        ("https", [(b"host", b"[::1]")], ("127.0.0.1", 1), "https://[::1]/api/v2"),
        ("http", [], ("127.0.0.1", 8080), "http://127.0.0.1:8080/api/v2"),
        ("http", [], None, "http://localhost:80/api/v2"),
    ],
    ids=["Host", "Host before server", "server", "neither"],
)
def test_external_url_names_the_requested_host(scheme, headers, server, url):
    assert url == external_url_of({"scheme": scheme, "headers": headers, "server": server})


async def test_uris_begin_with_the_requested_host(http):
    response = await http.get("/api/v2/me", auth=("agent1", "secret1"), headers={"Host": "gws.example"})

    assert "http://gws.example/api/v2/users/" in response.json()["user"]["uri"]


class TestWithAnExternalUrl:
    """With the setting, the requested host does not matter."""

    @pytest.fixture
    def application(self):
        return build(Settings(external_url="https://proxy.example/gws/api/v2"))

    async def test_uris_begin_with_it(self, agent):
        response = await agent("agent2").get("/api/v2/me/chats")

        assert [
            "https://proxy.example/gws/api/v2/chats/0000Na9B26EF002X",
            "https://proxy.example/gws/api/v2/chats/0000Na9B26EF004Z",
        ] == response["uris"]
