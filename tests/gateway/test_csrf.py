"""With CSRF protection, an agent's operation needs the token and the cookie of one session."""

from __future__ import annotations

import json
import re

import pytest

from handlers.app import build
from handlers.settings import Settings
from tests.agents import EXCHANGE

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
def ask(http):
    """Send a request with exactly the given cookie and token."""

    async def send(method, path, *, cookie=None, token=None, **options):
        http.cookies.clear()
        headers = {**options.pop("headers", {})}
        headers |= {} if cookie is None else {"Cookie": f"JSESSIONID={cookie}"}
        headers |= {} if token is None else {"X-CSRF-TOKEN": token}
        return await http.request(method, path, headers=headers, **options)

    return send


@pytest.fixture
def sign_in(ask):
    """Sign an agent in by Basic and return the cookie and the token of the session."""

    async def by_basic(account=AGENT1):
        response = await ask("GET", ME, auth=account)
        return {"cookie": response.cookies["JSESSIONID"], "token": response.headers["x-csrf-token"]}

    return by_basic


@pytest.fixture
def operate(ask):
    """Send a Leave and return its status and body, and the state of agent1's chat after it."""

    async def leave(path=CHAT, **options):
        response = await ask("POST", path, json=LEAVE, **options)
        chat = await ask("GET", CHAT, auth=AGENT1)
        return (response.status_code, response.json()), chat.json()["chat"]["state"]

    return leave


@pytest.mark.documented
@pytest.mark.parametrize(
    ("status", "method", "path", "options", "has_token"),
    [
        pytest.param(200, "GET", ME, {"auth": AGENT1}, True, id="GET"),
        pytest.param(200, "HEAD", ME, {"auth": AGENT1}, True, id="HEAD"),
        pytest.param(400, "GET", "/api/v2/me?page=2", {"auth": AGENT1}, True, id="unknown query"),
        pytest.param(404, "GET", f"{CHAT}0", {"auth": AGENT1}, True, id="unknown chat"),
        pytest.param(403, "GET", CHAT, {"auth": VOICE}, True, id="no chat feature"),
        pytest.param(200, "GET", "/health", {"auth": AGENT1}, False, id="no agent's operation"),
        pytest.param(403, "GET", ME, {}, False, id="no credentials"),
        pytest.param(403, "GET", ME, {"auth": ("agent1", "secret2")}, False, id="wrong password"),
        pytest.param(403, "POST", CHAT, {"auth": AGENT1, "json": LEAVE}, False, id="POST"),
    ],
)
async def test_every_response_to_an_agents_get_contains_the_token(
    ask, status, method, path, options, has_token
):
    response = await ask(method, path, **options)

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
        ({"token": None, "path": ME}, (REJECTED, "Chatting")),
        ({"token": None}, (REJECTED, "Chatting")),
        ({"token": ""}, (REJECTED, "Chatting")),
        ({"token": WRONG_TOKEN}, (REJECTED, "Chatting")),
        ({"token": b"\xff"}, (REJECTED, "Chatting")),
        ({"auth": AGENT1, "cookie": None}, (REJECTED, "Chatting")),
        ({"auth": AGENT1, "cookie": ""}, (REJECTED, "Chatting")),
        ({"auth": AGENT1, "cookie": "nobody"}, (REJECTED, "Chatting")),
    ],
    ids=str,
)
async def test_operation_needs_cookie_and_token(operate, sign_in, changes, expected):
    session = await sign_in()

    assert expected == await operate(**session | changes)


@pytest.mark.decided
@pytest.mark.parametrize("by_basic", [False, True], ids=["token of another", "session of another"])
async def test_session_of_another_agent_is_rejected(operate, sign_in, by_basic):
    session, other = await sign_in(), await sign_in(AGENT2)
    sent = {"auth": AGENT1, **other} if by_basic else {**session, "token": other["token"]}

    assert (REJECTED, "Chatting") == await operate(**sent)


@pytest.mark.documented
async def test_token_lasts_as_long_as_its_session(ask, sign_in, operate):
    session = await sign_in()
    seen = await ask("GET", CHAT, cookie=session["cookie"])
    ended = await ask("POST", ME, json={"operationName": "EndContactCenterSession"}, **session)

    rejected = await operate(auth=AGENT1, **session)

    next_session = await sign_in()
    assert session["token"] == seen.headers["x-csrf-token"] != next_session["token"]
    assert ACCEPTED == (ended.status_code, ended.json())
    assert (REJECTED, "Chatting") == rejected


@pytest.mark.decided
@pytest.mark.parametrize(("path", "token"), [(EXCHANGE, None), (f"{EXCHANGE}/handshake", WRONG_TOKEN)])
async def test_cometd_endpoint_ignores_the_token(ask, path, token):
    response = await ask("POST", path, json=[HANDSHAKE], auth=AGENT1, token=token)

    assert [True] == [reply["successful"] for reply in response.json()]


@pytest.mark.decided
@pytest.mark.parametrize(
    ("status", "code", "path", "options"),
    [
        # each request has every fault that comes later in the table of errors
        pytest.param(403, 20, f"{CHAT}0", {"content": TOO_LARGE}, id="after credentials"),
        pytest.param(403, 3, f"{CHAT}0", {"auth": VOICE, "content": TOO_LARGE}, id="before size"),
    ],
)
async def test_token_is_checked_right_after_the_credentials(ask, status, code, path, options):
    response = await ask("POST", path, **options)

    assert (status, code) == (response.status_code, response.json()["statusCode"])


@pytest.mark.parametrize("media_type", [None, "application/x-www-form-urlencoded", "text/plain"])
async def test_cross_site_request_to_cometd_needs_the_token(ask, sign_in, media_type):
    # a browser sends these media types and the cookie for a page of any origin, without a preflight
    session = await sign_in()
    headers = {} if media_type is None else {"Content-Type": media_type}
    content = "message=" + json.dumps(HANDSHAKE)

    response = await ask("POST", EXCHANGE, cookie=session["cookie"], headers=headers, content=content)

    assert REJECTED == (response.status_code, response.json())


@pytest.mark.parametrize("has_cookie", [False, True], ids=["header", "header and agent's cookie"])
async def test_customer_neither_needs_nor_gets_a_token(ask, sign_in, has_cookie):
    session = await sign_in()
    sent = {"headers": {"ContactCenterId": "any"}, "cookie": session["cookie"] if has_cookie else None}
    request, message = {"operationName": "RequestChat", "nickname": "Eva"}, {"operationName": "SendMessage"}
    requested = await ask("POST", "/api/v2/chats", json=request, **sent)
    path = requested.json()["path"]

    written = await ask("POST", path, json={**message, "text": "Hello"}, **sent)
    seen = await ask("GET", path, **sent)

    assert [200, 200, 200] == [response.status_code for response in (requested, written, seen)]
    assert "x-csrf-token" not in seen.headers


class TestOff:
    """Without the setting."""

    @pytest.fixture
    def application(self):
        return build(Settings())

    async def test_tokens_are_neither_given_nor_needed(self, ask, operate):
        response = await ask("GET", ME, auth=AGENT1)

        assert not {"x-csrf-header", "x-csrf-token"} & response.headers.keys()
        assert [(ACCEPTED, "LeftChat")] * 2 == [
            await operate(auth=AGENT1, token=token) for token in (None, "any")
        ]
