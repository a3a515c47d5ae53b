"""Build agents and chats without a scenario file, and compare their state."""

from __future__ import annotations

from contextlib import contextmanager
from copy import copy
from dataclasses import fields
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from handlers.domain.agent import Agent
from handlers.domain.capabilities import DEFAULT_CAPABILITIES, Situation, State
from handlers.domain.chat import Chat, Message, MessageType, Visibility
from handlers.domain.contact_center import ContactCenter
from handlers.domain.customer_view import CustomerView
from handlers.domain.errors import OperationNotAllowed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from handlers.domain.capabilities import Capabilities
    from handlers.domain.chat import Participant, Text
    from handlers.domain.errors import DomainError

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
CHAT_ID = "0071023821aec011"
CUSTOMER_ID = "5b6c8a52-9e1d-4c2f-8f0a-3d7e6b1c4a90"

INVITED = DEFAULT_CAPABILITIES[Situation.INVITED]
CHATTING = DEFAULT_CAPABILITIES[Situation.CHATTING]
CHATTING_WITH_AGENTS = DEFAULT_CAPABILITIES[Situation.CHATTING_WITH_AGENTS]
CHATTING_AS_CONSULTANT = DEFAULT_CAPABILITIES[Situation.CHATTING_AS_CONSULTANT]
LEFT_CHAT = DEFAULT_CAPABILITIES[Situation.LEFT_CHAT]


def make_agent(user_name: str, *features: str) -> Agent:
    """Make an agent. Without `features` the agent may use chats."""
    return Agent(f"id-of-{user_name}", user_name, frozenset(features or ["api-multimedia"]))


def make_center(
    *,
    line: Iterable[Agent] = (),
    elsewhere: Iterable[Agent] = (),
    table: Capabilities = DEFAULT_CAPABILITIES,
    timeout: float | None = None,
) -> ContactCenter:
    """Make a contact center that generates the same IDs in every run.

    Agents in `line` are available for waiting customers. Agents in `elsewhere` are not available, but can be
    invited by path or by the queue `support`. `timeout` is the invitation timeout in seconds.
    """
    agents = {agent.path: agent for agent in (*line, *elsewhere)}
    queues = {"support": tuple(elsewhere)}
    center = ContactCenter(lambda: NOW, table, agents, queues, timeout, Random(0))
    for agent in line:
        center.enter_line(agent)
    return center


def make_chat(
    *,
    customer: str | None = "Ann",
    chatting: Iterable[Agent] = (),
    consulting: Iterable[Agent] = (),
    invited: Iterable[Agent] = (),
    invited_to_consult: Iterable[Agent] = (),
    elsewhere: Iterable[Agent] = (),
    table: Capabilities = DEFAULT_CAPABILITIES,
    chat_id: str = CHAT_ID,
    center: ContactCenter | None = None,
    seen: bool = False,
) -> Chat:
    """Make a chat. Its agents arrive in the order of the parameters.

    Without a `center`, a new one is made, where the agents in `elsewhere` can be invited by path or by the
    queue `support`. With `seen`, the chat has a customer view from the start.
    """
    agents = [*chatting, *consulting, *invited, *invited_to_consult, *elsewhere]
    if center is None:
        center = ContactCenter(
            lambda: NOW, table, {agent.path: agent for agent in agents}, {"support": tuple(elsewhere)}
        )
    chat = Chat(chat_id, NOW, center)
    if seen:
        chat.customer_view = CustomerView(CUSTOMER_ID, chat)
    if customer is not None:
        chat.welcome_customer(customer)
    for agent in chatting:
        chat.take_seat(agent, State.CHATTING)
    for agent in consulting:
        chat.take_seat(agent, State.CHATTING, as_consultant=True)
    for agent in invited:
        chat.take_seat(agent, State.INVITED)
    for agent in invited_to_consult:
        chat.take_seat(agent, State.INVITED, as_consultant=True)
    return chat


def text_message(
    index: int, sender: Participant, text: Text, visibility: Visibility = Visibility.ALL
) -> Message:
    return Message(index, MessageType.TEXT, sender, visibility, NOW, text)


def joined(index: int, participant: Participant, visibility: Visibility = Visibility.ALL) -> Message:
    return Message(index, MessageType.PARTICIPANT_JOINED, participant, visibility, NOW)


def left(index: int, participant: Participant, visibility: Visibility = Visibility.ALL) -> Message:
    return Message(index, MessageType.PARTICIPANT_LEFT, participant, visibility, NOW)


def state_of(chat: Chat, *agents: Agent) -> list[Any]:
    """Return a copy of everything an operation can change in the chat, its center and the agents."""
    seats = {agent_id: copy(seat) for agent_id, seat in chat.seats.items()}
    view = _members(chat.customer_view, "chat") if chat.customer_view else None
    own = _members(chat, "center") | {"seats": seats, "customer_view": view}
    return [own, list(chat.center.line), list(chat.center.waiting), *map(_members, agents)]


@contextmanager
def expect_error(
    chat: Chat, *agents: Agent, match: str, error: type[DomainError] = OperationNotAllowed
) -> Iterator[None]:
    """Expect an error with this message that leaves the chat, its center and the agents unchanged."""
    before = state_of(chat, *agents)
    with pytest.raises(error, match=match):
        yield
    assert before == state_of(chat, *agents)


def _members(thing: Agent | Chat | CustomerView, *excluded: str) -> dict[str, Any]:
    return {each.name: copy(getattr(thing, each.name)) for each in fields(thing) if each.name not in excluded}
