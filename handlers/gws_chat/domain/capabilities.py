"""The operations allowed in each situation. Responses, notifications and checks use the same tables."""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """The state of a chat for one agent, as the API spells it."""

    INVITED = "Invited"
    CHATTING = "Chatting"
    LEFT_CHAT = "LeftChat"
    COMPLETED = "Completed"
    REVOKED = "Revoked"


class Situation(StrEnum):
    """A row of the table of capabilities. Chatting has three: as the only agent, with others, as a consultant."""

    INVITED = "Invited"
    CHATTING = "Chatting"
    CHATTING_WITH_AGENTS = "ChattingWithAgents"
    CHATTING_AS_CONSULTANT = "ChattingAsConsultant"
    LEFT_CHAT = "LeftChat"


class CustomerState(StrEnum):
    """The state of a chat for its customer, as the API spells it. `IDLE` means ended (documented)."""

    WAITING_FOR_AGENT = "WaitingForAgent"
    CHATTING = "Chatting"
    IDLE = "Idle"


class Capability(StrEnum):
    """The name of an operation, as the API spells it."""

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
    SEND_URL = "SendUrl"
    SEND_START_TYPING_NOTIFICATION = "SendStartTypingNotification"
    SEND_STOP_TYPING_NOTIFICATION = "SendStopTypingNotification"
    SEND_TO_AGENTS = "SendToAgents"
    SEND_START_TYPING_TO_AGENTS_NOTIFICATION = "SendStartTypingToAgentsNotification"
    SEND_STOP_TYPING_TO_AGENTS_NOTIFICATION = "SendStopTypingToAgentsNotification"
    SEND_CUSTOM_NOTICE_TO_AGENTS = "SendCustomNoticeToAgents"


UNLISTED_OPERATIONS: Mapping[Situation, frozenset[Capability]] = {
    # assumed: a draft page documents SendUrl, but no sample lists it
    Situation.CHATTING: frozenset({Capability.SEND_URL}),
    Situation.CHATTING_WITH_AGENTS: frozenset({Capability.SEND_URL}),
    # documented: the Leave page promises them in its text but not in its sample
    Situation.LEFT_CHAT: frozenset(
        {
            Capability.ATTACH_USER_DATA,
            Capability.UPDATE_USER_DATA,
            Capability.DELETE_USER_DATA,
            Capability.SET_DISPOSITION,
        }
    ),
}
"""Allowed although the capabilities do not list them."""

Capabilities = Mapping[Situation, tuple[Capability, ...]]

_CONVERSATION = (
    Capability.SEND_MESSAGE,
    Capability.SEND_START_TYPING_NOTIFICATION,
    Capability.SEND_STOP_TYPING_NOTIFICATION,
)
_WITH_CUSTOMER = (
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
    *_CONVERSATION,
)
_BETWEEN_AGENTS = (
    Capability.SEND_TO_AGENTS,
    Capability.SEND_START_TYPING_TO_AGENTS_NOTIFICATION,
    Capability.SEND_STOP_TYPING_TO_AGENTS_NOTIFICATION,
    Capability.SEND_CUSTOM_NOTICE_TO_AGENTS,
)

DEFAULT_CAPABILITIES: Capabilities = {
    # assumed: clients look for these two in an invitation
    Situation.INVITED: (Capability.ACCEPT, Capability.REJECT),
    # documented: the samples of AttachUserData
    Situation.CHATTING: _WITH_CUSTOMER,
    # documented: the samples of Invite and Consult; the last two are assumed
    Situation.CHATTING_WITH_AGENTS: (*_WITH_CUSTOMER, *_BETWEEN_AGENTS, Capability.REMOVE_PARTICIPANT_FROM_CONFERENCE),
    # assumed: the customer must not notice a consultant
    Situation.CHATTING_AS_CONSULTANT: (Capability.LEAVE, Capability.SET_IN_FOCUS, *_BETWEEN_AGENTS),
    # documented: the first sample of the Leave page
    Situation.LEFT_CHAT: (Capability.TRANSFER, Capability.COMPLETE, Capability.LEAVE, Capability.IN_FOCUS),
}
"""In the order in which clients receive them. Completed and Revoked have no capabilities."""

_DURING_SESSION = (*_CONVERSATION, Capability.COMPLETE)
CUSTOMER_CAPABILITIES: Mapping[CustomerState, tuple[Capability, ...]] = {
    # documented: the samples of the customer's chat resource
    CustomerState.WAITING_FOR_AGENT: _DURING_SESSION,
    CustomerState.CHATTING: _DURING_SESSION,
    # assumed: a chat that has ended allows nothing
    CustomerState.IDLE: (),
}
