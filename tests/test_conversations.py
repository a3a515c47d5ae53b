"""Two chats from the first word to the last, and every notification that each agent is told."""

from __future__ import annotations

import pytest

from tests.documents import (
    CHATTING,
    CHATTING_AS_CONSULTANT,
    CHATTING_WITH_AGENTS,
    LEFT_CHAT,
    customer,
    message,
    new_messages,
    participant,
    state_change,
)


async def told(agent):
    """Return what the agent was told since it last asked."""
    return [each["data"] for each in await agent.told()]


@pytest.mark.documented
async def test_an_agent_accepts_and_invites_another_who_finishes_the_chat(agent):
    chat = "0000Na9B26EF004Z"
    dora = customer("Dora", "929B93E5FD8F1754")
    bob = participant("agent2", "A98550A35E325856", nickname="Bob")
    eve = participant("agent3", "ECDE6BF98A572CCB", nickname="Eve")
    agent2, agent3 = agent("agent2"), agent("agent3")
    await agent2.listen()
    await agent3.listen()

    # agent2 accepts the invitation that waits
    await agent2.accept(chat, nickname="Bob")

    bob_joined = message(1, "ParticipantJoined", bob)
    assert [
        state_change(
            "StatusChange", chat, {"state": "Chatting", "capabilities": CHATTING, "participants": []}, 1
        ),
        state_change(
            "ParticipantsUpdated",
            chat,
            {"state": "Chatting", "capabilities": CHATTING, "participants": [dora, bob]},
        ),
        new_messages(chat, bob_joined),
    ] == await told(agent2)

    # agent2 invites agent3
    answer = await agent2.invite(chat, agent3)

    assert {"statusCode": 0, "referenceId": 2} == answer.json()
    assert [] == await told(agent2)
    assert [
        state_change("StatusChange", chat, {"state": "Invited", "capabilities": ["Accept", "Reject"]})
    ] == await told(agent3)

    # agent3 joins: it is a conference
    await agent3.accept(chat, nickname="Eve")

    eve_joined = message(2, "ParticipantJoined", eve)
    conference = {
        "state": "Chatting",
        "capabilities": CHATTING_WITH_AGENTS,
        "participants": [dora, bob, eve],
    }
    assert [
        state_change("ParticipantsUpdated", chat, conference, 2),
        new_messages(chat, eve_joined),
    ] == await told(agent2)
    assert [
        state_change("StatusChange", chat, {**conference, "participants": []}, 1),
        state_change("ParticipantsUpdated", chat, conference),
        new_messages(chat, bob_joined, eve_joined),
    ] == await told(agent3)

    # agent2 leaves: the chat session is still open for the customer
    await agent2.leave(chat)

    assert [state_change("StatusChange", chat, {"state": "Completed"})] == await told(agent2)
    assert [
        new_messages(chat, message(3, "ParticipantLeft", bob)),
        state_change(
            "ParticipantsUpdated",
            chat,
            {"state": "Chatting", "capabilities": CHATTING, "participants": [dora, eve]},
        ),
    ] == await told(agent3)

    # agent3 leaves: the chat session ends for the customer
    await agent3.leave(chat)

    assert [
        state_change("StatusChange", chat, {"state": "LeftChat", "capabilities": LEFT_CHAT}, 2)
    ] == await told(agent3)

    # agent3 is still allowed to set the disposition
    await agent3.set_disposition(chat, "Resolved")

    assert [
        state_change(
            "PropertiesUpdated",
            chat,
            {
                "state": "LeftChat",
                "capabilities": LEFT_CHAT,
                "userData": {"DispositionCode": "Resolved"},
            },
            3,
        )
    ] == await told(agent3)

    # agent3 completes the chat
    await agent3.complete(chat)

    assert [state_change("StatusChange", chat, {"state": "Completed"})] == await told(agent3)
    assert [] == await told(agent2)


@pytest.mark.decided
async def test_an_agent_consults_another_who_takes_over_and_hands_on_what_is_left_to_do(agent):
    chat = "0071023821aec011"
    ann = customer("Ann", "37D1F09A8010406B")
    owner = participant("agent1", "0B869863C46DDEB6")
    consultant = participant("agent3", "94D5A30CF3A14D67", visibility="Agents")
    promoted = participant("agent3", "94D5A30CF3A14D67")
    agent1, agent2, agent3 = agent("agent1"), agent("agent2"), agent("agent3")
    await agent1.listen()
    await agent2.listen()
    await agent3.listen()

    # agent1 consults agent3
    answer = await agent1.consult(chat, agent3)

    assert {"statusCode": 0, "referenceId": 1} == answer.json()
    assert [] == await told(agent1)
    assert [
        state_change("StatusChange", chat, {"state": "Invited", "capabilities": ["Accept", "Reject"]})
    ] == await told(agent3)

    # agent3 joins, and the customer sees nothing of it
    await agent3.accept(chat)

    consultant_joined = message(1, "ParticipantJoined", consultant, "Agents")
    everybody = [ann, owner, consultant]
    as_owner = {"state": "Chatting", "capabilities": CHATTING_WITH_AGENTS, "participants": everybody}
    as_consultant = {"state": "Chatting", "capabilities": CHATTING_AS_CONSULTANT, "participants": everybody}
    assert [
        state_change("ParticipantsUpdated", chat, as_owner, 1),
        new_messages(chat, consultant_joined),
    ] == await told(agent1)
    assert [
        state_change("StatusChange", chat, {**as_consultant, "participants": []}, 1),
        state_change("ParticipantsUpdated", chat, as_consultant),
        new_messages(chat, consultant_joined),
    ] == await told(agent3)

    # agent3 writes to the agents only
    await agent3.send_to_agents(chat, "Offer a refund.")

    advice = new_messages(chat, message(2, "Text", consultant, "Agents", text="Offer a refund."))
    assert [advice] == await told(agent1)
    assert [advice] == await told(agent3)

    # agent1 leaves: agent3 is the chat's agent now, whom the customer sees
    await agent1.leave(chat)

    assert [state_change("StatusChange", chat, {"state": "Completed"})] == await told(agent1)
    assert [
        new_messages(chat, message(3, "ParticipantLeft", owner)),
        state_change(
            "ParticipantsUpdated",
            chat,
            {"state": "Chatting", "capabilities": CHATTING, "participants": [ann, promoted]},
        ),
    ] == await told(agent3)

    # agent3 leaves: the chat session ends for the customer
    await agent3.leave(chat)

    assert [
        state_change("StatusChange", chat, {"state": "LeftChat", "capabilities": LEFT_CHAT}, 3)
    ] == await told(agent3)

    # agent3 hands the after-work on to agent2
    await agent3.transfer(chat, agent2)

    assert [state_change("StatusChange", chat, {"state": "Completed"})] == await told(agent3)
    assert [
        state_change("StatusChange", chat, {"state": "Invited", "capabilities": ["Accept", "Reject"]})
    ] == await told(agent2)

    # agent2 accepts what is left to do
    await agent2.accept(chat)

    assert [
        state_change("StatusChange", chat, {"state": "LeftChat", "capabilities": LEFT_CHAT}, 1)
    ] == await told(agent2)

    # agent2 completes the chat
    await agent2.complete(chat)

    assert [state_change("StatusChange", chat, {"state": "Completed"})] == await told(agent2)
    assert [] == await told(agent1)
    assert [] == await told(agent3)
