"""Leave in each situation, with and without a farewell."""

import pytest

from gws_chat.domain.capabilities import State
from gws_chat.domain.errors import OperationNotAllowed
from gws_chat.domain.events import MessagesAdded, ParticipantsChanged, StatusChanged
from gws_chat.domain.leave import leave
from gws_chat.domain.transcript import MessageText, Participant, TreatAs, Visibility
from tests.builders import (
    CHAT_ID,
    CHATTING_AS_CONSULTANT_CAPABILITIES,
    CHATTING_CAPABILITIES,
    CHATTING_WITH_AGENTS_CAPABILITIES,
    LEFT_CHAT_CAPABILITIES,
    left_message,
    make_chat,
    state_of,
    text_message,
)

GOODBYE = MessageText("Moved to mail.", "Handover", TreatAs.SYSTEM)


@pytest.mark.documented
def test_leave_alone_ends_the_customer_session(first_agent):
    chat = make_chat(chatting=[first_agent])
    chat.user_data = {"tier": "gold"}
    leaver = chat.participation_of(first_agent).participant

    events = leave(chat, first_agent, None)

    assert [StatusChanged(first_agent, CHAT_ID, State.LEFT_CHAT, LEFT_CHAT_CAPABILITIES, 1)] == events
    assert chat.customer is None
    assert () == chat.participants
    assert [left_message(1, leaver)] == chat.messages
    assert {"tier": "gold"} == chat.user_data
    assert State.LEFT_CHAT is chat.participation_of(first_agent).state
    assert [chat] == chat.center.chats_of(first_agent)


@pytest.mark.documented
def test_conference_continues_after_an_agent_leaves(first_agent, colleague, expert):
    chat = make_chat(chatting=[first_agent, colleague, expert])
    customer, first, leaver, third = chat.participants
    remaining = (customer, first, third)
    farewell, departure = text_message(1, leaver, GOODBYE), left_message(2, leaver)

    events = leave(chat, colleague, GOODBYE)

    assert [
        *(MessagesAdded(agent, CHAT_ID, (farewell,)) for agent in (first_agent, colleague, expert)),
        StatusChanged(colleague, CHAT_ID, State.COMPLETED),
        ParticipantsChanged(first_agent, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS_CAPABILITIES, remaining),
        MessagesAdded(first_agent, CHAT_ID, (departure,)),
        ParticipantsChanged(expert, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS_CAPABILITIES, remaining),
        MessagesAdded(expert, CHAT_ID, (departure,)),
    ] == events
    assert remaining == chat.participants
    assert [farewell, departure] == chat.messages
    assert [[chat], [], [chat]] == [chat.center.chats_of(each) for each in (first_agent, colleague, expert)]


@pytest.mark.assumed("leave.last.state")
@pytest.mark.parametrize("as_consultant", [False, True], ids=["conference", "consultation"])
def test_leave_of_the_last_agent_ends_the_session(as_consultant, first_agent, colleague):
    chat = make_chat(chatting=[first_agent])
    chat.add_agent(colleague, State.CHATTING, as_consultant=as_consultant)
    leave(chat, colleague, None)

    events = leave(chat, first_agent, None)

    assert [StatusChanged(first_agent, CHAT_ID, State.LEFT_CHAT, LEFT_CHAT_CAPABILITIES, 1)] == events
    assert chat.customer is None


@pytest.mark.documented
def test_consultant_leaves_unnoticed_by_the_customer(first_agent, expert):
    chat = make_chat(chatting=[first_agent], consulting=[expert], customer_access=True)
    customer, remaining, leaver = chat.participants
    farewell = text_message(1, leaver, GOODBYE, Visibility.AGENTS)
    departure = left_message(2, leaver, Visibility.AGENTS)

    events = leave(chat, expert, GOODBYE)

    assert [
        MessagesAdded(first_agent, CHAT_ID, (farewell,)),
        MessagesAdded(expert, CHAT_ID, (farewell,)),
        StatusChanged(expert, CHAT_ID, State.COMPLETED),
        ParticipantsChanged(first_agent, CHAT_ID, State.CHATTING, CHATTING_CAPABILITIES, (customer, remaining)),
        MessagesAdded(first_agent, CHAT_ID, (departure,)),
    ] == events
    assert (customer, remaining) == chat.participants
    assert [farewell, departure] == chat.messages
    assert [] == chat.customer_transcript.messages
    assert [[chat], []] == [chat.center.chats_of(each) for each in (first_agent, expert)]


@pytest.mark.assumed("leave.owner.update.participants")
def test_only_the_longest_present_consultant_is_promoted(first_agent, colleague, expert):
    chat = make_chat(chatting=[first_agent], consulting=[expert, colleague])
    customer, _, first, second = chat.participants

    events = leave(chat, first_agent, None)

    assert (customer, Participant(first.id, "expert", expert, Visibility.ALL), second) == chat.participants
    assert [(expert, CHATTING_WITH_AGENTS_CAPABILITIES), (colleague, CHATTING_AS_CONSULTANT_CAPABILITIES)] == [
        (event.agent, event.capabilities) for event in events if isinstance(event, ParticipantsChanged)
    ]


@pytest.mark.assumed("leave.open-invitation.others", "leave.revoked.state")
@pytest.mark.parametrize("role", ["invited", "invited_to_consult"])
def test_leave_alone_revokes_pending_invitations(role, first_agent, colleague, expert):
    chat = make_chat(chatting=[first_agent], **{role: [colleague, expert]})
    leaver = chat.participation_of(first_agent).participant
    farewell = text_message(1, leaver, GOODBYE)

    events = leave(chat, first_agent, GOODBYE)

    assert [
        MessagesAdded(first_agent, CHAT_ID, (farewell,)),
        StatusChanged(first_agent, CHAT_ID, State.LEFT_CHAT, LEFT_CHAT_CAPABILITIES, 1),
        StatusChanged(colleague, CHAT_ID, State.REVOKED),
        StatusChanged(expert, CHAT_ID, State.REVOKED),
    ] == events
    assert [[chat], [], []] == [chat.center.chats_of(each) for each in (first_agent, colleague, expert)]
    assert chat.customer is None
    assert [farewell, left_message(2, leaver)] == chat.messages


@pytest.mark.assumed("leave.without-customer.state")
def test_leave_without_a_customer_keeps_after_call_work(first_agent):
    chat = make_chat(customer=None, chatting=[first_agent])

    events = leave(chat, first_agent, None)

    assert [StatusChanged(first_agent, CHAT_ID, State.LEFT_CHAT, LEFT_CHAT_CAPABILITIES, 1)] == events


@pytest.mark.assumed("leave.again.response", "leave.again.notifications", "leave.again.state", "leave.again.members")
def test_repeated_leave_only_repeats_the_notification(first_agent):
    chat = make_chat(chatting=[first_agent])
    leave(chat, first_agent, None)
    before = state_of(chat)

    events = leave(chat, first_agent, None)

    assert [StatusChanged(first_agent, CHAT_ID, State.LEFT_CHAT, LEFT_CHAT_CAPABILITIES, 2)] == events
    assert before == state_of(chat)


@pytest.mark.assumed("notifications.reference-id")
def test_reference_id_counts_accepted_operations_per_agent(first_agent, colleague):
    without_reader = make_chat(chat_id="1", customer=None, chatting=[first_agent])
    with pytest.raises(OperationNotAllowed):
        leave(without_reader, first_agent, GOODBYE)
    leave(make_chat(chat_id="2", chatting=[colleague]), colleague, None)
    leave(make_chat(chat_id="3", chatting=[first_agent, colleague]), first_agent, None)

    (event,) = leave(make_chat(chat_id="4", chatting=[first_agent]), first_agent, None)

    assert 2 == event.reference_id
