"""What all chats have in common: the rules in force, the time, and who can be asked in."""

from __future__ import annotations

import string
from dataclasses import dataclass, field
from random import Random, SystemRandom
from typing import TYPE_CHECKING
from uuid import UUID

from handlers.domain.capabilities import DEFAULT_CAPABILITIES
from handlers.domain.errors import OperationNotAllowed, TargetNotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from handlers.domain.agent import Agent
    from handlers.domain.capabilities import Capabilities
    from handlers.domain.chat import Chat


@dataclass(frozen=True, slots=True)
class Target:
    """Whom an operation asks in: one agent by path, or the first who is free of a queue, by name."""

    path: str | None = None
    queue: str | None = None


@dataclass(slots=True)
class ContactCenter:
    """`agents` are found by path (`/users/{id}`), `queues` by name; a queue lists its agents in order.

    `line` has the agents who are in a contact-centre session with the channel chat, who has been idle
    longest first; `waiting` has, by id, the chats whose customers have nobody. `invitation_timeout` is in
    seconds.
    """

    clock: Callable[[], datetime]
    capabilities: Capabilities = field(default_factory=lambda: DEFAULT_CAPABILITIES)
    agents: Mapping[str, Agent] = field(default_factory=dict)
    queues: Mapping[str, tuple[Agent, ...]] = field(default_factory=dict)
    invitation_timeout: float | None = None
    random: Random = field(default_factory=SystemRandom)
    line: dict[Agent, None] = field(default_factory=dict)
    waiting: dict[str, Chat] = field(default_factory=dict)

    def new_interaction_id(self) -> str:
        """Make an id for the agents' side: sixteen letters and digits, in the form of the vendor's."""
        return "".join(self.random.choices(string.digits + string.ascii_uppercase, k=16))

    def new_customer_id(self) -> str:
        """Make an id for the customer's side: a random UUID, as long as `random` cannot be guessed."""
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def agents_in(self, queue: str) -> tuple[Agent, ...]:
        """Return a queue's agents. Raises `TargetNotFound`."""
        if queue not in self.queues:
            raise TargetNotFound(f"queueName: there is no queue {queue[:64]!r}")
        return self.queues[queue]

    def agent_at(self, path: str) -> Agent:
        """Return the agent at a path. Raises `TargetNotFound`."""
        if path not in self.agents:
            raise TargetNotFound(f"target: there is no agent at {path[:64]!r}")
        return self.agents[path]

    def enter_line(self, agent: Agent) -> None:
        """Begin to ask the agent in; nobody is asked whose account may not use chats."""
        if agent.may_chat:
            self.line[agent] = None

    def leave_line(self, agent: Agent) -> None:
        self.line.pop(agent, None)

    def renew_place(self, agent: Agent) -> None:
        """Put an agent at the end of the line: a chat has come or gone."""
        if agent in self.line:
            del self.line[agent]
            self.line[agent] = None

    def longest_idle(self, chat: Chat) -> Agent | None:
        """Return the agent to be asked into a chat whose customer has nobody, if there is one.

        Decided: who has no chat at all goes first, then who has waited longest since a chat came or went.
        Who has turned this chat down is asked again only once it has become free anew.
        """
        free = (agent for agent in self.line if chat.turned_down.get(agent) != agent.times_free)
        return min(free, key=lambda agent: bool(agent.chats), default=None)

    def newcomer(self, chat: Chat, target: Target) -> Agent:
        """Return the agent to be asked into the chat.

        Raises `TargetNotFound` if there is none such, `OperationNotAllowed` if it cannot come in (decided).
        """
        candidates = self.agents_in(target.queue) if target.queue else (self.agent_at(target.path or ""),)
        for agent in candidates:
            if agent.may_chat and agent.id not in chat.seats:
                return agent
        names = ", ".join(agent.user_name for agent in candidates) or "nobody"
        raise OperationNotAllowed(f"target: {names} is in the chat already, or has no feature for chats")
