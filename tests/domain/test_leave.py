"""Leave, row by row of the design's table, and what is said while leaving."""

import pytest

from handlers.domain.capabilities import DEFAULT_CAPABILITIES, Situation, State
from handlers.domain.chat import Message, MessageType, Participant, Seat, Text, TreatAs, Visibility
from handlers.domain.errors import ChatNotFound, OperationNotAllowed
from handlers.domain.events import MessagesWritten, ParticipantsChanged, StatusChanged
from handlers.domain.leave import leave
from handlers.domain.repository import InMemoryChatRepository
from tests.builders import CHAT_ID, NOW, make_agent, make_chat, state_of

LEFT_CHAT = DEFAULT_CAPABILITIES[Situation.LEFT_CHAT]
CHATTING = DEFAULT_CAPABILITIES[Situation.CHATTING]
CHATTING_WITH_AGENTS = DEFAULT_CAPABILITIES[Situation.CHATTING_WITH_AGENTS]
CHATTING_AS_CONSULTANT = DEFAULT_CAPABILITIES[Situation.CHATTING_AS_CONSULTANT]
GOODBYE = Text("Goodbye!")


def left(index, participant, visibility=Visibility.ALL):
    return Message(index, MessageType.PARTICIPANT_LEFT, participant, visibility, NOW)


def said(index, participant, text, visibility=Visibility.ALL):
    return Message(index, MessageType.TEXT, participant, visibility, NOW, text)


@pytest.mark.documented
class TestAlone:
    """Chatting, the only agent."""

    def test_the_leaver_is_told_left_chat_with_what_may_still_be_done(self, owner):
        chat = make_chat(chatting=[owner])

        events = leave(chat, owner, None)

        assert [StatusChanged(owner, CHAT_ID, State.LEFT_CHAT, LEFT_CHAT, 1)] == events

    def test_the_customers_session_ends(self, owner):
        chat = make_chat(chatting=[owner])

        leave(chat, owner, None)

        assert chat.customer is None

    def test_the_chat_stays_listed_as_left(self, owner):
        chat = make_chat(chatting=[owner])
        seat = chat.seat_of(owner)

        leave(chat, owner, None)

        assert (State.LEFT_CHAT, {CHAT_ID: chat}) == (seat.state, owner.chats)

    def test_the_user_data_stays(self, owner):
        chat = make_chat(chatting=[owner])
        chat.user_data = {"tier": "gold"}

        leave(chat, owner, None)

        assert {"tier": "gold"} == chat.user_data

    def test_nobody_is_in_the_chat_any_more(self, owner):
        chat = make_chat(chatting=[owner])

        leave(chat, owner, None)

        assert () == chat.participants

    def test_the_leaving_stands_in_the_transcript(self, owner):
        chat = make_chat(chatting=[owner])
        leaver = chat.seat_of(owner).participant

        leave(chat, owner, None)

        assert [left(1, leaver)] == chat.messages


@pytest.mark.documented
class TestInAConference:
    """Chatting, in a conference."""

    def test_the_leaver_has_completed_and_then_those_who_stay_are_told_who_left(self, owner, colleague):
        chat = make_chat(chatting=[owner, colleague])
        customer, leaver, staying = chat.participants

        events = leave(chat, owner, None)

        assert [
            StatusChanged(owner, CHAT_ID, State.COMPLETED),
            MessagesWritten(colleague, CHAT_ID, (left(1, leaver),)),
            ParticipantsChanged(colleague, CHAT_ID, State.CHATTING, CHATTING, (customer, staying)),
        ] == events

    def test_each_of_several_who_stay_is_told_in_turn(self, owner, colleague, expert):
        chat = make_chat(chatting=[owner, colleague, expert])
        customer, first, leaver, third = chat.participants
        staying = (customer, first, third)

        events = leave(chat, colleague, None)

        assert [
            StatusChanged(colleague, CHAT_ID, State.COMPLETED),
            MessagesWritten(owner, CHAT_ID, (left(1, leaver),)),
            ParticipantsChanged(owner, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS, staying),
            MessagesWritten(expert, CHAT_ID, (left(1, leaver),)),
            ParticipantsChanged(expert, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS, staying),
        ] == events

    def test_the_chat_is_gone_from_the_leavers_list_only(self, owner, colleague):
        chat = make_chat(chatting=[owner, colleague])

        leave(chat, owner, None)

        assert ({}, {CHAT_ID: chat}) == (owner.chats, colleague.chats)

    def test_the_others_and_the_customer_go_on(self, owner, colleague):
        chat = make_chat(chatting=[owner, colleague])
        customer, _, staying = chat.participants

        leave(chat, owner, None)

        assert (customer, staying) == chat.participants

    def test_the_transcript_tells_everybody_who_left(self, owner, colleague):
        chat = make_chat(chatting=[owner, colleague])
        leaver = chat.seat_of(owner).participant

        leave(chat, owner, None)

        assert [left(1, leaver)] == chat.messages


@pytest.mark.decided
class TestInAConferenceWithMore:
    """A conference beside which somebody is invited or consulted."""

    def test_a_pending_invitation_stays(self, owner, colleague, expert):
        chat = make_chat(chatting=[owner, colleague], invited=[expert])
        invitation = Seat(expert, chat.seat_of(expert).participant_id, expert.user_name, State.INVITED)

        leave(chat, owner, None)

        assert invitation == chat.seat_of(expert)

    def test_whoever_is_invited_is_not_told(self, owner, colleague, expert):
        chat = make_chat(chatting=[owner, colleague], invited=[expert])

        events = leave(chat, owner, None)

        assert [owner, colleague, colleague] == [event.agent for event in events]

    def test_with_a_consultant_staying_beside_an_agent_nobody_is_promoted(self, owner, colleague, expert):
        chat = make_chat(chatting=[owner, colleague], consulting=[expert])

        leave(chat, owner, None)

        assert [Visibility.ALL, Visibility.ALL, Visibility.AGENTS] == [
            participant.visibility for participant in chat.participants
        ]


@pytest.mark.documented
class TestAsTheConsultant:
    """Chatting, as the consultant."""

    def test_the_consultant_has_completed_and_the_owner_is_alone_again(self, owner, expert):
        chat = make_chat(chatting=[owner], consulting=[expert])
        customer, staying, leaver = chat.participants

        events = leave(chat, expert, None)

        assert [
            StatusChanged(expert, CHAT_ID, State.COMPLETED),
            MessagesWritten(owner, CHAT_ID, (left(1, leaver, Visibility.AGENTS),)),
            ParticipantsChanged(owner, CHAT_ID, State.CHATTING, CHATTING, (customer, staying)),
        ] == events

    def test_the_customer_sees_nothing_of_it_in_the_transcript(self, owner, expert):
        chat = make_chat(chatting=[owner], consulting=[expert])

        leave(chat, expert, None)

        assert [Visibility.AGENTS] == [message.visibility for message in chat.messages]

    def test_the_customer_and_the_owner_go_on(self, owner, expert):
        chat = make_chat(chatting=[owner], consulting=[expert])
        customer, staying, _ = chat.participants

        leave(chat, expert, None)

        assert (customer, staying) == chat.participants

    def test_the_chat_is_gone_from_the_consultants_list_only(self, owner, expert):
        chat = make_chat(chatting=[owner], consulting=[expert])

        leave(chat, expert, None)

        assert ({CHAT_ID: chat}, {}) == (owner.chats, expert.chats)


class TestWhileOnlyAConsultantStays:
    """Chatting, the owner, while only a consultant stays."""

    @pytest.mark.documented
    def test_the_owner_has_completed(self, owner, expert):
        chat = make_chat(chatting=[owner], consulting=[expert])

        events = leave(chat, owner, None)

        assert StatusChanged(owner, CHAT_ID, State.COMPLETED) == events[0]

    @pytest.mark.documented
    def test_the_customers_session_stays_open(self, owner, expert):
        chat = make_chat(chatting=[owner], consulting=[expert])
        customer = chat.customer

        leave(chat, owner, None)

        assert customer is chat.customer

    @pytest.mark.decided
    def test_the_consultant_is_told_of_being_the_chats_agent_whom_all_see(self, owner, expert):
        chat = make_chat(chatting=[owner], consulting=[expert])
        customer, leaver, consultant = chat.participants
        promoted = Participant(consultant.id, "expert", expert, Visibility.ALL)

        events = leave(chat, owner, None)

        assert [
            MessagesWritten(expert, CHAT_ID, (left(1, leaver),)),
            ParticipantsChanged(expert, CHAT_ID, State.CHATTING, CHATTING, (customer, promoted)),
        ] == events[1:]

    @pytest.mark.decided
    def test_of_two_consultants_only_the_one_who_is_there_longest_is_promoted(self, owner, colleague, expert):
        chat = make_chat(chatting=[owner], consulting=[expert, colleague])
        customer, _, first, second = chat.participants

        leave(chat, owner, None)

        assert (
            customer,
            Participant(first.id, "expert", expert, Visibility.ALL),
            second,
        ) == chat.participants

    @pytest.mark.decided
    def test_both_of_two_consultants_are_told_what_they_may_do_after_the_promotion(
        self, owner, colleague, expert
    ):
        chat = make_chat(chatting=[owner], consulting=[expert, colleague])

        events = leave(chat, owner, None)

        assert [(expert, CHATTING_WITH_AGENTS), (colleague, CHATTING_AS_CONSULTANT)] == [
            (event.agent, event.capabilities) for event in events if isinstance(event, ParticipantsChanged)
        ]

    @pytest.mark.decided
    def test_the_promoted_consultant_leaves_as_the_only_agent(self, owner, expert):
        chat = make_chat(chatting=[owner], consulting=[expert])
        leave(chat, owner, None)

        events = leave(chat, expert, None)

        assert [StatusChanged(expert, CHAT_ID, State.LEFT_CHAT, LEFT_CHAT, 1)] == events


@pytest.mark.decided
class TestAfterTheOthersLeft:
    """Chatting, the others left before."""

    def test_the_last_agent_leaves_as_the_only_one(self, owner, colleague):
        chat = make_chat(chatting=[owner, colleague])
        leave(chat, colleague, None)

        events = leave(chat, owner, None)

        assert [StatusChanged(owner, CHAT_ID, State.LEFT_CHAT, LEFT_CHAT, 1)] == events

    def test_the_customers_session_ends_with_the_last_agent(self, owner, colleague):
        chat = make_chat(chatting=[owner, colleague])
        leave(chat, colleague, None)

        leave(chat, owner, None)

        assert chat.customer is None

    def test_the_owner_whose_consultant_left_leaves_as_the_only_agent(self, owner, expert):
        chat = make_chat(chatting=[owner], consulting=[expert])
        leave(chat, expert, None)

        events = leave(chat, owner, None)

        assert [StatusChanged(owner, CHAT_ID, State.LEFT_CHAT, LEFT_CHAT, 1)] == events


@pytest.mark.decided
class TestWhileAnInvitationIsUnanswered:
    """Chatting, the only agent, while an Invite or Consult is unanswered."""

    @pytest.fixture(params=["invited", "invited_to_consult"])
    def chat(self, request, owner, colleague):
        return make_chat(chatting=[owner], **{request.param: [colleague]})

    def test_the_leaver_is_told_and_then_whose_invitation_is_revoked(self, chat, owner, colleague):
        events = leave(chat, owner, None)

        assert [
            StatusChanged(owner, CHAT_ID, State.LEFT_CHAT, LEFT_CHAT, 1),
            StatusChanged(colleague, CHAT_ID, State.REVOKED),
        ] == events

    def test_the_revoked_chat_is_gone_from_the_list_of_whoever_was_invited(self, chat, owner, colleague):
        leave(chat, owner, None)

        assert ({CHAT_ID: chat}, {}) == (owner.chats, colleague.chats)

    def test_the_customers_session_ends(self, chat, owner):
        leave(chat, owner, None)

        assert chat.customer is None

    def test_every_one_of_several_invitations_is_revoked(self, owner, colleague, expert):
        chat = make_chat(chatting=[owner], invited=[colleague, expert])

        events = leave(chat, owner, None)

        assert [
            StatusChanged(owner, CHAT_ID, State.LEFT_CHAT, LEFT_CHAT, 1),
            StatusChanged(colleague, CHAT_ID, State.REVOKED),
            StatusChanged(expert, CHAT_ID, State.REVOKED),
        ] == events


@pytest.mark.decided
class TestAfterTheCustomerHasGone:
    """Chatting, the customer is gone already."""

    def test_the_only_agent_leaves_as_if_the_customer_were_there(self, owner):
        chat = make_chat(customer=None, chatting=[owner])

        events = leave(chat, owner, None)

        assert [StatusChanged(owner, CHAT_ID, State.LEFT_CHAT, LEFT_CHAT, 1)] == events

    def test_a_text_is_refused_since_nobody_would_read_it(self, owner):
        chat = make_chat(customer=None, chatting=[owner])

        with pytest.raises(OperationNotAllowed, match=r"^text: nobody is left in the chat to read it"):
            leave(chat, owner, GOODBYE)

    def test_nothing_has_changed_after_a_text_was_refused(self, owner, colleague):
        chat = make_chat(customer=None, chatting=[owner], invited=[colleague])
        before = state_of(chat, owner, colleague)

        with pytest.raises(OperationNotAllowed):
            leave(chat, owner, GOODBYE)

        assert before == state_of(chat, owner, colleague)

    def test_a_text_to_the_other_agents_is_said(self, owner, colleague):
        chat = make_chat(customer=None, chatting=[owner, colleague])
        leaver = chat.seat_of(owner).participant

        leave(chat, owner, GOODBYE)

        assert [said(1, leaver, GOODBYE), left(2, leaver)] == chat.messages


@pytest.mark.decided
class TestHavingLeft:
    """LeftChat."""

    @pytest.fixture
    def chat(self, owner):
        chat = make_chat(chatting=[owner])
        leave(chat, owner, None)
        return chat

    def test_the_same_is_told_again_under_a_new_reference(self, chat, owner):
        events = leave(chat, owner, None)

        assert [StatusChanged(owner, CHAT_ID, State.LEFT_CHAT, LEFT_CHAT, 2)] == events

    def test_the_chat_does_not_change(self, chat, owner):
        before = state_of(chat)

        leave(chat, owner, None)

        assert before == state_of(chat)

    def test_a_text_is_refused(self, chat, owner):
        with pytest.raises(OperationNotAllowed, match=r"^text: nobody is left in the chat to read it"):
            leave(chat, owner, GOODBYE)

    def test_nothing_has_changed_after_a_text_was_refused(self, chat, owner):
        before = state_of(chat, owner)

        with pytest.raises(OperationNotAllowed):
            leave(chat, owner, GOODBYE)

        assert before == state_of(chat, owner)


@pytest.mark.decided
class TestInvited:
    """Invited."""

    @pytest.mark.parametrize("farewell", [None, GOODBYE], ids=["without text", "with text"])
    def test_leave_is_refused_and_what_is_allowed_is_named(self, owner, colleague, farewell):
        chat = make_chat(chatting=[owner], invited=[colleague])

        with pytest.raises(
            OperationNotAllowed,
            match=r"^operationName: Leave is not allowed while the chat is Invited, allowed: Accept, Reject$",
        ):
            leave(chat, colleague, farewell)

    def test_nothing_has_changed_after_the_refusal(self, owner, colleague):
        chat = make_chat(chatting=[owner], invited=[colleague])
        before = state_of(chat, owner, colleague)

        with pytest.raises(OperationNotAllowed):
            leave(chat, colleague, None)

        assert before == state_of(chat, owner, colleague)


def a_completed_chat(agent):
    chat = make_chat(chatting=[agent, make_agent("other")])
    leave(chat, agent, None)
    return [chat]


def a_revoked_chat(agent):
    other = make_agent("other")
    chat = make_chat(chatting=[other], invited=[agent])
    leave(chat, other, None)
    return [chat]


def no_chat_at_all(_):
    return []


def the_chat_of_another(_):
    return [make_chat(chatting=[make_agent("other")])]


@pytest.mark.decided
@pytest.mark.parametrize(
    "make",
    [
        pytest.param(a_completed_chat, id="Completed"),
        pytest.param(a_revoked_chat, id="Revoked"),
        pytest.param(no_chat_at_all, id="unknown"),
        pytest.param(the_chat_of_another, id="another agent's"),
    ],
)
def test_a_chat_the_agent_does_not_have_is_not_found_in_the_same_words(owner, make):
    repository = InMemoryChatRepository(make(owner))

    with pytest.raises(ChatNotFound, match=rf"^id: you have no chat '{CHAT_ID}'$"):
        repository.chat_of(owner, CHAT_ID)


@pytest.mark.decided
class TestReferenceId:
    """The count of the operations accepted from an agent, from 1."""

    def test_it_counts_an_agents_operations_on_all_its_chats(self, owner):
        first, second = make_chat(chat_id="1", chatting=[owner]), make_chat(chat_id="2", chatting=[owner])

        events = leave(first, owner, None) + leave(second, owner, None)

        assert [1, 2] == [event.reference_id for event in events]

    def test_it_counts_what_was_completed_without_telling_the_number(self, owner, colleague):
        leave(make_chat(chat_id="1", chatting=[owner, colleague]), owner, None)

        (event,) = leave(make_chat(chat_id="2", chatting=[owner]), owner, None)

        assert 2 == event.reference_id

    def test_it_counts_nothing_of_other_agents(self, owner, colleague):
        leave(make_chat(chat_id="1", chatting=[colleague]), colleague, None)

        (event,) = leave(make_chat(chat_id="2", chatting=[owner]), owner, None)

        assert 1 == event.reference_id

    def test_it_counts_no_refused_operation(self, owner):
        chat = make_chat(customer=None, chatting=[owner])
        with pytest.raises(OperationNotAllowed):
            leave(chat, owner, GOODBYE)

        (event,) = leave(chat, owner, None)

        assert 1 == event.reference_id


class TestWithText:
    """What is said goes ahead of the leaving."""

    def test_alone_the_leaver_is_told_the_text_and_then_the_new_state(self, owner):
        chat = make_chat(chatting=[owner])
        leaver = chat.seat_of(owner).participant

        events = leave(chat, owner, GOODBYE)

        assert [
            MessagesWritten(owner, CHAT_ID, (said(1, leaver, GOODBYE),)),
            StatusChanged(owner, CHAT_ID, State.LEFT_CHAT, LEFT_CHAT, 1),
        ] == events

    def test_the_text_stands_in_the_transcript_before_the_leaving(self, owner):
        chat = make_chat(chatting=[owner])
        leaver = chat.seat_of(owner).participant

        leave(chat, owner, GOODBYE)

        assert [said(1, leaver, GOODBYE), left(2, leaver)] == chat.messages

    def test_in_a_conference_every_agent_is_told_the_text_the_leaver_too(self, owner, colleague, expert):
        chat = make_chat(chatting=[owner, colleague], consulting=[expert])
        leaver = chat.seat_of(owner).participant
        written = (said(1, leaver, GOODBYE),)

        events = leave(chat, owner, GOODBYE)

        assert [
            MessagesWritten(owner, CHAT_ID, written),
            MessagesWritten(colleague, CHAT_ID, written),
            MessagesWritten(expert, CHAT_ID, written),
            StatusChanged(owner, CHAT_ID, State.COMPLETED),
        ] == events[:4]

    def test_whoever_is_only_invited_is_not_told_the_text(self, owner, colleague):
        chat = make_chat(chatting=[owner], invited=[colleague])

        events = leave(chat, owner, GOODBYE)

        assert [owner] == [event.agent for event in events if isinstance(event, MessagesWritten)]

    def test_a_consultants_text_and_leaving_are_visible_to_agents_only(self, owner, expert):
        chat = make_chat(chatting=[owner], consulting=[expert])
        leaver = chat.seat_of(expert).participant

        leave(chat, expert, GOODBYE)

        assert [
            said(1, leaver, GOODBYE, Visibility.AGENTS),
            left(2, leaver, Visibility.AGENTS),
        ] == chat.messages

    def test_a_text_to_a_consultant_who_stays_is_said_before_the_promotion(self, owner, expert):
        chat = make_chat(chatting=[owner], consulting=[expert])

        events = leave(chat, owner, GOODBYE)

        assert [
            (MessagesWritten, owner),
            (MessagesWritten, expert),
            (StatusChanged, owner),
            (MessagesWritten, expert),
            (ParticipantsChanged, expert),
        ] == [(type(event), event.agent) for event in events]

    def test_type_and_treatment_are_carried_with_the_text(self, owner):
        chat = make_chat(chatting=[owner])
        notice = Text("Moved to mail.", "Handover", TreatAs.SYSTEM)

        leave(chat, owner, notice)

        assert notice == chat.messages[0].text


class TestTowardsACustomerWhoLooks:
    """The customer asks for the transcript itself."""

    @pytest.mark.documented
    def test_the_farewell_and_the_leaving_are_the_last_it_sees(self, owner):
        chat = make_chat(chatting=[owner], seen=True)
        leaver = chat.seat_of(owner).participant

        leave(chat, owner, GOODBYE)

        assert [
            Message(1, MessageType.TEXT, leaver, Visibility.ALL, NOW, GOODBYE),
            Message(2, MessageType.PARTICIPANT_LEFT, leaver, Visibility.ALL, NOW),
        ] == chat.customer_view.messages

    @pytest.mark.documented
    def test_a_consultant_leaves_unseen(self, owner, expert):
        chat = make_chat(chatting=[owner], consulting=[expert], seen=True)

        leave(chat, expert, GOODBYE)

        assert [] == chat.customer_view.messages

    @pytest.mark.decided
    def test_where_only_a_consultant_stays_it_joins_after_the_leaving(self, owner, expert):
        chat = make_chat(chatting=[owner], consulting=[expert], seen=True)
        leaver = chat.seat_of(owner).participant

        leave(chat, owner, None)

        promoted = chat.seat_of(expert).participant
        assert [
            Message(1, MessageType.PARTICIPANT_LEFT, leaver, Visibility.ALL, NOW),
            Message(2, MessageType.PARTICIPANT_JOINED, promoted, Visibility.ALL, NOW),
        ] == chat.customer_view.messages

    @pytest.mark.decided
    def test_nothing_has_changed_after_a_farewell_was_refused(self, owner):
        chat = make_chat(customer=None, chatting=[owner], seen=True)
        before = state_of(chat, owner)

        with pytest.raises(OperationNotAllowed):
            leave(chat, owner, GOODBYE)

        assert before == state_of(chat, owner)
