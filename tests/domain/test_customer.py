"""Operations of the customer: RequestChat, SendMessage, typing and Complete."""

import pytest

from handlers.domain.capabilities import Capability, CustomerState, State
from handlers.domain.chat import Message, MessageType, Text, Visibility
from handlers.domain.customer import ChatRequest, complete, request_chat, send_message, typing_notification
from handlers.domain.events import MessagesWritten, ParticipantsChanged, StatusChanged
from handlers.domain.invitation import accept
from handlers.domain.leave import leave
from handlers.domain.session import start_session
from tests.builders import (
    CHAT_ID,
    CHATTING,
    CHATTING_WITH_AGENTS,
    INVITED,
    NOW,
    expect_error,
    joined,
    left,
    make_center,
    make_chat,
    text_message,
)

HELLO = Text("Hello")
TYPING = {
    Capability.SEND_START_TYPING_NOTIFICATION: MessageType.TYPING_STARTED,
    Capability.SEND_STOP_TYPING_NOTIFICATION: MessageType.TYPING_STOPPED,
}


@pytest.mark.documented
def test_request_chat_invites_the_longest_idle_agent(owner, colleague):
    center = make_center(line=[owner, colleague])

    view, events = request_chat(center, ChatRequest("Ann", {"tier": "gold"}))

    chat = view.chat
    assert [StatusChanged(owner, chat.id, State.INVITED, INVITED)] == events
    assert ({chat.id: chat}, {}) == (owner.chats, center.waiting)
    assert (CustomerState.WAITING_FOR_AGENT, NOW) == (view.state, chat.received_at)
    assert {"tier": "gold"} == chat.user_data
    assert ["Ann"] == [each.nickname for each in chat.participants]
    assert [joined(1, chat.customer)] == chat.messages == view.messages


@pytest.mark.decided
def test_customer_waits_if_no_agent_is_available(owner):
    center = make_center(elsewhere=[owner])

    view, events = request_chat(center, ChatRequest("Ann"))

    assert ([], {view.chat.id: view.chat}) == (events, center.waiting)
    assert {} == view.chat.user_data


def test_requested_user_data_is_copied():
    user_data = {"tier": "gold"}
    view, _ = request_chat(make_center(), ChatRequest("Ann", user_data))

    user_data.clear()

    assert {"tier": "gold"} == view.chat.user_data


def test_each_side_of_each_chat_has_an_id():
    center = make_center()

    views = [request_chat(center, ChatRequest("Ann"))[0] for _ in range(2)]

    assert 4 == len({each for view in views for each in (view.id, view.chat.id)})


@pytest.mark.documented
@pytest.mark.decided
def test_all_chatting_agents_receive_customer_messages(owner, colleague, expert, stranger):
    chat = make_chat(chatting=[owner, colleague], consulting=[expert], invited=[stranger], seen=True)
    message = text_message(1, chat.customer, HELLO)

    events = send_message(chat.customer_view, HELLO)

    assert [MessagesWritten(agent, CHAT_ID, (message,)) for agent in (owner, colleague, expert)] == events
    assert [message] == chat.messages == chat.customer_view.messages
    assert 0 == owner.operations_accepted


@pytest.mark.documented
def test_accepting_agent_receives_earlier_customer_messages(owner):
    view, _ = request_chat(make_center(line=[owner]), ChatRequest("Ann"))
    notifications = send_message(view, HELLO)

    events = accept(view.chat, owner, None)

    assert [] == notifications
    (history,) = [event for event in events if isinstance(event, MessagesWritten)]
    assert [None, HELLO, None] == [message.text for message in history.messages]


@pytest.mark.documented
@pytest.mark.decided
@pytest.mark.parametrize("name", TYPING)
def test_all_chatting_agents_receive_customer_typing(name, owner, expert):
    chat = make_chat(chatting=[owner], consulting=[expert], seen=True)
    message = Message(1, TYPING[name], chat.customer, Visibility.ALL, NOW)

    events = typing_notification(name)(chat.customer_view, None)

    assert [MessagesWritten(agent, CHAT_ID, (message,)) for agent in (owner, expert)] == events
    assert ([], [message]) == (chat.messages, chat.customer_view.messages)

    send_message(chat.customer_view, HELLO)

    assert [text_message(2, chat.customer, HELLO)] == chat.messages


@pytest.mark.documented
@pytest.mark.decided
def test_agents_continue_after_customer_completes(owner, colleague):
    chat = make_chat(chatting=[owner, colleague], seen=True)
    customer, *remaining = chat.participants
    departure = left(1, customer)

    events = complete(chat.customer_view)

    assert [
        MessagesWritten(owner, CHAT_ID, (departure,)),
        MessagesWritten(colleague, CHAT_ID, (departure,)),
        ParticipantsChanged(owner, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS, tuple(remaining)),
        ParticipantsChanged(colleague, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS, tuple(remaining)),
    ] == events
    assert (None, CustomerState.IDLE) == (chat.customer, chat.customer_view.state)
    assert [departure] == chat.messages == chat.customer_view.messages


@pytest.mark.decided
def test_invitation_remains_while_an_agent_chats(owner, colleague):
    chat = make_chat(chatting=[owner], invited=[colleague], seen=True)

    complete(chat.customer_view)

    assert {CHAT_ID: chat} == colleague.chats
    assert (State.CHATTING, CHATTING) == (chat.seat_of(owner).state, chat.capabilities_of(owner))


@pytest.mark.decided
def test_complete_without_agents_revokes_the_invitation(owner, colleague):
    view, _ = request_chat(make_center(line=[owner, colleague]), ChatRequest("Ann"))

    events = complete(view)

    assert [StatusChanged(owner, view.chat.id, State.REVOKED)] == events
    assert ({}, {}) == (owner.chats, colleague.chats)


@pytest.mark.decided
def test_complete_ends_the_waiting(owner):
    center = make_center(elsewhere=[owner])
    view, _ = request_chat(center, ChatRequest("Ann"))

    events = complete(view)

    assert ([], {}) == (events, center.waiting)
    assert [] == start_session(center, owner, ["chat"])


OPERATIONS = {
    Capability.SEND_MESSAGE: lambda view: send_message(view, HELLO),
    Capability.COMPLETE: complete,
    **{name: lambda view, name=name: typing_notification(name)(view, None) for name in TYPING},
}


@pytest.mark.decided
@pytest.mark.parametrize("name", OPERATIONS)
def test_ended_session_rejects_customer_operations(name, owner):
    chat = make_chat(chatting=[owner], seen=True)
    leave(chat, owner, None)

    with expect_error(
        chat, owner, match=rf"^operationName: {name} is not allowed while the chat is Idle, allowed: nothing$"
    ):
        OPERATIONS[name](chat.customer_view)
