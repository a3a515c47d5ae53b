"""Invite, Consult and Accept. Reject and the other ends of an invitation are tested in test_routing."""

import pytest

from gws_chat.domain.capabilities import State
from gws_chat.domain.chat import Target
from gws_chat.domain.events import MessagesAdded, ParticipantsChanged, StatusChanged
from gws_chat.domain.invitation import accept, consult, invite
from gws_chat.domain.leave import leave
from gws_chat.domain.participation import Participation, SentInvitation
from gws_chat.domain.transcript import MessageText, MessageType, Participant, Visibility
from tests.builders import (
    CHAT_ID,
    CHATTING_AS_CONSULTANT_CAPABILITIES,
    CHATTING_CAPABILITIES,
    CHATTING_WITH_AGENTS_CAPABILITIES,
    LEFT_CHAT_CAPABILITIES,
    expect_error,
    invited_event,
    joined_message,
    make_chat,
)

pytestmark = pytest.mark.assumed(
    "invite.notifications", "invite.update.reference", "errors.target-in-chat", "consult.notifications"
)


def at(agent):
    return Target(path=agent.path)


@pytest.mark.documented
@pytest.mark.parametrize(("operation", "as_consultant"), [(invite, False), (consult, True)])
def test_only_the_invited_agent_is_notified(operation, as_consultant, first_agent, colleague, expert):
    chat = make_chat(chatting=[first_agent, expert], queue_agents=[colleague])
    participants = chat.participants

    events = operation(chat, first_agent, at(colleague))

    assert [invited_event(colleague)] == events
    assert ([chat], participants, []) == (chat.center.chats_of(colleague), chat.participants, chat.messages)
    assert (1, 0) == (first_agent.last_reference_id, colleague.last_reference_id)
    participation, invitation = chat.participation_of(colleague), SentInvitation(first_agent, 1)
    assert (
        Participation(colleague, participation.participant_id, "colleague", State.INVITED, as_consultant, invitation)
        == participation
    )


@pytest.mark.parametrize("operation", [invite, consult])
def test_target_must_not_be_in_the_chat(operation, first_agent, colleague):
    chat = make_chat(chatting=[first_agent], invited=[colleague])

    match = r"^target: no agent can join: colleague is already in the chat$"
    with expect_error(chat, first_agent, colleague, match=match):
        operation(chat, first_agent, at(colleague))


@pytest.mark.documented
def test_accept_with_a_nickname_starts_a_conference(first_agent, colleague, expert, stranger):
    chat = make_chat(chatting=[first_agent, expert], invited=[stranger], queue_agents=[colleague])
    chat.user_data = {"tier": "gold"}
    customer, host, other = chat.participants
    invite(chat, first_agent, at(colleague))
    newcomer = Participant(chat.participation_of(colleague).participant_id, "Bob", colleague, Visibility.ALL)
    everybody = (customer, host, other, newcomer)
    history = (
        chat.add_message(MessageType.TEXT, host, Visibility.ALL, MessageText("Hello")),
        chat.add_message(MessageType.TEXT, host, Visibility.AGENTS, MessageText("Mind the tone")),
    )
    arrival = joined_message(3, newcomer)

    events = accept(chat, colleague, "Bob")

    # The reference ID of the invitation is for the inviter only.
    assert [
        StatusChanged(
            colleague,
            CHAT_ID,
            State.CHATTING,
            CHATTING_WITH_AGENTS_CAPABILITIES,
            1,
            participants=(),
            user_data={"tier": "gold"},
        ),
        ParticipantsChanged(colleague, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS_CAPABILITIES, everybody),
        MessagesAdded(colleague, CHAT_ID, (*history, arrival)),
        ParticipantsChanged(first_agent, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS_CAPABILITIES, everybody, 1),
        MessagesAdded(first_agent, CHAT_ID, (arrival,)),
        ParticipantsChanged(expert, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS_CAPABILITIES, everybody),
        MessagesAdded(expert, CHAT_ID, (arrival,)),
    ] == events
    assert (everybody, [*history, arrival]) == (chat.participants, chat.messages)


@pytest.mark.documented
def test_accept_starts_a_consultation(first_agent, expert):
    chat = make_chat(chatting=[first_agent], queue_agents=[expert])
    customer, host = chat.participants
    consult(chat, first_agent, at(expert))
    consultant = Participant(chat.participation_of(expert).participant_id, "expert", expert, Visibility.AGENTS)
    everybody = (customer, host, consultant)
    arrival = joined_message(1, consultant, Visibility.AGENTS)

    events = accept(chat, expert, None)

    assert [
        StatusChanged(
            expert, CHAT_ID, State.CHATTING, CHATTING_AS_CONSULTANT_CAPABILITIES, 1, participants=(), user_data={}
        ),
        ParticipantsChanged(expert, CHAT_ID, State.CHATTING, CHATTING_AS_CONSULTANT_CAPABILITIES, everybody),
        MessagesAdded(expert, CHAT_ID, (arrival,)),
        ParticipantsChanged(first_agent, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS_CAPABILITIES, everybody, 1),
        MessagesAdded(first_agent, CHAT_ID, (arrival,)),
    ] == events
    assert (everybody, [arrival]) == (chat.participants, chat.messages)


def test_accept_without_other_agents(colleague):
    chat = make_chat(invited=[colleague])

    events = accept(chat, colleague, None)

    everybody = chat.participants
    assert [
        StatusChanged(colleague, CHAT_ID, State.CHATTING, CHATTING_CAPABILITIES, 1, participants=(), user_data={}),
        ParticipantsChanged(colleague, CHAT_ID, State.CHATTING, CHATTING_CAPABILITIES, everybody),
        MessagesAdded(colleague, CHAT_ID, (joined_message(1, everybody[1]),)),
    ] == events


def test_history_is_a_copy(first_agent, colleague):
    chat = make_chat(chatting=[first_agent], invited=[colleague])
    events = accept(chat, colleague, None)

    chat.add_message(
        MessageType.TEXT, chat.participation_of(first_agent).participant, Visibility.ALL, MessageText("Hello")
    )

    assert 1 == len(events[2].messages)


def test_each_invitation_has_its_reference_id(first_agent, colleague, expert):
    chat = make_chat(chatting=[first_agent], queue_agents=[colleague, expert])
    invite(chat, first_agent, at(colleague))
    invite(chat, first_agent, at(expert))

    events = accept(chat, expert, None) + accept(chat, colleague, None)

    assert [2, 1] == [
        event.reference_id for event in events if isinstance(event, ParticipantsChanged) and event.agent is first_agent
    ]


def test_accept_does_not_notify_an_inviter_who_left(first_agent, colleague, expert):
    chat = make_chat(chatting=[first_agent, expert], queue_agents=[colleague])
    invite(chat, first_agent, at(colleague))
    leave(chat, first_agent, None)

    events = accept(chat, colleague, None)

    assert [*[colleague] * 3, *[expert] * 2] == [event.agent for event in events]


def test_agents_invite_and_accept_without_a_customer(first_agent, colleague):
    chat = make_chat(customer=None, chatting=[first_agent], queue_agents=[colleague])
    invite(chat, first_agent, at(colleague))
    host, newcomer = chat.participation_of(first_agent).participant, chat.participation_of(colleague).participant

    accept(chat, colleague, None)

    assert (host, newcomer) == chat.participants


def test_accept_of_an_ended_chat_is_after_call_work(colleague):
    chat = make_chat(customer=None, invited=[colleague])

    events = accept(chat, colleague, None)

    assert [StatusChanged(colleague, CHAT_ID, State.LEFT_CHAT, LEFT_CHAT_CAPABILITIES, 1)] == events
    assert ((), [], [chat]) == (chat.participants, chat.messages, chat.center.chats_of(colleague))
