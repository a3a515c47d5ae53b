"""The CometD endpoint over HTTP: requests, access and cookies. The messages are tested in tests/cometd."""

import asyncio
import json
import re

import pytest

from tests.agents import COMETD_PATH, AgentClient

HANDSHAKE = {"channel": "/meta/handshake", "id": "1", "version": "1.0", "supportedConnectionTypes": ["long-polling"]}
CONNECT = {"channel": "/meta/connect", "id": "2", "connectionType": "long-polling", "clientId": "nobody"}
DISCONNECT = {"channel": "/meta/disconnect", "id": "9"}
REJECTED = [{"channel": "/meta/disconnect", "successful": False, "id": "9", "error": "402::Unknown client"}]
DENIED = {"statusCode": 20, "statusMessage": "Access denied"}
AGENT1 = ("agent1", "secret1")
COOKIE = r"BAYEUX_BROWSER=[0-9a-f]{40}; Path=/; HttpOnly; SameSite=Lax"


def browser_cookies(response):
    return [each for each in response.headers.get_list("Set-Cookie") if each.startswith("BAYEUX_BROWSER")]


@pytest.mark.parametrize("body", [[HANDSHAKE], HANDSHAKE], ids=["array", "message"])
@pytest.mark.parametrize("path", ["", "/", "/anything"])
async def test_response_is_an_uncached_array_of_replies(http, path, body):
    response = await http.post(COMETD_PATH + path, json=body, auth=AGENT1)

    headers = response.headers["Content-Type"], response.headers["Cache-Control"]
    assert (200, "application/json", "no-store") == (response.status_code, *headers)
    assert [("/meta/handshake", "1", True)] == [
        (reply["channel"], reply["id"], reply["successful"]) for reply in response.json()
    ]


async def test_request_has_at_most_64_messages(http):
    accepted, rejected = [await http.post(COMETD_PATH, json=[CONNECT] * messages, auth=AGENT1) for messages in (64, 65)]

    assert (200, ["402::Unknown client"] * 64) == (accepted.status_code, [reply["error"] for reply in accepted.json()])
    error = {"statusCode": 10, "statusMessage": "body: must be 1 to 64 items, got 65"}
    assert (400, error) == (rejected.status_code, rejected.json())


async def test_only_channels_of_the_api_may_be_subscribed(agent):
    agent1 = agent("agent1")
    await agent1.listen()
    granted = ["/v2/me/chats", "/v2/me/calls", "/notifications/services"]
    granted += ["/*", "/**", "/v2/*", "/v2/**", "/v2/me/*"]
    forbidden = ["/chats", "/meta/*", "/meta/connect", "/service/chats"]
    forbidden += ["/v2/me", "/v2/me/chats/1", "/v2/you/chats"]

    (accepted,) = await agent1.send("/meta/subscribe", subscription=granted)
    (rejected,) = await agent1.send("/meta/subscribe", subscription=granted + forbidden)

    assert (True, granted) == (accepted["successful"], accepted["subscription"])
    assert f"403:{','.join(forbidden)}:forbidden" == rejected["error"]


async def test_handshake_sets_a_new_browser_cookie(http):
    cookies = []
    for _ in range(3):
        http.cookies.clear()
        cookies += browser_cookies(await http.post(COMETD_PATH, json=[HANDSHAKE], auth=AGENT1))

    assert [True] * 3 == [re.fullmatch(COOKIE, cookie) is not None for cookie in cookies]
    assert 3 == len(set(cookies))


@pytest.mark.parametrize(
    ("message", "cookie"),
    [
        (HANDSHAKE, "BAYEUX_BROWSER=a.b; BAYEUX_BROWSER=known"),
        ({**HANDSHAKE, "version": None}, "other=1"),
        (CONNECT, "other=1"),
    ],
    ids=["handshake with cookie", "rejected handshake", "connect"],
)
async def test_other_messages_set_no_browser_cookie(http, message, cookie):
    response = await http.post(COMETD_PATH, json=[message], auth=AGENT1, headers={"Cookie": cookie})

    assert (200, []) == (response.status_code, browser_cookies(response))


async def test_sessions_without_the_cookie_share_no_browser(http, application):
    """Some clients drop the cookies of hosts that are IP addresses."""
    agents = [AgentClient(http, *AGENT1) for _ in range(2)]
    for each in agents:
        await each.listen()
        http.cookies.clear()
    held = asyncio.create_task(agents[0].poll())
    await asyncio.sleep(0)  # in process, the server holds the poll after one turn of the loop
    assert 1 == application.cometd.sessions.held_poll_count

    (reply,) = await agents[1].poll(timeout=0)

    held.cancel()
    assert "multiple-clients" not in reply["advice"]


class TestEndedLogin:
    """The cookie of an agent after EndContactCenterSession."""

    @pytest.fixture
    async def agent1(self, agent):
        agent1 = agent("agent1")
        await agent1.listen()
        return agent1

    @pytest.fixture
    async def old_cookie(self, http, agent1):
        """End the session of agent1 and return its cookie."""
        cookie = f"JSESSIONID={http.cookies['JSESSIONID']}"
        await agent1.request("POST", "/api/v2/me", json={"operationName": "EndContactCenterSession"})
        http.cookies.clear()
        return cookie

    @pytest.mark.assumed("session.end.cometd")
    async def test_end_of_the_session_advises_no_reconnect(self, application, agent1, agent):
        held = asyncio.create_task(agent1.poll())
        await asyncio.sleep(0)  # in process, the server holds the poll after one turn of the loop
        assert 1 == application.cometd.sessions.held_poll_count

        await agent("agent1").request("POST", "/api/v2/me", json={"operationName": "EndContactCenterSession"})

        assert [(True, "none")] == [(reply["successful"], reply["advice"]["reconnect"]) for reply in await held]
        assert 0 == len(application.cometd.sessions)

    @pytest.mark.observed
    @pytest.mark.parametrize("path", ["", "/disconnect"])
    @pytest.mark.parametrize("is_form", [True, False])
    async def test_disconnect_with_the_old_cookie_is_unknown(self, http, agent1, old_cookie, path, is_form):
        messages = [{**DISCONNECT, "clientId": agent1.client_id}]
        body = {"data": {"message": json.dumps(messages)}} if is_form else {"json": messages}

        response = await http.post(COMETD_PATH + path, headers={"Cookie": old_cookie}, **body)

        assert (200, REJECTED, None) == (response.status_code, response.json(), response.headers.get("set-cookie"))

    @pytest.mark.assumed("session.end.cookie")
    @pytest.mark.parametrize(
        "body",
        [
            {"json": [HANDSHAKE]},
            {"json": [DISCONNECT, CONNECT]},
            {"json": {**DISCONNECT, "channel": "/meta/disconnect/"}},
            {"json": []},
            {"json": [1]},
            {"content": b"["},
            {"content": b"x", "headers": {"Content-Type": "text/plain"}},
            {"content": b" " * 1048577},
        ],
        ids=lambda body: str(body)[:40],
    )
    async def test_all_else_with_the_old_cookie_is_denied(self, http, old_cookie, body):
        headers = {"Cookie": old_cookie, **body.get("headers", {})}

        response = await http.post(COMETD_PATH, **{**body, "headers": headers})

        assert (403, DENIED) == (response.status_code, response.json())

    @pytest.mark.parametrize(
        "headers", [{}, {"Authorization": "Basic YWdlbnQxOng="}], ids=["no cookie", "wrong password"]
    )
    async def test_disconnect_without_valid_credentials_is_denied(self, http, old_cookie, headers):
        headers |= {"Cookie": old_cookie} if headers else {}

        response = await http.post(COMETD_PATH, json=[DISCONNECT], headers=headers)

        assert (403, DENIED) == (response.status_code, response.json())

    async def test_old_cookie_cannot_end_the_next_session(self, http, agent1, old_cookie):
        await agent1.listen()
        http.cookies.clear()
        message = {**DISCONNECT, "clientId": agent1.client_id}

        response = await http.post(COMETD_PATH, json=message, headers={"Cookie": old_cookie})

        assert REJECTED == response.json()
        assert [True] == [reply["successful"] for reply in await agent1.poll(timeout=0)]
