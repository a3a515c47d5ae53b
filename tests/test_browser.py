"""Browsers can use the documentation at /ui/, and desktops from allowed origins only."""

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx2
import pytest

from tests.agents import AgentClient
from tests.clients.node import HERE

CHAT = "0071023821aec011"
CREDENTIALS = ("agent1", "secret1")


def account(service, **options):
    """Return the options of a script that works as agent1 in a chat of the service."""
    user, password = CREDENTIALS
    return {"url": service.url, "user": user, "password": password, "chatId": CHAT, **options}


@pytest.mark.parametrize("prefix", ["", "/gws/proxy"])
async def test_try_it_out_performs_a_leave(share, browser, prefix):
    service = share("flask")
    async with httpx2.AsyncClient(base_url=service.url) as http:
        agent = AgentClient(http, *CREDENTIALS)
        await agent.listen()

        result = browser.run("try_it_out.js", account(service, example="LeaveAlone", prefix=prefix))

        assert {"status": 200, "body": {"statusCode": 0}, "errors": []} == result
        [notification] = await agent.notifications()
        chat = notification["data"]["chat"]
        assert (CHAT, "LeftChat") == (chat["id"], chat["state"])


def test_documentation_fits_a_phone_behind_a_proxy(share, browser):
    result = browser.run("phone.js", share("uvicorn").url, "/ui/")

    assert (390, 390, []) == (result["windowWidth"], result["pageWidth"], result["errors"])
    assert "/proxy/openapi.yaml" in result["paths"]
    assert [] == [path for path in result["paths"] if not path.startswith("/proxy/")]


@pytest.fixture
def desktop():
    """Serve the pages of tests/clients, and return their origin."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=HERE)) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def take_steps(browser, desktop):
    """Return a function that takes the steps of the desktop in its page."""

    def take(service, *steps, cookie=""):
        page = f"{desktop}/desktop.html"
        return browser.run("desktop.js", account(service, address=page, cookie=cookie, steps=steps))

    return take


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
def test_desktop_of_an_allowed_origin_can_work(serve, desktop, take_steps, server):
    service = serve(server, GWS_CHAT_CSRF_PROTECTION="yes", GWS_CHAT_CORS_ORIGIN=desktop)

    result = take_steps(service, "signIn", "subscribe", "leave", "notifiedState", "signOut")

    assert {
        "signIn": "agent1",
        "subscribe": True,
        "leave": {"statusCode": 0},
        "notifiedState": "LeftChat",
        "signOut": True,
    } == result["results"]
    assert [] == result["errors"]


@pytest.mark.parametrize(
    ("server", "protection", "status"),
    [
        pytest.param("uvicorn", "no", 415, id="uvicorn, media type without preflight"),
        pytest.param("flask", "yes", 403, id="flask, CSRF protection"),
    ],
)
async def test_page_of_a_disallowed_origin_cannot_act(serve, take_steps, server, protection, status):
    """The browser has the agent's cookie and sends it. The status 415 shows that the cookie was accepted."""
    service = serve(server, GWS_CHAT_CSRF_PROTECTION=protection, GWS_CHAT_CORS_ORIGIN="http://127.0.0.1:1")
    steps = ["signIn", "subscribe", "leave", "readChat", "forgeLeave"]
    async with httpx2.AsyncClient(base_url=service.url) as http:
        agent = AgentClient(http, *CREDENTIALS)
        await agent.get("/api/v2/me")
        path = f"/api/v2/me/chats/{CHAT}"
        before = await agent.get(path)

        result = take_steps(service, *steps, cookie=http.cookies["JSESSIONID"])

        # fetch raises TypeError, because the page may not read the response, and cometd.js reports an Error.
        # The forged request succeeds in the browser, with a response that the page cannot read (opaque).
        rejected = dict.fromkeys(steps, "TypeError")
        assert rejected | {"subscribe": "Error", "forgeLeave": "opaque"} == result["results"]
        assert [["POST", path, status]] == result["responses"]
        assert before == await agent.get(path)
