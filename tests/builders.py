"""Agents and chats, built as a scenario builds them but without a file, and their state as a value."""

from __future__ import annotations

from copy import copy
from dataclasses import fields
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, Any

from handlers.domain.agent import Agent
from handlers.domain.capabilities import DEFAULT_CAPABILITIES, State
from handlers.domain.chat import Chat
from handlers.domain.contact_center import ContactCenter
from handlers.domain.customer_view import CustomerView

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handlers.domain.capabilities import Capabilities

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
CHAT_ID = "0071023821aec011"
CUSTOMER_ID = "5b6c8a52-9e1d-4c2f-8f0a-3d7e6b1c4a90"


def make_agent(user_name: str, *features: str) -> Agent:
    """Make an agent, who may use chats unless other features are named."""
    return Agent(f"id-of-{user_name}", user_name, frozenset(features or ["api-multimedia"]))


def make_center(
    *,
    line: Iterable[Agent] = (),
    elsewhere: Iterable[Agent] = (),
    table: Capabilities = DEFAULT_CAPABILITIES,
    timeout: float | None = None,
) -> ContactCenter:
    """Make a contact centre, whose ids are the same in every run.

    Those in `line` are asked in where a customer has nobody, those `elsewhere` by path or by the queue
    `support`. `timeout` is that of an invitation, in seconds.
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
    """Make a chat; its agents arrive in the order of the parameters.

    Those who are `elsewhere` can be asked in, by path or by the queue `support`, unless there is a `center`
    already. A chat that is `seen` has a customer who looks, from now on.
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


def state_of(chat: Chat, *agents: Agent) -> list[Any]:
    """Everything about the chat, its centre and the agents that an operation could change, as it is now."""
    seats = {agent_id: copy(seat) for agent_id, seat in chat.seats.items()}
    view = _members(chat.customer_view, "chat") if chat.customer_view else None
    own = _members(chat, "center") | {"seats": seats, "customer_view": view}
    return [own, list(chat.center.line), list(chat.center.waiting), *map(_members, agents)]


def _members(thing: Agent | Chat | CustomerView, *but: str) -> dict[str, Any]:
    return {each.name: copy(getattr(thing, each.name)) for each in fields(thing) if each.name not in but}
