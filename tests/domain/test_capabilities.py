"""The capabilities of each situation, and the situation of each agent in a chat."""

import pytest

from gws_chat.domain.capabilities import (
    CUSTOMER_CAPABILITIES,
    DEFAULT_CAPABILITIES,
    Capability,
    CustomerState,
    Situation,
)
from gws_chat.domain.leave import leave
from tests.builders import expect_error, make_agent, make_chat
from tests.documents import CHATTING, CHATTING_AS_CONSULTANT, CHATTING_WITH_AGENTS, LEFT_CHAT

SESSION_OPEN = ["SendMessage", "SendStartTypingNotification", "SendStopTypingNotification", "Complete"]


@pytest.mark.documented
@pytest.mark.assumed
def test_capabilities_of_agents():
    assert {
        Situation.INVITED: ["Accept", "Reject"],
        Situation.CHATTING: CHATTING,
        Situation.CHATTING_WITH_AGENTS: CHATTING_WITH_AGENTS,
        Situation.CHATTING_AS_CONSULTANT: CHATTING_AS_CONSULTANT,
        Situation.LEFT_CHAT: LEFT_CHAT,
    } == {situation: list(names) for situation, names in DEFAULT_CAPABILITIES.items()}
    assert list(Situation) == list(DEFAULT_CAPABILITIES)


@pytest.mark.documented
@pytest.mark.assumed
def test_capabilities_of_customers():
    assert {
        CustomerState.WAITING_FOR_AGENT: SESSION_OPEN,
        CustomerState.CHATTING: SESSION_OPEN,
        CustomerState.IDLE: [],
    } == {state: list(names) for state, names in CUSTOMER_CAPABILITIES.items()}
    assert list(CustomerState) == list(CUSTOMER_CAPABILITIES)


@pytest.mark.parametrize(
    ("agents", "situations"),
    [
        pytest.param({"chatting": 1}, [Situation.CHATTING], id="alone"),
        pytest.param({"chatting": 2}, [Situation.CHATTING_WITH_AGENTS] * 2, id="conference"),
        pytest.param(
            {"chatting": 1, "consulting": 1},
            [Situation.CHATTING_WITH_AGENTS, Situation.CHATTING_AS_CONSULTANT],
            id="consultation",
        ),
        pytest.param(
            {"chatting": 2, "consulting": 1},
            [*[Situation.CHATTING_WITH_AGENTS] * 2, Situation.CHATTING_AS_CONSULTANT],
            id="conference and consultant",
        ),
        pytest.param({"chatting": 1, "invited": 1}, [Situation.CHATTING, Situation.INVITED], id="pending Invite"),
        pytest.param(
            {"chatting": 1, "invited_to_consult": 1}, [Situation.CHATTING, Situation.INVITED], id="pending Consult"
        ),
    ],
)
def test_situation_depends_on_the_other_agents(agents, situations):
    chat = make_chat(**{role: [make_agent(f"{role}-{n}") for n in range(k)] for role, k in agents.items()})

    assert situations == [chat.situation_of(participation.agent) for participation in chat.participations.values()]


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
