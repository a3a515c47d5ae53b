"""The CometD endpoint over HTTP: requests, access and cookies. The messages are tested in tests/cometd."""

from __future__ import annotations

import asyncio
import re

import pytest

from tests.agents import EXCHANGE, AgentClient

HANDSHAKE = {
    "channel": "/meta/handshake",
    "id": "1",
    "version": "1.0",
    "supportedConnectionTypes": ["long-polling"],
}
CONNECT = {"channel": "/meta/connect", "id": "2", "connectionType": "long-polling", "clientId": "nobody"}
AGENT1 = ("agent1", "secret1")
COOKIE = r"BAYEUX_BROWSER=[0-9a-f]{40}; Path=/; HttpOnly; SameSite=Lax"
NOT_JSON = [b"", b"{", b"\xff\xfe[]", b"[" * 100_000]
NOT_MESSAGES = [b"[]", b"[1]", b"[null]", b"7", b"null", b'"handshake"', b'[["/meta/handshake"]]']
WITHOUT_CHANNEL = [b"[{}]", b'[{"channel": 1}]', b'[{"channel": null}]']


def browser_cookies(response):
    return [each for each in response.headers.get_list("Set-Cookie") if each.startswith("BAYEUX_BROWSER")]


@pytest.mark.parametrize("body", [[HANDSHAKE], HANDSHAKE], ids=["array", "message"])
@pytest.mark.parametrize("path", ["", "/", "/anything"])
async def test_response_is_an_uncached_array_of_replies(http, path, body):
    response = await http.post(EXCHANGE + path, json=body, auth=AGENT1)

    headers = response.headers["Content-Type"], response.headers["Cache-Control"]
    assert (200, "application/json", "no-store") == (response.status_code, *headers)
    assert [("/meta/handshake", "1", True)] == [
        (reply["channel"], reply["id"], reply["successful"]) for reply in response.json()
    ]


async def test_get_is_rejected(http):
    response = await http.get(EXCHANGE, auth=AGENT1)

    assert (405, "POST") == (response.status_code, response.headers["Allow"])


@pytest.mark.parametrize(
    "body", [*NOT_JSON, *NOT_MESSAGES, *WITHOUT_CHANNEL], ids=lambda body: ascii(body)[1:25]
)
async def test_invalid_body_is_rejected(http, body):
    headers = {"Content-Type": "application/json"}

    response = await http.post(EXCHANGE, content=body, headers=headers, auth=AGENT1)

    assert (400, True) == (response.status_code, response.json()["statusCode"] in {1, 2, 10})


async def test_request_has_at_most_64_messages(http):
    accepted, rejected = [
        await http.post(EXCHANGE, json=[CONNECT] * messages, auth=AGENT1) for messages in (64, 65)
    ]

    assert (200, ["402::Unknown client"] * 64) == (
        accepted.status_code,
        [reply["error"] for reply in accepted.json()],
    )
    error = {"statusCode": 10, "statusMessage": "body: must be at most 64 items, not 65"}
    assert (400, error) == (rejected.status_code, rejected.json())


@pytest.mark.parametrize("credentials", [None, ("agent1", "secret2")], ids=["none", "wrong"])
async def test_invalid_credentials_open_no_session(http, application, credentials):
    response = await http.post(EXCHANGE, json=[HANDSHAKE], auth=credentials)

    error = {"statusCode": 20, "statusMessage": "Access denied"}
    assert (403, error) == (response.status_code, response.json())
    assert 0 == application.cometd.sessions


async def test_session_of_another_agent_is_unknown(agent):
    agent1, agent2 = agent("agent1"), agent("agent2")
    await agent1.listen()
    agent2.client_id = agent1.client_id

    (reply,) = await agent2.poll()

    assert "402::Unknown client" == reply["error"]


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


async def test_agents_receive_only_their_own_notifications(agent):
    agent1, agent2 = agent("agent1"), agent("agent2")
    for each in (agent1, agent2):
        await each.listen("/**")

    await agent1.leave("0071023821aec011")

    assert ["/v2/me/chats"] == [message["channel"] for message in await agent1.told()]
    assert [] == await agent2.told()


async def test_handshake_sets_a_new_browser_cookie(http):
    cookies = []
    for _ in range(3):
        http.cookies.clear()
        cookies += browser_cookies(await http.post(EXCHANGE, json=[HANDSHAKE], auth=AGENT1))

    assert [True] * 3 == [re.fullmatch(COOKIE, cookie) is not None for cookie in cookies]
    assert 3 == len(set(cookies))


@pytest.mark.parametrize(
    ("message", "cookie"),
    [
        (HANDSHAKE, "other=1; BAYEUX_BROWSER=known"),
        ({**HANDSHAKE, "version": None}, "other=1"),
        (CONNECT, "other=1"),
    ],
    ids=["handshake with cookie", "rejected handshake", "connect"],
)
async def test_other_messages_set_no_browser_cookie(http, message, cookie):
    response = await http.post(EXCHANGE, json=[message], auth=AGENT1, headers={"Cookie": cookie})

    assert (200, []) == (response.status_code, browser_cookies(response))


async def test_sessions_without_the_cookie_share_no_browser(http, application):
    """Some clients drop the cookies of hosts that are IP addresses."""
    agents = [AgentClient(http, *AGENT1) for _ in range(2)]
    for each in agents:
        await each.listen()
        http.cookies.clear()
    held = asyncio.create_task(agents[0].poll())
    await asyncio.sleep(0)  # in process, the server holds the poll after one turn of the loop
    assert 1 == application.cometd.parked

    (reply,) = await agents[1].poll(no_longer_than=0)

    held.cancel()
    assert "multiple-clients" not in reply["advice"]
