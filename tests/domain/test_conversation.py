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
from gws_chat.domain.transcript import Message, MessageText, MessageType, TreatAs, Visibility
from tests.builders import CHAT_ID, NOW, make_chat

WELCOME = MessageText("Welcome!", "Greeting", TreatAs.SYSTEM)

WRITING = [
    pytest.param(send_message, MessageType.TEXT, Visibility.ALL, id="SendMessage"),
    pytest.param(send_url, MessageType.PUSH_URL, Visibility.ALL, id="SendUrl"),
    pytest.param(send_to_agents, MessageType.TEXT, Visibility.AGENTS, id="SendToAgents"),
    pytest.param(send_custom_notice, MessageType.CUSTOM_NOTICE, Visibility.AGENTS, id="SendCustomNotice"),
]
TYPING = [
    pytest.param(start_typing, MessageType.TYPING_STARTED, Visibility.ALL, id="start"),
    pytest.param(stop_typing, MessageType.TYPING_STOPPED, Visibility.ALL, id="stop"),
    pytest.param(start_typing_to_agents, MessageType.TYPING_STARTED, Visibility.AGENTS, id="start to agents"),
    pytest.param(stop_typing_to_agents, MessageType.TYPING_STOPPED, Visibility.AGENTS, id="stop to agents"),
]


@pytest.mark.documented
@pytest.mark.assumed("conference.SendMessage.others", "conference.SendToAgents.notifications")
@pytest.mark.parametrize(("send", "kind", "visibility"), WRITING)
def test_all_chatting_agents_receive_a_message(send, kind, visibility, first_agent, colleague, expert, stranger):
    chat = make_chat(chatting=[first_agent, colleague], consulting=[expert], invited=[stranger])
    message = Message(1, kind, chat.participation_of(colleague).participant, visibility, NOW, WELCOME)

    events = send(chat, colleague, WELCOME)

    assert [MessagesAdded(agent, CHAT_ID, (message,)) for agent in (first_agent, colleague, expert)] == events
    assert [message] == chat.messages
    assert (0, 1) == (first_agent.last_reference_id, colleague.last_reference_id)


@pytest.mark.assumed("operations.SendUrl.response")
def test_send_url_is_allowed_although_not_listed(first_agent):
    chat = make_chat(chatting=[first_agent])

    (event,) = send_url(chat, first_agent, WELCOME)

    assert MessageType.PUSH_URL is event.messages[0].type
    assert Capability.SEND_URL not in chat.capabilities_of(first_agent)


@pytest.mark.documented
@pytest.mark.parametrize("send", [send_to_agents, send_custom_notice])
def test_consultant_writes_to_agents_only(send, first_agent, expert):
    chat = make_chat(chatting=[first_agent], consulting=[expert])

    send(chat, expert, WELCOME)

    assert [(Visibility.AGENTS, Visibility.AGENTS)] == [
        (message.visibility, message.sender.visibility) for message in chat.messages
    ]


@pytest.mark.assumed("emulator.replaced-capabilities")
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
@pytest.mark.assumed(
    "conference.SendStartTypingToAgentsNotification.notifications",
    "conference.SendStopTypingToAgentsNotification.notifications",
)
@pytest.mark.parametrize(("notify", "kind", "visibility"), TYPING)
def test_all_chatting_agents_receive_typing_notifications(notify, kind, visibility, first_agent, colleague):
    chat = make_chat(chatting=[first_agent, colleague])
    message = Message(1, kind, chat.participation_of(colleague).participant, visibility, NOW)

    events = notify(chat, colleague)

    assert [MessagesAdded(agent, CHAT_ID, (message,)) for agent in (first_agent, colleague)] == events
    assert [] == chat.messages
    assert (0, 1) == (first_agent.last_reference_id, colleague.last_reference_id)
