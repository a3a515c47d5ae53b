"""The capabilities of each situation. test_permissions tries each operation in each situation."""

import pytest

from gws_chat.domain.capabilities import (
    CUSTOMER_CAPABILITIES,
    DEFAULT_CAPABILITIES,
    Capability,
    CustomerState,
    Situation,
)
from gws_chat.domain.leave import leave
from tests.builders import expect_error, make_chat
from tests.documents import (
    CHATTING_AS_CONSULTANT_CAPABILITIES,
    CHATTING_CAPABILITIES,
    CHATTING_WITH_AGENTS_CAPABILITIES,
    LEFT_CHAT_CAPABILITIES,
)

SESSION_OPEN = ["SendMessage", "SendStartTypingNotification", "SendStopTypingNotification", "Complete"]


@pytest.mark.documented
@pytest.mark.assumed("capabilities.Invited", "capabilities.ChattingWithAgents", "capabilities.ChattingAsConsultant")
def test_capabilities_of_agents():
    assert {
        Situation.INVITED: ["Accept", "Reject"],
        Situation.CHATTING: CHATTING_CAPABILITIES,
        Situation.CHATTING_WITH_AGENTS: CHATTING_WITH_AGENTS_CAPABILITIES,
        Situation.CHATTING_AS_CONSULTANT: CHATTING_AS_CONSULTANT_CAPABILITIES,
        Situation.LEFT_CHAT: LEFT_CHAT_CAPABILITIES,
    } == {situation: list(names) for situation, names in DEFAULT_CAPABILITIES.items()}
    assert list(Situation) == list(DEFAULT_CAPABILITIES)


@pytest.mark.documented
@pytest.mark.assumed("customer.ended.capabilities")
def test_capabilities_of_customers():
    assert {
        CustomerState.WAITING_FOR_AGENT: SESSION_OPEN,
        CustomerState.CHATTING: SESSION_OPEN,
        CustomerState.IDLE: [],
    } == {state: list(names) for state, names in CUSTOMER_CAPABILITIES.items()}
    assert list(CustomerState) == list(CUSTOMER_CAPABILITIES)


@pytest.mark.parametrize(
    ("row", "allowed"),
    [((Capability.TRANSFER, Capability.COMPLETE), "Transfer, Complete"), ((), "nothing")],
    ids=["other operations", "no operation"],
)
def test_replaced_table_rejects_unlisted_operations(row, allowed, first_agent):
    chat = make_chat(chatting=[first_agent], capabilities={Situation.CHATTING: row})

    assert row == chat.capabilities_of(first_agent)
    match = rf"^operationName: Leave is not allowed while the chat is Chatting, allowed: {allowed}$"
    with expect_error(chat, first_agent, match=match):
        leave(chat, first_agent, None)
