"""Invite and Consult, and the two answers."""

import pytest

from handlers.domain.capabilities import DEFAULT_CAPABILITIES, Situation, State
from handlers.domain.chat import Invitation, Message, MessageType, Participant, Seat, Text, Visibility
from handlers.domain.contact_center import Target
from handlers.domain.errors import OperationNotAllowed, TargetNotFound
from handlers.domain.events import (
    InvitationRejected,
    MessagesWritten,
    ParticipantsChanged,
    StatusChanged,
)
from handlers.domain.invitation import accept, consult, invite, reject
from handlers.domain.leave import leave
from tests.builders import CHAT_ID, NOW, make_agent, make_center, make_chat, state_of

INVITED = DEFAULT_CAPABILITIES[Situation.INVITED]
CHATTING = DEFAULT_CAPABILITIES[Situation.CHATTING]
CHATTING_WITH_AGENTS = DEFAULT_CAPABILITIES[Situation.CHATTING_WITH_AGENTS]
CHATTING_AS_CONSULTANT = DEFAULT_CAPABILITIES[Situation.CHATTING_AS_CONSULTANT]
LEFT_CHAT = DEFAULT_CAPABILITIES[Situation.LEFT_CHAT]


def at(agent):
    return Target(path=agent.path)


def joined(index, participant, visibility=Visibility.ALL):
    return Message(index, MessageType.PARTICIPANT_JOINED, participant, visibility, NOW)


def told_to(agent, events):
    return [event for event in events if event.agent is agent]


@pytest.mark.decided
@pytest.mark.parametrize("ask", [invite, consult])
class TestAsking:
    """What Invite and Consult have in common: the page shows the answers only."""

    def test_only_whoever_is_asked_is_told_of_the_invitation(self, ask, owner, colleague, expert):
        chat = make_chat(chatting=[owner, expert], elsewhere=[colleague])

        events = ask(chat, owner, at(colleague))

        assert [StatusChanged(colleague, CHAT_ID, State.INVITED, INVITED)] == events

    def test_the_chat_is_listed_as_the_askeds_own(self, ask, owner, colleague):
        chat = make_chat(chatting=[owner], elsewhere=[colleague])

        ask(chat, owner, at(colleague))

        assert {CHAT_ID: chat} == colleague.chats

    def test_whoever_is_asked_is_not_in_the_chat_before_accepting(self, ask, owner, colleague):
        chat = make_chat(chatting=[owner], elsewhere=[colleague])
        before = chat.participants

        ask(chat, owner, at(colleague))

        assert before == chat.participants

    def test_the_transcript_has_nothing_of_it(self, ask, owner, colleague):
        chat = make_chat(chatting=[owner], elsewhere=[colleague])

        ask(chat, owner, at(colleague))

        assert [] == chat.messages

    def test_of_a_queue_the_first_who_is_free_is_asked(self, ask, owner, colleague, expert):
        chat = make_chat(chatting=[owner], elsewhere=[colleague, expert])
        ask(chat, owner, Target(queue="support"))

        events = ask(chat, owner, Target(queue="support"))

        assert [expert] == [event.agent for event in events]

    def test_it_is_one_of_the_askers_counted_operations(self, ask, owner, colleague):
        chat = make_chat(chatting=[owner], elsewhere=[colleague])

        ask(chat, owner, at(colleague))

        assert (1, 0) == (owner.operations_accepted, colleague.operations_accepted)

    def test_others_can_be_asked_in_after_the_customer_has_gone(self, ask, owner, colleague):
        chat = make_chat(customer=None, chatting=[owner], elsewhere=[colleague])

        events = ask(chat, owner, at(colleague))

        assert [StatusChanged(colleague, CHAT_ID, State.INVITED, INVITED)] == events


@pytest.mark.documented
@pytest.mark.parametrize(("ask", "as_consultant"), [(invite, False), (consult, True)])
def test_consult_asks_for_a_consultant_and_invite_for_an_agent_whom_all_see(
    ask, as_consultant, owner, colleague
):
    chat = make_chat(chatting=[owner], elsewhere=[colleague])

    ask(chat, owner, at(colleague))

    seat = chat.seat_of(colleague)
    assert seat == Seat(
        colleague, seat.participant_id, "colleague", State.INVITED, as_consultant, Invitation(owner, 1)
    )


@pytest.mark.decided
@pytest.mark.parametrize("ask", [invite, consult])
@pytest.mark.parametrize(
    ("target", "refusal", "message"),
    [
        pytest.param(
            Target(path="/users/nobody"),
            TargetNotFound,
            r"^target: there is no agent at '/users/nobody'$",
            id="unknown",
        ),
        pytest.param(
            Target(queue="sales"),
            TargetNotFound,
            r"^queueName: there is no queue 'sales'$",
            id="no such queue",
        ),
        pytest.param(
            Target(path="/users/id-of-owner"),
            OperationNotAllowed,
            r"^target: owner is in the chat already, or has no feature for chats$",
            id="the asker",
        ),
        pytest.param(
            Target(path="/users/id-of-colleague"),
            OperationNotAllowed,
            r"^target: colleague is in the chat already, or has no feature for chats$",
            id="in the chat already",
        ),
        pytest.param(
            Target(path="/users/id-of-expert"),
            OperationNotAllowed,
            r"^target: expert is in the chat already, or has no feature for chats$",
            id="invited already",
        ),
        pytest.param(
            Target(path="/users/id-of-voice"),
            OperationNotAllowed,
            r"^target: voice is in the chat already, or has no feature for chats$",
            id="without the feature",
        ),
        pytest.param(
            Target(queue="support"),
            OperationNotAllowed,
            r"^target: voice is in the chat already, or has no feature for chats$",
            id="a queue in which nobody is free",
        ),
    ],
)
class TestAskingInVain:
    """Whom nobody can ask in."""

    @pytest.fixture
    def voice(self):
        return make_agent("voice", "api-voice")

    @pytest.fixture
    def chat(self, owner, colleague, expert, voice):
        return make_chat(chatting=[owner, colleague], invited=[expert], elsewhere=[voice])

    def test_it_is_refused_by_name(self, ask, target, refusal, message, chat, owner):
        with pytest.raises(refusal, match=message):
            ask(chat, owner, target)

    def test_nothing_has_changed(self, ask, target, refusal, message, chat, owner):
        everybody = chat.center.agents.values()
        before = state_of(chat, *everybody)

        with pytest.raises(refusal, match=message):
            ask(chat, owner, target)

        assert before == state_of(chat, *everybody)


@pytest.mark.decided
@pytest.mark.parametrize("ask", [invite, consult])
class TestWhoMayNotAsk:
    """Situations in which neither is a capability."""

    @pytest.mark.parametrize("situation", ["consulting", "invited"])
    def test_neither_a_consultant_nor_whoever_is_invited_asks_others_in(
        self, ask, situation, owner, colleague, expert
    ):
        chat = make_chat(chatting=[owner], elsewhere=[colleague], **{situation: [expert]})

        with pytest.raises(
            OperationNotAllowed, match=rf"^operationName: {ask.__name__.title()} is not allowed"
        ):
            ask(chat, expert, at(colleague))

    def test_whoever_has_left_asks_nobody_in(self, ask, owner, colleague):
        chat = make_chat(chatting=[owner], elsewhere=[colleague])
        leave(chat, owner, None)

        with pytest.raises(OperationNotAllowed, match=r"while the chat is LeftChat"):
            ask(chat, owner, at(colleague))

    def test_nothing_has_changed_after_the_refusal(self, ask, owner, colleague, expert):
        chat = make_chat(chatting=[owner], consulting=[expert], elsewhere=[colleague])
        before = state_of(chat, owner, colleague, expert)

        with pytest.raises(OperationNotAllowed):
            ask(chat, expert, at(colleague))

        assert before == state_of(chat, owner, colleague, expert)


class TestAcceptingAnInvite:
    """A conference begins."""

    @pytest.fixture
    def chat(self, owner, colleague):
        chat = make_chat(chatting=[owner], elsewhere=[colleague])
        invite(chat, owner, at(colleague))
        return chat

    @pytest.mark.documented
    def test_the_newcomer_is_told_its_state_then_who_is_there_then_the_history(self, chat, colleague):
        events = accept(chat, colleague, None)

        everybody = chat.participants
        assert [
            StatusChanged(colleague, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS, 1, participants=()),
            ParticipantsChanged(colleague, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS, everybody),
            MessagesWritten(colleague, CHAT_ID, (joined(1, everybody[2]),)),
        ] == told_to(colleague, events)

    @pytest.mark.documented
    def test_the_inviter_is_told_who_is_there_and_then_who_joined_under_the_reference_of_the_invitation(
        self, chat, owner, colleague
    ):
        events = accept(chat, colleague, None)

        everybody = chat.participants
        assert [
            ParticipantsChanged(owner, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS, everybody, 1),
            MessagesWritten(owner, CHAT_ID, (joined(1, everybody[2]),)),
        ] == told_to(owner, events)

    @pytest.mark.decided
    def test_the_newcomer_is_told_before_the_others(self, chat, owner, colleague):
        events = accept(chat, colleague, None)

        assert [colleague, colleague, colleague, owner, owner] == [event.agent for event in events]

    @pytest.mark.documented
    def test_everybody_sees_the_newcomer(self, chat, colleague):
        customer, host = chat.participants
        newcomer = Participant(chat.seat_of(colleague).participant_id, "colleague", colleague, Visibility.ALL)

        accept(chat, colleague, None)

        assert (customer, host, newcomer) == chat.participants

    @pytest.mark.documented
    def test_the_joining_stands_in_the_transcript_for_all(self, chat, colleague):
        newcomer = chat.seat_of(colleague).participant

        accept(chat, colleague, None)

        assert [joined(1, newcomer)] == chat.messages

    @pytest.mark.documented
    def test_the_newcomer_is_shown_under_its_nickname_wherever_it_is_named(self, chat, colleague):
        events = accept(chat, colleague, "Bob")

        names = {
            *(message.sender.nickname for message in chat.messages),
            *(each.participants[2].nickname for each in events if isinstance(each, ParticipantsChanged)),
        }
        assert {"Bob"} == names

    @pytest.mark.documented
    def test_the_history_is_all_that_was_written_before(self, chat, owner, colleague):
        host = chat.seat_of(owner).participant
        for_all = chat.write(MessageType.TEXT, host, Visibility.ALL, Text("Hello"))
        for_agents = chat.write(MessageType.TEXT, host, Visibility.AGENTS, Text("Mind the tone"))

        events = accept(chat, colleague, None)

        newcomer = chat.seat_of(colleague).participant
        assert MessagesWritten(colleague, CHAT_ID, (for_all, for_agents, joined(3, newcomer))) == events[2]

    @pytest.mark.decided
    def test_what_is_written_later_does_not_change_the_history_that_was_told(self, chat, owner, colleague):
        events = accept(chat, colleague, None)

        chat.write(MessageType.TEXT, chat.seat_of(owner).participant, Visibility.ALL, Text("Hello"))

        assert 1 == len(events[2].messages)


@pytest.mark.decided
class TestWhoElseIsTold:
    """A chat with more than the inviter and the newcomer."""

    def test_an_agent_who_did_not_invite_has_no_reference(self, owner, colleague, expert):
        chat = make_chat(chatting=[owner, expert], elsewhere=[colleague])
        invite(chat, owner, at(colleague))

        events = accept(chat, colleague, None)

        everybody = chat.participants
        assert [
            ParticipantsChanged(expert, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS, everybody),
            MessagesWritten(expert, CHAT_ID, (joined(1, everybody[3]),)),
        ] == told_to(expert, events)

    def test_of_two_invitations_each_is_told_under_its_own_reference(self, owner, colleague, expert):
        chat = make_chat(chatting=[owner], elsewhere=[colleague, expert])
        invite(chat, owner, at(colleague))
        invite(chat, owner, at(expert))

        events = accept(chat, expert, None) + accept(chat, colleague, None)

        assert [2, 1] == [
            event.reference_id for event in told_to(owner, events) if isinstance(event, ParticipantsChanged)
        ]

    def test_whoever_is_invited_and_has_not_answered_is_not_told(self, owner, colleague, expert):
        chat = make_chat(chatting=[owner], invited=[colleague, expert])

        events = accept(chat, colleague, None)

        assert [] == told_to(expert, events)

    def test_an_inviter_who_has_left_is_not_told(self, owner, colleague, expert):
        chat = make_chat(chatting=[owner, expert], elsewhere=[colleague])
        invite(chat, owner, at(colleague))
        leave(chat, owner, None)

        events = accept(chat, colleague, None)

        assert [] == told_to(owner, events)

    def test_nobody_else_is_told_where_nobody_else_is(self, colleague):
        chat = make_chat(invited=[colleague])

        events = accept(chat, colleague, None)

        everybody = chat.participants
        assert [
            StatusChanged(colleague, CHAT_ID, State.CHATTING, CHATTING, 1, participants=()),
            ParticipantsChanged(colleague, CHAT_ID, State.CHATTING, CHATTING, everybody),
            MessagesWritten(colleague, CHAT_ID, (joined(1, everybody[1]),)),
        ] == events

    def test_without_the_customer_whoever_accepts_joins_the_agents(self, owner, colleague):
        chat = make_chat(customer=None, chatting=[owner], invited=[colleague])
        host, newcomer = chat.seat_of(owner).participant, chat.seat_of(colleague).participant

        accept(chat, colleague, None)

        assert (host, newcomer) == chat.participants


class TestAcceptingAConsult:
    """A consultation begins."""

    @pytest.fixture
    def chat(self, owner, expert):
        chat = make_chat(chatting=[owner], elsewhere=[expert])
        consult(chat, owner, at(expert))
        return chat

    @pytest.mark.documented
    def test_only_agents_see_the_consultant(self, chat, expert):
        customer, host = chat.participants
        consultant = Participant(chat.seat_of(expert).participant_id, "expert", expert, Visibility.AGENTS)

        accept(chat, expert, None)

        assert (customer, host, consultant) == chat.participants

    @pytest.mark.documented
    def test_the_joining_stands_in_the_transcript_for_agents_only(self, chat, expert):
        consultant = chat.seat_of(expert).participant

        accept(chat, expert, None)

        assert [joined(1, consultant, Visibility.AGENTS)] == chat.messages

    @pytest.mark.decided
    def test_the_consultant_is_told_what_a_consultant_may_do(self, chat, expert):
        events = accept(chat, expert, None)

        everybody = chat.participants
        assert [
            StatusChanged(expert, CHAT_ID, State.CHATTING, CHATTING_AS_CONSULTANT, 1, participants=()),
            ParticipantsChanged(expert, CHAT_ID, State.CHATTING, CHATTING_AS_CONSULTANT, everybody),
            MessagesWritten(expert, CHAT_ID, (joined(1, everybody[2], Visibility.AGENTS),)),
        ] == told_to(expert, events)

    @pytest.mark.documented
    def test_the_owner_is_told_as_of_a_conference(self, chat, owner, expert):
        events = accept(chat, expert, None)

        everybody = chat.participants
        assert [
            ParticipantsChanged(owner, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS, everybody, 1),
            MessagesWritten(owner, CHAT_ID, (joined(1, everybody[2], Visibility.AGENTS),)),
        ] == told_to(owner, events)


@pytest.mark.decided
class TestAcceptingWhatIsOver:
    """Nobody chats any more: what is accepted is after-work."""

    def test_the_chat_is_left_at_once_with_what_may_still_be_done(self, colleague):
        chat = make_chat(customer=None, invited=[colleague])

        events = accept(chat, colleague, None)

        assert [StatusChanged(colleague, CHAT_ID, State.LEFT_CHAT, LEFT_CHAT, 1)] == events

    def test_nobody_joins(self, colleague):
        chat = make_chat(customer=None, invited=[colleague])

        accept(chat, colleague, None)

        assert ((), []) == (chat.participants, chat.messages)

    def test_the_chat_stays_listed(self, colleague):
        chat = make_chat(customer=None, invited=[colleague])

        accept(chat, colleague, None)

        assert {CHAT_ID: chat} == colleague.chats


class TestReject:
    """Staying out."""

    @pytest.fixture
    def chat(self, owner, colleague):
        chat = make_chat(chatting=[owner], elsewhere=[colleague])
        invite(chat, owner, at(colleague))
        return chat

    @pytest.mark.documented
    def test_whoever_rejects_has_completed_a_chat_without_participants(self, chat, colleague):
        events = reject(chat, colleague)

        assert [
            StatusChanged(colleague, CHAT_ID, State.COMPLETED, reference_id=1, participants=())
        ] == told_to(colleague, events)

    @pytest.mark.decided
    def test_the_inviter_is_told_under_the_reference_of_the_invitation_as_the_chat_now_is(
        self, chat, owner, colleague
    ):
        events = reject(chat, colleague)

        assert [
            InvitationRejected(owner, CHAT_ID, State.CHATTING, CHATTING, chat.participants, 1)
        ] == told_to(owner, events)

    @pytest.mark.decided
    def test_whoever_rejects_is_told_before_the_inviter(self, chat, owner, colleague):
        events = reject(chat, colleague)

        assert [colleague, owner] == [event.agent for event in events]

    @pytest.mark.documented
    def test_the_chat_is_gone_from_the_list_of_whoever_rejects_only(self, chat, owner, colleague):
        reject(chat, colleague)

        assert ({CHAT_ID: chat}, {}) == (owner.chats, colleague.chats)

    @pytest.mark.decided
    def test_the_transcript_has_nothing_of_it(self, chat, colleague):
        reject(chat, colleague)

        assert [] == chat.messages

    @pytest.mark.decided
    def test_whoever_rejected_can_be_asked_again(self, chat, owner, colleague):
        reject(chat, colleague)

        events = invite(chat, owner, at(colleague))

        assert [StatusChanged(colleague, CHAT_ID, State.INVITED, INVITED)] == events

    @pytest.mark.decided
    def test_a_consult_that_is_rejected_is_told_likewise(self, owner, expert):
        chat = make_chat(chatting=[owner], elsewhere=[expert])
        consult(chat, owner, at(expert))

        events = reject(chat, expert)

        assert [
            InvitationRejected(owner, CHAT_ID, State.CHATTING, CHATTING, chat.participants, 1)
        ] == told_to(owner, events)

    @pytest.mark.decided
    def test_other_agents_are_not_told(self, owner, colleague, expert):
        chat = make_chat(chatting=[owner, expert], elsewhere=[colleague])
        invite(chat, owner, at(colleague))

        events = reject(chat, colleague)

        assert [] == told_to(expert, events)

    @pytest.mark.decided
    def test_nobody_else_is_told_where_no_agent_invited(self, owner, colleague):
        chat = make_chat(chatting=[owner], invited=[colleague])

        events = reject(chat, colleague)

        assert [colleague] == [event.agent for event in events]

    @pytest.mark.decided
    def test_an_inviter_who_has_left_is_not_told(self, owner, colleague, expert):
        chat = make_chat(chatting=[owner, expert], elsewhere=[colleague])
        invite(chat, owner, at(colleague))
        leave(chat, owner, None)

        events = reject(chat, colleague)

        assert [colleague] == [event.agent for event in events]


@pytest.mark.decided
@pytest.mark.parametrize("answer", [accept, reject])
class TestNotInvited:
    """Where there is nothing to answer."""

    def test_whoever_chats_has_nothing_to_answer(self, answer, owner):
        chat = make_chat(chatting=[owner])

        with pytest.raises(
            OperationNotAllowed,
            match=rf"^operationName: {answer.__name__.title()} is not allowed while the chat is Chatting, ",
        ):
            answer(chat, owner, None)

    def test_nothing_has_changed_after_the_refusal(self, answer, owner, colleague):
        chat = make_chat(chatting=[owner], invited=[colleague])
        before = state_of(chat, owner, colleague)

        with pytest.raises(OperationNotAllowed):
            answer(chat, owner, None)

        assert before == state_of(chat, owner, colleague)


@pytest.mark.decided
class TestWithATimeout:
    """An invitation of Invite or Consult may stay unanswered for so long only."""

    @pytest.fixture
    def chat(self, owner, colleague):
        return make_chat(center=make_center(elsewhere=[colleague], timeout=20), chatting=[owner])

    @pytest.mark.parametrize("ask", [invite, consult])
    def test_the_invitation_has_a_deadline(self, ask, chat, owner, colleague):
        (event,) = ask(chat, owner, at(colleague))

        assert 20 == event.deadline.seconds

    @pytest.mark.parametrize("ask", [invite, consult])
    def test_whoever_has_not_answered_can_be_asked_again(self, ask, chat, owner, colleague):
        (event,) = ask(chat, owner, at(colleague))
        event.deadline.pass_by()

        assert [StatusChanged(colleague, CHAT_ID, State.INVITED, INVITED)] == ask(chat, owner, at(colleague))

    def test_the_deadline_of_the_first_invitation_leaves_the_second_alone(self, chat, owner, colleague):
        (first,) = invite(chat, owner, at(colleague))
        reject(chat, colleague)
        invite(chat, owner, at(colleague))

        assert [] == first.deadline.pass_by()
        assert {CHAT_ID: chat} == colleague.chats

    def test_accepted_in_time_it_stays(self, chat, owner, colleague):
        (event,) = invite(chat, owner, at(colleague))
        accept(chat, colleague, None)

        assert [] == event.deadline.pass_by()
        assert State.CHATTING == chat.seat_of(colleague).state


@pytest.mark.decided
class TestWhoseInvitationIsNotRouted:
    """Where an agent is in the chat, an answer concerns the two of them only."""

    def test_a_rejected_invite_goes_to_nobody_else(self, owner, colleague, expert):
        chat = make_chat(center=make_center(line=[expert], elsewhere=[colleague]), chatting=[owner])
        invite(chat, owner, at(colleague))

        events = reject(chat, colleague)

        assert [colleague, owner] == [event.agent for event in events]

    def test_who_rejected_an_invite_may_be_offered_the_chat_later(self, owner, colleague):
        center = make_center(line=[colleague])
        chat = make_chat(center=center, chatting=[owner])
        invite(chat, owner, at(colleague))
        reject(chat, colleague)

        assert {} == chat.turned_down


@pytest.mark.decided
def test_by_accepting_nobody_is_passed_over_any_more(owner, colleague):
    chat = make_chat(center=make_center(line=[owner, colleague]), invited=[owner])
    reject(chat, owner)

    accept(chat, colleague, None)

    assert {} == chat.turned_down
