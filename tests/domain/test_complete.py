"""Complete in each situation, with last words and with a queue."""

import pytest

from handlers.domain.capabilities import State
from handlers.domain.chat import Participant, Text, Visibility
from handlers.domain.complete import Completion, complete
from handlers.domain.customer import ChatRequest, request_chat
from handlers.domain.errors import TargetNotFound
from handlers.domain.events import MessagesWritten, ParticipantsChanged, StatusChanged
from handlers.domain.invitation import reject
from handlers.domain.leave import leave
from tests.builders import (
    CHAT_ID,
    CHATTING,
    INVITED,
    expect_error,
    left,
    make_center,
    make_chat,
    text_message,
)

GOODBYE = Text("Goodbye!")
SILENTLY = Completion()


@pytest.mark.documented
@pytest.mark.decided
def test_complete_alone_ends_the_customer_session(owner, colleague, expert):
    chat = make_chat(chatting=[owner], invited=[colleague], invited_to_consult=[expert])
    leaver = chat.seat_of(owner).participant
    last_words = text_message(1, leaver, GOODBYE)

    events = complete(chat, owner, Completion(GOODBYE))

    assert [
        MessagesWritten(owner, CHAT_ID, (last_words,)),
        StatusChanged(owner, CHAT_ID, State.COMPLETED),
        StatusChanged(colleague, CHAT_ID, State.REVOKED),
        StatusChanged(expert, CHAT_ID, State.REVOKED),
    ] == events
    assert (None, [last_words, left(2, leaver)]) == (chat.customer, chat.messages)
    assert ({}, {}, {}) == (owner.chats, colleague.chats, expert.chats)
    assert 1 == owner.operations_accepted


@pytest.mark.decided
def test_complete_conference_continues_for_the_others(owner, colleague, expert):
    chat = make_chat(chatting=[owner, colleague], invited=[expert])
    customer, leaver, remaining = chat.participants
    last_words = text_message(1, leaver, GOODBYE)

    events = complete(chat, owner, Completion(GOODBYE))

    assert [
        MessagesWritten(owner, CHAT_ID, (last_words,)),
        MessagesWritten(colleague, CHAT_ID, (last_words,)),
        StatusChanged(owner, CHAT_ID, State.COMPLETED),
        MessagesWritten(colleague, CHAT_ID, (left(2, leaver),)),
        ParticipantsChanged(colleague, CHAT_ID, State.CHATTING, CHATTING, (customer, remaining)),
    ] == events
    assert customer is chat.customer
    assert ({}, {CHAT_ID: chat}, {CHAT_ID: chat}) == (owner.chats, colleague.chats, expert.chats)


@pytest.mark.decided
def test_complete_to_a_consultant_promotes_the_consultant(owner, expert):
    chat = make_chat(chatting=[owner], consulting=[expert])
    customer, _, consultant = chat.participants

    complete(chat, owner, SILENTLY)

    assert (customer, Participant(consultant.id, "expert", expert, Visibility.ALL)) == chat.participants


@pytest.mark.documented
@pytest.mark.decided
def test_complete_after_leave_finishes_the_after_work(owner):
    chat = make_chat(chatting=[owner])
    leave(chat, owner, None)
    transcript = list(chat.messages)

    events = complete(chat, owner, SILENTLY)

    assert [StatusChanged(owner, CHAT_ID, State.COMPLETED)] == events
    assert ({}, transcript) == (owner.chats, chat.messages)


@pytest.mark.decided
@pytest.mark.parametrize("after_leave", [True, False], ids=["after Leave", "customer gone"])
def test_last_words_without_a_reader_are_rejected(after_leave, owner):
    chat = make_chat(customer="Ann" if after_leave else None, chatting=[owner])
    if after_leave:
        leave(chat, owner, None)

    with expect_error(chat, owner, match=r"^text: nobody is left in the chat to read it"):
        complete(chat, owner, Completion(GOODBYE))


@pytest.mark.decided
def test_complete_into_a_queue_invites_nobody(owner, colleague):
    chat = make_chat(chatting=[owner], elsewhere=[colleague])

    events = complete(chat, owner, Completion(queue="support"))

    assert [StatusChanged(owner, CHAT_ID, State.COMPLETED)] == events


@pytest.mark.decided
@pytest.mark.parametrize("role", ["consulting", "invited", "invited_to_consult"])
def test_complete_is_rejected_for_other_roles(role, owner, expert):
    chat = make_chat(chatting=[owner], **{role: [expert]})

    with expect_error(chat, owner, expert, match=r"^operationName: Complete is not allowed"):
        complete(chat, expert, SILENTLY)


@pytest.fixture
def center(owner):
    return make_center(line=[owner])


@pytest.fixture
def chat(center, owner):
    return make_chat(center=center, chatting=[owner])


@pytest.fixture
def waiting(center, owner):
    """A waiting chat that the owner has rejected."""
    view, _ = request_chat(center, ChatRequest("Ben"))
    reject(view.chat, owner)
    return view.chat


@pytest.mark.documented
def test_completing_agent_is_invited_to_waiting_chat(center, chat, waiting, owner, colleague):
    chat.take_seat(colleague, State.INVITED)

    events = complete(chat, owner, SILENTLY)

    assert [
        StatusChanged(owner, CHAT_ID, State.COMPLETED),
        StatusChanged(colleague, CHAT_ID, State.REVOKED),
        StatusChanged(owner, waiting.id, State.INVITED, INVITED),
    ] == events
    assert {} == center.waiting


@pytest.mark.documented
def test_finished_after_work_frees_the_agent(chat, waiting, owner):
    leave(chat, owner, None)

    events = complete(chat, owner, SILENTLY)

    assert [
        StatusChanged(owner, CHAT_ID, State.COMPLETED),
        StatusChanged(owner, waiting.id, State.INVITED, INVITED),
    ] == events


@pytest.mark.decided
@pytest.mark.usefixtures("waiting")
def test_unknown_queue_is_not_found(chat, owner, colleague):
    chat.take_seat(colleague, State.INVITED)

    with expect_error(
        chat, owner, colleague, match=r"^queueName: there is no queue 'sales'$", error=TargetNotFound
    ):
        complete(chat, owner, Completion(GOODBYE, "sales"))
