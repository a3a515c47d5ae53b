"""Transfer of a chat or of its after-call work to another agent."""

import pytest

from gws_chat.domain.capabilities import State
from gws_chat.domain.chat import Target
from gws_chat.domain.errors import OperationNotAllowed, TargetNotFound
from gws_chat.domain.events import MessagesAdded, ParticipantsChanged, StatusChanged
from gws_chat.domain.invitation import accept, reject
from gws_chat.domain.leave import leave
from gws_chat.domain.participation import Participation
from gws_chat.domain.transcript import Participant, Text, Visibility
from gws_chat.domain.transfer import TransferRequest, transfer
from tests.builders import (
    CHAT_ID,
    CHATTING,
    LEFT_CHAT,
    expect_error,
    invited_event,
    left_message,
    make_center,
    make_chat,
    text_message,
)

pytestmark = pytest.mark.assumed

GOODBYE = Text("My colleague goes on.")


def to(agent, farewell=None):
    return TransferRequest(Target(path=agent.path), farewell)


def test_transfer_alone_invites_the_target(first_agent, colleague, expert, stranger):
    chat = make_chat(chatting=[first_agent], invited=[expert], invited_to_consult=[stranger], queue_agents=[colleague])
    customer, leaver = chat.participants
    farewell = text_message(1, leaver, GOODBYE)

    events = transfer(chat, first_agent, to(colleague, GOODBYE))

    assert [
        MessagesAdded(first_agent, CHAT_ID, (farewell,)),
        StatusChanged(first_agent, CHAT_ID, State.COMPLETED),
        StatusChanged(expert, CHAT_ID, State.REVOKED),
        StatusChanged(stranger, CHAT_ID, State.REVOKED),
        invited_event(colleague),
    ] == events
    assert (customer, (customer,)) == (chat.customer, chat.participants)
    assert [farewell, left_message(2, leaver)] == chat.messages
    assert [[], [], [], [chat]] == [chat.center.chats_of(agent) for agent in (first_agent, expert, stranger, colleague)]
    participation = chat.participation_of(colleague)
    assert Participation(colleague, participation.participant_id, "colleague", State.INVITED) == participation
    assert 1 == first_agent.operations_accepted


def test_target_accepts_and_chats_with_the_customer(first_agent, colleague):
    chat = make_chat(chatting=[first_agent], queue_agents=[colleague])
    transfer(chat, first_agent, to(colleague))

    events = accept(chat, colleague, None)

    assert StatusChanged(colleague, CHAT_ID, State.CHATTING, CHATTING, 1, participants=(), user_data={}) == events[0]


def test_transfer_conference_continues_for_the_others(first_agent, colleague, expert, stranger):
    chat = make_chat(chatting=[first_agent, colleague], invited=[stranger], queue_agents=[expert])
    customer, leaver, remaining = chat.participants
    farewell = text_message(1, leaver, GOODBYE)

    events = transfer(chat, first_agent, to(expert, GOODBYE))

    assert [
        MessagesAdded(first_agent, CHAT_ID, (farewell,)),
        MessagesAdded(colleague, CHAT_ID, (farewell,)),
        StatusChanged(first_agent, CHAT_ID, State.COMPLETED),
        ParticipantsChanged(colleague, CHAT_ID, State.CHATTING, CHATTING, (customer, remaining)),
        MessagesAdded(colleague, CHAT_ID, (left_message(2, leaver),)),
        invited_event(expert),
    ] == events
    assert ([chat], [chat]) == (chat.center.chats_of(stranger), chat.center.chats_of(expert))


def test_transfer_promotes_a_consultant_who_stays(first_agent, colleague, expert):
    chat = make_chat(chatting=[first_agent], consulting=[expert], queue_agents=[colleague])
    customer, leaver, consultant = chat.participants
    promoted = Participant(consultant.id, "expert", expert, Visibility.ALL)

    events = transfer(chat, first_agent, to(colleague))

    assert [
        StatusChanged(first_agent, CHAT_ID, State.COMPLETED),
        ParticipantsChanged(expert, CHAT_ID, State.CHATTING, CHATTING, (customer, promoted)),
        MessagesAdded(expert, CHAT_ID, (left_message(1, leaver),)),
        invited_event(colleague),
    ] == events


def test_transfer_after_leave_invites_the_target(first_agent, colleague):
    chat = make_chat(chatting=[first_agent], queue_agents=[colleague])
    leave(chat, first_agent, None)
    transcript = list(chat.messages)

    events = transfer(chat, first_agent, to(colleague))

    assert [StatusChanged(first_agent, CHAT_ID, State.COMPLETED), invited_event(colleague)] == events
    assert [[], [chat]] == [chat.center.chats_of(each) for each in (first_agent, colleague)]
    assert transcript == chat.messages


@pytest.fixture(params=["after Leave", "customer gone"])
def chat_without_customer(request, first_agent, colleague):
    if request.param == "customer gone":
        return make_chat(customer=None, chatting=[first_agent], queue_agents=[colleague])
    chat = make_chat(chatting=[first_agent], queue_agents=[colleague])
    leave(chat, first_agent, None)
    return chat


def test_target_accepts_after_call_work_only(chat_without_customer, first_agent, colleague):
    chat_without_customer.user_data = {"tier": "gold"}
    transfer(chat_without_customer, first_agent, to(colleague))

    events = accept(chat_without_customer, colleague, None)

    assert [StatusChanged(colleague, CHAT_ID, State.LEFT_CHAT, LEFT_CHAT, 1)] == events
    assert {"tier": "gold"} == chat_without_customer.user_data


def test_last_words_without_a_reader_are_rejected(chat_without_customer, first_agent, colleague):
    with expect_error(
        chat_without_customer,
        first_agent,
        colleague,
        match=r"^text: must be omitted, because nobody is left in the chat to read it",
    ):
        transfer(chat_without_customer, first_agent, to(colleague, GOODBYE))


@pytest.fixture
def chat(first_agent, colleague):
    center = make_center(available=[first_agent], queue_agents=[colleague])
    return make_chat(center=center, chatting=[first_agent])


@pytest.fixture
def waiting(chat, first_agent):
    """A waiting chat that the first_agent has rejected."""
    waiting = make_chat(chat_id="1", center=chat.center, invited=[first_agent])
    reject(waiting, first_agent)
    return waiting


@pytest.mark.parametrize("after_leave", [False, True], ids=["chatting", "after Leave"])
def test_transferring_agent_is_invited_to_waiting_chat(after_leave, chat, waiting, first_agent, colleague):
    if after_leave:
        leave(chat, first_agent, None)

    events = transfer(chat, first_agent, to(colleague))

    assert [
        StatusChanged(first_agent, CHAT_ID, State.COMPLETED),
        invited_event(first_agent, waiting.id),
        invited_event(colleague),
    ] == events


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize(
    ("target", "error"),
    [
        pytest.param(Target(path="/users/nobody"), TargetNotFound, id="unknown agent"),
        pytest.param(Target(queue="sales"), TargetNotFound, id="unknown queue"),
        pytest.param(Target(path="/users/id-of-first_agent"), OperationNotAllowed, id="the agent itself"),
        pytest.param(Target(path="/users/id-of-colleague"), OperationNotAllowed, id="already invited"),
        pytest.param(Target(queue="support"), OperationNotAllowed, id="no free agent in the queue"),
    ],
)
def test_invalid_target_is_rejected(target, error, chat, first_agent, colleague):
    chat.add_agent(colleague, State.INVITED)

    with expect_error(chat, first_agent, colleague, match=r"^(target|queueName): ", error=error):
        transfer(chat, first_agent, TransferRequest(target, GOODBYE))


def test_rejected_transfer_may_return_to_its_sender(chat, first_agent, colleague):
    transfer(chat, first_agent, to(colleague))

    events = reject(chat, colleague)

    assert invited_event(first_agent) == events[-1]
