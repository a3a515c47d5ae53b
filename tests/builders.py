"""Build agents and chats without a scenario file, and compare their state."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import fields
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

from gws_chat.domain.agent import Agent, ReadyState
from gws_chat.domain.capabilities import DEFAULT_CAPABILITIES, Capabilities, Situation, State
from gws_chat.domain.chat import Chat, ContactCenter, UserDataValue
from gws_chat.domain.errors import DomainError, OperationNotAllowed
from gws_chat.domain.events import StatusChanged
from gws_chat.domain.transcript import CustomerTranscript, Message, MessageText, MessageType, Participant, Visibility

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
CHAT_ID = "0071023821aec011"
CUSTOMER_ID = "5b6c8a52-9e1d-4c2f-8f0a-3d7e6b1c4a90"

INVITED_CAPABILITIES = DEFAULT_CAPABILITIES[Situation.INVITED]
CHATTING_CAPABILITIES = DEFAULT_CAPABILITIES[Situation.CHATTING]
CHATTING_WITH_AGENTS_CAPABILITIES = DEFAULT_CAPABILITIES[Situation.CHATTING_WITH_AGENTS]
CHATTING_AS_CONSULTANT_CAPABILITIES = DEFAULT_CAPABILITIES[Situation.CHATTING_AS_CONSULTANT]
LEFT_CHAT_CAPABILITIES = DEFAULT_CAPABILITIES[Situation.LEFT_CHAT]


def make_agent(user_name: str, *features: str) -> Agent:
    """Make an agent who is Ready on the channel chat. Without `features` the agent may use chats."""
    agent = Agent(f"id-of-{user_name}", user_name, frozenset(features or ["api-multimedia"]))
    agent.ready_states = {"chat": ReadyState.READY}
    return agent


def make_center(
    *,
    available: Iterable[Agent] = (),
    queue_agents: Iterable[Agent] = (),
    capabilities: Capabilities = DEFAULT_CAPABILITIES,
    invitation_timeout: float | None = None,
) -> ContactCenter:
    """Make a contact center that generates the same IDs in every run.

    All agents can be invited by path, those in `queue_agents` also by the queue `support`.
    """
    agents = {agent.path: agent for agent in (*available, *queue_agents)}
    queues = {"support": tuple(queue_agents)}
    center = ContactCenter(lambda: NOW, capabilities, agents, queues, invitation_timeout, Random(0))
    for agent in available:
        center.make_available(agent)
    return center


def make_chat(
    *,
    customer: str | None = "Ann",
    chatting: Iterable[Agent] = (),
    consulting: Iterable[Agent] = (),
    invited: Iterable[Agent] = (),
    invited_to_consult: Iterable[Agent] = (),
    queue_agents: Iterable[Agent] = (),
    capabilities: Capabilities = DEFAULT_CAPABILITIES,
    chat_id: str = CHAT_ID,
    center: ContactCenter | None = None,
    customer_access: bool = False,
) -> Chat:
    """Make a chat. Its agents arrive in the order of the parameters.

    Without a `center`, a new one is made, where all agents can be invited by path, those in `queue_agents` also
    by the queue `support`. With `customer_access`, the chat has a customer transcript from the start.
    """
    agents = [*chatting, *consulting, *invited, *invited_to_consult, *queue_agents]
    if center is None:
        center = ContactCenter(
            lambda: NOW, capabilities, {agent.path: agent for agent in agents}, {"support": tuple(queue_agents)}
        )
    chat = Chat(chat_id, NOW, center)
    if customer_access:
        chat.customer_transcript = CustomerTranscript(CUSTOMER_ID)
    if customer is not None:
        chat.add_customer(customer)
    for agent in chatting:
        chat.add_agent(agent, State.CHATTING)
    for agent in consulting:
        chat.add_agent(agent, State.CHATTING, as_consultant=True)
    for agent in invited:
        chat.add_agent(agent, State.INVITED)
    for agent in invited_to_consult:
        chat.add_agent(agent, State.INVITED, as_consultant=True)
    return chat


def invited_event(
    agent: Agent,
    chat_id: str = CHAT_ID,
    user_data: Mapping[str, UserDataValue] | None = None,
    expires_in: float | None = None,
) -> StatusChanged:
    """Make the event of an agent who is invited to a chat, by default one without user data."""
    return StatusChanged(
        agent,
        chat_id,
        State.INVITED,
        INVITED_CAPABILITIES,
        user_data=user_data or {},
        received_at=NOW,
        expires_in=expires_in,
    )


def text_message(
    index: int, sender: Participant, text: MessageText, visibility: Visibility = Visibility.ALL
) -> Message:
    return Message(index, MessageType.TEXT, sender, visibility, NOW, text)


def joined_message(index: int, participant: Participant, visibility: Visibility = Visibility.ALL) -> Message:
    return Message(index, MessageType.PARTICIPANT_JOINED, participant, visibility, NOW)


def left_message(index: int, participant: Participant, visibility: Visibility = Visibility.ALL) -> Message:
    return Message(index, MessageType.PARTICIPANT_LEFT, participant, visibility, NOW)


def state_of(chat: Chat, *agents: Agent) -> list[Any]:
    """Return a copy of everything an operation can change in the chat, its center and the agents."""
    center, transcript = chat.center, chat.customer_transcript
    return [
        _members(chat, "center", "participations", "customer_transcript"),
        {agent_id: copy(participation) for agent_id, participation in chat.participations.items()},
        _members(transcript) if transcript else None,
        list(center.available_agents),
        list(center.free_agents),
        list(center.waiting_chats),
        [(_members(agent), center.chats_of(agent)) for agent in agents],
    ]


@contextmanager
def expect_error(
    chat: Chat, *agents: Agent, match: str, error: type[DomainError] = OperationNotAllowed
) -> Iterator[None]:
    """Expect an error with this message that leaves the chat, its center and the agents unchanged."""
    before = state_of(chat, *agents)
    with pytest.raises(error, match=match):
        yield
    assert before == state_of(chat, *agents)


def _members(thing: Agent | Chat | CustomerTranscript, *excluded: str) -> dict[str, Any]:
    return {each.name: copy(getattr(thing, each.name)) for each in fields(thing) if each.name not in excluded}
