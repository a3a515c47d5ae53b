"""What all chats have in common: the rules in force, the time, and who else can be asked in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

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


@dataclass(frozen=True, slots=True)
class ContactCenter:
    """`agents` are found by path (`/users/{id}`), `queues` by name; a queue lists its agents in order."""

    clock: Callable[[], datetime]
    capabilities: Capabilities = field(default_factory=lambda: DEFAULT_CAPABILITIES)
    agents: Mapping[str, Agent] = field(default_factory=dict)
    queues: Mapping[str, tuple[Agent, ...]] = field(default_factory=dict)

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
