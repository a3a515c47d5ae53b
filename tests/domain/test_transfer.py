"""Transfer of a chat or of its after-call work to another agent."""

import pytest

from gws_chat.domain.capabilities import State
from gws_chat.domain.chat import Target
from gws_chat.domain.events import MessagesAdded, StatusChanged
from gws_chat.domain.invitation import accept
from gws_chat.domain.leave import leave
from gws_chat.domain.participation import Participation
from gws_chat.domain.transcript import MessageText
from gws_chat.domain.transfer import transfer
from tests.builders import (
    CHAT_ID,
    CHATTING_CAPABILITIES,
    LEFT_CHAT_CAPABILITIES,
    expect_error,
    invited_event,
    left_message,
    make_chat,
    text_message,
)

pytestmark = pytest.mark.assumed(
    "transfer.notifications",
    "transfer.others",
    "transfer.state",
    "transfer.left.notifications",
    "transfer.left.others",
    "transfer.left.state",
    "transfer.left.accept.notifications",
)

GOODBYE = MessageText("My colleague goes on.")


def to(agent):
    return Target(path=agent.path)


def test_transfer_alone_invites_the_target(first_agent, colleague, expert, stranger):
    chat = make_chat(chatting=[first_agent], invited=[expert], invited_to_consult=[stranger], queue_agents=[colleague])
    customer, leaver = chat.participants
    farewell = text_message(1, leaver, GOODBYE)

    events = transfer(chat, first_agent, to(colleague), GOODBYE)

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
    assert 1 == first_agent.last_reference_id


def test_target_accepts_and_chats_with_the_customer(chat, first_agent, colleague):
    transfer(chat, first_agent, to(colleague))

    events = accept(chat, colleague, None)

    assert (
        StatusChanged(colleague, CHAT_ID, State.CHATTING, CHATTING_CAPABILITIES, 1, participants=(), user_data={})
        == events[0]
    )


def test_transfer_after_leave_invites_both_agents(chat, waiting, first_agent, colleague):
    leave(chat, first_agent, None)
    transcript = list(chat.messages)

    events = transfer(chat, first_agent, to(colleague))

    assert [
        StatusChanged(first_agent, CHAT_ID, State.COMPLETED),
        invited_event(first_agent, waiting.id),
        invited_event(colleague),
    ] == events
    assert [[waiting], [chat]] == [chat.center.chats_of(each) for each in (first_agent, colleague)]
    assert transcript == chat.messages


@pytest.mark.parametrize("after_leave", [True, False], ids=["after Leave", "customer gone"])
def test_target_accepts_after_call_work_only(after_leave, chat, first_agent, colleague):
    chat.user_data = {"tier": "gold"}
    if after_leave:
        leave(chat, first_agent, None)
    else:
        chat.end_customer_session()
    transfer(chat, first_agent, to(colleague))

    events = accept(chat, colleague, None)

    assert [StatusChanged(colleague, CHAT_ID, State.LEFT_CHAT, LEFT_CHAT_CAPABILITIES, 1)] == events
    assert {"tier": "gold"} == chat.user_data


def test_transferring_agent_is_invited_to_waiting_chat(chat, waiting, first_agent, colleague):
    events = transfer(chat, first_agent, to(colleague))

    assert [
        StatusChanged(first_agent, CHAT_ID, State.COMPLETED),
        invited_event(first_agent, waiting.id),
        invited_event(colleague),
    ] == events


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize("target", [Target(path="/users/id-of-first_agent"), Target(queue="support")], ids=str)
def test_target_must_not_be_in_the_chat(target, chat, first_agent, colleague):
    chat.add_agent(colleague, State.INVITED)

    with expect_error(chat, first_agent, colleague, match=r"^(target|queueName): no agent can join: "):
        transfer(chat, first_agent, target, GOODBYE)
