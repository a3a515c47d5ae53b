"""With CSRF protection, an agent's operation needs the token and the cookie of one session."""

import json
import re

import pytest

from gws_chat.app import build
from gws_chat.settings import Settings
from tests.agents import COMETD_PATH

ME = "/api/v2/me"
CHAT = "/api/v2/me/chats/0071023821aec011"
LEAVE = {"operationName": "Leave"}
AGENT1, AGENT2, VOICE = ("agent1", "secret1"), ("agent2", "secret2"), ("voiceonly", "secret4")
REJECTED = (403, {"statusCode": 3, "statusMessage": "Missing or invalid Csrf token"})
ACCEPTED = (200, {"statusCode": 0})
HANDSHAKE = {"channel": "/meta/handshake", "version": "1.0", "supportedConnectionTypes": ["long-polling"]}
TOO_LARGE = b" " * 1048577
WRONG_TOKEN = "00000000-0000-4000-8000-000000000000"
UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@pytest.fixture
def application():
    return build(Settings(csrf_protection=True))


@pytest.fixture
def send(http):
    """Send a request with exactly the given cookie and token."""

    async def send_request(method, path, *, cookie=None, token=None, other_cookie="", **options):
        http.cookies.clear()
        headers = {**options.pop("headers", {})}
        headers |= {} if cookie is None else {"Cookie": f"{other_cookie}JSESSIONID={cookie}"}
        headers |= {} if token is None else {"X-CSRF-TOKEN": token}
        return await http.request(method, path, headers=headers, **options)

    return send_request


@pytest.fixture
def sign_in(send):
    """Sign an agent in by Basic and return the cookie and the token of the session."""

    async def by_basic(account=AGENT1):
        response = await send("GET", ME, auth=account)
        return {"cookie": response.cookies["JSESSIONID"], "token": response.headers["x-csrf-token"]}

    return by_basic


@pytest.fixture
def operate(send):
    """Send a Leave and return its status and body, and the state of agent1's chat after it."""

    async def leave(path=CHAT, **options):
        response = await send("POST", path, json=LEAVE, **options)
        chat = await send("GET", CHAT, auth=AGENT1)
        return (response.status_code, response.json()), chat.json()["chat"]["state"]

    return leave


@pytest.mark.documented
@pytest.mark.parametrize(
    ("status", "method", "path", "options", "has_token"),
    [
        pytest.param(200, "GET", ME, {"auth": AGENT1}, True, id="GET"),
        pytest.param(200, "HEAD", ME, {"auth": AGENT1}, True, id="HEAD"),
        pytest.param(400, "GET", "/api/v2/me/chats?fields=id", {"auth": AGENT1}, True, id="invalid query"),
        pytest.param(404, "GET", f"{CHAT}0", {"auth": AGENT1}, True, id="unknown chat"),
        pytest.param(403, "GET", CHAT, {"auth": VOICE}, True, id="no chat feature"),
        pytest.param(200, "GET", "/health", {"auth": AGENT1}, False, id="no agent's operation"),
        pytest.param(403, "GET", ME, {}, False, id="no credentials"),
        pytest.param(403, "POST", CHAT, {"auth": AGENT1, "json": LEAVE}, False, id="POST"),
    ],
)
async def test_response_to_an_agents_get_contains_the_token(send, status, method, path, options, has_token):
    response = await send(method, path, **options)

    token = response.headers.get("x-csrf-token", "none")
    assert (status, "X-CSRF-TOKEN" if has_token else None, "UUID" if has_token else "none") == (
        response.status_code,
        response.headers.get("x-csrf-header"),
        re.sub(UUID, "UUID", token),
    )


@pytest.mark.documented
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, (ACCEPTED, "LeftChat")),
        ({"auth": AGENT1}, (ACCEPTED, "LeftChat")),
        ({"other_cookie": "JSESSIONID=x; "}, (ACCEPTED, "LeftChat")),
        ({"auth": AGENT1, "other_cookie": "JSESSIONID=x; "}, (ACCEPTED, "LeftChat")),
        ({"token": None, "path": ME}, (REJECTED, "Chatting")),
        ({"token": None}, (REJECTED, "Chatting")),
        ({"token": WRONG_TOKEN}, (REJECTED, "Chatting")),
        ({"token": b"\xff"}, (REJECTED, "Chatting")),
        ({"auth": AGENT1, "cookie": None}, (REJECTED, "Chatting")),
        ({"auth": AGENT2}, (REJECTED, "Chatting")),
        ({"auth": AGENT1, "cookie": "nobody"}, (REJECTED, "Chatting")),
    ],
    ids=str,
)
async def test_operation_needs_cookie_and_token(operate, sign_in, changes, expected):
    session = await sign_in()

    assert expected == await operate(**session | changes)


@pytest.mark.assumed("cometd.csrf")
@pytest.mark.parametrize(("path", "token"), [(COMETD_PATH, None), (f"{COMETD_PATH}/handshake", WRONG_TOKEN)])
async def test_cometd_endpoint_ignores_the_token(send, path, token):
    response = await send("POST", path, json=[HANDSHAKE], auth=AGENT1, token=token)

    assert [True] == [reply["successful"] for reply in response.json()]


@pytest.mark.assumed("emulator.order-of-checks")
@pytest.mark.parametrize(
    ("status", "code", "path", "options"),
    [
        # each request has every fault that comes later in the table of errors
        pytest.param(403, 20, f"{CHAT}0", {"content": TOO_LARGE}, id="after credentials"),
        pytest.param(403, 3, f"{CHAT}0", {"auth": VOICE, "content": TOO_LARGE}, id="before size"),
    ],
)
async def test_token_is_checked_right_after_the_credentials(send, status, code, path, options):
    response = await send("POST", path, **options)

    assert (status, code) == (response.status_code, response.json()["statusCode"])


@pytest.mark.parametrize("media_type", [None, "application/x-www-form-urlencoded", "text/plain"])
async def test_cross_site_request_to_cometd_needs_the_token(send, sign_in, media_type):
    # a browser sends these media types and the cookie for a page of any origin, without a preflight
    session = await sign_in()
    headers = {} if media_type is None else {"Content-Type": media_type}
    content = "message=" + json.dumps(HANDSHAKE)

    response = await send("POST", COMETD_PATH, cookie=session["cookie"], headers=headers, content=content)

    assert REJECTED == (response.status_code, response.json())


async def test_customer_neither_needs_nor_gets_a_token(send, sign_in):
    session = await sign_in()
    sent = {"headers": {"ContactCenterId": "any"}, "cookie": session["cookie"]}
    requested = await send("POST", "/api/v2/chats", json={"operationName": "RequestChat", "nickname": "Eva"}, **sent)
    path = requested.json()["path"]

    written = await send("POST", path, json={"operationName": "SendMessage", "text": "Hello"}, **sent)
    seen = await send("GET", path, **sent)

    assert [200, 200, 200] == [response.status_code for response in (requested, written, seen)]
    assert "x-csrf-token" not in seen.headers


class TestOff:
    """Without the setting."""

    @pytest.fixture
    def application(self):
        return build(Settings())

    async def test_tokens_are_neither_given_nor_needed(self, send, operate):
        response = await send("GET", ME, auth=AGENT1)

        assert not {"x-csrf-header", "x-csrf-token"} & response.headers.keys()
        assert [(ACCEPTED, "LeftChat")] * 2 == [await operate(auth=AGENT1, token=token) for token in (None, "any")]
