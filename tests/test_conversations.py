"""Conversations between a customer and two agents, from RequestChat to Complete.

After each step, everything that the agents receive and the customer sees is compared in full and in order.
"""

import pytest

from tests.customers import CustomerClient
from tests.documents import (
    CHATTING_AS_CONSULTANT_CAPABILITIES,
    CHATTING_CAPABILITIES,
    CHATTING_WITH_AGENTS_CAPABILITIES,
    LEFT_CHAT_CAPABILITIES,
    customer,
    customers_message,
    customers_participant,
    message,
    new_messages,
    participant,
    state_change,
)

CHAT = "URF9IESAHLWIARM9"
EVA = customer("Eva", "69F3F2B179F8CD7E")
BOB = participant("agent1", "001B42EB95E1CF6F", nickname="Bob")
ZOE = participant("agent2", "56799769A3CAB263", nickname="Zoe")
SEEN_EVA, SEEN_BOB, SEEN_ZOE = (
    customers_participant(name, number) for number, name in enumerate(["Eva", "Bob", "Zoe"], 1)
)
INVITED = state_change(
    "StatusChange",
    CHAT,
    {
        "state": "Invited",
        "capabilities": ["Accept", "Reject"],
        "userData": {},
        "receivedDate": "2026-11-23T09:30:00.000+00:00",
    },
)
COMPLETED = state_change("StatusChange", CHAT, {"state": "Completed"})
BEGINNING = [
    message(1, "ParticipantJoined", EVA),
    message(2, "Text", EVA, text="Is anybody there?"),
    message(3, "ParticipantJoined", BOB),
]


def left_chat(reference):
    return state_change("StatusChange", CHAT, {"state": "LeftChat", "capabilities": LEFT_CHAT_CAPABILITIES}, reference)


def participants_updated(capabilities, *participants, reference=None):
    chat = {"state": "Chatting", "capabilities": capabilities, "participants": list(participants)}
    return state_change("ParticipantsUpdated", CHAT, chat, reference)


def accepted(capabilities, *participants):
    chat = {"state": "Chatting", "capabilities": capabilities, "participants": [], "userData": {}}
    return [state_change("StatusChange", CHAT, chat, 1), participants_updated(capabilities, *participants)]


async def notifications(agent):
    """Return the notifications that the agent received since the last call."""
    return [each["data"] for each in await agent.notifications()]


async def seen_chat(eva):
    chat = await eva.chat()
    return chat["state"], chat["participants"]


@pytest.fixture
async def conversation(http, agent):
    """Eva requested a chat and wrote a message. Agent1 accepted the chat as Bob. Agent2 listens."""
    eva, bob, zoe = CustomerClient(http), agent("agent1"), agent("agent2")
    await bob.listen()
    await zoe.listen()
    await eva.request_chat("Eva")
    assert ("WaitingForAgent", [SEEN_EVA]) == await seen_chat(eva)
    assert [INVITED] == await notifications(bob)
    await eva.write("Is anybody there?")
    await bob.accept(CHAT, nickname="Bob")
    assert [*accepted(CHATTING_CAPABILITIES, EVA, BOB), new_messages(CHAT, *BEGINNING)] == await notifications(bob)
    assert ("Chatting", [SEEN_EVA, SEEN_BOB]) == await seen_chat(eva)
    assert [
        customers_message(1, "ParticipantJoined", SEEN_EVA),
        customers_message(2, "Text", SEEN_EVA, text="Is anybody there?"),
        customers_message(3, "ParticipantJoined", SEEN_BOB),
    ] == await eva.messages()
    yield eva, bob, zoe
    assert [] == await notifications(bob)
    assert [] == await notifications(zoe)


async def add_zoe(bob, zoe, operation, *, capabilities, zoe_seen_by_agents):
    """Bob invites or consults agent2, who accepts as Zoe."""
    response = await bob.perform_with_target(operation, CHAT, zoe)

    assert {"statusCode": 0, "referenceId": 2} == response.json()
    assert [] == await notifications(bob)
    assert [INVITED] == await notifications(zoe)

    await zoe.accept(CHAT, nickname="Zoe")

    everyone = [EVA, BOB, zoe_seen_by_agents]
    joined = message(4, "ParticipantJoined", zoe_seen_by_agents, zoe_seen_by_agents["visibility"])
    assert [
        participants_updated(CHATTING_WITH_AGENTS_CAPABILITIES, *everyone, reference=2),
        new_messages(CHAT, joined),
    ] == await notifications(bob)
    history = new_messages(CHAT, *BEGINNING, joined)
    assert [*accepted(capabilities, *everyone), history] == await notifications(zoe)


@pytest.mark.documented
async def test_conference_continues_until_the_last_agent_leaves(conversation):
    eva, bob, zoe = conversation
    await add_zoe(bob, zoe, "Invite", capabilities=CHATTING_WITH_AGENTS_CAPABILITIES, zoe_seen_by_agents=ZOE)
    assert ("Chatting", [SEEN_EVA, SEEN_BOB, SEEN_ZOE]) == await seen_chat(eva)

    # Bob leaves the conference: the session stays open for the customer
    await bob.leave(CHAT, text="Zoe goes on.")

    farewell = new_messages(CHAT, message(5, "Text", BOB, text="Zoe goes on."))
    assert [farewell, COMPLETED] == await notifications(bob)
    assert [
        farewell,
        participants_updated(CHATTING_CAPABILITIES, EVA, ZOE),
        new_messages(CHAT, message(6, "ParticipantLeft", BOB)),
    ] == await notifications(zoe)
    assert ("Chatting", [SEEN_EVA, SEEN_ZOE]) == await seen_chat(eva)

    # Zoe leaves as the last agent: the session ends for the customer
    await zoe.leave(CHAT, text="Goodbye!")

    goodbye = new_messages(CHAT, message(7, "Text", ZOE, text="Goodbye!"))
    assert [goodbye, left_chat(2)] == await notifications(zoe)
    assert ("Idle", []) == await seen_chat(eva)
    assert [
        customers_message(4, "ParticipantJoined", SEEN_ZOE),
        customers_message(5, "Text", SEEN_BOB, text="Zoe goes on."),
        customers_message(6, "ParticipantLeft", SEEN_BOB),
        customers_message(7, "Text", SEEN_ZOE, text="Goodbye!"),
        customers_message(8, "ParticipantLeft", SEEN_ZOE),
    ] == await eva.messages(4)

    # Zoe does the after-call work
    await zoe.perform(CHAT, {"operationName": "SetDisposition", "disposition": "Resolved"})
    await zoe.complete(CHAT)

    after_call_work = {
        "state": "LeftChat",
        "capabilities": LEFT_CHAT_CAPABILITIES,
        "userData": {"DispositionCode": "Resolved"},
    }
    assert [state_change("PropertiesUpdated", CHAT, after_call_work, 3), COMPLETED] == await notifications(zoe)


@pytest.mark.assumed("leave.owner.others", "leave.owner.transcript", "transfer.left.accept.state")
async def test_consultant_takes_over_and_transfers_the_after_call_work(conversation):
    eva, bob, zoe = conversation
    consultant = {**ZOE, "visibility": "Agents"}
    await add_zoe(bob, zoe, "Consult", capabilities=CHATTING_AS_CONSULTANT_CAPABILITIES, zoe_seen_by_agents=consultant)
    assert ("Chatting", [SEEN_EVA, SEEN_BOB]) == await seen_chat(eva)

    # Zoe advises Bob, who writes to the customer
    await zoe.send_to_agents(CHAT, "Offer a refund.")
    await bob.perform(CHAT, {"operationName": "SendMessage", "text": "We refund it."})

    written = [
        new_messages(CHAT, message(5, "Text", consultant, "Agents", text="Offer a refund.")),
        new_messages(CHAT, message(6, "Text", BOB, text="We refund it.")),
    ]
    assert written == await notifications(bob)
    assert written == await notifications(zoe)

    # Bob leaves: Zoe is the chat's agent now and becomes visible to the customer
    await bob.leave(CHAT)

    assert [COMPLETED] == await notifications(bob)
    assert [
        participants_updated(CHATTING_CAPABILITIES, EVA, ZOE),
        new_messages(CHAT, message(7, "ParticipantLeft", BOB)),
    ] == await notifications(zoe)
    assert ("Chatting", [SEEN_EVA, SEEN_ZOE]) == await seen_chat(eva)

    # Zoe leaves as the last agent: the session ends for the customer
    await zoe.leave(CHAT)

    assert [left_chat(3)] == await notifications(zoe)
    assert ("Idle", []) == await seen_chat(eva)
    assert [
        customers_message(4, "Text", SEEN_BOB, text="We refund it."),
        customers_message(5, "ParticipantLeft", SEEN_BOB),
        customers_message(6, "ParticipantJoined", SEEN_ZOE),
        customers_message(7, "ParticipantLeft", SEEN_ZOE),
    ] == await eva.messages(4)

    # Zoe transfers the after-call work to Bob, who completes the chat
    await zoe.perform_with_target("Transfer", CHAT, bob)
    await bob.accept(CHAT)
    await bob.complete(CHAT)

    assert [COMPLETED] == await notifications(zoe)
    assert [INVITED, left_chat(5), COMPLETED] == await notifications(bob)


@pytest.mark.assumed("customer.Complete.others", "leave.without-customer.state")
async def test_agents_continue_after_the_customer_leaves(conversation):
    eva, bob, zoe = conversation
    await add_zoe(bob, zoe, "Invite", capabilities=CHATTING_WITH_AGENTS_CAPABILITIES, zoe_seen_by_agents=ZOE)

    # Eva leaves: the agents stay in the chat
    await eva.complete()

    customer_left = [
        participants_updated(CHATTING_WITH_AGENTS_CAPABILITIES, BOB, ZOE),
        new_messages(CHAT, message(5, "ParticipantLeft", EVA)),
    ]
    assert customer_left == await notifications(bob)
    assert customer_left == await notifications(zoe)
    assert ("Idle", []) == await seen_chat(eva)

    # Bob leaves, then Zoe: the customer no longer sees it
    await bob.leave(CHAT)
    await zoe.leave(CHAT)

    assert [COMPLETED] == await notifications(bob)
    assert [
        participants_updated(CHATTING_CAPABILITIES, ZOE),
        new_messages(CHAT, message(6, "ParticipantLeft", BOB)),
        left_chat(2),
    ] == await notifications(zoe)
    assert [
        customers_message(4, "ParticipantJoined", SEEN_ZOE),
        customers_message(5, "ParticipantLeft", SEEN_EVA),
    ] == await eva.messages(4)
