"""The chat as its customer sees it: consultants are invisible and the numbering has no gaps."""

import pytest

from handlers.domain.capabilities import CUSTOMER_CAPABILITIES, Capability, CustomerState
from handlers.domain.chat import MessageType, Text, Visibility
from handlers.domain.complete import Completion, complete
from handlers.domain.contact_center import Target
from handlers.domain.conversation import send_custom_notice, send_message, send_to_agents, typing_notification
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
START = [(1, JOINED, "Ann", "1"), (2, JOINED, "owner", "2")]


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


def transcript(view):
    """The customer's messages as index, type, and the sender's nickname and number."""
    return [
        (each.index, each.type, each.sender.nickname, view.participant_id(each.sender))
        for each in view.messages
    ]


def participants(view):
    return [(each.nickname, view.participant_id(each)) for each in view.participants]


@pytest.mark.documented
@pytest.mark.decided
@pytest.mark.parametrize("ask", [invite, consult])
def test_state_depends_on_chatting_agents(ask, view, chat, owner, colleague):
    states = [view.state]
    join(ask, chat, owner, colleague)
    leave(chat, owner, None)
    states.append(view.state)
    transfer(chat, colleague, Handover(Target(path=owner.path)))
    states.append(view.state)
    accept(chat, owner, None)
    leave(chat, owner, None)
    states.append(view.state)

    assert [
        CustomerState.CHATTING,
        CustomerState.CHATTING,
        CustomerState.WAITING_FOR_AGENT,
        CustomerState.IDLE,
    ] == states
    assert CUSTOMER_CAPABILITIES[CustomerState.IDLE] == view.capabilities


@pytest.mark.documented
def test_agents_appear_after_accepting(view, chat, owner, colleague):
    invite(chat, owner, Target(path=colleague.path))
    before = participants(view)

    accept(chat, colleague, "Bob")

    assert [("Ann", "1"), ("owner", "2")] == before
    assert [*before, ("Bob", "3")] == participants(view)


@pytest.mark.documented
@pytest.mark.decided
def test_consultants_are_absent_and_take_no_number(view, chat, owner, colleague, expert):
    join(consult, chat, owner, expert)
    before = participants(view)

    join(invite, chat, owner, colleague)

    assert [("Ann", "1"), ("owner", "2")] == before
    assert [*before, ("colleague", "3")] == participants(view)


@pytest.mark.decided
def test_participant_numbers_are_not_reused(view, chat, owner, colleague, expert):
    join(invite, chat, owner, colleague)
    leave(chat, colleague, None)

    join(invite, chat, owner, expert)

    assert [("Ann", "1"), ("owner", "2"), ("expert", "4")] == participants(view)


@pytest.mark.decided
def test_ended_session_has_no_participants(view, chat, owner, colleague):
    join(invite, chat, owner, colleague)

    customer_completes(view)

    assert [] == participants(view)


@pytest.mark.documented
@pytest.mark.decided
def test_customer_sees_messages_and_typing(view, chat, owner):
    send_message(chat, owner, HELLO)
    typing_notification(Capability.SEND_START_TYPING_NOTIFICATION)(chat, owner, None)
    typing_notification(Capability.SEND_STOP_TYPING_NOTIFICATION)(chat, owner, None)
    customer_writes(view, HELLO)

    assert [
        *START,
        (3, TEXT, "owner", "2"),
        (4, MessageType.TYPING_STARTED, "owner", "2"),
        (5, MessageType.TYPING_STOPPED, "owner", "2"),
        (6, TEXT, "Ann", "1"),
    ] == transcript(view)


@pytest.mark.documented
def test_rejected_invitation_is_invisible(view, chat, owner, colleague):
    invite(chat, owner, Target(path=colleague.path))

    reject(chat, colleague)

    assert START == transcript(view)


@pytest.mark.documented
@pytest.mark.decided
@pytest.mark.parametrize(
    "end",
    [
        pytest.param(lambda chat, _, expert: leave(chat, expert, GOODBYE), id="Leave with text"),
        pytest.param(
            lambda chat, owner, expert: remove_participant(chat, owner, Removal(expert.path)), id="removal"
        ),
    ],
)
def test_consultation_is_invisible_and_leaves_no_gap(end, view, chat, owner, expert):
    join(consult, chat, owner, expert)
    send_to_agents(chat, owner, HELLO)
    send_custom_notice(chat, expert, HELLO)
    typing_notification(Capability.SEND_START_TYPING_TO_AGENTS_NOTIFICATION)(chat, expert, None)
    end(chat, owner, expert)

    send_message(chat, owner, HELLO)

    assert [*START, (3, TEXT, "owner", "2")] == transcript(view)
    assert 9 == chat.messages[-1].index


@pytest.mark.documented
def test_removal_shows_text_and_departure(view, chat, owner, colleague):
    join(invite, chat, owner, colleague)

    remove_participant(chat, owner, Removal(colleague.path, GOODBYE))

    assert [
        *START,
        (3, JOINED, "colleague", "3"),
        (4, TEXT, "owner", "2"),
        (5, LEFT, "colleague", "3"),
    ] == transcript(view)


@pytest.mark.decided
def test_promoted_consultant_joins_after_the_departure(view, chat, owner, colleague, expert):
    join(consult, chat, owner, expert)
    join(consult, chat, owner, colleague)

    leave(chat, owner, None)

    assert [*START, (3, LEFT, "owner", "2"), (4, JOINED, "expert", "3")] == transcript(view)
    assert chat.seat_of(expert).participant == view.messages[3].sender
    assert [("Ann", "1"), ("expert", "3")] == participants(view)
    # The agents already know the consultant: their transcript does not repeat the arrival.
    assert [(JOINED, Visibility.AGENTS), (JOINED, Visibility.AGENTS), (LEFT, Visibility.ALL)] == [
        (message.type, message.visibility) for message in chat.messages[2:]
    ]


@pytest.mark.decided
def test_consultant_stays_invisible_beside_an_agent(view, chat, owner, colleague, expert):
    join(invite, chat, owner, colleague)
    join(consult, chat, owner, expert)

    leave(chat, owner, None)

    assert [*START, (3, JOINED, "colleague", "3"), (4, LEFT, "owner", "2")] == transcript(view)


@pytest.mark.documented
@pytest.mark.parametrize(
    "end",
    [
        pytest.param(lambda chat, agent: leave(chat, agent, GOODBYE), id="Leave"),
        pytest.param(lambda chat, agent: complete(chat, agent, Completion(GOODBYE)), id="Complete"),
    ],
)
def test_customer_sees_last_words_and_departure(end, view, chat, owner):
    end(chat, owner)

    assert [*START, (3, TEXT, "owner", "2"), (4, LEFT, "owner", "2")] == transcript(view)
    assert GOODBYE == view.messages[2].text


@pytest.mark.decided
@pytest.mark.parametrize("ask", [invite, consult])
def test_customer_sees_nothing_after_the_session(ask, view, chat, owner, colleague):
    join(ask, chat, owner, colleague)
    customer_completes(view)
    before = transcript(view)

    send_message(chat, owner, HELLO)
    leave(chat, owner, GOODBYE)
    leave(chat, colleague, None)

    assert before == transcript(view)


@pytest.mark.decided
@pytest.mark.parametrize(
    ("index", "indexes"), [(0, [1, 2, 3]), (1, [1, 2, 3]), (2, [2, 3]), (3, [3]), (4, []), (10**18, [])]
)
def test_since_returns_messages_from_the_index(index, indexes, view):
    customer_writes(view, HELLO)

    assert indexes == [message.index for message in view.since(index)]
