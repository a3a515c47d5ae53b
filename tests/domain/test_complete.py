"""Complete: alone, in a conference, after Leave, and what is said or filed while completing."""

import pytest

from handlers.domain.capabilities import DEFAULT_CAPABILITIES, Situation, State
from handlers.domain.chat import Message, MessageType, Participant, Text, Visibility
from handlers.domain.complete import Completion, complete
from handlers.domain.customer import ChatRequest, request_chat
from handlers.domain.errors import OperationNotAllowed, TargetNotFound
from handlers.domain.events import MessagesWritten, ParticipantsChanged, StatusChanged
from handlers.domain.invitation import reject
from handlers.domain.leave import leave
from tests.builders import CHAT_ID, NOW, make_center, make_chat, state_of

INVITED = DEFAULT_CAPABILITIES[Situation.INVITED]
CHATTING = DEFAULT_CAPABILITIES[Situation.CHATTING]
GOODBYE = Text("Goodbye!")
SILENTLY = Completion()


def left(index, participant):
    return Message(index, MessageType.PARTICIPANT_LEFT, participant, Visibility.ALL, NOW)


def said(index, participant, text):
    return Message(index, MessageType.TEXT, participant, Visibility.ALL, NOW, text)


class TestAlone:
    """Chatting, the only agent."""

    @pytest.mark.documented
    def test_the_agent_has_completed(self, owner):
        chat = make_chat(chatting=[owner])

        events = complete(chat, owner, SILENTLY)

        assert [StatusChanged(owner, CHAT_ID, State.COMPLETED)] == events

    @pytest.mark.documented
    def test_the_customers_session_ends(self, owner):
        chat = make_chat(chatting=[owner])

        complete(chat, owner, SILENTLY)

        assert chat.customer is None

    @pytest.mark.decided
    def test_the_chat_is_gone_from_the_list(self, owner):
        chat = make_chat(chatting=[owner])

        complete(chat, owner, SILENTLY)

        assert {} == owner.chats

    @pytest.mark.decided
    def test_the_leaving_stands_in_the_transcript(self, owner):
        chat = make_chat(chatting=[owner])
        leaver = chat.seat_of(owner).participant

        complete(chat, owner, SILENTLY)

        assert [left(1, leaver)] == chat.messages

    @pytest.mark.decided
    @pytest.mark.parametrize("asked", ["invited", "invited_to_consult"])
    def test_whoever_has_not_answered_is_revoked(self, asked, owner, colleague):
        chat = make_chat(chatting=[owner], **{asked: [colleague]})

        events = complete(chat, owner, SILENTLY)

        assert [
            StatusChanged(owner, CHAT_ID, State.COMPLETED),
            StatusChanged(colleague, CHAT_ID, State.REVOKED),
        ] == events

    @pytest.mark.decided
    def test_a_revoked_chat_is_gone_from_the_list_of_whoever_was_invited(self, owner, colleague):
        chat = make_chat(chatting=[owner], invited=[colleague])

        complete(chat, owner, SILENTLY)

        assert {} == colleague.chats

    @pytest.mark.decided
    def test_it_is_one_of_the_agents_counted_operations(self, owner):
        complete(make_chat(chat_id="1", chatting=[owner]), owner, SILENTLY)

        (event,) = leave(make_chat(chat_id="2", chatting=[owner]), owner, None)

        assert 2 == event.reference_id


@pytest.mark.decided
class TestWithOthers:
    """Chatting, in a conference or consultation: the others go on, as after Leave."""

    def test_the_agent_has_completed_and_then_those_who_stay_are_told_who_left(self, owner, colleague):
        chat = make_chat(chatting=[owner, colleague])
        customer, leaver, staying = chat.participants

        events = complete(chat, owner, SILENTLY)

        assert [
            StatusChanged(owner, CHAT_ID, State.COMPLETED),
            MessagesWritten(colleague, CHAT_ID, (left(1, leaver),)),
            ParticipantsChanged(colleague, CHAT_ID, State.CHATTING, CHATTING, (customer, staying)),
        ] == events

    def test_the_customers_session_stays_open(self, owner, colleague):
        chat = make_chat(chatting=[owner, colleague])
        customer = chat.customer

        complete(chat, owner, SILENTLY)

        assert customer is chat.customer

    def test_the_chat_is_gone_from_the_agents_list_only(self, owner, colleague):
        chat = make_chat(chatting=[owner, colleague])

        complete(chat, owner, SILENTLY)

        assert ({}, {CHAT_ID: chat}) == (owner.chats, colleague.chats)

    def test_a_pending_invitation_stays(self, owner, colleague, expert):
        chat = make_chat(chatting=[owner, colleague], invited=[expert])

        complete(chat, owner, SILENTLY)

        assert {CHAT_ID: chat} == expert.chats

    def test_where_only_a_consultant_stays_all_see_it_from_then_on(self, owner, expert):
        chat = make_chat(chatting=[owner], consulting=[expert])
        customer, _, consultant = chat.participants

        complete(chat, owner, SILENTLY)

        promoted = Participant(consultant.id, "expert", expert, Visibility.ALL)
        assert (customer, promoted) == chat.participants


class TestHavingLeft:
    """LeftChat."""

    @pytest.fixture
    def chat(self, owner):
        chat = make_chat(chatting=[owner])
        leave(chat, owner, None)
        return chat

    @pytest.mark.documented
    def test_the_agent_has_completed(self, chat, owner):
        events = complete(chat, owner, SILENTLY)

        assert [StatusChanged(owner, CHAT_ID, State.COMPLETED)] == events

    @pytest.mark.decided
    def test_the_chat_is_gone_from_the_list(self, chat, owner):
        complete(chat, owner, SILENTLY)

        assert {} == owner.chats

    @pytest.mark.decided
    def test_the_leaving_does_not_stand_in_the_transcript_twice(self, chat, owner):
        before = list(chat.messages)

        complete(chat, owner, SILENTLY)

        assert before == chat.messages

    @pytest.mark.decided
    def test_a_text_is_refused_since_nobody_would_read_it(self, chat, owner):
        with pytest.raises(OperationNotAllowed, match=r"^text: nobody is left in the chat to read it"):
            complete(chat, owner, Completion(GOODBYE))

    @pytest.mark.decided
    def test_nothing_has_changed_after_a_text_was_refused(self, chat, owner):
        before = state_of(chat, owner)

        with pytest.raises(OperationNotAllowed):
            complete(chat, owner, Completion(GOODBYE))

        assert before == state_of(chat, owner)


class TestWithText:
    """What is said goes ahead of the completing."""

    @pytest.mark.decided
    def test_the_agent_is_told_the_text_and_then_the_new_state(self, owner):
        chat = make_chat(chatting=[owner])
        leaver = chat.seat_of(owner).participant

        events = complete(chat, owner, Completion(GOODBYE))

        assert [
            MessagesWritten(owner, CHAT_ID, (said(1, leaver, GOODBYE),)),
            StatusChanged(owner, CHAT_ID, State.COMPLETED),
        ] == events

    @pytest.mark.decided
    def test_the_text_stands_in_the_transcript_before_the_leaving(self, owner):
        chat = make_chat(chatting=[owner])
        leaver = chat.seat_of(owner).participant

        complete(chat, owner, Completion(GOODBYE))

        assert [said(1, leaver, GOODBYE), left(2, leaver)] == chat.messages

    @pytest.mark.decided
    def test_in_a_conference_every_agent_is_told_the_text_first(self, owner, colleague):
        chat = make_chat(chatting=[owner, colleague])

        events = complete(chat, owner, Completion(GOODBYE))

        assert [
            (MessagesWritten, owner),
            (MessagesWritten, colleague),
            (StatusChanged, owner),
            (MessagesWritten, colleague),
            (ParticipantsChanged, colleague),
        ] == [(type(event), event.agent) for event in events]

    @pytest.mark.decided
    def test_alone_after_the_customer_has_gone_a_text_is_refused(self, owner):
        chat = make_chat(customer=None, chatting=[owner])

        with pytest.raises(OperationNotAllowed, match=r"^text: nobody is left in the chat to read it"):
            complete(chat, owner, Completion(GOODBYE))


@pytest.mark.decided
class TestIntoAQueue:
    """A queue is only a place to file the chat in."""

    def test_nobody_of_the_queue_is_asked_in(self, owner, colleague):
        chat = make_chat(chatting=[owner], elsewhere=[colleague])

        events = complete(chat, owner, Completion(queue="support"))

        assert [StatusChanged(owner, CHAT_ID, State.COMPLETED)] == events

    def test_an_unknown_queue_is_not_found(self, owner):
        chat = make_chat(chatting=[owner])

        with pytest.raises(TargetNotFound, match=r"^queueName: there is no queue 'sales'$"):
            complete(chat, owner, Completion(queue="sales"))

    def test_nothing_has_changed_after_a_queue_was_not_found(self, owner, colleague):
        chat = make_chat(chatting=[owner], invited=[colleague])
        before = state_of(chat, owner, colleague)

        with pytest.raises(TargetNotFound):
            complete(chat, owner, Completion(GOODBYE, "sales"))

        assert before == state_of(chat, owner, colleague)


@pytest.mark.decided
@pytest.mark.parametrize("situation", ["consulting", "invited", "invited_to_consult"])
class TestWhoMayNotComplete:
    """Situations in which it is not a capability."""

    def test_neither_a_consultant_nor_whoever_is_invited_completes(self, situation, owner, expert):
        chat = make_chat(chatting=[owner], **{situation: [expert]})

        with pytest.raises(OperationNotAllowed, match=r"^operationName: Complete is not allowed"):
            complete(chat, expert, SILENTLY)

    def test_nothing_has_changed_after_the_refusal(self, situation, owner, expert):
        chat = make_chat(chatting=[owner], **{situation: [expert]})
        before = state_of(chat, owner, expert)

        with pytest.raises(OperationNotAllowed):
            complete(chat, expert, SILENTLY)

        assert before == state_of(chat, owner, expert)


@pytest.mark.documented
class TestWhileACustomerWaits:
    """Who has completed a chat is free for the next."""

    @pytest.fixture
    def center(self, owner):
        return make_center(line=[owner])

    @pytest.fixture
    def chat(self, center, owner):
        return make_chat(center=center, chatting=[owner])

    @pytest.fixture
    def waiting(self, center, owner):
        """A chat that the agent has rejected."""
        view, _ = request_chat(center, ChatRequest("Ben"))
        reject(view.chat, owner)
        return view.chat

    def test_the_agent_has_completed_and_is_then_invited(self, waiting, chat, owner):
        events = complete(chat, owner, SILENTLY)

        assert [
            StatusChanged(owner, CHAT_ID, State.COMPLETED),
            StatusChanged(owner, waiting.id, State.INVITED, INVITED),
        ] == events

    def test_whoever_has_not_answered_is_revoked_before(self, waiting, chat, owner, colleague):
        chat.take_seat(colleague, State.INVITED)

        events = complete(chat, owner, SILENTLY)

        assert [
            StatusChanged(owner, CHAT_ID, State.COMPLETED),
            StatusChanged(colleague, CHAT_ID, State.REVOKED),
            StatusChanged(owner, waiting.id, State.INVITED, INVITED),
        ] == events

    def test_the_completed_chat_itself_waits_for_nobody(self, chat, center, owner):
        complete(chat, owner, SILENTLY)

        assert {} == center.waiting

    def test_nothing_has_changed_after_a_refusal(self, waiting, chat, owner):
        before = state_of(chat, owner), state_of(waiting)

        with pytest.raises(TargetNotFound):
            complete(chat, owner, Completion(queue="sales"))

        assert before == (state_of(chat, owner), state_of(waiting))
