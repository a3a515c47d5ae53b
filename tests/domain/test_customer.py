"""What a customer does: RequestChat, SendMessage, the typing notifications and Complete."""

import pytest

from handlers.domain.capabilities import DEFAULT_CAPABILITIES, Capability, CustomerState, Situation, State
from handlers.domain.chat import Message, MessageType, Text, Visibility
from handlers.domain.complete import Completion
from handlers.domain.complete import complete as agent_completes
from handlers.domain.customer import (
    ChatRequest,
    complete,
    request_chat,
    send_message,
    typing_notification,
)
from handlers.domain.errors import OperationNotAllowed
from handlers.domain.events import MessagesWritten, ParticipantsChanged, StatusChanged
from handlers.domain.invitation import accept
from handlers.domain.leave import leave
from handlers.domain.session import start_session
from tests.builders import CHAT_ID, NOW, make_center, make_chat, state_of

INVITED = DEFAULT_CAPABILITIES[Situation.INVITED]
CHATTING = DEFAULT_CAPABILITIES[Situation.CHATTING]
CHATTING_WITH_AGENTS = DEFAULT_CAPABILITIES[Situation.CHATTING_WITH_AGENTS]
HELLO = Text("Hello")
TYPING = {
    Capability.SEND_START_TYPING_NOTIFICATION: MessageType.TYPING_STARTED,
    Capability.SEND_STOP_TYPING_NOTIFICATION: MessageType.TYPING_STOPPED,
}


def for_all(index, kind, sender, text=None):
    return Message(index, kind, sender, Visibility.ALL, NOW, text)


class TestRequestingAChat:
    """RequestChat."""

    @pytest.mark.documented
    def test_the_longest_idle_agent_is_invited(self, owner, colleague):
        view, events = request_chat(make_center(line=[owner, colleague]), ChatRequest("Ann"))

        assert [StatusChanged(owner, view.chat.id, State.INVITED, INVITED)] == events

    def test_the_chat_is_listed_as_the_invited_agents_own(self, owner):
        view, _ = request_chat(make_center(line=[owner]), ChatRequest("Ann"))

        assert {view.chat.id: view.chat} == owner.chats

    @pytest.mark.decided
    def test_where_nobody_is_in_line_the_customer_waits(self, owner):
        center = make_center(elsewhere=[owner])

        view, events = request_chat(center, ChatRequest("Ann"))

        assert ([], {view.chat.id: view.chat}) == (events, center.waiting)

    def test_a_chat_that_somebody_is_invited_to_does_not_wait(self, owner):
        center = make_center(line=[owner])

        request_chat(center, ChatRequest("Ann"))

        assert {} == center.waiting

    @pytest.mark.documented
    def test_the_customer_waits_for_an_agent(self, owner):
        view, _ = request_chat(make_center(line=[owner]), ChatRequest("Ann"))

        assert CustomerState.WAITING_FOR_AGENT == view.state

    def test_the_customer_is_there_from_the_start(self):
        view, _ = request_chat(make_center(), ChatRequest("Ann"))

        assert ["Ann"] == [each.nickname for each in view.chat.participants]

    @pytest.mark.documented
    def test_the_joining_stands_in_the_transcript_of_agents_and_customer(self):
        view, _ = request_chat(make_center(), ChatRequest("Ann"))

        joined = for_all(1, MessageType.PARTICIPANT_JOINED, view.chat.customer)
        assert ([joined], [joined]) == (view.chat.messages, view.messages)

    def test_the_chat_arrives_now(self):
        view, _ = request_chat(make_center(), ChatRequest("Ann"))

        assert NOW == view.chat.received_at

    def test_user_data_are_attached_from_the_start(self):
        view, _ = request_chat(make_center(), ChatRequest("Ann", {"tier": "gold"}))

        assert {"tier": "gold"} == view.chat.user_data

    def test_what_becomes_of_what_was_given_does_not_change_the_chat(self):
        given = {"tier": "gold"}
        view, _ = request_chat(make_center(), ChatRequest("Ann", given))

        given.clear()

        assert {"tier": "gold"} == view.chat.user_data

    def test_without_user_data_there_are_none(self):
        view, _ = request_chat(make_center(), ChatRequest("Ann"))

        assert {} == view.chat.user_data

    def test_the_customers_id_of_the_chat_is_not_the_agents(self):
        view, _ = request_chat(make_center(), ChatRequest("Ann"))

        assert view.id != view.chat.id

    def test_two_chats_have_four_ids(self):
        center = make_center()

        views = [request_chat(center, ChatRequest("Ann"))[0] for _ in range(2)]

        assert 4 == len({each for view in views for each in (view.id, view.chat.id)})


class TestWriting:
    """SendMessage."""

    @pytest.mark.documented
    def test_every_agent_in_the_chat_is_told(self, owner, colleague, expert):
        chat = make_chat(chatting=[owner, colleague], consulting=[expert], seen=True)
        message = for_all(1, MessageType.TEXT, chat.customer, HELLO)

        events = send_message(chat.customer_view, HELLO)

        assert [MessagesWritten(each, CHAT_ID, (message,)) for each in (owner, colleague, expert)] == events

    @pytest.mark.decided
    def test_whoever_is_invited_is_not_told(self, owner):
        chat = make_chat(invited=[owner], seen=True)

        assert [] == send_message(chat.customer_view, HELLO)

    def test_it_stands_in_the_transcript_of_agents_and_customer(self, owner):
        chat = make_chat(chatting=[owner], seen=True)

        send_message(chat.customer_view, HELLO)

        message = for_all(1, MessageType.TEXT, chat.customer, HELLO)
        assert ([message], [message]) == (chat.messages, chat.customer_view.messages)

    @pytest.mark.documented
    def test_what_is_written_while_nobody_is_there_is_read_by_whoever_accepts(self, owner):
        view, _ = request_chat(make_center(line=[owner]), ChatRequest("Ann"))
        send_message(view, HELLO)

        events = accept(view.chat, owner, None)

        (history,) = [event for event in events if isinstance(event, MessagesWritten)]
        assert [None, HELLO, None] == [message.text for message in history.messages]

    @pytest.mark.decided
    def test_it_is_no_operation_of_an_agents(self, owner):
        chat = make_chat(chatting=[owner], seen=True)

        send_message(chat.customer_view, HELLO)

        assert 0 == owner.operations_accepted


@pytest.mark.parametrize("capability", TYPING)
class TestTyping:
    """SendStartTypingNotification and SendStopTypingNotification."""

    @pytest.mark.documented
    def test_every_agent_in_the_chat_is_told(self, capability, owner, expert):
        chat = make_chat(chatting=[owner], consulting=[expert], seen=True)
        message = for_all(1, TYPING[capability], chat.customer)

        events = typing_notification(capability)(chat.customer_view, None)

        assert [MessagesWritten(each, CHAT_ID, (message,)) for each in (owner, expert)] == events

    @pytest.mark.decided
    def test_it_takes_an_index_but_does_not_stand_in_the_agents_transcript(self, capability, owner):
        chat = make_chat(chatting=[owner], seen=True)

        typing_notification(capability)(chat.customer_view, None)
        send_message(chat.customer_view, HELLO)

        assert [for_all(2, MessageType.TEXT, chat.customer, HELLO)] == chat.messages

    @pytest.mark.decided
    def test_the_customer_sees_it(self, capability, owner):
        chat = make_chat(chatting=[owner], seen=True)

        typing_notification(capability)(chat.customer_view, None)

        assert [for_all(1, TYPING[capability], chat.customer)] == chat.customer_view.messages


class TestCompleting:
    """Complete, while agents chat."""

    @pytest.mark.decided
    def test_each_agent_is_told_who_left_and_then_who_is_there(self, owner, colleague):
        chat = make_chat(chatting=[owner, colleague], seen=True)
        customer, *staying = chat.participants
        left = for_all(1, MessageType.PARTICIPANT_LEFT, customer)

        events = complete(chat.customer_view)

        assert [
            MessagesWritten(owner, CHAT_ID, (left,)),
            MessagesWritten(colleague, CHAT_ID, (left,)),
            ParticipantsChanged(owner, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS, tuple(staying)),
            ParticipantsChanged(colleague, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS, tuple(staying)),
        ] == events

    @pytest.mark.decided
    def test_the_agent_goes_on_chatting_without_the_customer(self, owner):
        chat = make_chat(chatting=[owner], seen=True)

        complete(chat.customer_view)

        assert (State.CHATTING, CHATTING) == (chat.seat_of(owner).state, chat.capabilities_of(owner))

    @pytest.mark.documented
    def test_the_customers_session_is_over(self, owner):
        chat = make_chat(chatting=[owner], seen=True)

        complete(chat.customer_view)

        assert (None, CustomerState.IDLE) == (chat.customer, chat.customer_view.state)

    def test_the_leaving_stands_last_in_the_transcript_of_agents_and_customer(self, owner):
        chat = make_chat(chatting=[owner], seen=True)
        left = for_all(1, MessageType.PARTICIPANT_LEFT, chat.customer)

        complete(chat.customer_view)

        assert ([left], [left]) == (chat.messages, chat.customer_view.messages)

    @pytest.mark.decided
    def test_an_invitation_stays_where_an_agent_chats(self, owner, colleague):
        chat = make_chat(chatting=[owner], invited=[colleague], seen=True)

        complete(chat.customer_view)

        assert {CHAT_ID: chat} == colleague.chats

    @pytest.mark.decided
    def test_by_leaving_afterwards_the_agent_is_left_with_after_work(self, owner):
        chat = make_chat(chatting=[owner], seen=True)
        complete(chat.customer_view)

        (event,) = leave(chat, owner, None)

        assert State.LEFT_CHAT == event.state


@pytest.mark.decided
class TestCompletingAlone:
    """Complete, while no agent chats."""

    def test_the_invitation_is_revoked(self, owner):
        chat = make_chat(invited=[owner], seen=True)

        events = complete(chat.customer_view)

        assert [StatusChanged(owner, CHAT_ID, State.REVOKED)] == events

    def test_a_revoked_chat_is_gone_from_the_list_of_whoever_was_invited(self, owner):
        chat = make_chat(invited=[owner], seen=True)

        complete(chat.customer_view)

        assert {} == owner.chats

    def test_a_revoked_chat_goes_to_nobody_else(self, owner, colleague):
        view, _ = request_chat(make_center(line=[owner, colleague]), ChatRequest("Ann"))

        complete(view)

        assert {} == colleague.chats

    def test_the_customer_waits_no_longer(self):
        center = make_center()
        view, _ = request_chat(center, ChatRequest("Ann"))

        assert [] == complete(view)
        assert {} == center.waiting

    def test_who_comes_later_is_not_invited(self, owner):
        center = make_center(elsewhere=[owner])
        view, _ = request_chat(center, ChatRequest("Ann"))
        complete(view)

        assert [] == start_session(center, owner, ["chat"])


OPERATIONS = {
    Capability.SEND_MESSAGE: lambda view: send_message(view, HELLO),
    Capability.COMPLETE: complete,
    **{name: lambda view, name=name: typing_notification(name)(view, None) for name in TYPING},
}
ENDINGS = {
    "the customer's Complete": lambda chat, _: complete(chat.customer_view),
    "the agent's Leave": lambda chat, agent: leave(chat, agent, None),
    "the agent's Complete": lambda chat, agent: agent_completes(chat, agent, Completion()),
}


@pytest.mark.decided
@pytest.mark.parametrize("end", ENDINGS.values(), ids=ENDINGS)
@pytest.mark.parametrize("name", OPERATIONS)
class TestOnceTheSessionIsOver:
    """Nothing is open to the customer any more."""

    def test_it_is_refused(self, name, end, owner):
        chat = make_chat(chatting=[owner], seen=True)
        end(chat, owner)

        with pytest.raises(
            OperationNotAllowed,
            match=rf"^operationName: {name} is not allowed while the chat is Idle, allowed: nothing$",
        ):
            OPERATIONS[name](chat.customer_view)

    def test_nothing_has_changed_after_the_refusal(self, name, end, owner):
        chat = make_chat(chatting=[owner], seen=True)
        end(chat, owner)
        before = state_of(chat, owner)

        with pytest.raises(OperationNotAllowed):
            OPERATIONS[name](chat.customer_view)

        assert before == state_of(chat, owner)
