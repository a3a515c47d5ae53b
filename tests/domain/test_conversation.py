"""What agents write, to whom it is visible, and that typing leaves no trace."""

import pytest

from handlers.domain.capabilities import DEFAULT_CAPABILITIES, Capability, Situation
from handlers.domain.chat import Message, MessageType, Text, TreatAs, Visibility
from handlers.domain.conversation import (
    send_custom_notice,
    send_message,
    send_to_agents,
    typing_notification,
)
from handlers.domain.errors import OperationNotAllowed
from handlers.domain.events import MessagesWritten
from handlers.domain.leave import leave
from tests.builders import CHAT_ID, NOW, make_chat, state_of

HELLO = Text("Hello")

WRITING = {
    send_message: (MessageType.TEXT, Visibility.ALL),
    send_to_agents: (MessageType.TEXT, Visibility.AGENTS),
    send_custom_notice: (MessageType.CUSTOM_NOTICE, Visibility.AGENTS),
}
TYPING = {
    Capability.SEND_START_TYPING_NOTIFICATION: (MessageType.TYPING_STARTED, Visibility.ALL),
    Capability.SEND_STOP_TYPING_NOTIFICATION: (MessageType.TYPING_STOPPED, Visibility.ALL),
    Capability.SEND_START_TYPING_TO_AGENTS_NOTIFICATION: (MessageType.TYPING_STARTED, Visibility.AGENTS),
    Capability.SEND_STOP_TYPING_TO_AGENTS_NOTIFICATION: (MessageType.TYPING_STOPPED, Visibility.AGENTS),
}


@pytest.mark.parametrize("send", WRITING)
class TestWriting:
    """SendMessage, SendToAgents and SendCustomNoticeToAgents."""

    @pytest.mark.documented
    def test_every_agent_in_the_chat_is_told_the_writer_too(self, send, owner, colleague, expert):
        chat = make_chat(chatting=[owner, colleague], consulting=[expert])
        kind, visibility = WRITING[send]
        message = Message(1, kind, chat.seat_of(colleague).participant, visibility, NOW, HELLO)

        events = send(chat, colleague, HELLO)

        assert [
            MessagesWritten(owner, CHAT_ID, (message,)),
            MessagesWritten(colleague, CHAT_ID, (message,)),
            MessagesWritten(expert, CHAT_ID, (message,)),
        ] == events

    @pytest.mark.documented
    def test_it_stands_in_the_transcript(self, send, owner, colleague):
        chat = make_chat(chatting=[owner, colleague])
        writer = chat.seat_of(owner).participant
        kind, visibility = WRITING[send]

        send(chat, owner, HELLO)

        assert [Message(1, kind, writer, visibility, NOW, HELLO)] == chat.messages

    @pytest.mark.decided
    def test_whoever_is_invited_is_not_told(self, send, owner, colleague, expert):
        chat = make_chat(chatting=[owner, colleague], invited=[expert])

        events = send(chat, owner, HELLO)

        assert [owner, colleague] == [event.agent for event in events]

    @pytest.mark.decided
    def test_it_is_one_of_the_writers_counted_operations(self, send, owner, colleague):
        chat = make_chat(chatting=[owner, colleague])

        send(chat, owner, HELLO)

        assert (1, 0) == (owner.operations_accepted, colleague.operations_accepted)

    @pytest.mark.decided
    def test_whoever_is_invited_does_not_write(self, send, owner, colleague):
        chat = make_chat(chatting=[owner], invited=[colleague])

        with pytest.raises(OperationNotAllowed, match=r"while the chat is Invited, allowed: Accept, Reject$"):
            send(chat, colleague, HELLO)

    @pytest.mark.decided
    def test_nothing_has_changed_after_a_refusal(self, send, owner, colleague):
        chat = make_chat(chatting=[owner], invited=[colleague])
        before = state_of(chat, owner, colleague)

        with pytest.raises(OperationNotAllowed):
            send(chat, colleague, HELLO)

        assert before == state_of(chat, owner, colleague)

    @pytest.mark.documented
    def test_whoever_has_left_does_not_write(self, send, owner):
        chat = make_chat(chatting=[owner])
        leave(chat, owner, None)

        with pytest.raises(OperationNotAllowed, match=r"while the chat is LeftChat, allowed: "):
            send(chat, owner, HELLO)


class TestToWhom:
    """Which of them is open to whom."""

    @pytest.mark.documented
    def test_an_agent_alone_writes_to_the_customer(self, owner):
        chat = make_chat(chatting=[owner])
        message = Message(1, MessageType.TEXT, chat.seat_of(owner).participant, Visibility.ALL, NOW, HELLO)

        events = send_message(chat, owner, HELLO)

        assert [MessagesWritten(owner, CHAT_ID, (message,))] == events

    @pytest.mark.documented
    @pytest.mark.parametrize("send", [send_to_agents, send_custom_notice])
    def test_an_agent_alone_has_no_agents_to_write_to(self, send, owner):
        chat = make_chat(chatting=[owner])

        with pytest.raises(OperationNotAllowed, match=r"while the chat is Chatting, allowed: "):
            send(chat, owner, HELLO)

    @pytest.mark.decided
    def test_a_consultant_does_not_write_to_the_customer(self, owner, expert):
        chat = make_chat(chatting=[owner], consulting=[expert])

        with pytest.raises(OperationNotAllowed, match=r"^operationName: SendMessage is not allowed"):
            send_message(chat, expert, HELLO)

    @pytest.mark.documented
    @pytest.mark.parametrize("send", [send_to_agents, send_custom_notice])
    def test_a_consultant_writes_to_agents_only(self, send, owner, expert):
        chat = make_chat(chatting=[owner], consulting=[expert])

        send(chat, expert, HELLO)

        assert [(Visibility.AGENTS, Visibility.AGENTS)] == [
            (message.visibility, message.sender.visibility) for message in chat.messages
        ]

    @pytest.mark.documented
    def test_type_and_treatment_are_carried_with_the_text(self, owner):
        chat = make_chat(chatting=[owner])
        greeting = Text("Welcome!", "Greeting", TreatAs.SYSTEM)

        send_message(chat, owner, greeting)

        assert [greeting] == [message.text for message in chat.messages]

    @pytest.mark.documented
    def test_messages_are_numbered_in_their_order_from_1(self, owner, colleague):
        chat = make_chat(chatting=[owner, colleague])

        send_message(chat, owner, HELLO)
        send_to_agents(chat, colleague, HELLO)
        send_custom_notice(chat, owner, HELLO)

        assert [1, 2, 3] == [message.index for message in chat.messages]


@pytest.mark.parametrize("name", TYPING)
class TestTyping:
    """The four notifications of typing."""

    @pytest.mark.documented
    def test_every_agent_in_the_chat_is_told_whoever_types_too(self, name, owner, colleague):
        chat = make_chat(chatting=[owner, colleague])
        kind, visibility = TYPING[name]
        message = Message(1, kind, chat.seat_of(colleague).participant, visibility, NOW)

        events = typing_notification(name)(chat, colleague, None)

        assert [
            MessagesWritten(owner, CHAT_ID, (message,)),
            MessagesWritten(colleague, CHAT_ID, (message,)),
        ] == events

    @pytest.mark.documented
    def test_it_takes_an_index(self, name, owner, colleague):
        chat = make_chat(chatting=[owner, colleague])
        typing_notification(name)(chat, owner, None)

        send_message(chat, owner, HELLO)

        assert [2] == [message.index for message in chat.messages]

    @pytest.mark.decided
    def test_the_transcript_does_not_keep_it(self, name, owner, colleague):
        chat = make_chat(chatting=[owner, colleague])

        typing_notification(name)(chat, owner, None)

        assert [] == chat.messages

    @pytest.mark.decided
    def test_it_is_one_of_the_agents_counted_operations(self, name, owner, colleague):
        chat = make_chat(chatting=[owner, colleague])

        typing_notification(name)(chat, owner, None)

        assert (1, 0) == (owner.operations_accepted, colleague.operations_accepted)

    @pytest.mark.decided
    def test_nothing_has_changed_after_a_refusal(self, name, owner, colleague):
        chat = make_chat(chatting=[owner], invited=[colleague])
        before = state_of(chat, owner, colleague)

        with pytest.raises(OperationNotAllowed, match=rf"^operationName: {name} is not allowed"):
            typing_notification(name)(chat, colleague, None)

        assert before == state_of(chat, owner, colleague)


@pytest.mark.decided
@pytest.mark.parametrize(
    "name", [Capability.SEND_START_TYPING_NOTIFICATION, Capability.SEND_STOP_TYPING_NOTIFICATION]
)
def test_the_customer_does_not_notice_a_consultant_typing(name, owner, expert):
    chat = make_chat(chatting=[owner], consulting=[expert])

    with pytest.raises(OperationNotAllowed, match=rf"^operationName: {name} is not allowed"):
        typing_notification(name)(chat, expert, None)


@pytest.mark.decided
def test_what_a_consultant_may_write_by_a_scenarios_table_is_for_agents_only_all_the_same(owner, expert):
    table = {**DEFAULT_CAPABILITIES, Situation.CHATTING_AS_CONSULTANT: (Capability.SEND_MESSAGE,)}
    chat = make_chat(chatting=[owner], consulting=[expert], table=table)

    events = send_message(chat, expert, HELLO)

    assert {Visibility.AGENTS} == {message.visibility for event in events for message in event.messages}
