"""A test can reset the emulator, advance its clock, create chats and act for any party."""

from __future__ import annotations

import time

import pytest

from handlers.app import build
from handlers.settings import Settings

ALONE = "0071023821aec011"
CONFERENCE = "0000Na9B26EF002X"
INVITED = "0000Na9B26EF004Z"
UNKNOWN_CLIENT = ("402::Unknown client", "handshake")
TIMEOUT = """
invitationTimeout: 20
agents:
  - {userName: agent1, password: secret1, features: [api-multimedia], channels: [chat]}
"""
CHATTING = {"agent": "agent1", "state": "Chatting"}
CHAT = {"customer": "Eva", "agents": [CHATTING, {"agent": "agent2", "state": "Invited"}]}


async def read_chats(agent):
    return [await agent(name).get("/api/v2/me/chats?fields=*") for name in ("agent1", "agent2", "agent3")]


async def read_chat(agent, chat_id):
    response = await agent.get(f"/api/v2/me/chats/{chat_id}")
    return response["chat"]


async def changed_chats(agent):
    """Return the chats in the agent's queued notifications."""
    return [each["data"]["chat"] for each in await agent.told() if "chat" in each["data"]]


async def reference_ids(agent):
    return [each["data"]["referenceId"] for each in await agent.told()]


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


async def test_reset_restores_available_agents(agent, customer, simulate):
    await agent("agent1").request("POST", "/api/v2/me", json={"operationName": "EndContactCenterSession"})
    await customer.request_chat("Waiting")
    await simulate("reset")

    await customer.request_chat("Eva")

    chats = (await agent("agent1").get("/api/v2/me/chats?fields=*"))["chats"]
    invited = [chat for chat in chats if chat["state"] == "Invited"]
    assert ["Eva"] == [chat["participants"][0]["nickname"] for chat in invited]


async def test_reset_ends_all_sessions(http, agent, simulate, hold_poll):
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


async def test_reset_can_keep_sessions(http, agent, simulate):
    agent1 = agent("agent1")
    await agent1.listen()
    await agent1.leave(ALONE)

    await simulate("reset", sessions="keep")

    assert [] == await agent1.told()
    await agent1.leave(ALONE)
    assert [1] == await reference_ids(agent1)
    assert 200 == (await http.get("/api/v2/me")).status_code


async def test_reset_with_equal_seeds_repeats_ids(customer, simulate, record_property):
    ids, durations = [], []
    for seed in ({"seed": 7}, {"seed": 7}, {"seed": 8}, {}, {}):
        started = time.perf_counter()
        await simulate("reset", **seed)
        durations.append((time.perf_counter() - started) * 1000)
        ids.append((await customer.request_chat()).json()["id"])

    assert (ids[0], 4) == (ids[1], len(set(ids)))
    record_property("figures", f"reset of the demo: {min(durations):.1f} to {max(durations):.1f} ms")


class TestClock:
    """With a scenario in which an invitation expires after 20 seconds."""

    @pytest.fixture
    def application(self, tmp_path):
        scenario = tmp_path / "timeout.yaml"
        scenario.write_text(TIMEOUT, encoding="utf-8")
        return build(Settings(scenario=scenario))

    async def test_invitations_expire_at_their_timeout(self, agent, customer, simulate):
        agent1 = agent("agent1")
        await customer.request_chat()
        await simulate("chats", customer="Eva", agents=[{"agent": "agent1", "state": "Invited"}])
        await agent1.listen()

        await simulate("clock", advance=19)
        assert [] == await agent1.told()
        await simulate("clock", advance=1)

        assert ["Revoked", "Revoked"] == [chat["state"] for chat in await changed_chats(agent1)]

    async def test_reset_cancels_pending_invitation_timeouts(self, agent, customer, simulate):
        agent1 = agent("agent1")
        await customer.request_chat()
        await simulate("reset")
        await agent1.listen()

        await simulate("clock", advance=20)

        assert [] == await agent1.told()

    async def test_session_expires_only_when_it_is_silent(self, agent, simulate, hold_poll):
        agent1 = agent("agent1")
        await agent1.listen()
        polling = await hold_poll(agent1)

        await simulate("clock", advance=40)

        assert [True] == [reply["successful"] for reply in await polling]
        assert [True] == [reply["successful"] for reply in await agent1.poll(no_longer_than=0)]
        await simulate("clock", advance=31)
        (reply,) = await agent1.poll()
        assert UNKNOWN_CLIENT == (reply["error"], reply["advice"]["reconnect"])

    async def test_advance_moves_message_timestamps(self, customer, simulate):
        await customer.request_chat()
        await simulate("clock", advance=3600)
        await customer.write("Anybody there?")

        first, second = (message["timestampSeconds"] for message in await customer.messages())
        assert 3_600_000 <= second - first


async def test_created_chat_matches_its_entry(agent, customer, simulate):
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


@pytest.mark.parametrize(
    "agents",
    [
        [CHATTING, {"agent": "agent1", "state": "Invited"}],
        [CHATTING, {"agent": "voiceonly", "state": "Invited"}],
        [CHATTING, {"agent": "agent2", "state": "LeftChat"}],
        [{"agent": "nobody", "state": "Chatting"}],
    ],
    ids=["agent twice", "no chat feature", "LeftChat among others", "unknown agent"],
)
async def test_rejected_chat_changes_nothing(agents, http, agent, simulate):
    await simulate("reset", seed=7)
    expected = await simulate("chats", **CHAT)
    await simulate("reset", seed=7)
    before = await read_chats(agent)

    response = await http.post("/simulation/chats", json={"customer": "Eva", "agents": agents})

    assert 403 == response.status_code
    assert before == await read_chats(agent)
    assert expected == await simulate("chats", **CHAT)


async def test_customer_of_a_scenario_chat_can_act(agent, simulate):
    agent1 = agent("agent1")
    await agent1.listen()

    await simulate(f"chats/{ALONE}/customer", operationName="SendMessage", text="Hello?")
    await simulate(f"chats/{ALONE}/customer", operationName="Complete")

    messages = [message for each in await agent1.told() for message in each["data"].get("messages", [])]
    assert ["Text", "ParticipantLeft"] == [message["type"] for message in messages]


async def test_late_customer_sees_earlier_public_messages(agent, customer, simulate, application):
    await agent("agent1").send_to_agents(CONFERENCE, "not for Bea")
    await agent("agent1").perform(CONFERENCE, {"operationName": "SendMessage", "text": "for Bea"})

    await simulate(f"chats/{CONFERENCE}/customer", operationName="SendMessage", text="Thanks")

    chat = next(each for each in application.scenario.chats if each.id == CONFERENCE)
    customer.path = f"/api/v2/chats/{chat.customer_view.id}"
    assert [(1, "for Bea", "2"), (2, "Thanks", "1")] == [
        (each["index"], each["text"], each["from"]["participantId"]) for each in await customer.messages()
    ]


async def test_simulated_agent_acts_without_its_password(agent, simulate):
    agent1 = agent("agent1")
    await agent1.listen()
    await agent1.invite(ALONE, agent("agent3"))

    await simulate(f"chats/{ALONE}/agents/agent3", operationName="Accept")

    chat = (await changed_chats(agent1))[-1]
    assert ["Ann", "agent1", "agent3"] == [each["nickname"] for each in chat["participants"]]


async def test_simulated_agent_needs_the_capability(http):
    path = f"/simulation/chats/{INVITED}/agents/agent2"

    response = await http.post(path, json={"operationName": "Leave"})

    assert (403, 3) == (response.status_code, response.json()["statusCode"])
