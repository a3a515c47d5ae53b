"""Leave, Complete and Transfer: the steps that all operations share by which an agent leaves a chat."""

import pytest

from gws_chat.domain.capabilities import State
from gws_chat.domain.chat import Target
from gws_chat.domain.complete import complete
from gws_chat.domain.events import MessagesAdded, ParticipantsChanged, StatusChanged
from gws_chat.domain.leave import leave
from gws_chat.domain.participation import Participation
from gws_chat.domain.transcript import MessageText, Participant, Visibility
from gws_chat.domain.transfer import transfer
from tests.builders import (
    CHAT_ID,
    CHATTING_CAPABILITIES,
    expect_error,
    invited_event,
    left_message,
    make_chat,
    text_message,
)

pytestmark = pytest.mark.assumed(
    "leave.conference.others",
    "leave.consultant.others",
    "complete.conference.others",
    "leave.conference.departure",
    "emulator.several-agents",
)

GOODBYE = MessageText("Goodbye!")


def transfer_to_queue(chat, agent, farewell):
    return transfer(chat, agent, Target(queue="support"), farewell)


@pytest.fixture(params=[leave, complete, transfer_to_queue], ids=["Leave", "Complete", "Transfer"])
def depart(request):
    return request.param


@pytest.fixture
def last_events(depart, stranger):
    """The events at the end: Transfer invites an agent of the queue."""
    return [invited_event(stranger)] if depart is transfer_to_queue else []


@pytest.mark.documented
def test_conference_continues_for_the_other_agent(depart, last_events, first_agent, colleague, expert, stranger):
    chat = make_chat(chatting=[first_agent, colleague], invited=[expert], queue_agents=[stranger])
    customer, leaver, remaining = chat.participants
    farewell, departure = text_message(1, leaver, GOODBYE), left_message(2, leaver)
    invitation = Participation(expert, chat.participation_of(expert).participant_id, "expert", State.INVITED)

    events = depart(chat, first_agent, GOODBYE)

    assert [
        MessagesAdded(first_agent, CHAT_ID, (farewell,)),
        MessagesAdded(colleague, CHAT_ID, (farewell,)),
        StatusChanged(first_agent, CHAT_ID, State.COMPLETED),
        ParticipantsChanged(colleague, CHAT_ID, State.CHATTING, CHATTING_CAPABILITIES, (customer, remaining)),
        MessagesAdded(colleague, CHAT_ID, (departure,)),
        *last_events,
    ] == events
    assert (customer, [farewell, departure]) == (chat.customer, chat.messages)
    assert [[], [chat], [chat]] == [chat.center.chats_of(each) for each in (first_agent, colleague, expert)]
    assert invitation == chat.participation_of(expert)


@pytest.mark.documented
def test_consultant_becomes_visible_after_last_visible_agent_leaves(depart, last_events, first_agent, expert, stranger):
    chat = make_chat(chatting=[first_agent], consulting=[expert], queue_agents=[stranger])
    customer, leaver, consultant = chat.participants
    promoted = Participant(consultant.id, "expert", expert, Visibility.ALL)
    farewell = text_message(1, leaver, GOODBYE)

    events = depart(chat, first_agent, GOODBYE)

    assert [
        MessagesAdded(first_agent, CHAT_ID, (farewell,)),
        MessagesAdded(expert, CHAT_ID, (farewell,)),
        StatusChanged(first_agent, CHAT_ID, State.COMPLETED),
        ParticipantsChanged(expert, CHAT_ID, State.CHATTING, CHATTING_CAPABILITIES, (customer, promoted)),
        MessagesAdded(expert, CHAT_ID, (left_message(2, leaver),)),
        *last_events,
    ] == events
    assert (customer, promoted) == chat.participants


def test_agents_read_a_farewell_without_a_customer(depart, first_agent, colleague, stranger):
    chat = make_chat(customer=None, chatting=[first_agent, colleague], queue_agents=[stranger])
    leaver = chat.participation_of(first_agent).participant

    depart(chat, first_agent, GOODBYE)

    assert [text_message(1, leaver, GOODBYE), left_message(2, leaver)] == chat.messages


@pytest.mark.assumed("leave.again.text", "leave.without-customer.text")
@pytest.mark.parametrize("after_leave", [True, False], ids=["after Leave", "customer gone"])
def test_farewell_without_a_reader_is_rejected(depart, after_leave, first_agent, colleague, stranger):
    chat = make_chat(chatting=[first_agent], invited=[colleague], queue_agents=[stranger], customer_access=True)
    if after_leave:
        leave(chat, first_agent, None)
    else:
        chat.end_customer_session()

    match = r"^text: must be omitted, because nobody is left in the chat to read it"
    with expect_error(chat, first_agent, colleague, stranger, match=match):
        depart(chat, first_agent, GOODBYE)
