"""The design's table, and which of its rows a chat is in."""

import pytest

from handlers.domain.capabilities import (
    CUSTOMER_CAPABILITIES,
    DEFAULT_CAPABILITIES,
    Capability,
    CustomerState,
    Situation,
    State,
)
from handlers.domain.errors import OperationNotAllowed
from handlers.domain.leave import leave
from tests.builders import make_chat

CHATTING = (
    "Transfer, Leave, Invite, Consult, SetInFocus, SetDisposition, AttachUserData, DeleteUserData,"
    " UpdateUserData, Complete, SendMessage, SendStartTypingNotification, SendStopTypingNotification"
)
AMONG_AGENTS = (
    "SendToAgents, SendStartTypingToAgentsNotification, SendStopTypingToAgentsNotification,"
    " SendCustomNoticeToAgents"
)


@pytest.mark.parametrize(
    ("situation", "capabilities"),
    [
        pytest.param(Situation.INVITED, "Accept, Reject", id="Invited"),
        pytest.param(Situation.CHATTING, CHATTING, id="Chatting, one agent"),
        pytest.param(
            Situation.CHATTING_WITH_AGENTS,
            f"{CHATTING}, {AMONG_AGENTS}, RemoveParticipantFromConference",
            id="Chatting, more agents",
        ),
        pytest.param(
            Situation.CHATTING_AS_CONSULTANT,
            f"Leave, SetInFocus, {AMONG_AGENTS}",
            id="Chatting, as a consultant",
        ),
        pytest.param(
            Situation.LEFT_CHAT,
            "Transfer, Complete, Leave, InFocus",
            id="LeftChat",
            marks=pytest.mark.documented,
        ),
    ],
)
def test_a_situation_has_the_capabilities_of_its_row_in_their_order(situation, capabilities):
    assert capabilities == ", ".join(DEFAULT_CAPABILITIES[situation])


def test_every_situation_has_a_row():
    assert list(Situation) == list(DEFAULT_CAPABILITIES)


@pytest.mark.parametrize("state", [State.COMPLETED, State.REVOKED])
def test_a_chat_that_is_over_is_in_no_situation(state):
    assert state not in list(Situation)


def test_an_agent_who_is_the_only_one_chats_alone(owner):
    chat = make_chat(chatting=[owner])

    assert Situation.CHATTING == chat.situation_of(owner)


def test_agents_of_a_conference_chat_with_agents(owner, colleague):
    chat = make_chat(chatting=[owner, colleague])

    assert [Situation.CHATTING_WITH_AGENTS] * 2 == [chat.situation_of(each) for each in (owner, colleague)]


def test_an_owner_with_a_consultant_chats_with_agents(owner, expert):
    chat = make_chat(chatting=[owner], consulting=[expert])

    assert Situation.CHATTING_WITH_AGENTS == chat.situation_of(owner)


def test_a_consultant_is_one_whoever_else_is_there(owner, colleague, expert):
    chat = make_chat(chatting=[owner, colleague], consulting=[expert])

    assert Situation.CHATTING_AS_CONSULTANT == chat.situation_of(expert)


def test_an_unanswered_invitation_makes_no_conference(owner, colleague):
    chat = make_chat(chatting=[owner], invited=[colleague])

    assert [Situation.CHATTING, Situation.INVITED] == [chat.situation_of(each) for each in (owner, colleague)]


def test_whoever_is_invited_to_consult_is_invited(owner, expert):
    chat = make_chat(chatting=[owner], invited_to_consult=[expert])

    assert Situation.INVITED == chat.situation_of(expert)


def test_an_agent_chats_alone_again_when_the_other_has_left(owner, colleague):
    chat = make_chat(chatting=[owner, colleague])

    leave(chat, colleague, None)

    assert Situation.CHATTING == chat.situation_of(owner)


def test_a_consultant_who_was_promoted_chats_alone(owner, expert):
    chat = make_chat(chatting=[owner], consulting=[expert])

    leave(chat, owner, None)

    assert Situation.CHATTING == chat.situation_of(expert)


def test_the_last_agent_who_left_has_left_the_chat(owner):
    chat = make_chat(chatting=[owner])

    leave(chat, owner, None)

    assert Situation.LEFT_CHAT == chat.situation_of(owner)


def test_the_going_of_the_customer_changes_no_situation(owner):
    chat = make_chat(customer=None, chatting=[owner])

    assert Situation.CHATTING == chat.situation_of(owner)


def test_a_chat_tells_the_capabilities_of_its_own_table(owner):
    chat = make_chat(chatting=[owner], table={Situation.CHATTING: (Capability.TRANSFER, Capability.COMPLETE)})

    assert (Capability.TRANSFER, Capability.COMPLETE) == chat.capabilities_of(owner)


def test_an_operation_that_the_table_lacks_is_refused_with_what_it_has(owner):
    chat = make_chat(chatting=[owner], table={Situation.CHATTING: (Capability.TRANSFER, Capability.COMPLETE)})

    with pytest.raises(
        OperationNotAllowed,
        match=r"is not allowed while the chat is Chatting, allowed: Transfer, Complete$",
    ):
        leave(chat, owner, None)


def test_an_operation_is_refused_where_the_table_permits_nothing(owner):
    chat = make_chat(chatting=[owner], table={Situation.CHATTING: ()})

    with pytest.raises(
        OperationNotAllowed,
        match=r"is not allowed while the chat is Chatting, allowed: nothing$",
    ):
        leave(chat, owner, None)


WHILE_OPEN = "SendMessage, SendStartTypingNotification, SendStopTypingNotification, Complete"


@pytest.mark.parametrize(
    ("state", "capabilities"),
    [
        pytest.param(CustomerState.WAITING_FOR_AGENT, WHILE_OPEN, marks=pytest.mark.documented),
        pytest.param(CustomerState.CHATTING, WHILE_OPEN, marks=pytest.mark.documented),
        pytest.param(CustomerState.IDLE, "", marks=pytest.mark.decided),
    ],
)
def test_a_state_of_the_customers_has_the_capabilities_of_its_row_in_their_order(state, capabilities):
    assert capabilities == ", ".join(CUSTOMER_CAPABILITIES[state])


def test_every_state_of_the_customers_has_a_row():
    assert list(CustomerState) == list(CUSTOMER_CAPABILITIES)
