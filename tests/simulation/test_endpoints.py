"""Tests can advance the clock and act as a customer or an agent."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from gws_chat.app import build
from gws_chat.settings import Settings

ALONE = "0071023821aec011"
CONFERENCE = "0000Na9B26EF002X"
UNKNOWN_CLIENT = ("402::Unknown client", "handshake")
TIMEOUT = """
invitationTimeout: 20
agents:
  - {userName: agent1, password: secret1, features: [api-multimedia], channels: [chat]}
"""


class TestClock:
    """With a scenario in which an invitation expires after 20 seconds."""

    @pytest.fixture
    def application(self, tmp_path):
        scenario = tmp_path / "timeout.yaml"
        scenario.write_text(TIMEOUT, encoding="utf-8")
        return build(Settings(scenario=scenario))

    async def test_invitations_expire_at_their_timeout(self, agent, customer, simulate, changed_chats):
        agent1 = agent("agent1")
        await customer.request_chat()
        await simulate("chats", customer="Eva", agents=[{"agent": "agent1", "state": "Invited"}])
        await agent1.listen()

        await simulate("clock", advance=19)
        assert [] == await agent1.notifications()
        await simulate("clock", advance=1)

        assert ["Revoked", "Revoked"] == [chat["state"] for chat in await changed_chats(agent1)]

    async def test_next_deadline_is_that_of_the_invitation(self, customer, simulate):
        await customer.request_chat()

        state = await simulate("state", "GET")

        remaining = datetime.fromisoformat(state["nextDeadline"]["at"]) - datetime.fromisoformat(state["now"])
        assert "invitation" == state["nextDeadline"]["kind"]
        assert timedelta(seconds=15) < remaining <= timedelta(seconds=20)

    async def test_reset_cancels_pending_invitation_timeouts(self, agent, customer, simulate):
        agent1 = agent("agent1")
        await customer.request_chat()
        await simulate("reset")
        await agent1.listen()

        await simulate("clock", advance=20)

        assert [] == await agent1.notifications()

    async def test_reset_during_an_advance_ends_it(self, http, customer, simulate, journal):
        for _ in range(100):
            await customer.request_chat()

        advancing = asyncio.create_task(http.post("/simulation/clock", json={"advance": 3600}))
        await asyncio.sleep(0)  # in process, the request reaches its first wait within one turn
        await simulate("reset")
        assert 503 == (await advancing).status_code

        await customer.request_chat()
        (entry,) = await journal(kind="request")
        assert datetime.now(UTC) - datetime.fromisoformat(entry["at"]) > timedelta(minutes=-30)

    async def test_session_expires_only_when_it_is_silent(self, agent1, simulate, hold_poll):
        polling = await hold_poll(agent1)

        await simulate("clock", advance=40)

        assert [True] == [reply["successful"] for reply in await polling]
        assert [True] == [reply["successful"] for reply in await agent1.poll(timeout=0)]
        await simulate("clock", advance=31)
        (reply,) = await agent1.poll()
        assert UNKNOWN_CLIENT == (reply["error"], reply["advice"]["reconnect"])

    async def test_advance_moves_message_timestamps(self, customer, simulate):
        await customer.request_chat()
        await simulate("clock", advance=3600)
        await customer.write("Anybody there?")

        first, second = (message["timestampSeconds"] for message in await customer.messages())
        assert 3_600_000 <= second - first


async def test_customer_of_a_scenario_chat_can_act(agent1, simulate):

    await simulate(f"chats/{ALONE}/customer", operationName="SendMessage", text="Hello?")
    await simulate(f"chats/{ALONE}/customer", operationName="Complete")

    messages = [message for each in await agent1.notifications() for message in each["data"].get("messages", [])]
    assert ["Text", "ParticipantLeft"] == [message["type"] for message in messages]


async def test_late_customer_sees_earlier_public_messages(agent, customer, simulate, application):
    await agent("agent1").send_to_agents(CONFERENCE, "not for Bea")
    await agent("agent1").perform(CONFERENCE, {"operationName": "SendMessage", "text": "for Bea"})

    await simulate(f"chats/{CONFERENCE}/customer", operationName="SendMessage", text="Thanks")

    chat = next(each for each in application.scenario.chats if each.id == CONFERENCE)
    customer.path = f"/api/v2/chats/{chat.customer_transcript.id}"
    assert [(1, "for Bea", "2"), (2, "Thanks", "1")] == [
        (each["index"], each["text"], each["from"]["participantId"]) for each in await customer.messages()
    ]


async def test_simulated_operations_mark_nothing_as_received(customer, simulate):
    created = await simulate("chats", customer="Eva", agents=[{"agent": "agent1", "state": "Chatting"}])
    customer.path = f"/api/v2/chats/{created['customerId']}"
    await simulate(f"chats/{created['id']}/customer", operationName="SendMessage", text="Hello?")

    assert ["Hello?"] == [each["text"] for each in await customer.new_messages()]
    assert [] == await customer.new_messages()


async def test_simulated_agent_acts_without_its_password(agent, simulate, changed_chats):
    agent1 = agent("agent1")
    await agent1.listen()
    await agent1.perform_with_target("Invite", ALONE, agent("agent3"))

    await simulate(f"chats/{ALONE}/agents/agent3", operationName="Accept")

    chat = (await changed_chats(agent1))[-1]
    assert ["Ann", "agent1", "agent3"] == [each["nickname"] for each in chat["participants"]]
