"""What happened, in the past tense.

One kind for each kind of notification, one event for each agent who is to be told. Values, taken when it
happened, so that telling later tells the same.
"""

from dataclasses import dataclass

from handlers.domain.agent import Agent
from handlers.domain.capabilities import Capability, State
from handlers.domain.chat import Chat, Message, Participant


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """The chat of `agent` came into `state`; `reference_id` names the operation that did it."""

    agent: Agent
    chat_id: str
    state: State
    capabilities: tuple[Capability, ...] = ()
    reference_id: int | None = None


@dataclass(frozen=True, slots=True)
class ParticipantsChanged:
    """Who is in the chat changed, and with it what `agent` may do."""

    agent: Agent
    chat_id: str
    state: State
    capabilities: tuple[Capability, ...]
    participants: tuple[Participant, ...]


@dataclass(frozen=True, slots=True)
class MessagesWritten:
    """The transcript, as `agent` sees it, grew."""

    agent: Agent
    chat_id: str
    messages: tuple[Message, ...]


Event = StatusChanged | ParticipantsChanged | MessagesWritten


def status_changed(chat: Chat, agent: Agent, reference_id: int | None) -> StatusChanged:
    """The event of an agent who still has the chat, as it is now."""
    state, capabilities = chat.seat_of(agent).state, chat.capabilities_of(agent)
    return StatusChanged(agent, chat.id, state, capabilities, reference_id)


def participants_changed(chat: Chat, agent: Agent) -> ParticipantsChanged:
    """The event of an agent in the chat, as it is now."""
    state, capabilities = chat.seat_of(agent).state, chat.capabilities_of(agent)
    return ParticipantsChanged(agent, chat.id, state, capabilities, chat.participants)
