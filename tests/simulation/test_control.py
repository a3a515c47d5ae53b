"""Tests can reset the emulator, create chats and end CometD sessions."""

import asyncio
from dataclasses import replace

import pytest

from tests.agents import AgentClient
from tests.service import client_of

ALONE = "0071023821aec011"
INVITED = "0000Na9B26EF004Z"
UNKNOWN_CLIENT = ("402::Unknown client", "handshake")
CHATTING = {"agent": "agent1", "state": "Chatting"}
UNKNOWN_AGENT = {"agent": "nobody", "state": "Chatting"}
CHAT = {"customer": "Eva", "agents": [CHATTING, {"agent": "agent2", "state": "Invited"}]}


async def read_chats(agent):
    return [await agent(name).get("/api/v2/me/chats?fields=*") for name in ("agent1", "agent2", "agent3")]


async def read_chat(agent, chat_id):
    response = await agent.get(f"/api/v2/me/chats/{chat_id}")
    return response["chat"]


async def test_reset_restores_the_initial_chats(agent, customer, simulate):
    before = await read_chats(agent)
    await agent("agent1").leave(ALONE, text="Bye")
    await agent("agent2").accept(INVITED)
    await customer.request_chat()
    assert before != await read_chats(agent)

    await simulate("reset")

    assert before == await read_chats(agent)
    assert [] == (await agent("agent1").get(f"/api/v2/me/chats/{ALONE}/messages"))["messages"]
    assert 404 == (await customer.request("GET", customer.path)).status_code


@pytest.mark.parametrize("operation", ["EndContactCenterSession", "NotReady"])
async def test_reset_restores_available_agents(operation, agent, customer, simulate):
    await agent("agent1").request("POST", "/api/v2/me", json={"operationName": operation})
    await customer.request_chat("Waiting")
    await simulate("reset")

    await customer.request_chat("Eva")

    chats = (await agent("agent1").get("/api/v2/me/chats?fields=*"))["chats"]
    invited = [chat for chat in chats if chat["state"] == "Invited"]
    assert ["Eva"] == [chat["participants"][0]["nickname"] for chat in invited]


async def test_reset_ends_sessions_that_clients_started(agent, simulate):
    voiceonly = agent("voiceonly")
    start = {"operationName": "StartContactCenterSession", "channels": ["voice"]}
    ready = {"operationName": "Ready"}
    assert 200 == (await voiceonly.request("POST", "/api/v2/me", json=start)).status_code
    assert 200 == (await voiceonly.request("POST", "/api/v2/me", json=ready)).status_code

    await simulate("reset")

    assert 403 == (await voiceonly.request("POST", "/api/v2/me", json=ready)).status_code


async def test_reset_ends_all_sessions(http, agent, simulate, hold_poll, reference_ids):
    agent1 = agent("agent1")
    await agent1.leave(ALONE)
    await agent1.listen()
    polling = await hold_poll(agent1)
    assert 200 == (await http.get("/api/v2/me")).status_code

    await simulate("reset")

    (reply,) = await polling
    assert UNKNOWN_CLIENT == (reply["error"], reply["advice"]["reconnect"])
    assert 403 == (await http.get("/api/v2/me")).status_code
    await agent1.listen()
    await agent1.leave(ALONE)
    assert [1] == await reference_ids(agent1)


async def test_reset_can_keep_sessions(http, agent1, simulate, reference_ids):
    await agent1.leave(ALONE)

    await simulate("reset", sessions="keep")

    assert [] == await agent1.notifications()
    await agent1.leave(ALONE)
    assert [1] == await reference_ids(agent1)
    assert 200 == (await http.get("/api/v2/me")).status_code


async def test_reset_drops_notifications_that_wait_for_a_response(application, agent1, simulate, reference_ids):
    received, may_respond = asyncio.Event(), asyncio.Event()

    async def hold_response(scope, receive, send):
        async def wait(message):
            received.set()
            await may_respond.wait()
            await send(message)

        await application.asgi(scope, receive, wait)

    async with client_of(replace(application, asgi=hold_response)) as http:
        leaving = asyncio.create_task(AgentClient(http, "agent1", "secret1").leave(ALONE))
        await received.wait()
        await simulate("reset", sessions="keep")
        may_respond.set()
        await leaving

    assert [] == await reference_ids(agent1)


async def test_reset_rejects_a_request_with_half_a_body(agent, simulate, journal):
    may_continue = asyncio.Event()

    async def body():
        yield b'{"operationName":'
        await may_continue.wait()
        yield b'"Leave"}'

    headers = {"Content-Type": "application/json"}
    path = f"/api/v2/me/chats/{ALONE}"
    leaving = asyncio.create_task(agent("agent1").request("POST", path, content=body(), headers=headers))
    await asyncio.sleep(0)  # in process, the request reaches its first wait within one turn
    await simulate("reset")
    may_continue.set()

    response = await leaving

    assert (503, 4) == (response.status_code, response.json()["statusCode"])
    assert "Chatting" == (await read_chat(agent("agent1"), ALONE))["state"]
    assert [] == await journal(kind="notification")
    assert ["GET"] == [each["method"] for each in await journal()]


async def test_reset_with_equal_seeds_repeats_ids(customer, simulate):
    ids = []
    for seed in ({"seed": 7}, {"seed": 7}, {"seed": 8}, {}, {}):
        await simulate("reset", **seed)
        ids.append((await customer.request_chat()).json()["id"])

    assert (ids[0], 4) == (ids[1], len(set(ids)))


async def test_created_chat_matches_its_entry(agent, customer, simulate, changed_chats):
    agent1, agent2 = agent("agent1"), agent("agent2")
    await agent1.listen()
    await agent2.listen()

    created = await simulate("chats", **CHAT, userData={"tier": "gold"})

    notified = [*await changed_chats(agent1), *await changed_chats(agent2)]
    assert [(created["id"], "Chatting"), (created["id"], "Invited")] == [
        (chat["id"], chat["state"]) for chat in notified
    ]
    chat = await read_chat(agent1, created["id"])
    assert ("Chatting", {"tier": "gold"}) == (chat["state"], chat["userData"])
    customer.path = f"/api/v2/chats/{created['customerId']}"
    assert "Chatting" == (await customer.chat())["state"]


async def test_chat_without_customer_can_be_created(agent, simulate):
    created = await simulate("chats", agents=[{"agent": "agent1", "state": "LeftChat"}])

    chat = await read_chat(agent("agent1"), created["id"])
    assert ("LeftChat", []) == (chat["state"], chat["participants"])


async def test_rejected_chat_changes_nothing(http, agent, simulate):
    await simulate("reset", seed=7)
    expected = await simulate("chats", **CHAT)
    await simulate("reset", seed=7)
    before = await read_chats(agent)

    response = await http.post("/simulation/chats", json={"customer": "Eva", "agents": [UNKNOWN_AGENT]})

    assert 403 == response.status_code
    assert before == await read_chats(agent)
    assert expected == await simulate("chats", **CHAT)


async def test_forgotten_session_is_unknown_at_once(agent, simulate, hold_poll):
    agent1, agent2 = agent("agent1"), agent("agent2")
    await agent1.listen()
    await agent2.listen()
    polling = await hold_poll(agent1)

    await simulate("sessions/forget", agent="agent1")

    (reply,) = await polling
    assert UNKNOWN_CLIENT == (reply["error"], reply["advice"]["reconnect"])
    assert [True] == [reply["successful"] for reply in await agent2.poll(timeout=0)]
