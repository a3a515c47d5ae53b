"""Complete in each situation, with last words and with a queue."""

import pytest

from gws_chat.domain.capabilities import State
from gws_chat.domain.complete import complete
from gws_chat.domain.errors import TargetNotFound
from gws_chat.domain.events import MessagesAdded, StatusChanged
from gws_chat.domain.leave import leave
from gws_chat.domain.transcript import MessageText
from tests.builders import CHAT_ID, expect_error, invited_event, left_message, make_chat, text_message

GOODBYE = MessageText("Goodbye!")


@pytest.mark.documented
@pytest.mark.assumed("emulator.invitations")
def test_complete_alone_ends_the_customer_session(first_agent, colleague, expert):
    chat = make_chat(chatting=[first_agent], invited=[colleague], invited_to_consult=[expert])
    leaver = chat.participation_of(first_agent).participant
    farewell = text_message(1, leaver, GOODBYE)

    events = complete(chat, first_agent, GOODBYE)

    assert [
        MessagesAdded(first_agent, CHAT_ID, (farewell,)),
        StatusChanged(first_agent, CHAT_ID, State.COMPLETED),
        StatusChanged(colleague, CHAT_ID, State.REVOKED),
        StatusChanged(expert, CHAT_ID, State.REVOKED),
    ] == events
    assert (None, [farewell, left_message(2, leaver)]) == (chat.customer, chat.messages)
    assert [[], [], []] == [chat.center.chats_of(each) for each in (first_agent, colleague, expert)]
    assert 1 == first_agent.last_reference_id


@pytest.mark.documented
@pytest.mark.assumed("emulator.routing")
def test_complete_after_leave_finishes_the_after_call_work(chat, waiting, first_agent):
    leave(chat, first_agent, None)
    transcript = list(chat.messages)

    events = complete(chat, first_agent)

    assert [StatusChanged(first_agent, CHAT_ID, State.COMPLETED), invited_event(first_agent, waiting.id)] == events
    assert ([waiting], transcript) == (chat.center.chats_of(first_agent), chat.messages)


@pytest.mark.assumed("complete.queue.invited")
def test_complete_into_a_queue_invites_nobody(chat, first_agent):
    events = complete(chat, first_agent, queue="support")

    assert [StatusChanged(first_agent, CHAT_ID, State.COMPLETED)] == events


@pytest.mark.documented
def test_completing_agent_is_invited_to_waiting_chat(chat, waiting, first_agent, colleague):
    chat.add_agent(colleague, State.INVITED)

    events = complete(chat, first_agent)

    assert [
        StatusChanged(first_agent, CHAT_ID, State.COMPLETED),
        StatusChanged(colleague, CHAT_ID, State.REVOKED),
        invited_event(first_agent, waiting.id),
    ] == events
    assert {} == chat.center.waiting_chats


@pytest.mark.assumed("errors.unknown-queue")
@pytest.mark.usefixtures("waiting")
def test_unknown_queue_is_not_found(chat, first_agent, colleague):
    chat.add_agent(colleague, State.INVITED)

    match = r"^queueName: must be the name of a queue, got 'sales'$"
    with expect_error(chat, first_agent, colleague, match=match, error=TargetNotFound):
        complete(chat, first_agent, GOODBYE, "sales")
