"""What the customer sees of a chat: never a consultant, never a hole, nothing after the end."""

import pytest

from handlers.domain.capabilities import CUSTOMER_CAPABILITIES, Capability, CustomerState
from handlers.domain.chat import MessageType, Text, Visibility
from handlers.domain.complete import Completion, complete
from handlers.domain.contact_center import Target
from handlers.domain.conversation import (
    send_custom_notice,
    send_message,
    send_to_agents,
    typing_notification,
)
from handlers.domain.customer import ChatRequest, request_chat
from handlers.domain.customer import complete as customer_completes
from handlers.domain.customer import send_message as customer_writes
from handlers.domain.invitation import accept, consult, invite, reject
from handlers.domain.leave import leave
from handlers.domain.remove import Removal, remove_participant
from handlers.domain.transfer import Handover, transfer
from tests.builders import make_center

HELLO = Text("Hello")
GOODBYE = Text("Goodbye!")
JOINED, LEFT, TEXT = MessageType.PARTICIPANT_JOINED, MessageType.PARTICIPANT_LEFT, MessageType.TEXT


@pytest.fixture
def view(owner, colleague, expert):
    """A chat that Ann has requested and the owner has accepted."""
    center = make_center(line=[owner], elsewhere=[colleague, expert])
    view, _ = request_chat(center, ChatRequest("Ann"))
    accept(view.chat, owner, None)
    return view


@pytest.fixture
def chat(view):
    return view.chat


def join(ask, chat, agent, other):
    ask(chat, agent, Target(path=other.path))
    accept(chat, other, None)


def seen(view):
    """The customer's transcript, each line by its index, its type, and the sender's name and number."""
    return [
        (each.index, each.type, each.sender.nickname, view.participant_id(each.sender))
        for each in view.messages
    ]


def there(view):
    return [(each.nickname, view.participant_id(each)) for each in view.participants]


UNTIL_NOW = [(1, JOINED, "Ann", "1"), (2, JOINED, "owner", "2")]


class TestState:
    """WaitingForAgent, Chatting, and over."""

    @pytest.mark.documented
    def test_while_an_agent_is_only_invited_the_customer_waits(self, owner):
        view, _ = request_chat(make_center(line=[owner]), ChatRequest("Ann"))

        assert CustomerState.WAITING_FOR_AGENT == view.state

    @pytest.mark.documented
    def test_with_an_agent_there_the_customer_chats(self, view):
        assert CustomerState.CHATTING == view.state

    @pytest.mark.documented
    def test_after_the_only_agents_leave_it_is_over(self, view, chat, owner):
        leave(chat, owner, None)

        assert CustomerState.IDLE == view.state

    @pytest.mark.documented
    @pytest.mark.parametrize("ask", [invite, consult])
    def test_after_one_of_two_has_left_the_customer_goes_on_chatting(self, ask, view, chat, owner, colleague):
        join(ask, chat, owner, colleague)

        leave(chat, owner, None)

        assert CustomerState.CHATTING == view.state

    @pytest.mark.decided
    def test_after_a_transfer_the_customer_waits_again(self, view, chat, owner, colleague):
        transfer(chat, owner, Handover(Target(path=colleague.path)))

        assert CustomerState.WAITING_FOR_AGENT == view.state

    @pytest.mark.decided
    def test_the_capabilities_are_those_of_the_state(self, view, chat, owner):
        leave(chat, owner, None)

        assert CUSTOMER_CAPABILITIES[CustomerState.IDLE] == view.capabilities


class TestParticipants:
    """Who is there, numbered in the order of appearance."""

    @pytest.mark.documented
    def test_the_customer_is_the_first_and_agents_follow(self, view, chat, owner, colleague):
        join(invite, chat, owner, colleague)

        assert [("Ann", "1"), ("owner", "2"), ("colleague", "3")] == there(view)

    def test_an_agent_is_shown_under_its_nickname(self, view, chat, owner, colleague):
        invite(chat, owner, Target(path=colleague.path))
        accept(chat, colleague, "Bob")

        assert [("Ann", "1"), ("owner", "2"), ("Bob", "3")] == there(view)

    def test_whoever_is_only_invited_is_not_there(self, view, chat, owner, colleague):
        invite(chat, owner, Target(path=colleague.path))

        assert [("Ann", "1"), ("owner", "2")] == there(view)

    @pytest.mark.documented
    def test_a_consultant_is_not_there(self, view, chat, owner, expert):
        join(consult, chat, owner, expert)

        assert [("Ann", "1"), ("owner", "2")] == there(view)

    @pytest.mark.decided
    def test_a_consultant_takes_no_number(self, view, chat, owner, colleague, expert):
        join(consult, chat, owner, expert)

        join(invite, chat, owner, colleague)

        assert [("Ann", "1"), ("owner", "2"), ("colleague", "3")] == there(view)

    @pytest.mark.decided
    def test_the_number_of_whoever_has_gone_is_not_given_again(self, view, chat, owner, colleague, expert):
        join(invite, chat, owner, colleague)
        leave(chat, colleague, None)

        join(invite, chat, owner, expert)

        assert [("Ann", "1"), ("owner", "2"), ("expert", "4")] == there(view)

    @pytest.mark.decided
    def test_a_consultant_who_was_promoted_is_there_under_the_next_number(self, view, chat, owner, expert):
        join(consult, chat, owner, expert)

        leave(chat, owner, None)

        assert [("Ann", "1"), ("expert", "3")] == there(view)

    @pytest.mark.decided
    def test_once_the_session_is_over_nobody_is_there(self, view, chat, owner, colleague):
        join(invite, chat, owner, colleague)

        customer_completes(view)

        assert [] == there(view)


class TestMessages:
    """What is for all, numbered without holes."""

    @pytest.mark.documented
    def test_what_both_sides_write_is_seen_with_who_wrote_it(self, view, chat, owner):
        send_message(chat, owner, HELLO)
        customer_writes(view, HELLO)

        assert [*UNTIL_NOW, (3, TEXT, "owner", "2"), (4, TEXT, "Ann", "1")] == seen(view)

    @pytest.mark.decided
    @pytest.mark.parametrize(
        ("capability", "kind"),
        [
            (Capability.SEND_START_TYPING_NOTIFICATION, MessageType.TYPING_STARTED),
            (Capability.SEND_STOP_TYPING_NOTIFICATION, MessageType.TYPING_STOPPED),
        ],
    )
    def test_an_agents_typing_is_seen(self, capability, kind, view, chat, owner):
        typing_notification(capability)(chat, owner, None)

        assert [*UNTIL_NOW, (3, kind, "owner", "2")] == seen(view)

    @pytest.mark.documented
    def test_a_rejected_invitation_is_not_seen(self, view, chat, owner, colleague):
        invite(chat, owner, Target(path=colleague.path))

        reject(chat, colleague)

        assert UNTIL_NOW == seen(view)

    @pytest.mark.documented
    @pytest.mark.parametrize(
        "go",
        [
            pytest.param(lambda chat, _, expert: leave(chat, expert, GOODBYE), id="leaving with a text"),
            pytest.param(
                lambda chat, owner, expert: remove_participant(chat, owner, Removal(expert.path)),
                id="removed",
            ),
        ],
    )
    def test_of_a_whole_consultation_nothing_is_seen(self, go, view, chat, owner, expert):
        join(consult, chat, owner, expert)
        send_to_agents(chat, owner, HELLO)
        send_custom_notice(chat, expert, HELLO)
        typing_notification(Capability.SEND_START_TYPING_TO_AGENTS_NOTIFICATION)(chat, expert, None)

        go(chat, owner, expert)

        assert UNTIL_NOW == seen(view)

    @pytest.mark.decided
    def test_what_is_for_agents_only_leaves_no_hole(self, view, chat, owner, expert):
        join(consult, chat, owner, expert)
        send_to_agents(chat, expert, HELLO)

        send_message(chat, owner, HELLO)

        assert ([*UNTIL_NOW, (3, TEXT, "owner", "2")], 5) == (seen(view), chat.messages[-1].index)

    @pytest.mark.documented
    def test_of_a_removal_only_the_words_and_the_leaving_are_seen(self, view, chat, owner, colleague):
        join(invite, chat, owner, colleague)

        remove_participant(chat, owner, Removal(colleague.path, GOODBYE))

        assert [
            *UNTIL_NOW,
            (3, JOINED, "colleague", "3"),
            (4, TEXT, "owner", "2"),
            (5, LEFT, "colleague", "3"),
        ] == seen(view)

    @pytest.mark.decided
    def test_a_consultant_who_is_promoted_joins_once_the_owner_has_left(self, view, chat, owner, expert):
        join(consult, chat, owner, expert)

        leave(chat, owner, None)

        assert [*UNTIL_NOW, (3, LEFT, "owner", "2"), (4, JOINED, "expert", "3")] == seen(view)

    @pytest.mark.decided
    def test_the_agents_transcript_has_nothing_of_that_joining(self, chat, owner, expert):
        join(consult, chat, owner, expert)

        leave(chat, owner, None)

        assert [(JOINED, Visibility.AGENTS), (LEFT, Visibility.ALL)] == [
            (message.type, message.visibility) for message in chat.messages[2:]
        ]

    @pytest.mark.decided
    def test_of_two_consultants_the_one_who_is_promoted_joins_only(
        self, view, chat, owner, colleague, expert
    ):
        join(consult, chat, owner, expert)
        join(consult, chat, owner, colleague)

        leave(chat, owner, None)

        assert [*UNTIL_NOW, (3, LEFT, "owner", "2"), (4, JOINED, "expert", "3")] == seen(view)

    @pytest.mark.decided
    def test_nobody_joins_where_a_visible_agent_stays(self, view, chat, owner, colleague, expert):
        join(invite, chat, owner, colleague)
        join(consult, chat, owner, expert)

        leave(chat, owner, None)

        assert [*UNTIL_NOW, (3, JOINED, "colleague", "3"), (4, LEFT, "owner", "2")] == seen(view)

    @pytest.mark.documented
    def test_the_farewell_is_seen_and_then_the_leaving(self, view, chat, owner):
        leave(chat, owner, GOODBYE)

        assert [*UNTIL_NOW, (3, TEXT, "owner", "2"), (4, LEFT, "owner", "2")] == seen(view)

    @pytest.mark.documented
    def test_the_farewell_is_seen_as_it_was_written(self, view, chat, owner):
        leave(chat, owner, GOODBYE)

        assert GOODBYE == view.messages[2].text

    @pytest.mark.documented
    def test_the_last_words_of_a_complete_are_seen_and_then_the_leaving(self, view, chat, owner):
        complete(chat, owner, Completion(GOODBYE))

        assert [*UNTIL_NOW, (3, TEXT, "owner", "2"), (4, LEFT, "owner", "2")] == seen(view)

    @pytest.mark.decided
    @pytest.mark.parametrize("ask", [invite, consult])
    def test_nothing_is_seen_once_the_session_is_over(self, ask, view, chat, owner, colleague):
        join(ask, chat, owner, colleague)
        customer_completes(view)
        before = seen(view)

        send_message(chat, owner, HELLO)
        leave(chat, owner, GOODBYE)
        leave(chat, colleague, None)

        assert before == seen(view)


@pytest.mark.decided
class TestSince:
    """Asking for news."""

    @pytest.mark.parametrize(
        ("index", "indexes"),
        [
            pytest.param(0, [1, 2, 3], id="from nothing"),
            pytest.param(1, [1, 2, 3], id="from the first"),
            pytest.param(2, [2, 3], id="that index included"),
            pytest.param(3, [3], id="from the last"),
            pytest.param(4, [], id="from the next"),
            pytest.param(10**18, [], id="from far beyond"),
        ],
    )
    def test_messages_are_shown_from_an_index_on(self, index, indexes, view):
        customer_writes(view, HELLO)

        assert indexes == [message.index for message in view.since(index)]
