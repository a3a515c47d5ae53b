"""The events that an operation returns. They are immutable and named in the past tense.

There is one class for each kind of notification, and one event for each recipient.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gws_chat.domain.agent import Agent, ReadyState
from gws_chat.domain.capabilities import Capability, State
from gws_chat.domain.chat import Chat, UserDataValue
from gws_chat.domain.participation import SentInvitation
from gws_chat.domain.transcript import Message, Participant


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """The chat of `agent` changed to `state`."""

    agent: Agent
    chat_id: str
    state: State
    capabilities: tuple[Capability, ...] | None = None  # None if the agent no longer has the chat
    reference_id: int | None = None  # of the operation that caused the change
    participants: tuple[Participant, ...] | None = None  # None unless the vendor's samples list them
    user_data: Mapping[str, UserDataValue] | None = None  # of the chat, in Invited and after Accept
    received_at: datetime | None = None  # the time of the request for the chat, in Invited
    expires_in: float | None = None  # seconds after which an unanswered invitation expires; None means never


@dataclass(frozen=True, slots=True)
class _ChatChanged:
    """A change in a chat, with the current state and capabilities of the `agent` who is notified."""

    agent: Agent
    chat_id: str
    state: State
    capabilities: tuple[Capability, ...]


@dataclass(frozen=True, slots=True)
class ParticipantsChanged(_ChatChanged):
    """The participants of the chat changed, and with them the capabilities of `agent`."""

    participants: tuple[Participant, ...]
    reference_id: int | None = None
    user_data: Mapping[str, UserDataValue] | None = None  # of the chat, after RemoveParticipantFromConference


@dataclass(frozen=True, slots=True)
class InvitationRejected(_ChatChanged):
    """Another agent did not accept the invitation that `agent` sent with operation `reference_id`."""

    participants: tuple[Participant, ...]
    reference_id: int


@dataclass(frozen=True, slots=True)
class PropertiesChanged(_ChatChanged):
    """The user data of the chat changed. `reference_id` is None unless `agent` changed it."""

    user_data: Mapping[str, UserDataValue]
    reference_id: int | None = None


@dataclass(frozen=True, slots=True)
class MessagesAdded:
    """Messages that `agent` can read were added to the chat."""

    agent: Agent
    chat_id: str
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class ReadyStatesSet:
    """The agent set its ready state on these channels, even if it was in this state before."""

    agent: Agent
    ready_states: Mapping[str, ReadyState]  # by channel


Event = StatusChanged | ParticipantsChanged | InvitationRejected | PropertiesChanged | MessagesAdded | ReadyStatesSet


def status_changed(chat: Chat, agent: Agent, reference_id: int | None) -> StatusChanged:
    """Return the event for the current state of an agent who still has the chat."""
    return StatusChanged(*_current(chat, agent), reference_id=reference_id)


def participants_changed(chat: Chat, agent: Agent, reference_id: int | None = None) -> ParticipantsChanged:
    """Return the event for one agent, with the current participants."""
    return ParticipantsChanged(*_current(chat, agent), participants=chat.participants, reference_id=reference_id)


def invitation_rejected(chat: Chat, sent: SentInvitation) -> InvitationRejected:
    """Return the event for the agent who sent the invitation, with the current participants."""
    return InvitationRejected(
        *_current(chat, sent.agent), participants=chat.participants, reference_id=sent.reference_id
    )


def properties_changed(chat: Chat, agent: Agent, reference_id: int) -> list[Event]:
    """Return the event for the agent who changed the user data, then one for each other agent in Chatting."""
    changed = PropertiesChanged(*_current(chat, agent), user_data=chat.user_data, reference_id=reference_id)
    others = chat.others_chatting(agent)
    return [changed, *(PropertiesChanged(*_current(chat, each.agent), user_data=chat.user_data) for each in others)]


def messages_added(chat: Chat, message: Message) -> list[Event]:
    """Return one event for each agent in Chatting, including the sender."""
    return [MessagesAdded(each.agent, chat.id, (message,)) for each in chat.participations_in(State.CHATTING)]


def _current(chat: Chat, agent: Agent) -> tuple[Agent, str, State, tuple[Capability, ...]]:
    """Return the first four fields of an event for an agent who has the chat."""
    return agent, chat.id, chat.participation_of(agent).state, chat.capabilities_of(agent)
