"""Complete in each situation, with last words and with a queue."""

import pytest

from gws_chat.domain.capabilities import State
from gws_chat.domain.complete import Completion, complete
from gws_chat.domain.customer import ChatRequest, request_chat
from gws_chat.domain.errors import TargetNotFound
from gws_chat.domain.events import MessagesAdded, ParticipantsChanged, StatusChanged
from gws_chat.domain.invitation import reject
from gws_chat.domain.leave import leave
from gws_chat.domain.transcript import Participant, Text, Visibility
from tests.builders import (
    CHAT_ID,
    CHATTING,
    expect_error,
    invited_event,
    left_message,
    make_center,
    make_chat,
    text_message,
)

GOODBYE = Text("Goodbye!")
SILENTLY = Completion()


@pytest.mark.documented
@pytest.mark.assumed
def test_complete_alone_ends_the_customer_session(first_agent, colleague, expert):
    chat = make_chat(chatting=[first_agent], invited=[colleague], invited_to_consult=[expert])
    leaver = chat.participation_of(first_agent).participant
    farewell = text_message(1, leaver, GOODBYE)

    events = complete(chat, first_agent, Completion(GOODBYE))

    assert [
        MessagesAdded(first_agent, CHAT_ID, (farewell,)),
        StatusChanged(first_agent, CHAT_ID, State.COMPLETED),
        StatusChanged(colleague, CHAT_ID, State.REVOKED),
        StatusChanged(expert, CHAT_ID, State.REVOKED),
    ] == events
    assert (None, [farewell, left_message(2, leaver)]) == (chat.customer, chat.messages)
    assert [[], [], []] == [chat.center.chats_of(each) for each in (first_agent, colleague, expert)]
    assert 1 == first_agent.operations_accepted


@pytest.mark.assumed
def test_complete_conference_continues_for_the_others(first_agent, colleague, expert):
    chat = make_chat(chatting=[first_agent, colleague], invited=[expert])
    customer, leaver, remaining = chat.participants
    farewell = text_message(1, leaver, GOODBYE)

    events = complete(chat, first_agent, Completion(GOODBYE))

    assert [
        MessagesAdded(first_agent, CHAT_ID, (farewell,)),
        MessagesAdded(colleague, CHAT_ID, (farewell,)),
        StatusChanged(first_agent, CHAT_ID, State.COMPLETED),
        ParticipantsChanged(colleague, CHAT_ID, State.CHATTING, CHATTING, (customer, remaining)),
        MessagesAdded(colleague, CHAT_ID, (left_message(2, leaver),)),
    ] == events
    assert customer is chat.customer
    assert [[], [chat], [chat]] == [chat.center.chats_of(each) for each in (first_agent, colleague, expert)]


@pytest.mark.assumed
def test_complete_to_a_consultant_promotes_the_consultant(first_agent, expert):
    chat = make_chat(chatting=[first_agent], consulting=[expert])
    customer, _, consultant = chat.participants

    complete(chat, first_agent, SILENTLY)

    assert (customer, Participant(consultant.id, "expert", expert, Visibility.ALL)) == chat.participants


@pytest.mark.documented
@pytest.mark.assumed
def test_complete_after_leave_finishes_the_after_call_work(first_agent):
    chat = make_chat(chatting=[first_agent])
    leave(chat, first_agent, None)
    transcript = list(chat.messages)

    events = complete(chat, first_agent, SILENTLY)

    assert [StatusChanged(first_agent, CHAT_ID, State.COMPLETED)] == events
    assert ([], transcript) == (chat.center.chats_of(first_agent), chat.messages)


@pytest.mark.assumed
@pytest.mark.parametrize("after_leave", [True, False], ids=["after Leave", "customer gone"])
def test_last_words_without_a_reader_are_rejected(after_leave, first_agent):
    chat = make_chat(customer="Ann" if after_leave else None, chatting=[first_agent])
    if after_leave:
        leave(chat, first_agent, None)

    with expect_error(chat, first_agent, match=r"^text: must be omitted, because nobody is left in the chat to read"):
        complete(chat, first_agent, Completion(GOODBYE))


@pytest.mark.assumed
def test_complete_into_a_queue_invites_nobody(first_agent, colleague):
    chat = make_chat(chatting=[first_agent], queue_agents=[colleague])

    events = complete(chat, first_agent, Completion(queue="support"))

    assert [StatusChanged(first_agent, CHAT_ID, State.COMPLETED)] == events


@pytest.fixture
def center(first_agent):
    return make_center(available=[first_agent])


@pytest.fixture
def chat(center, first_agent):
    return make_chat(center=center, chatting=[first_agent])


@pytest.fixture
def waiting(center, first_agent):
    """A waiting chat that the first_agent has rejected."""
    chat, _ = request_chat(center, ChatRequest("Ben"))
    reject(chat, first_agent)
    return chat


@pytest.mark.documented
def test_completing_agent_is_invited_to_waiting_chat(center, chat, waiting, first_agent, colleague):
    chat.add_agent(colleague, State.INVITED)

    events = complete(chat, first_agent, SILENTLY)

    assert [
        StatusChanged(first_agent, CHAT_ID, State.COMPLETED),
        StatusChanged(colleague, CHAT_ID, State.REVOKED),
        invited_event(first_agent, waiting.id),
    ] == events
    assert {} == center.waiting_chats


@pytest.mark.documented
def test_finished_after_call_work_frees_the_agent(chat, waiting, first_agent):
    leave(chat, first_agent, None)

    events = complete(chat, first_agent, SILENTLY)

    assert [StatusChanged(first_agent, CHAT_ID, State.COMPLETED), invited_event(first_agent, waiting.id)] == events


@pytest.mark.assumed
@pytest.mark.usefixtures("waiting")
def test_unknown_queue_is_not_found(chat, first_agent, colleague):
    chat.add_agent(colleague, State.INVITED)

    match = r"^queueName: must be the name of a queue, got 'sales'$"
    with expect_error(chat, first_agent, colleague, match=match, error=TargetNotFound):
        complete(chat, first_agent, Completion(GOODBYE, "sales"))
