"""Which operations are open in which situation: tables for answers, notifications and guard alike."""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """The state of a chat as one agent has it, in the API's words."""

    INVITED = "Invited"
    CHATTING = "Chatting"
    LEFT_CHAT = "LeftChat"
    COMPLETED = "Completed"
    REVOKED = "Revoked"


class Situation(StrEnum):
    """A state, and where it matters who else is there: a row of the table of capabilities."""

    INVITED = "Invited"
    CHATTING = "Chatting"
    CHATTING_WITH_AGENTS = "ChattingWithAgents"
    CHATTING_AS_CONSULTANT = "ChattingAsConsultant"
    LEFT_CHAT = "LeftChat"


class CustomerState(StrEnum):
    """The state of a chat as its customer has it, in the API's words; `IDLE` is over (documented)."""

    WAITING_FOR_AGENT = "WaitingForAgent"
    CHATTING = "Chatting"
    IDLE = "Idle"


class Capability(StrEnum):
    """The name of an operation, in the API's words."""

    ACCEPT = "Accept"
    REJECT = "Reject"
    TRANSFER = "Transfer"
    COMPLETE = "Complete"
    LEAVE = "Leave"
    INVITE = "Invite"
    CONSULT = "Consult"
    REMOVE_PARTICIPANT_FROM_CONFERENCE = "RemoveParticipantFromConference"
    IN_FOCUS = "InFocus"
    SET_IN_FOCUS = "SetInFocus"
    SET_DISPOSITION = "SetDisposition"
    ATTACH_USER_DATA = "AttachUserData"
    DELETE_USER_DATA = "DeleteUserData"
    UPDATE_USER_DATA = "UpdateUserData"
    SEND_MESSAGE = "SendMessage"
    SEND_START_TYPING_NOTIFICATION = "SendStartTypingNotification"
    SEND_STOP_TYPING_NOTIFICATION = "SendStopTypingNotification"
    SEND_TO_AGENTS = "SendToAgents"
    SEND_START_TYPING_TO_AGENTS_NOTIFICATION = "SendStartTypingToAgentsNotification"
    SEND_STOP_TYPING_TO_AGENTS_NOTIFICATION = "SendStopTypingToAgentsNotification"
    SEND_CUSTOM_NOTICE_TO_AGENTS = "SendCustomNoticeToAgents"


AFTER_WORK = frozenset(
    {
        Capability.ATTACH_USER_DATA,
        Capability.UPDATE_USER_DATA,
        Capability.DELETE_USER_DATA,
        Capability.SET_DISPOSITION,
    }
)
"""Permitted in LeftChat without being listed: the page's prose promises them, its list lacks them."""

Capabilities = Mapping[Situation, tuple[Capability, ...]]

_TOWARDS_THE_CUSTOMER = (
    Capability.TRANSFER,
    Capability.LEAVE,
    Capability.INVITE,
    Capability.CONSULT,
    Capability.SET_IN_FOCUS,
    Capability.SET_DISPOSITION,
    Capability.ATTACH_USER_DATA,
    Capability.DELETE_USER_DATA,
    Capability.UPDATE_USER_DATA,
    Capability.COMPLETE,
    Capability.SEND_MESSAGE,
    Capability.SEND_START_TYPING_NOTIFICATION,
    Capability.SEND_STOP_TYPING_NOTIFICATION,
)
_AMONG_AGENTS = (
    Capability.SEND_TO_AGENTS,
    Capability.SEND_START_TYPING_TO_AGENTS_NOTIFICATION,
    Capability.SEND_STOP_TYPING_TO_AGENTS_NOTIFICATION,
    Capability.SEND_CUSTOM_NOTICE_TO_AGENTS,
)

DEFAULT_CAPABILITIES: Capabilities = {
    # decided: what clients look for in an invitation
    Situation.INVITED: (Capability.ACCEPT, Capability.REJECT),
    # documented: the samples of AttachUserData
    Situation.CHATTING: _TOWARDS_THE_CUSTOMER,
    # documented: the samples of Invite and Consult; the last two are decided
    Situation.CHATTING_WITH_AGENTS: (
        *_TOWARDS_THE_CUSTOMER,
        *_AMONG_AGENTS,
        Capability.REMOVE_PARTICIPANT_FROM_CONFERENCE,
    ),
    # decided: the customer must not notice a consultant
    Situation.CHATTING_AS_CONSULTANT: (Capability.LEAVE, Capability.SET_IN_FOCUS, *_AMONG_AGENTS),
    # documented: the page's first sample
    Situation.LEFT_CHAT: (
        Capability.TRANSFER,
        Capability.COMPLETE,
        Capability.LEAVE,
        Capability.IN_FOCUS,
    ),
}
"""In the order in which clients are told them. Completed and Revoked have none."""

_WHILE_THE_SESSION_IS_OPEN = (
    Capability.SEND_MESSAGE,
    Capability.SEND_START_TYPING_NOTIFICATION,
    Capability.SEND_STOP_TYPING_NOTIFICATION,
    Capability.COMPLETE,
)
CUSTOMER_CAPABILITIES: Mapping[CustomerState, tuple[Capability, ...]] = {
    # documented: the samples of the customer's chat resource
    CustomerState.WAITING_FOR_AGENT: _WHILE_THE_SESSION_IS_OPEN,
    CustomerState.CHATTING: _WHILE_THE_SESSION_IS_OPEN,
    # decided: nothing can be done with what is over
    CustomerState.IDLE: (),
}
