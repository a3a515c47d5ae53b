"""URIs in responses begin with the host of the request, or with the configured external URL."""

import pytest

from gws_chat.app import build
from gws_chat.gateway.request import addressed_url
from gws_chat.settings import Settings


@pytest.mark.parametrize(
    ("scheme", "headers", "server", "url"),
    [
        ("http", [(b"accept", b"*/*"), (b"host", b"gws.example:8080")], None, "http://gws.example:8080/api/v2"),
        ("https", [(b"host", b"[::1]")], ("127.0.0.1", 1), "https://[::1]/api/v2"),
        ("http", [], ("127.0.0.1", 8080), "http://127.0.0.1:8080/api/v2"),
        ("http", [], None, "http://localhost:80/api/v2"),
    ],
    ids=["Host", "Host before server", "server", "neither"],
)
def test_addressed_url_names_the_requested_host(scheme, headers, server, url):
    scope = {"scheme": scheme, "headers": headers, "server": server, "extensions": {}}

    assert url == addressed_url(scope, {})


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
