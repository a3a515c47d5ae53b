"""RemoveParticipantFromConference: who is told what, and who cannot be removed."""

import pytest

from handlers.domain.capabilities import DEFAULT_CAPABILITIES, Situation, State
from handlers.domain.chat import Message, MessageType, Text, Visibility
from handlers.domain.errors import OperationNotAllowed, TargetNotFound
from handlers.domain.events import MessagesWritten, ParticipantsChanged, StatusChanged
from handlers.domain.leave import leave
from handlers.domain.remove import Removal, remove_participant
from tests.builders import CHAT_ID, NOW, make_agent, make_chat, state_of

CHATTING = DEFAULT_CAPABILITIES[Situation.CHATTING]
CHATTING_WITH_AGENTS = DEFAULT_CAPABILITIES[Situation.CHATTING_WITH_AGENTS]
THANKS = Text("Thank you, I go on alone.")


def noticed(index, participant, removed):
    text = Text(f"REMOVE_PARTICIPANT_FROM_CONFERENCE{removed.id}")
    return Message(index, MessageType.NOTICE, participant, Visibility.AGENTS, NOW, text)


def left(index, participant, visibility=Visibility.ALL):
    return Message(index, MessageType.PARTICIPANT_LEFT, participant, visibility, NOW)


def said(index, participant, text):
    return Message(index, MessageType.TEXT, participant, Visibility.ALL, NOW, text)


class TestInAConference:
    """Another agent whom all see."""

    @pytest.mark.documented
    def test_the_agents_are_first_told_by_a_notice_that_names_who_is_removed(self, owner, colleague, expert):
        chat = make_chat(chatting=[owner, colleague, expert])
        notice = noticed(1, chat.seat_of(owner).participant, colleague)

        events = remove_participant(chat, owner, Removal(colleague.path))

        assert [
            MessagesWritten(owner, CHAT_ID, (notice,)),
            MessagesWritten(colleague, CHAT_ID, (notice,)),
            MessagesWritten(expert, CHAT_ID, (notice,)),
        ] == events[:3]

    @pytest.mark.decided
    def test_the_removed_has_completed_and_then_those_who_stay_are_told_who_left(
        self, owner, colleague, expert
    ):
        chat = make_chat(chatting=[owner, colleague, expert])
        customer, remover, removed, third = chat.participants
        staying = (customer, remover, third)

        events = remove_participant(chat, owner, Removal(colleague.path))

        assert [
            StatusChanged(colleague, CHAT_ID, State.COMPLETED),
            MessagesWritten(owner, CHAT_ID, (left(2, removed),)),
            ParticipantsChanged(owner, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS, staying),
            MessagesWritten(expert, CHAT_ID, (left(2, removed),)),
            ParticipantsChanged(expert, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS, staying),
        ] == events[3:]

    @pytest.mark.decided
    def test_whoever_stays_alone_may_do_what_one_agent_may(self, owner, colleague):
        chat = make_chat(chatting=[owner, colleague])
        customer, remover, _ = chat.participants

        events = remove_participant(chat, owner, Removal(colleague.path))

        assert (
            ParticipantsChanged(owner, CHAT_ID, State.CHATTING, CHATTING, (customer, remover)) == events[-1]
        )

    @pytest.mark.documented
    def test_the_notice_and_the_leaving_stand_in_the_transcript(self, owner, colleague):
        chat = make_chat(chatting=[owner, colleague])
        _, remover, removed = chat.participants

        remove_participant(chat, owner, Removal(colleague.path))

        assert [noticed(1, remover, colleague), left(2, removed)] == chat.messages

    @pytest.mark.decided
    def test_the_chat_is_gone_from_the_list_of_the_removed_only(self, owner, colleague):
        chat = make_chat(chatting=[owner, colleague])

        remove_participant(chat, owner, Removal(colleague.path))

        assert ({CHAT_ID: chat}, {}) == (owner.chats, colleague.chats)

    @pytest.mark.decided
    def test_it_counts_as_an_operation_of_the_remover_only(self, owner, colleague):
        chat = make_chat(chatting=[owner, colleague])

        remove_participant(chat, owner, Removal(colleague.path))

        assert (1, 0) == (owner.operations_accepted, colleague.operations_accepted)

    @pytest.mark.decided
    def test_whoever_is_invited_is_not_told(self, owner, colleague, expert):
        chat = make_chat(chatting=[owner, colleague], invited=[expert])

        events = remove_participant(chat, owner, Removal(colleague.path))

        assert [owner, colleague, colleague, owner, owner] == [event.agent for event in events]

    @pytest.mark.decided
    def test_whoever_came_later_may_remove_who_was_there_before(self, owner, colleague):
        chat = make_chat(chatting=[owner, colleague])

        events = remove_participant(chat, colleague, Removal(owner.path))

        assert StatusChanged(owner, CHAT_ID, State.COMPLETED) == events[2]


@pytest.mark.decided
class TestAConsultant:
    """Another agent whom the customer does not see."""

    def test_its_leaving_is_told_to_agents_only(self, owner, expert):
        chat = make_chat(chatting=[owner], consulting=[expert])
        _, remover, removed = chat.participants

        remove_participant(chat, owner, Removal(expert.path))

        assert [noticed(1, remover, expert), left(2, removed, Visibility.AGENTS)] == chat.messages


@pytest.mark.decided
class TestWithText:
    """What is said goes ahead of the removing."""

    def test_every_agent_is_told_the_text_before_the_notice(self, owner, colleague):
        chat = make_chat(chatting=[owner, colleague])
        remover = chat.seat_of(owner).participant

        events = remove_participant(chat, owner, Removal(colleague.path, THANKS))

        assert [
            MessagesWritten(owner, CHAT_ID, (said(1, remover, THANKS),)),
            MessagesWritten(colleague, CHAT_ID, (said(1, remover, THANKS),)),
            MessagesWritten(owner, CHAT_ID, (noticed(2, remover, colleague),)),
            MessagesWritten(colleague, CHAT_ID, (noticed(2, remover, colleague),)),
        ] == events[:4]

    def test_the_text_stands_first_in_the_transcript(self, owner, colleague):
        chat = make_chat(chatting=[owner, colleague])
        _, remover, removed = chat.participants

        remove_participant(chat, owner, Removal(colleague.path, THANKS))

        assert [
            said(1, remover, THANKS),
            noticed(2, remover, colleague),
            left(3, removed),
        ] == chat.messages

    def test_after_the_customer_has_gone_the_other_agents_read_it(self, owner, colleague):
        chat = make_chat(customer=None, chatting=[owner, colleague])
        remover = chat.seat_of(owner).participant

        remove_participant(chat, owner, Removal(colleague.path, THANKS))

        assert said(1, remover, THANKS) == chat.messages[0]


@pytest.mark.decided
@pytest.mark.parametrize(
    ("path", "message"),
    [
        pytest.param("/users/nobody", r"^target: there is no agent at '/users/nobody'$", id="unknown"),
        pytest.param(
            "/users/id-of-owner",
            r"^target: owner is not another agent of this conference$",
            id="the agent itself",
        ),
        pytest.param(
            "/users/id-of-expert",
            r"^target: expert is not another agent of this conference$",
            id="only invited",
        ),
        pytest.param(
            "/users/id-of-stranger",
            r"^target: stranger is not another agent of this conference$",
            id="elsewhere",
        ),
    ],
)
class TestWhoCannotBeRemoved:
    """Whoever is not another agent of the conference."""

    @pytest.fixture
    def stranger(self):
        return make_agent("stranger")

    @pytest.fixture
    def chat(self, owner, colleague, expert, stranger):
        return make_chat(chatting=[owner, colleague], invited=[expert], elsewhere=[stranger])

    def test_it_is_not_found(self, path, message, chat, owner):
        with pytest.raises(TargetNotFound, match=message):
            remove_participant(chat, owner, Removal(path))

    def test_nothing_has_changed(self, path, message, chat, owner, colleague, expert, stranger):
        before = state_of(chat, owner, colleague, expert, stranger)

        with pytest.raises(TargetNotFound, match=message):
            remove_participant(chat, owner, Removal(path, THANKS))

        assert before == state_of(chat, owner, colleague, expert, stranger)


class TestWhoMayNotRemove:
    """Situations in which it is not a capability."""

    @pytest.mark.documented
    def test_a_consultant_removes_nobody(self, owner, expert):
        chat = make_chat(chatting=[owner], consulting=[expert])

        with pytest.raises(
            OperationNotAllowed, match=r"^operationName: RemoveParticipantFromConference is not allowed"
        ):
            remove_participant(chat, expert, Removal(owner.path))

    @pytest.mark.decided
    def test_where_nobody_else_is_nobody_is_removed(self, owner, colleague):
        chat = make_chat(chatting=[owner], invited=[colleague])

        with pytest.raises(OperationNotAllowed, match=r"while the chat is Chatting, allowed: "):
            remove_participant(chat, owner, Removal(colleague.path))

    @pytest.mark.decided
    def test_whoever_has_left_removes_nobody(self, owner):
        chat = make_chat(chatting=[owner])
        leave(chat, owner, None)

        with pytest.raises(OperationNotAllowed, match=r"while the chat is LeftChat, allowed: "):
            remove_participant(chat, owner, Removal(owner.path))

    @pytest.mark.decided
    def test_nothing_has_changed_after_the_refusal(self, owner, expert):
        chat = make_chat(chatting=[owner], consulting=[expert])
        before = state_of(chat, owner, expert)

        with pytest.raises(OperationNotAllowed):
            remove_participant(chat, expert, Removal(owner.path, THANKS))

        assert before == state_of(chat, owner, expert)
