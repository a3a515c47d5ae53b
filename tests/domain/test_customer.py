"""Operations of the customer: RequestChat, SendMessage, typing and Complete."""

from functools import partial

import pytest

from gws_chat.domain.capabilities import CustomerState, State
from gws_chat.domain.customer import complete, customer_state, request_chat, send_message, start_typing, stop_typing
from gws_chat.domain.events import MessagesAdded, ParticipantsChanged, StatusChanged
from gws_chat.domain.invitation import accept
from gws_chat.domain.leave import leave
from gws_chat.domain.session import start_contact_center_session
from gws_chat.domain.transcript import Message, MessageText, MessageType, Visibility
from tests.builders import (
    CHAT_ID,
    CHATTING_WITH_AGENTS_CAPABILITIES,
    NOW,
    expect_error,
    invited_event,
    joined_message,
    left_message,
    make_center,
    make_chat,
    text_message,
)

HELLO = MessageText("Hello")
OPERATIONS = {
    "SendMessage": partial(send_message, text=HELLO),
    "SendStartTypingNotification": start_typing,
    "SendStopTypingNotification": stop_typing,
    "Complete": complete,
}


@pytest.mark.documented
def test_request_chat_invites_the_longest_idle_agent(first_agent, colleague):
    center = make_center(available=[first_agent, colleague])

    chat, _, events = request_chat(center, "Ann", {"tier": "gold"})

    assert [invited_event(first_agent, chat.id, {"tier": "gold"})] == events
    assert ([chat], []) == (chat.center.chats_of(first_agent), list(center.waiting_chats))
    assert (CustomerState.WAITING_FOR_AGENT, NOW) == (customer_state(chat), chat.received_at)
    assert {"tier": "gold"} == chat.user_data
    assert ["Ann"] == [each.nickname for each in chat.participants]
    assert [joined_message(1, chat.customer)] == chat.messages == chat.customer_transcript.messages


@pytest.mark.assumed("emulator.routing")
def test_customer_waits_if_no_agent_is_available(first_agent):
    center = make_center(queue_agents=[first_agent])

    chat, _, events = request_chat(center, "Ann")

    assert ([], {chat.id: chat}) == (events, center.waiting_chats)
    assert {} == chat.user_data


def test_requested_user_data_is_copied():
    user_data = {"tier": "gold"}
    chat, _, _ = request_chat(make_center(), "Ann", user_data)

    user_data.clear()

    assert {"tier": "gold"} == chat.user_data


def test_each_side_of_each_chat_has_an_id():
    center = make_center()

    chats = [request_chat(center, "Ann")[0] for _ in range(2)]

    assert 4 == len({each for chat in chats for each in (chat.customer_transcript.id, chat.id)})


@pytest.mark.documented
@pytest.mark.assumed("emulator.several-agents")
def test_all_chatting_agents_receive_customer_messages(first_agent, colleague, expert, stranger):
    chat = make_chat(chatting=[first_agent, colleague], consulting=[expert], invited=[stranger], customer_access=True)
    message = text_message(1, chat.customer, HELLO)

    events = send_message(chat, HELLO)

    assert [MessagesAdded(agent, CHAT_ID, (message,)) for agent in (first_agent, colleague, expert)] == events
    assert [message] == chat.messages == chat.customer_transcript.messages
    assert 0 == first_agent.last_reference_id


@pytest.mark.documented
def test_accepting_agent_receives_earlier_customer_messages(first_agent):
    chat, _, _ = request_chat(make_center(available=[first_agent]), "Ann")
    notifications = send_message(chat, HELLO)

    events = accept(chat, first_agent, None)

    assert [] == notifications
    (history,) = [event for event in events if isinstance(event, MessagesAdded)]
    assert [None, HELLO, None] == [message.text for message in history.messages]


@pytest.mark.documented
@pytest.mark.assumed(
    "customer.SendStartTypingNotification.others",
    "customer.SendStartTypingNotification.message",
    "customer.SendStopTypingNotification.others",
    "customer.SendStopTypingNotification.message",
)
@pytest.mark.parametrize(
    ("notify", "kind"), [(start_typing, MessageType.TYPING_STARTED), (stop_typing, MessageType.TYPING_STOPPED)]
)
def test_all_chatting_agents_receive_customer_typing(notify, kind, first_agent, expert):
    chat = make_chat(chatting=[first_agent], consulting=[expert], customer_access=True)
    message = Message(1, kind, chat.customer, Visibility.ALL, NOW)

    events = notify(chat)

    assert [MessagesAdded(agent, CHAT_ID, (message,)) for agent in (first_agent, expert)] == events
    assert ([], [message]) == (chat.messages, chat.customer_transcript.messages)

    send_message(chat, HELLO)

    assert [text_message(2, chat.customer, HELLO)] == chat.messages


@pytest.mark.documented
@pytest.mark.assumed(
    "customer.Complete.others",
    "customer.Complete.update.participants",
    "customer.Complete.message",
    "customer.Complete.listed",
)
def test_agents_continue_after_customer_completes(first_agent, colleague, expert):
    chat = make_chat(chatting=[first_agent, colleague], invited=[expert], customer_access=True)
    customer, *remaining = chat.participants
    departure = left_message(1, customer)

    events = complete(chat)

    assert [
        ParticipantsChanged(first_agent, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS_CAPABILITIES, tuple(remaining)),
        ParticipantsChanged(colleague, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS_CAPABILITIES, tuple(remaining)),
        MessagesAdded(first_agent, CHAT_ID, (departure,)),
        MessagesAdded(colleague, CHAT_ID, (departure,)),
    ] == events
    assert (None, CustomerState.IDLE) == (chat.customer, customer_state(chat))
    assert [[chat]] * 3 == [chat.center.chats_of(each) for each in (first_agent, colleague, expert)]
    assert [departure] == chat.messages == chat.customer_transcript.messages


@pytest.mark.assumed("customer.gives-up.others", "customer.gives-up.state")
def test_complete_without_agents_revokes_the_invitation(first_agent, colleague):
    chat, _, _ = request_chat(make_center(available=[first_agent, colleague]), "Ann")

    events = complete(chat)

    assert [StatusChanged(first_agent, chat.id, State.REVOKED)] == events
    assert ([], []) == (chat.center.chats_of(first_agent), chat.center.chats_of(colleague))


@pytest.mark.assumed("emulator.routing")
def test_complete_ends_the_waiting(first_agent):
    center = make_center(queue_agents=[first_agent])
    chat, _, _ = request_chat(center, "Ann")

    events = complete(chat)

    assert ([], {}) == (events, center.waiting_chats)
    assert [] == start_contact_center_session(center, first_agent, ["chat"])


@pytest.mark.assumed("customer.ended.rejects")
@pytest.mark.parametrize("name", OPERATIONS)
def test_ended_session_rejects_customer_operations(name, first_agent):
    chat = make_chat(chatting=[first_agent], customer_access=True)
    leave(chat, first_agent, None)

    match = rf"^operationName: {name} is not allowed while the chat is Idle, allowed: nothing$"
    with expect_error(chat, first_agent, match=match):
        OPERATIONS[name](chat)
