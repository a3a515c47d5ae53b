"""Each operation is rejected in the situations whose row of the table of capabilities does not allow it."""

from functools import partial

import pytest

from gws_chat.domain.capabilities import DEFAULT_CAPABILITIES, UNLISTED_OPERATIONS, Capability, Situation
from gws_chat.domain.chat import Target
from gws_chat.domain.complete import complete
from gws_chat.domain.conversation import (
    send_custom_notice,
    send_message,
    send_to_agents,
    send_url,
    start_typing,
    start_typing_to_agents,
    stop_typing,
    stop_typing_to_agents,
)
from gws_chat.domain.invitation import accept, consult, invite, reject
from gws_chat.domain.leave import leave
from gws_chat.domain.remove import remove_participant
from gws_chat.domain.transcript import MessageText
from gws_chat.domain.transfer import transfer
from gws_chat.domain.user_data import attach_user_data, delete_user_data, set_disposition, update_user_data
from tests.builders import expect_error, make_chat

TEXT = MessageText("Hello")
COLLEAGUE = Target(path="/users/id-of-colleague")
UNKNOWN = Target(path="/users/unknown")
USER_DATA = {"tier": "gold"}
OPERATIONS = {
    "Accept": partial(accept, nickname=None),
    "Reject": reject,
    "Transfer": partial(transfer, target=COLLEAGUE, farewell=TEXT),
    "Complete": partial(complete, farewell=TEXT),
    "Leave": partial(leave, farewell=TEXT),
    "Invite": partial(invite, target=COLLEAGUE),
    "Consult": partial(consult, target=COLLEAGUE),
    "RemoveParticipantFromConference": partial(remove_participant, path=COLLEAGUE.path, farewell=TEXT),
    "SetDisposition": partial(set_disposition, user_data=USER_DATA),
    "AttachUserData": partial(attach_user_data, user_data=USER_DATA),
    "DeleteUserData": partial(delete_user_data, keys=["tier"]),
    "UpdateUserData": partial(update_user_data, user_data=USER_DATA),
    "SendMessage": partial(send_message, text=TEXT),
    "SendUrl": partial(send_url, text=TEXT),
    "SendStartTypingNotification": start_typing,
    "SendStopTypingNotification": stop_typing,
    "SendToAgents": partial(send_to_agents, text=TEXT),
    "SendStartTypingToAgentsNotification": start_typing_to_agents,
    "SendStopTypingToAgentsNotification": stop_typing_to_agents,
    "SendCustomNoticeToAgents": partial(send_custom_notice, text=TEXT),
}
"""By name: the operation of an agent in a chat. InFocus and SetInFocus are tested in test_focus."""


REJECTED = [
    (name, situation)
    for situation, listed in DEFAULT_CAPABILITIES.items()
    for name in OPERATIONS
    if name not in listed and name not in UNLISTED_OPERATIONS.get(situation, frozenset())
]


def chat_in(situation, agent, other):
    """Make a chat that is in this situation for the agent."""
    match situation:
        case Situation.INVITED:
            return make_chat(chatting=[other], invited=[agent])
        case Situation.CHATTING:
            return make_chat(chatting=[agent], invited=[other])
        case Situation.CHATTING_WITH_AGENTS:
            return make_chat(chatting=[agent, other])
        case Situation.CHATTING_AS_CONSULTANT:
            return make_chat(chatting=[other], consulting=[agent])
    chat = make_chat(chatting=[agent], queue_agents=[other])
    leave(chat, agent, None)
    return chat


@pytest.mark.documented
@pytest.mark.assumed(
    "errors.wrong-state-message", "errors.wrong-state-accept", "errors.wrong-state-left", "consult.SendMessage"
)
@pytest.mark.parametrize(("name", "situation"), REJECTED)
def test_operation_outside_its_situations_is_rejected(name, situation, first_agent, colleague):
    chat = chat_in(situation, first_agent, colleague)
    state, allowed = chat.participation_of(first_agent).state, ", ".join(DEFAULT_CAPABILITIES[situation])

    match = rf"^operationName: {name} is not allowed while the chat is {state}, allowed: {allowed}$"
    with expect_error(chat, first_agent, colleague, match=match):
        OPERATIONS[name](chat, first_agent)


@pytest.mark.assumed("emulator.order-of-checks")
@pytest.mark.parametrize(
    ("name", "operation"),
    [
        ("Transfer", partial(transfer, target=UNKNOWN, farewell=None)),
        ("Invite", partial(invite, target=UNKNOWN)),
        ("Consult", partial(consult, target=UNKNOWN)),
        ("RemoveParticipantFromConference", partial(remove_participant, path=UNKNOWN.path, farewell=None)),
        ("Complete", partial(complete, queue="unknown")),
    ],
)
def test_a_wrong_state_precedes_an_unknown_target(name, operation, first_agent, colleague):
    chat = make_chat(chatting=[colleague], invited=[first_agent])

    with expect_error(chat, first_agent, colleague, match=f"^operationName: {name} is not allowed "):
        operation(chat, first_agent)


def test_every_operation_has_a_rule_here():
    assert {*Capability} - {Capability.IN_FOCUS, Capability.SET_IN_FOCUS} == set(OPERATIONS)
