"""The exchange by HTTP: what surrounds Bayeux's messages, and who may speak. The messages: tests/cometd."""

from __future__ import annotations

import asyncio
import re

import httpx2
import pytest

from handlers.app import build
from handlers.settings import Settings
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


def browser_cookies(answer: httpx2.Response) -> list[str]:
    return [each for each in answer.headers.get_list("Set-Cookie") if each.startswith("BAYEUX_BROWSER")]


async def test_the_answer_is_an_array_of_json_that_nobody_keeps(http):
    answer = await http.post(EXCHANGE, json=[HANDSHAKE], auth=AGENT1)

    kept = answer.headers["Content-Type"], answer.headers["Cache-Control"]
    assert (200, "application/json", "no-store") == (answer.status_code, *kept)
    assert ["/meta/handshake"] == [reply["channel"] for reply in answer.json()]


async def test_a_message_without_an_array_is_answered_with_an_array(http):
    answer = await http.post(EXCHANGE, json=HANDSHAKE, auth=AGENT1)

    assert (200, ["1"]) == (answer.status_code, [reply["id"] for reply in answer.json()])


async def test_refusals_are_answers_too(http):
    answer = await http.post(EXCHANGE, json=[CONNECT], auth=AGENT1)

    assert (200, "402::Unknown client") == (answer.status_code, answer.json()[0]["error"])


@pytest.mark.parametrize("path", ["", "/", "/handshake", "/connect", "/disconnect", "/anything"])
async def test_the_base_and_one_segment_below_it_are_the_same_without_a_redirect(http, path):
    answer = await http.post(EXCHANGE + path, json=[HANDSHAKE], auth=AGENT1)

    assert (200, True) == (answer.status_code, answer.json()[0]["successful"])


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
async def test_another_method_is_refused(http, method):
    answer = await http.request(method, EXCHANGE, auth=AGENT1)

    assert (405, "POST") == (answer.status_code, answer.headers["Allow"])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"[1]",
        b"[null]",
        b"7",
        b"null",
        b'"handshake"',
        b"[{}]",
        b'[{"channel": 1}]',
        b'[{"channel": null}]',
        b'[["/meta/handshake"]]',
        b"\xff\xfe[]",
        b"[" * 100_000,
    ],
    ids=repr,
)
async def test_rubbish_is_refused_in_the_one_shape(http, body):
    answer = await http.post(
        EXCHANGE, content=body, headers={"Content-Type": "application/json"}, auth=AGENT1
    )

    assert (400, True) == (answer.status_code, answer.json()["statusCode"] in {1, 2, 10})


@pytest.mark.parametrize(("messages", "status"), [(64, 200), (65, 400)])
async def test_a_request_has_64_messages_at_most(http, messages, status):
    answer = await http.post(EXCHANGE, json=[CONNECT] * messages, auth=AGENT1)

    assert status == answer.status_code
    if status == 400:
        assert (10, "body: must be at most 64 items, not 65") == tuple(answer.json().values())


@pytest.mark.parametrize("credentials", [None, ("agent1", "secret2")], ids=["none", "wrong ones"])
async def test_without_credentials_bayeux_is_not_reached(http, application, credentials):
    answer = await http.post(EXCHANGE, json=[HANDSHAKE], auth=credentials)

    assert (403, {"statusCode": 20, "statusMessage": "Access denied"}) == (answer.status_code, answer.json())
    assert 0 == application.cometd.sessions


@pytest.mark.parametrize("message", ["connect", "subscribe", "unsubscribe", "disconnect"])
async def test_another_agents_session_is_as_unknown_as_none(agent, message):
    agent1, agent2, nobody = agent("agent1"), agent("agent2"), agent("agent2")
    await agent1.listen()
    agent2.client_id, nobody.client_id = agent1.client_id, "0" * 40

    answers = [
        await each.send(f"/meta/{message}", connectionType="long-polling", subscription="/v2/me/chats")
        for each in (agent2, nobody)
    ]

    assert "402::Unknown client" == answers[0][0]["error"]
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    "channel",
    ["/v2/me/chats", "/v2/me/calls", "/notifications/services", "/*", "/**", "/v2/*", "/v2/**", "/v2/me/*"],
)
async def test_a_channel_of_the_product_is_granted(agent, channel):
    agent1 = agent("agent1")
    await agent1.listen()

    (reply,) = await agent1.send("/meta/subscribe", subscription=channel)

    assert (True, channel) == (reply["successful"], reply["subscription"])


@pytest.mark.parametrize(
    "channel",
    ["/v2/me", "/v2/me/chats/1", "/v2/you/chats", "/chats", "/service/chats", "/meta/connect", "/meta/*"],
)
async def test_another_channel_is_forbidden(agent, channel):
    agent1 = agent("agent1")
    await agent1.listen()

    (reply,) = await agent1.send("/meta/subscribe", subscription=channel)

    assert f"403:{channel}:forbidden" == reply["error"]


@pytest.mark.parametrize("channel", ["/v2/me/chats", "/v2/me/*", "/**"])
async def test_whatever_is_subscribed_to_an_agent_is_told_of_its_own_chats_only(agent, channel):
    agent1, agent2 = agent("agent1"), agent("agent2")
    await agent1.listen(channel)
    await agent2.listen(channel)

    await agent1.leave("0071023821aec011")

    assert ["/v2/me/chats"] == [message["channel"] for message in await agent1.told()]
    assert [] == await agent2.told()


class TestTheBrowsersCookie:
    async def test_a_handshake_sets_it(self, http):
        answer = await http.post(EXCHANGE, json=[HANDSHAKE], auth=AGENT1)

        (cookie,) = browser_cookies(answer)
        assert re.fullmatch(COOKIE, cookie)

    async def test_a_handshake_that_brings_it_does_not(self, http):
        cookies = {"Cookie": "other=1; BAYEUX_BROWSER=known"}

        answer = await http.post(EXCHANGE, json=[HANDSHAKE], auth=AGENT1, headers=cookies)

        assert [] == browser_cookies(answer)

    @pytest.mark.parametrize("message", [CONNECT, {**HANDSHAKE, "version": None}], ids=["connect", "refused"])
    async def test_nothing_else_sets_it(self, http, message):
        answer = await http.post(EXCHANGE, json=[message], auth=AGENT1)

        assert [] == browser_cookies(answer)

    async def test_it_is_another_each_time(self):
        application = build(Settings())
        cookies = set()
        for _ in range(3):
            transport = httpx2.ASGITransport(application.asgi)
            async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as http:
                cookies.update(browser_cookies(await http.post(EXCHANGE, json=[HANDSHAKE], auth=AGENT1)))

        assert 3 == len(cookies)

    async def test_a_session_that_never_sends_it_shares_no_browser(self, application):
        """As a client that drops the cookies of hosts that are IP addresses."""
        transport = httpx2.ASGITransport(application.asgi)
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as http:
            agents = [AgentClient(http, *AGENT1) for _ in range(2)]
            for each in agents:
                await each.listen()
                http.cookies.clear()

            held = asyncio.create_task(agents[0].poll())
            await asyncio.sleep(0)  # in process the poll goes as far as it can in one turn
            assert 1 == application.cometd.parked

            (reply,) = await agents[1].poll(no_longer_than=0)

            held.cancel()
        assert "multiple-clients" not in reply["advice"]
