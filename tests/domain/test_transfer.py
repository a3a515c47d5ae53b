"""Transfer of a chat or of its after-work to another agent."""

import pytest

from handlers.domain.capabilities import State
from handlers.domain.chat import Participant, Seat, Text, Visibility
from handlers.domain.contact_center import Target
from handlers.domain.errors import OperationNotAllowed, TargetNotFound
from handlers.domain.events import MessagesWritten, ParticipantsChanged, StatusChanged
from handlers.domain.invitation import accept, reject
from handlers.domain.leave import leave
from handlers.domain.transfer import Handover, transfer
from tests.builders import (
    CHAT_ID,
    CHATTING,
    INVITED,
    LEFT_CHAT,
    expect_error,
    left,
    make_center,
    make_chat,
    text_message,
)

pytestmark = pytest.mark.decided

GOODBYE = Text("My colleague goes on.")


def to(agent, last_words=None):
    return Handover(Target(path=agent.path), last_words)


def test_transfer_alone_invites_the_target(owner, colleague, expert, stranger):
    chat = make_chat(chatting=[owner], invited=[expert], invited_to_consult=[stranger], elsewhere=[colleague])
    customer, leaver = chat.participants
    last_words = text_message(1, leaver, GOODBYE)

    events = transfer(chat, owner, to(colleague, GOODBYE))

    assert [
        MessagesWritten(owner, CHAT_ID, (last_words,)),
        StatusChanged(owner, CHAT_ID, State.COMPLETED),
        StatusChanged(expert, CHAT_ID, State.REVOKED),
        StatusChanged(stranger, CHAT_ID, State.REVOKED),
        StatusChanged(colleague, CHAT_ID, State.INVITED, INVITED),
    ] == events
    assert (customer, (customer,)) == (chat.customer, chat.participants)
    assert [last_words, left(2, leaver)] == chat.messages
    assert [{}, {}, {}, {CHAT_ID: chat}] == [agent.chats for agent in (owner, expert, stranger, colleague)]
    seat = chat.seat_of(colleague)
    assert Seat(colleague, seat.participant_id, "colleague", State.INVITED) == seat
    assert 1 == owner.operations_accepted


def test_target_accepts_and_chats_with_the_customer(owner, colleague):
    chat = make_chat(chatting=[owner], elsewhere=[colleague])
    transfer(chat, owner, to(colleague))

    events = accept(chat, colleague, None)

    assert StatusChanged(colleague, CHAT_ID, State.CHATTING, CHATTING, 1, participants=()) == events[0]


def test_transfer_conference_continues_for_the_others(owner, colleague, expert, stranger):
    chat = make_chat(chatting=[owner, colleague], invited=[stranger], elsewhere=[expert])
    customer, leaver, remaining = chat.participants
    last_words = text_message(1, leaver, GOODBYE)

    events = transfer(chat, owner, to(expert, GOODBYE))

    assert [
        MessagesWritten(owner, CHAT_ID, (last_words,)),
        MessagesWritten(colleague, CHAT_ID, (last_words,)),
        StatusChanged(owner, CHAT_ID, State.COMPLETED),
        MessagesWritten(colleague, CHAT_ID, (left(2, leaver),)),
        ParticipantsChanged(colleague, CHAT_ID, State.CHATTING, CHATTING, (customer, remaining)),
        StatusChanged(expert, CHAT_ID, State.INVITED, INVITED),
    ] == events
    assert ({CHAT_ID: chat}, {CHAT_ID: chat}) == (stranger.chats, expert.chats)


def test_transfer_promotes_a_consultant_who_stays(owner, colleague, expert):
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


def test_transfer_after_leave_invites_the_target(owner, colleague):
    chat = make_chat(chatting=[owner], elsewhere=[colleague])
    leave(chat, owner, None)
    transcript = list(chat.messages)

    events = transfer(chat, owner, to(colleague))

    assert [
        StatusChanged(owner, CHAT_ID, State.COMPLETED),
        StatusChanged(colleague, CHAT_ID, State.INVITED, INVITED),
    ] == events
    assert ({}, {CHAT_ID: chat}, transcript) == (owner.chats, colleague.chats, chat.messages)


@pytest.fixture(params=["after Leave", "customer gone"])
def chat_without_customer(request, owner, colleague):
    if request.param == "customer gone":
        return make_chat(customer=None, chatting=[owner], elsewhere=[colleague])
    chat = make_chat(chatting=[owner], elsewhere=[colleague])
    leave(chat, owner, None)
    return chat


def test_target_accepts_after_work_only(chat_without_customer, owner, colleague):
    chat_without_customer.user_data = {"tier": "gold"}
    transfer(chat_without_customer, owner, to(colleague))

    events = accept(chat_without_customer, colleague, None)

    assert [StatusChanged(colleague, CHAT_ID, State.LEFT_CHAT, LEFT_CHAT, 1)] == events
    assert {"tier": "gold"} == chat_without_customer.user_data


def test_last_words_without_a_reader_are_rejected(chat_without_customer, owner, colleague):
    with expect_error(
        chat_without_customer, owner, colleague, match=r"^text: nobody is left in the chat to read it"
    ):
        transfer(chat_without_customer, owner, to(colleague, GOODBYE))


@pytest.mark.parametrize("role", ["consulting", "invited", "invited_to_consult"])
def test_transfer_is_rejected_for_other_roles(role, owner, colleague, expert):
    chat = make_chat(chatting=[owner], elsewhere=[colleague], **{role: [expert]})

    with expect_error(chat, owner, colleague, expert, match=r"^operationName: Transfer is not allowed"):
        transfer(chat, expert, to(colleague))


@pytest.fixture
def chat(owner, colleague):
    center = make_center(line=[owner], elsewhere=[colleague])
    return make_chat(center=center, chatting=[owner])


@pytest.fixture
def waiting(chat, owner):
    """A waiting chat that the owner has rejected."""
    waiting = make_chat(chat_id="1", center=chat.center, invited=[owner])
    reject(waiting, owner)
    return waiting


@pytest.mark.parametrize("after_leave", [False, True], ids=["chatting", "after Leave"])
def test_transferring_agent_is_invited_to_waiting_chat(after_leave, chat, waiting, owner, colleague):
    if after_leave:
        leave(chat, owner, None)

    events = transfer(chat, owner, to(colleague))

    assert [
        StatusChanged(owner, CHAT_ID, State.COMPLETED),
        StatusChanged(owner, waiting.id, State.INVITED, INVITED),
        StatusChanged(colleague, CHAT_ID, State.INVITED, INVITED),
    ] == events


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize(
    ("target", "error"),
    [
        pytest.param(Target(path="/users/nobody"), TargetNotFound, id="unknown agent"),
        pytest.param(Target(queue="sales"), TargetNotFound, id="unknown queue"),
        pytest.param(Target(path="/users/id-of-owner"), OperationNotAllowed, id="the agent itself"),
        pytest.param(Target(path="/users/id-of-colleague"), OperationNotAllowed, id="already invited"),
        pytest.param(Target(queue="support"), OperationNotAllowed, id="no free agent in the queue"),
    ],
)
def test_invalid_target_is_rejected(target, error, chat, owner, colleague):
    chat.take_seat(colleague, State.INVITED)

    with expect_error(chat, owner, colleague, match=r"^(target|queueName): ", error=error):
        transfer(chat, owner, Handover(target, GOODBYE))


def test_rejected_transfer_may_return_to_its_sender(chat, owner, colleague):
    transfer(chat, owner, to(colleague))

    events = reject(chat, colleague)

    assert StatusChanged(owner, CHAT_ID, State.INVITED, INVITED) == events[-1]
