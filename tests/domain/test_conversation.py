"""Messages, notices and typing notifications of agents."""

import pytest

from gws_chat.domain.capabilities import DEFAULT_CAPABILITIES, Capability, Situation
from gws_chat.domain.conversation import (
    send_custom_notice,
    send_message,
    send_to_agents,
    send_url,
    start_typing,
    start_typing_to_agents,
    stop_typing,
    stop_typing_to_agents,
)
from gws_chat.domain.events import MessagesAdded
from gws_chat.domain.leave import leave
from gws_chat.domain.transcript import Message, MessageType, Text, TreatAs, Visibility
from tests.builders import CHAT_ID, NOW, expect_error, make_chat

TYPING_RULES = {
    Capability.SEND_START_TYPING_NOTIFICATION: start_typing,
    Capability.SEND_STOP_TYPING_NOTIFICATION: stop_typing,
    Capability.SEND_START_TYPING_TO_AGENTS_NOTIFICATION: start_typing_to_agents,
    Capability.SEND_STOP_TYPING_TO_AGENTS_NOTIFICATION: stop_typing_to_agents,
}

WELCOME = Text("Welcome!", "Greeting", TreatAs.SYSTEM)

WRITING = [
    pytest.param(send_message, MessageType.TEXT, Visibility.ALL, id="SendMessage"),
    pytest.param(send_url, MessageType.PUSH_URL, Visibility.ALL, id="SendUrl"),
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
@pytest.mark.assumed
@pytest.mark.parametrize(("send", "kind", "visibility"), WRITING)
def test_all_chatting_agents_receive_a_message(send, kind, visibility, first_agent, colleague, expert, stranger):
    chat = make_chat(chatting=[first_agent, colleague], consulting=[expert], invited=[stranger])
    message = Message(1, kind, chat.participation_of(colleague).participant, visibility, NOW, WELCOME)

    events = send(chat, colleague, WELCOME)

    assert [MessagesAdded(agent, CHAT_ID, (message,)) for agent in (first_agent, colleague, expert)] == events
    assert [message] == chat.messages
    assert (0, 1) == (first_agent.operations_accepted, colleague.operations_accepted)


@pytest.mark.assumed
@pytest.mark.parametrize("send", [send_message, send_url, send_to_agents, send_custom_notice])
def test_invited_agent_cannot_write(send, first_agent, colleague):
    chat = make_chat(chatting=[first_agent], invited=[colleague])

    with expect_error(chat, first_agent, colleague, match=r"while the chat is Invited, allowed: Accept, Reject$"):
        send(chat, colleague, WELCOME)


@pytest.mark.documented
@pytest.mark.parametrize("send", [send_message, send_url, send_to_agents, send_custom_notice])
def test_agent_who_left_cannot_write(send, first_agent):
    chat = make_chat(chatting=[first_agent])
    leave(chat, first_agent, None)

    with expect_error(chat, first_agent, match=r"while the chat is LeftChat, allowed: "):
        send(chat, first_agent, WELCOME)


@pytest.mark.assumed
def test_send_url_is_allowed_although_not_listed(first_agent):
    chat = make_chat(chatting=[first_agent])

    (event,) = send_url(chat, first_agent, WELCOME)

    assert MessageType.PUSH_URL is event.messages[0].type
    assert Capability.SEND_URL not in chat.capabilities_of(first_agent)


@pytest.mark.documented
@pytest.mark.parametrize("send", [send_to_agents, send_custom_notice])
def test_agent_alone_cannot_write_to_agents(send, first_agent):
    chat = make_chat(chatting=[first_agent])

    with expect_error(chat, first_agent, match=r"while the chat is Chatting, allowed: "):
        send(chat, first_agent, WELCOME)


@pytest.mark.assumed
@pytest.mark.parametrize(
    ("name", "perform"),
    [
        (Capability.SEND_MESSAGE, lambda chat, agent: send_message(chat, agent, WELCOME)),
        (Capability.SEND_URL, lambda chat, agent: send_url(chat, agent, WELCOME)),
        *(
            (name, lambda chat, agent, name=name: TYPING_RULES[name](chat, agent))
            for name, (_, visibility) in TYPING.items()
            if visibility is Visibility.ALL
        ),
    ],
)
def test_consultant_cannot_reach_the_customer(name, perform, first_agent, expert):
    chat = make_chat(chatting=[first_agent], consulting=[expert])

    with expect_error(chat, first_agent, expert, match=rf"^operationName: {name} is not allowed"):
        perform(chat, expert)


@pytest.mark.documented
@pytest.mark.parametrize("send", [send_to_agents, send_custom_notice])
def test_consultant_writes_to_agents_only(send, first_agent, expert):
    chat = make_chat(chatting=[first_agent], consulting=[expert])

    send(chat, expert, WELCOME)

    assert [(Visibility.AGENTS, Visibility.AGENTS)] == [
        (message.visibility, message.sender.visibility) for message in chat.messages
    ]


@pytest.mark.assumed
def test_replaced_table_keeps_consultant_messages_among_agents(first_agent, expert):
    table = {**DEFAULT_CAPABILITIES, Situation.CHATTING_AS_CONSULTANT: (Capability.SEND_MESSAGE,)}
    chat = make_chat(chatting=[first_agent], consulting=[expert], capabilities=table)

    events = send_message(chat, expert, WELCOME)

    assert [Visibility.AGENTS] * 2 == [event.messages[0].visibility for event in events]


@pytest.mark.documented
def test_messages_and_typing_are_numbered_from_one(first_agent, colleague):
    chat = make_chat(chatting=[first_agent, colleague])

    send_message(chat, first_agent, WELCOME)
    start_typing(chat, first_agent)
    send_to_agents(chat, colleague, WELCOME)
    send_custom_notice(chat, first_agent, WELCOME)

    assert [1, 3, 4] == [message.index for message in chat.messages]


@pytest.mark.documented
@pytest.mark.assumed
@pytest.mark.parametrize("name", TYPING)
def test_all_chatting_agents_receive_typing_notifications(name, first_agent, colleague):
    chat = make_chat(chatting=[first_agent, colleague])
    kind, visibility = TYPING[name]
    message = Message(1, kind, chat.participation_of(colleague).participant, visibility, NOW)

    events = TYPING_RULES[name](chat, colleague)

    assert [MessagesAdded(agent, CHAT_ID, (message,)) for agent in (first_agent, colleague)] == events
    assert [] == chat.messages
    assert (0, 1) == (first_agent.operations_accepted, colleague.operations_accepted)


@pytest.mark.assumed
@pytest.mark.parametrize("name", TYPING)
def test_invited_agent_cannot_type(name, first_agent, colleague):
    chat = make_chat(chatting=[first_agent], invited=[colleague])

    with expect_error(chat, first_agent, colleague, match=rf"^operationName: {name} is not allowed"):
        TYPING_RULES[name](chat, colleague)
