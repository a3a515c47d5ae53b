"""What runs in a browser: the documentation at /ui/, and desktops that come from another origin."""

from __future__ import annotations

import shutil
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx2
import pytest

from tests.agents import AgentClient
from tests.clients.node import HERE, require, run_script

CHAT = "0071023821aec011"


@pytest.fixture
def chromium():
    path = shutil.which("chromium") or ""
    require("chromium", path, "apt-get install chromium")
    return path


async def test_an_agent_leaves_by_try_it_out(serve, chromium):
    service = serve("flask")
    async with httpx2.AsyncClient(base_url=service.url) as http:
        agent = AgentClient(http, "agent1", "secret1")
        await agent.listen()

        [seen] = run_script("try_it_out.js", chromium, service.url, *agent.credentials, CHAT, "LeaveAlone")

        assert {"status": 200, "body": {"statusCode": 0}, "faults": []} == seen
        [told] = await agent.told()
        assert (CHAT, "LeftChat") == (told["data"]["chat"]["id"], told["data"]["chat"]["state"])


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves the pages of tests/clients, and tells nobody."""

    def log_message(self, *_):
        pass


@pytest.fixture
def origin():
    """Serve the pages at an origin of their own: the service's address, another port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=HERE)) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
def test_a_desktop_of_an_allowed_origin_signs_in_leaves_and_is_told(serve, chromium, origin, server):
    service = serve(server, GWS_CHAT_CSRF_PROTECTION="yes", GWS_CHAT_CORS_ORIGIN=origin)
    steps = ["signIn", "listen", "leave", "told", "signOut"]

    [seen] = run_script(
        "desktop.js",
        *(chromium, f"{origin}/desktop.html", service.url, "agent1", "secret1", CHAT, "", *steps),
    )

    assert {
        "signIn": "agent1",
        "listen": True,
        "leave": {"statusCode": 0},
        "told": "LeftChat",
        "signOut": True,
    } == seen["outcome"]
    assert [] == seen["faults"]


@pytest.mark.parametrize(
    ("server", "protection", "status"),
    [
        pytest.param("uvicorn", "no", 415, id="uvicorn, by a body that needs no preflight"),
        pytest.param("flask", "yes", 403, id="flask, with CSRF protection"),
    ],
)
async def test_a_page_of_another_origin_reads_and_changes_nothing(
    serve, chromium, origin, server, protection, status
):
    """Though the browser has the agent's cookie and sends it: 415 is for those who have signed in."""
    service = serve(server, GWS_CHAT_CSRF_PROTECTION=protection, GWS_CHAT_CORS_ORIGIN="http://127.0.0.1:1")
    steps = ["signIn", "listen", "leave", "look", "forge"]
    async with httpx2.AsyncClient(base_url=service.url) as http:
        agent = AgentClient(http, "agent1", "secret1")
        await agent.get("/api/v2/me")
        path, cookie = f"/api/v2/me/chats/{CHAT}", http.cookies["JSESSIONID"]
        before = await agent.get(path)

        [seen] = run_script(
            "desktop.js",
            *(chromium, f"{origin}/desktop.html", service.url, *agent.credentials, CHAT, cookie, *steps),
        )

        assert dict.fromkeys(steps, "TypeError") | {"listen": "Error", "forge": "opaque"} == seen["outcome"]
        assert [["POST", path, status]] == seen["answers"]
        assert before == await agent.get(path)
