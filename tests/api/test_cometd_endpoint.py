"""The CometD endpoint over HTTP: requests, access and cookies. The messages are tested in tests/cometd."""

import asyncio
import re

import pytest

from tests.agents import COMETD_PATH, AgentClient

HANDSHAKE = {"channel": "/meta/handshake", "id": "1", "version": "1.0", "supportedConnectionTypes": ["long-polling"]}
CONNECT = {"channel": "/meta/connect", "id": "2", "connectionType": "long-polling", "clientId": "nobody"}
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
    [(HANDSHAKE, "other=1; BAYEUX_BROWSER=known"), ({**HANDSHAKE, "version": None}, "other=1"), (CONNECT, "other=1")],
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
    assert 1 == application.cometd.held_poll_count

    (reply,) = await agents[1].poll(timeout=0)

    held.cancel()
    assert "multiple-clients" not in reply["advice"]
