"""Transfer: the page shows no notification, so nearly all of it is decided."""

import pytest

from handlers.domain.capabilities import DEFAULT_CAPABILITIES, Situation, State
from handlers.domain.chat import Message, MessageType, Participant, Seat, Text, Visibility
from handlers.domain.contact_center import Target
from handlers.domain.errors import OperationNotAllowed, TargetNotFound
from handlers.domain.events import MessagesWritten, ParticipantsChanged, StatusChanged
from handlers.domain.invitation import accept, reject
from handlers.domain.leave import leave
from handlers.domain.transfer import Handover, transfer
from tests.builders import CHAT_ID, NOW, make_agent, make_center, make_chat, state_of

pytestmark = pytest.mark.decided

INVITED = DEFAULT_CAPABILITIES[Situation.INVITED]
CHATTING = DEFAULT_CAPABILITIES[Situation.CHATTING]
LEFT_CHAT = DEFAULT_CAPABILITIES[Situation.LEFT_CHAT]
GOODBYE = Text("My colleague goes on.")


def to(agent, last_words=None):
    return Handover(Target(path=agent.path), last_words)


def left(index, participant):
    return Message(index, MessageType.PARTICIPANT_LEFT, participant, Visibility.ALL, NOW)


def said(index, participant, text):
    return Message(index, MessageType.TEXT, participant, Visibility.ALL, NOW, text)


class TestAlone:
    """Chatting, the only agent."""

    def test_the_agent_has_completed_and_then_the_target_is_invited(self, owner, colleague):
        chat = make_chat(chatting=[owner], elsewhere=[colleague])

        events = transfer(chat, owner, to(colleague))

        assert [
            StatusChanged(owner, CHAT_ID, State.COMPLETED),
            StatusChanged(colleague, CHAT_ID, State.INVITED, INVITED),
        ] == events

    def test_the_chat_goes_from_the_one_list_to_the_other(self, owner, colleague):
        chat = make_chat(chatting=[owner], elsewhere=[colleague])

        transfer(chat, owner, to(colleague))

        assert ({}, {CHAT_ID: chat}) == (owner.chats, colleague.chats)

    def test_the_customer_waits_alone(self, owner, colleague):
        chat = make_chat(chatting=[owner], elsewhere=[colleague])

        transfer(chat, owner, to(colleague))

        assert (chat.customer,) == chat.participants

    def test_the_customers_session_stays_open(self, owner, colleague):
        chat = make_chat(chatting=[owner], elsewhere=[colleague])
        customer = chat.customer

        transfer(chat, owner, to(colleague))

        assert customer is chat.customer

    def test_the_leaving_stands_in_the_transcript(self, owner, colleague):
        chat = make_chat(chatting=[owner], elsewhere=[colleague])
        leaver = chat.seat_of(owner).participant

        transfer(chat, owner, to(colleague))

        assert [left(1, leaver)] == chat.messages

    def test_nobody_is_told_whether_the_target_comes(self, owner, colleague):
        chat = make_chat(chatting=[owner], elsewhere=[colleague])

        transfer(chat, owner, to(colleague))

        seat = chat.seat_of(colleague)
        assert seat == Seat(colleague, seat.participant_id, "colleague", State.INVITED)

    def test_by_accepting_the_target_chats_with_the_customer(self, owner, colleague):
        chat = make_chat(chatting=[owner], elsewhere=[colleague])
        transfer(chat, owner, to(colleague))

        events = accept(chat, colleague, None)

        assert StatusChanged(colleague, CHAT_ID, State.CHATTING, CHATTING, 1, participants=()) == events[0]

    def test_of_a_queue_the_first_who_is_free_is_invited(self, owner, colleague, expert):
        chat = make_chat(chatting=[owner], elsewhere=[colleague, expert])

        events = transfer(chat, owner, Handover(Target(queue="support")))

        assert StatusChanged(colleague, CHAT_ID, State.INVITED, INVITED) == events[-1]

    def test_other_invitations_are_revoked_before_the_target_is_invited(self, owner, colleague, expert):
        chat = make_chat(chatting=[owner], invited=[expert], elsewhere=[colleague])

        events = transfer(chat, owner, to(colleague))

        assert [
            StatusChanged(owner, CHAT_ID, State.COMPLETED),
            StatusChanged(expert, CHAT_ID, State.REVOKED),
            StatusChanged(colleague, CHAT_ID, State.INVITED, INVITED),
        ] == events

    def test_a_revoked_chat_is_gone_from_the_list_of_whoever_was_invited(self, owner, colleague, expert):
        chat = make_chat(chatting=[owner], invited_to_consult=[expert], elsewhere=[colleague])

        transfer(chat, owner, to(colleague))

        assert {} == expert.chats

    def test_it_is_one_of_the_agents_counted_operations(self, owner, colleague):
        transfer(make_chat(chat_id="1", chatting=[owner], elsewhere=[colleague]), owner, to(colleague))

        (event,) = leave(make_chat(chat_id="2", chatting=[owner]), owner, None)

        assert 2 == event.reference_id


class TestInAConference:
    """Chatting, in a conference."""

    @pytest.fixture
    def successor(self):
        return make_agent("successor")

    def test_those_who_stay_are_told_who_left_before_the_target_is_invited(self, owner, colleague, expert):
        chat = make_chat(chatting=[owner, colleague], elsewhere=[expert])
        customer, leaver, staying = chat.participants

        events = transfer(chat, owner, to(expert))

        assert [
            StatusChanged(owner, CHAT_ID, State.COMPLETED),
            MessagesWritten(colleague, CHAT_ID, (left(1, leaver),)),
            ParticipantsChanged(colleague, CHAT_ID, State.CHATTING, CHATTING, (customer, staying)),
            StatusChanged(expert, CHAT_ID, State.INVITED, INVITED),
        ] == events

    def test_other_invitations_stay(self, owner, colleague, expert, successor):
        chat = make_chat(chatting=[owner, colleague], invited=[expert], elsewhere=[successor])

        transfer(chat, owner, to(successor))

        assert ({CHAT_ID: chat}, {CHAT_ID: chat}) == (expert.chats, successor.chats)


class TestWhileOnlyAConsultantStays:
    """Chatting, the owner, while only a consultant stays."""

    def test_the_consultant_is_told_of_being_the_chats_agent_before_the_target_is_invited(
        self, owner, colleague, expert
    ):
        chat = make_chat(chatting=[owner], consulting=[expert], elsewhere=[colleague])
        customer, leaver, consultant = chat.participants
        promoted = Participant(consultant.id, "expert", expert, Visibility.ALL)

        events = transfer(chat, owner, to(colleague))

        assert [
            StatusChanged(owner, CHAT_ID, State.COMPLETED),
            MessagesWritten(expert, CHAT_ID, (left(1, leaver),)),
            ParticipantsChanged(expert, CHAT_ID, State.CHATTING, CHATTING, (customer, promoted)),
            StatusChanged(colleague, CHAT_ID, State.INVITED, INVITED),
        ] == events


class TestHavingLeft:
    """LeftChat: it is the after-work that goes on."""

    @pytest.fixture
    def chat(self, owner, colleague):
        chat = make_chat(chatting=[owner], elsewhere=[colleague])
        chat.user_data = {"tier": "gold"}
        leave(chat, owner, None)
        return chat

    def test_the_agent_has_completed_and_then_the_target_is_invited(self, chat, owner, colleague):
        events = transfer(chat, owner, to(colleague))

        assert [
            StatusChanged(owner, CHAT_ID, State.COMPLETED),
            StatusChanged(colleague, CHAT_ID, State.INVITED, INVITED),
        ] == events

    def test_the_chat_goes_from_the_one_list_to_the_other(self, chat, owner, colleague):
        transfer(chat, owner, to(colleague))

        assert ({}, {CHAT_ID: chat}) == (owner.chats, colleague.chats)

    def test_the_leaving_does_not_stand_in_the_transcript_twice(self, chat, owner, colleague):
        before = list(chat.messages)

        transfer(chat, owner, to(colleague))

        assert before == chat.messages

    def test_by_accepting_the_target_has_left_with_what_may_still_be_done(self, chat, owner, colleague):
        transfer(chat, owner, to(colleague))

        events = accept(chat, colleague, None)

        assert [StatusChanged(colleague, CHAT_ID, State.LEFT_CHAT, LEFT_CHAT, 1)] == events

    def test_the_user_data_goes_on(self, chat, owner, colleague):
        transfer(chat, owner, to(colleague))

        accept(chat, colleague, None)

        assert {"tier": "gold"} == chat.user_data

    def test_a_text_is_refused_since_nobody_would_read_it(self, chat, owner, colleague):
        with pytest.raises(OperationNotAllowed, match=r"^text: nobody is left in the chat to read it"):
            transfer(chat, owner, to(colleague, GOODBYE))

    def test_nothing_has_changed_after_a_text_was_refused(self, chat, owner, colleague):
        before = state_of(chat, owner, colleague)

        with pytest.raises(OperationNotAllowed):
            transfer(chat, owner, to(colleague, GOODBYE))

        assert before == state_of(chat, owner, colleague)


class TestAfterTheCustomerHasGone:
    """Chatting alone, the customer is gone already."""

    def test_by_accepting_the_target_has_left_with_what_may_still_be_done(self, owner, colleague):
        chat = make_chat(customer=None, chatting=[owner], elsewhere=[colleague])
        transfer(chat, owner, to(colleague))

        events = accept(chat, colleague, None)

        assert [StatusChanged(colleague, CHAT_ID, State.LEFT_CHAT, LEFT_CHAT, 1)] == events

    def test_a_text_is_refused_since_nobody_would_read_it(self, owner, colleague):
        chat = make_chat(customer=None, chatting=[owner], elsewhere=[colleague])

        with pytest.raises(OperationNotAllowed, match=r"^text: nobody is left in the chat to read it"):
            transfer(chat, owner, to(colleague, GOODBYE))


class TestWithText:
    """What is said goes ahead of the handing over."""

    def test_the_agent_is_told_the_text_and_then_the_new_state_and_the_target_is_not_told_it(
        self, owner, colleague
    ):
        chat = make_chat(chatting=[owner], elsewhere=[colleague])
        leaver = chat.seat_of(owner).participant

        events = transfer(chat, owner, to(colleague, GOODBYE))

        assert [
            MessagesWritten(owner, CHAT_ID, (said(1, leaver, GOODBYE),)),
            StatusChanged(owner, CHAT_ID, State.COMPLETED),
            StatusChanged(colleague, CHAT_ID, State.INVITED, INVITED),
        ] == events

    def test_the_text_stands_in_the_transcript_before_the_leaving(self, owner, colleague):
        chat = make_chat(chatting=[owner], elsewhere=[colleague])
        leaver = chat.seat_of(owner).participant

        transfer(chat, owner, to(colleague, GOODBYE))

        assert [said(1, leaver, GOODBYE), left(2, leaver)] == chat.messages

    def test_in_a_conference_every_agent_is_told_the_text_first(self, owner, colleague, expert):
        chat = make_chat(chatting=[owner, colleague], elsewhere=[expert])

        events = transfer(chat, owner, to(expert, GOODBYE))

        assert [
            (MessagesWritten, owner),
            (MessagesWritten, colleague),
            (StatusChanged, owner),
            (MessagesWritten, colleague),
            (ParticipantsChanged, colleague),
            (StatusChanged, expert),
        ] == [(type(event), event.agent) for event in events]


class TestInVain:
    """To nobody, or by somebody to whom it is not open."""

    @pytest.mark.parametrize(
        ("target", "refusal"),
        [
            pytest.param(Target(path="/users/nobody"), TargetNotFound, id="unknown"),
            pytest.param(Target(queue="sales"), TargetNotFound, id="no such queue"),
            pytest.param(Target(path="/users/id-of-owner"), OperationNotAllowed, id="the agent itself"),
            pytest.param(Target(path="/users/id-of-colleague"), OperationNotAllowed, id="invited already"),
            pytest.param(Target(queue="support"), OperationNotAllowed, id="a queue in which nobody is"),
        ],
    )
    def test_nothing_has_changed_after_a_target_was_refused(self, target, refusal, owner, colleague):
        chat = make_chat(chatting=[owner], invited=[colleague])
        before = state_of(chat, owner, colleague)

        with pytest.raises(refusal):
            transfer(chat, owner, Handover(target, GOODBYE))

        assert before == state_of(chat, owner, colleague)

    @pytest.mark.parametrize("situation", ["consulting", "invited", "invited_to_consult"])
    def test_neither_a_consultant_nor_whoever_is_invited_transfers(self, situation, owner, colleague, expert):
        chat = make_chat(chatting=[owner], elsewhere=[colleague], **{situation: [expert]})

        with pytest.raises(OperationNotAllowed, match=r"^operationName: Transfer is not allowed"):
            transfer(chat, expert, to(colleague))


class TestWhileACustomerWaits:
    """Who has handed a chat on is free for the next."""

    @pytest.fixture
    def center(self, owner, colleague):
        return make_center(line=[owner], elsewhere=[colleague])

    @pytest.fixture
    def chat(self, center, owner):
        return make_chat(center=center, chatting=[owner])

    @pytest.fixture
    def waiting(self, center, owner):
        """A chat that the agent has rejected."""
        waiting = make_chat(chat_id="1", center=center, invited=[owner])
        reject(waiting, owner)
        return waiting

    def test_the_agent_is_invited_before_the_target_is(self, waiting, chat, owner, colleague):
        events = transfer(chat, owner, to(colleague))

        assert [
            StatusChanged(owner, CHAT_ID, State.COMPLETED),
            StatusChanged(owner, waiting.id, State.INVITED, INVITED),
            StatusChanged(colleague, CHAT_ID, State.INVITED, INVITED),
        ] == events

    def test_after_work_that_is_handed_on_makes_free_too(self, waiting, chat, owner, colleague):
        leave(chat, owner, None)

        events = transfer(chat, owner, to(colleague))

        assert [
            StatusChanged(owner, CHAT_ID, State.COMPLETED),
            StatusChanged(owner, waiting.id, State.INVITED, INVITED),
            StatusChanged(colleague, CHAT_ID, State.INVITED, INVITED),
        ] == events

    def test_nothing_has_changed_after_a_refusal(self, waiting, chat, owner):
        before = state_of(chat, owner), state_of(waiting)

        with pytest.raises(TargetNotFound):
            transfer(chat, owner, Handover(Target(path="/users/nobody")))

        assert before == (state_of(chat, owner), state_of(waiting))


class TestRejected:
    """The target does not come."""

    def test_the_chat_goes_to_the_longest_idle_even_back_to_whom_it_came_from(self, owner, colleague):
        chat = make_chat(center=make_center(line=[owner], elsewhere=[colleague]), chatting=[owner])
        transfer(chat, owner, to(colleague))

        events = reject(chat, colleague)

        assert StatusChanged(owner, CHAT_ID, State.INVITED, INVITED) == events[-1]
