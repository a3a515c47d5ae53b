"""What happened, in the past tense.

One kind for each kind of notification, one event for each agent who is to be told. Values, taken when it
happened, so that telling later tells the same; only a deadline is something still to come.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from handlers.domain.capabilities import State

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from handlers.domain.agent import Agent
    from handlers.domain.capabilities import Capability
    from handlers.domain.chat import Chat, Invitation, Message, Participant, UserDataValue


@dataclass(frozen=True, slots=True)
class Deadline:
    """What is to be done so many seconds later; `pass_by` returns nothing if it has become pointless."""

    seconds: float
    pass_by: Callable[[], list[Event]]


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """The chat of `agent` came into `state`; `reference_id` names the operation that did it.

    `capabilities` are None where the agent has the chat no more, `participants` where the vendor's samples
    do not list them. An invitation may have a `deadline`.
    """

    agent: Agent
    chat_id: str
    state: State
    capabilities: tuple[Capability, ...] | None = None
    reference_id: int | None = None
    participants: tuple[Participant, ...] | None = None
    deadline: Deadline | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ParticipantsChanged:
    """Who is in the chat changed, and with it what `agent` may do."""

    agent: Agent
    chat_id: str
    state: State
    capabilities: tuple[Capability, ...]
    participants: tuple[Participant, ...]
    reference_id: int | None = None


@dataclass(frozen=True, slots=True)
class InvitationRejected:
    """Whom `agent` asked in stays out; `reference_id` names the operation that asked."""

    agent: Agent
    chat_id: str
    state: State
    capabilities: tuple[Capability, ...]
    participants: tuple[Participant, ...]
    reference_id: int


@dataclass(frozen=True, slots=True)
class PropertiesChanged:
    """The user data of the chat changed; `reference_id` only for the agent who did it."""

    agent: Agent
    chat_id: str
    state: State
    capabilities: tuple[Capability, ...]
    user_data: Mapping[str, UserDataValue]
    reference_id: int | None = None


@dataclass(frozen=True, slots=True)
class MessagesWritten:
    """The transcript, as `agent` sees it, grew."""

    agent: Agent
    chat_id: str
    messages: tuple[Message, ...]


Event = StatusChanged | ParticipantsChanged | InvitationRejected | PropertiesChanged | MessagesWritten


def status_changed(chat: Chat, agent: Agent, reference_id: int | None) -> StatusChanged:
    """The event of an agent who still has the chat, as it is now."""
    state, capabilities = chat.seat_of(agent).state, chat.capabilities_of(agent)
    return StatusChanged(agent, chat.id, state, capabilities, reference_id)


def participants_changed(chat: Chat, agent: Agent, reference_id: int | None = None) -> ParticipantsChanged:
    """The event of an agent in the chat, as it is now."""
    state, capabilities = chat.seat_of(agent).state, chat.capabilities_of(agent)
    return ParticipantsChanged(agent, chat.id, state, capabilities, chat.participants, reference_id)


def invitation_rejected(chat: Chat, invitation: Invitation) -> InvitationRejected:
    """The event of the agent who invited, as the chat is now."""
    host, reference_id = invitation.agent, invitation.reference_id
    state, capabilities = chat.seat_of(host).state, chat.capabilities_of(host)
    return InvitationRejected(host, chat.id, state, capabilities, chat.participants, reference_id)


def properties_changed(chat: Chat, agent: Agent, reference_id: int) -> list[Event]:
    """One event for the agent who did it, and one for each other agent in the chat."""
    concerned = {agent: reference_id, **{seat.agent: None for seat in chat.others_chatting(agent)}}
    return [
        PropertiesChanged(
            each, chat.id, chat.seat_of(each).state, chat.capabilities_of(each), chat.user_data, cause
        )
        for each, cause in concerned.items()
    ]


def messages_written(chat: Chat, message: Message) -> list[Event]:
    """One event for each agent in the chat, the writer too."""
    return [MessagesWritten(seat.agent, chat.id, (message,)) for seat in chat.seats_in(State.CHATTING)]
