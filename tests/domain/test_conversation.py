"""Messages, notices and typing notifications of agents."""

import pytest

from handlers.domain.capabilities import DEFAULT_CAPABILITIES, Capability, Situation
from handlers.domain.chat import Message, MessageType, Text, TreatAs, Visibility
from handlers.domain.conversation import send_custom_notice, send_message, send_to_agents, typing_notification
from handlers.domain.events import MessagesWritten
from handlers.domain.leave import leave
from tests.builders import CHAT_ID, NOW, expect_error, make_chat

WELCOME = Text("Welcome!", "Greeting", TreatAs.SYSTEM)

WRITING = [
    pytest.param(send_message, MessageType.TEXT, Visibility.ALL, id="SendMessage"),
    pytest.param(send_to_agents, MessageType.TEXT, Visibility.AGENTS, id="SendToAgents"),
    pytest.param(send_custom_notice, MessageType.CUSTOM_NOTICE, Visibility.AGENTS, id="SendCustomNotice"),
]
TYPING = {
    Capability.SEND_START_TYPING_NOTIFICATION: (MessageType.TYPING_STARTED, Visibility.ALL),
    Capability.SEND_STOP_TYPING_NOTIFICATION: (MessageType.TYPING_STOPPED, Visibility.ALL),
    Capability.SEND_START_TYPING_TO_AGENTS_NOTIFICATION: (MessageType.TYPING_STARTED, Visibility.AGENTS),
    Capability.SEND_STOP_TYPING_TO_AGENTS_NOTIFICATION: (MessageType.TYPING_STOPPED, Visibility.AGENTS),
}


@pytest.mark.documented
@pytest.mark.decided
@pytest.mark.parametrize(("send", "kind", "visibility"), WRITING)
def test_all_chatting_agents_receive_a_message(send, kind, visibility, owner, colleague, expert, stranger):
    chat = make_chat(chatting=[owner, colleague], consulting=[expert], invited=[stranger])
    message = Message(1, kind, chat.seat_of(colleague).participant, visibility, NOW, WELCOME)

    events = send(chat, colleague, WELCOME)

    assert [MessagesWritten(agent, CHAT_ID, (message,)) for agent in (owner, colleague, expert)] == events
    assert [message] == chat.messages
    assert (0, 1) == (owner.operations_accepted, colleague.operations_accepted)


@pytest.mark.decided
@pytest.mark.parametrize("send", [send_message, send_to_agents, send_custom_notice])
def test_invited_agent_cannot_write(send, owner, colleague):
    chat = make_chat(chatting=[owner], invited=[colleague])

    with expect_error(chat, owner, colleague, match=r"while the chat is Invited, allowed: Accept, Reject$"):
        send(chat, colleague, WELCOME)


@pytest.mark.documented
@pytest.mark.parametrize("send", [send_message, send_to_agents, send_custom_notice])
def test_agent_who_left_cannot_write(send, owner):
    chat = make_chat(chatting=[owner])
    leave(chat, owner, None)

    with expect_error(chat, owner, match=r"while the chat is LeftChat, allowed: "):
        send(chat, owner, WELCOME)


@pytest.mark.documented
@pytest.mark.parametrize("send", [send_to_agents, send_custom_notice])
def test_agent_alone_cannot_write_to_agents(send, owner):
    chat = make_chat(chatting=[owner])

    with expect_error(chat, owner, match=r"while the chat is Chatting, allowed: "):
        send(chat, owner, WELCOME)


@pytest.mark.decided
@pytest.mark.parametrize(
    ("name", "perform"),
    [
        (Capability.SEND_MESSAGE, lambda chat, agent: send_message(chat, agent, WELCOME)),
        *(
            (name, lambda chat, agent, name=name: typing_notification(name)(chat, agent, None))
            for name, (_, visibility) in TYPING.items()
            if visibility is Visibility.ALL
        ),
    ],
)
def test_consultant_cannot_reach_the_customer(name, perform, owner, expert):
    chat = make_chat(chatting=[owner], consulting=[expert])

    with expect_error(chat, owner, expert, match=rf"^operationName: {name} is not allowed"):
        perform(chat, expert)


@pytest.mark.documented
@pytest.mark.parametrize("send", [send_to_agents, send_custom_notice])
def test_consultant_writes_to_agents_only(send, owner, expert):
    chat = make_chat(chatting=[owner], consulting=[expert])

    send(chat, expert, WELCOME)

    assert [(Visibility.AGENTS, Visibility.AGENTS)] == [
        (message.visibility, message.sender.visibility) for message in chat.messages
    ]


@pytest.mark.decided
def test_replaced_table_keeps_consultant_messages_among_agents(owner, expert):
    table = {**DEFAULT_CAPABILITIES, Situation.CHATTING_AS_CONSULTANT: (Capability.SEND_MESSAGE,)}
    chat = make_chat(chatting=[owner], consulting=[expert], table=table)

    events = send_message(chat, expert, WELCOME)

    assert [Visibility.AGENTS] * 2 == [event.messages[0].visibility for event in events]


@pytest.mark.documented
def test_messages_and_typing_are_numbered_from_one(owner, colleague):
    chat = make_chat(chatting=[owner, colleague])

    send_message(chat, owner, WELCOME)
    typing_notification(Capability.SEND_START_TYPING_NOTIFICATION)(chat, owner, None)
    send_to_agents(chat, colleague, WELCOME)
    send_custom_notice(chat, owner, WELCOME)

    assert [1, 3, 4] == [message.index for message in chat.messages]


@pytest.mark.documented
@pytest.mark.decided
@pytest.mark.parametrize("name", TYPING)
def test_all_chatting_agents_receive_typing_notifications(name, owner, colleague):
    chat = make_chat(chatting=[owner, colleague])
    kind, visibility = TYPING[name]
    message = Message(1, kind, chat.seat_of(colleague).participant, visibility, NOW)

    events = typing_notification(name)(chat, colleague, None)

    assert [MessagesWritten(agent, CHAT_ID, (message,)) for agent in (owner, colleague)] == events
    assert [] == chat.messages
    assert (0, 1) == (owner.operations_accepted, colleague.operations_accepted)


@pytest.mark.decided
@pytest.mark.parametrize("name", TYPING)
def test_invited_agent_cannot_type(name, owner, colleague):
    chat = make_chat(chatting=[owner], invited=[colleague])

    with expect_error(chat, owner, colleague, match=rf"^operationName: {name} is not allowed"):
        typing_notification(name)(chat, colleague, None)
