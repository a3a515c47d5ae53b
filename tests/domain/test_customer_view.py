"""The chat as its customer sees it: consultants are invisible and the numbering has no gaps."""

import pytest

from gws_chat.domain.capabilities import CUSTOMER_CAPABILITIES, CustomerState
from gws_chat.domain.chat import Target
from gws_chat.domain.complete import complete
from gws_chat.domain.conversation import (
    send_custom_notice,
    send_message,
    send_to_agents,
    start_typing,
    start_typing_to_agents,
    stop_typing,
)
from gws_chat.domain.customer import complete as customer_completes
from gws_chat.domain.customer import customer_capabilities, customer_participants, customer_state, request_chat
from gws_chat.domain.customer import send_message as customer_writes
from gws_chat.domain.invitation import accept, consult, invite, reject
from gws_chat.domain.leave import leave
from gws_chat.domain.remove import remove_participant
from gws_chat.domain.transcript import MessageText, MessageType, Visibility
from gws_chat.domain.transfer import transfer
from tests.builders import make_center

HELLO = MessageText("Hello")
GOODBYE = MessageText("Goodbye!")
JOINED, LEFT, TEXT = MessageType.PARTICIPANT_JOINED, MessageType.PARTICIPANT_LEFT, MessageType.TEXT
START = [(1, JOINED, "Ann", "1"), (2, JOINED, "first_agent", "2")]


@pytest.fixture
def chat(first_agent, colleague, expert):
    """A chat that Ann has requested and the first_agent has accepted."""
    center = make_center(available=[first_agent], queue_agents=[colleague, expert])
    chat, _, _ = request_chat(center, "Ann")
    accept(chat, first_agent, None)
    return chat


def join(operation, chat, agent, other):
    operation(chat, agent, Target(path=other.path))
    accept(chat, other, None)


def transcript(chat):
    """The customer's messages as index, type, and the sender's nickname and number."""
    return [
        (each.index, each.type, each.sender.nickname, chat.customer_transcript.assign_number(each.sender))
        for each in chat.customer_transcript.messages
    ]


def participants(chat):
    return [(each.nickname, chat.customer_transcript.assign_number(each)) for each in customer_participants(chat)]


@pytest.mark.documented
@pytest.mark.assumed("complete.conference.customer")
@pytest.mark.parametrize("operation", [invite, consult])
def test_state_depends_on_chatting_agents(operation, chat, first_agent, colleague):
    states = [customer_state(chat)]
    join(operation, chat, first_agent, colleague)
    leave(chat, first_agent, None)
    states.append(customer_state(chat))
    transfer(chat, colleague, Target(path=first_agent.path))
    states.append(customer_state(chat))
    accept(chat, first_agent, None)
    leave(chat, first_agent, None)
    states.append(customer_state(chat))

    assert [
        CustomerState.CHATTING,
        CustomerState.CHATTING,
        CustomerState.WAITING_FOR_AGENT,
        CustomerState.IDLE,
    ] == states
    assert CUSTOMER_CAPABILITIES[CustomerState.IDLE] == customer_capabilities(chat)


@pytest.mark.documented
@pytest.mark.assumed("customer.waiting.participants")
def test_consultants_and_invited_agents_are_absent(chat, first_agent, colleague, expert):
    join(consult, chat, first_agent, expert)
    invite(chat, first_agent, Target(path=colleague.path))
    before = participants(chat)

    accept(chat, colleague, "Bob")

    assert [("Ann", "1"), ("first_agent", "2")] == before
    assert [*before, ("Bob", "3")] == participants(chat)


@pytest.mark.assumed("emulator.participant-numbers")
def test_participant_numbers_are_not_reused(chat, first_agent, colleague, expert):
    join(invite, chat, first_agent, colleague)
    leave(chat, colleague, None)

    join(invite, chat, first_agent, expert)

    assert [("Ann", "1"), ("first_agent", "2"), ("expert", "4")] == participants(chat)


@pytest.mark.assumed("customer.ended.participants")
def test_ended_session_has_no_participants(chat, first_agent, colleague):
    join(invite, chat, first_agent, colleague)

    customer_completes(chat)

    assert [] == participants(chat)


@pytest.mark.documented
@pytest.mark.assumed("customer.transcript")
def test_customer_sees_messages_and_typing(chat, first_agent):
    send_message(chat, first_agent, HELLO)
    start_typing(chat, first_agent)
    stop_typing(chat, first_agent)
    customer_writes(chat, HELLO)

    assert [
        *START,
        (3, TEXT, "first_agent", "2"),
        (4, MessageType.TYPING_STARTED, "first_agent", "2"),
        (5, MessageType.TYPING_STOPPED, "first_agent", "2"),
        (6, TEXT, "Ann", "1"),
    ] == transcript(chat)


@pytest.mark.documented
def test_rejected_invitation_is_invisible(chat, first_agent, colleague):
    invite(chat, first_agent, Target(path=colleague.path))

    reject(chat, colleague)

    assert START == transcript(chat)


@pytest.mark.documented
@pytest.mark.assumed("consult.transcript")
@pytest.mark.parametrize(
    "end",
    [
        pytest.param(lambda chat, _, expert: leave(chat, expert, GOODBYE), id="Leave with text"),
        pytest.param(lambda chat, agent, expert: remove_participant(chat, agent, expert.path), id="removal"),
    ],
)
def test_consultation_is_invisible_and_leaves_no_gap(end, chat, first_agent, expert):
    join(consult, chat, first_agent, expert)
    send_to_agents(chat, first_agent, HELLO)
    send_custom_notice(chat, expert, HELLO)
    start_typing_to_agents(chat, expert)
    end(chat, first_agent, expert)

    send_message(chat, first_agent, HELLO)

    assert [*START, (3, TEXT, "first_agent", "2")] == transcript(chat)
    assert 9 == chat.messages[-1].index


@pytest.mark.documented
def test_removal_shows_text_and_departure(chat, first_agent, colleague):
    join(invite, chat, first_agent, colleague)

    remove_participant(chat, first_agent, colleague.path, GOODBYE)

    added = [(3, JOINED, "colleague", "3"), (4, TEXT, "first_agent", "2"), (5, LEFT, "colleague", "3")]
    assert [*START, *added] == transcript(chat)


@pytest.mark.assumed("leave.owner.transcript", "leave.owner.customer")
def test_promoted_consultant_joins_after_the_departure(chat, first_agent, colleague, expert):
    join(consult, chat, first_agent, expert)
    join(consult, chat, first_agent, colleague)

    leave(chat, first_agent, None)

    assert [*START, (3, LEFT, "first_agent", "2"), (4, JOINED, "expert", "3")] == transcript(chat)
    assert chat.participation_of(expert).participant == chat.customer_transcript.messages[3].sender
    assert [("Ann", "1"), ("expert", "3")] == participants(chat)
    # The agents already know the consultant: their transcript does not repeat the arrival.
    assert [(JOINED, Visibility.AGENTS), (JOINED, Visibility.AGENTS), (LEFT, Visibility.ALL)] == [
        (message.type, message.visibility) for message in chat.messages[2:]
    ]


@pytest.mark.assumed("emulator.several-consultants")
def test_consultant_stays_invisible_beside_an_agent(chat, first_agent, colleague, expert):
    join(invite, chat, first_agent, colleague)
    join(consult, chat, first_agent, expert)

    leave(chat, first_agent, None)

    assert [*START, (3, JOINED, "colleague", "3"), (4, LEFT, "first_agent", "2")] == transcript(chat)


@pytest.mark.documented
@pytest.mark.parametrize(
    "end",
    [
        pytest.param(lambda chat, agent: leave(chat, agent, GOODBYE), id="Leave"),
        pytest.param(lambda chat, agent: complete(chat, agent, GOODBYE), id="Complete"),
    ],
)
def test_customer_sees_last_words_and_departure(end, chat, first_agent):
    end(chat, first_agent)

    assert [*START, (3, TEXT, "first_agent", "2"), (4, LEFT, "first_agent", "2")] == transcript(chat)
    assert GOODBYE == chat.customer_transcript.messages[2].text


@pytest.mark.assumed("emulator.agents-after-the-customer")
@pytest.mark.parametrize("operation", [invite, consult])
def test_customer_sees_nothing_after_the_session(operation, chat, first_agent, colleague):
    join(operation, chat, first_agent, colleague)
    customer_completes(chat)
    before = transcript(chat)

    send_message(chat, first_agent, HELLO)
    leave(chat, first_agent, GOODBYE)
    leave(chat, colleague, None)

    assert before == transcript(chat)


@pytest.mark.assumed("customer.index")
@pytest.mark.parametrize(
    ("index", "indexes"), [(0, [1, 2, 3]), (1, [1, 2, 3]), (2, [2, 3]), (3, [3]), (4, []), (10**18, [])]
)
def test_since_returns_messages_from_the_index(index, indexes, chat):
    customer_writes(chat, HELLO)

    assert indexes == [message.index for message in chat.customer_transcript.since(index)]
