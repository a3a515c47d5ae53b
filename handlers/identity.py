"""From credentials to who asks: an agent by HTTP Basic or by the cookie of its answer, or a customer."""

from __future__ import annotations

import secrets
import uuid
from typing import TYPE_CHECKING

from handlers.domain.customer import Customer
from handlers.domain.errors import TargetNotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from handlers.domain.agent import Agent


class Identity:
    """The accounts, and one session for each agent who has signed in: its token, and its CSRF token."""

    def __init__(
        self,
        accounts: Iterable[tuple[Agent, str]],
        new_token: Callable[[], str] = lambda: secrets.token_hex(20),
    ) -> None:
        self._accounts = {agent.user_name: (agent, password.encode()) for agent, password in accounts}
        self._new_token = new_token
        self._agents: dict[str, Agent] = {}
        self._tokens: dict[str, str] = {}
        self._csrf_tokens: dict[str, str] = {}

    def by_password(self, user_name: str, password: str) -> Agent | None:
        """Return the agent, or None; what was compared in vain takes as long as what matched."""
        agent, expected = self._accounts.get(user_name, (None, b""))
        matches = secrets.compare_digest(expected, password.encode("utf-8", "surrogatepass"))
        return agent if matches else None

    def by_name(self, user_name: str) -> Agent:
        """Return the agent of this name. Raises `TargetNotFound`."""
        if user_name not in self._accounts:
            raise TargetNotFound(f"userName: there is no agent {user_name[:64]!r}")
        return self._accounts[user_name][0]

    def by_token(self, token: str) -> Agent | None:
        return self._agents.get(token)

    def by_contact_center(self, name: str) -> Customer | None:
        """Return a customer for any name but none (decided): there is one contact centre here."""
        return Customer() if name else None

    def token_of(self, agent: Agent) -> str:
        """Return the agent's token, made the first time it is asked for."""
        if agent.id not in self._tokens:
            token = self._new_token()
            self._tokens[agent.id], self._agents[token] = token, agent
        return self._tokens[agent.id]

    def current_token_of(self, agent: Agent) -> str | None:
        """Return the agent's token, or None if its session has ended."""
        return self._tokens.get(agent.id)

    def csrf_token_of(self, agent: Agent) -> str:
        """Return what goes with the agent's token, made the first time it is asked for."""
        return self._csrf_tokens.setdefault(self.token_of(agent), str(uuid.uuid4()))

    def is_session(self, agent: Agent, token: str | None, csrf_token: str) -> bool:
        """Return whether both tokens are those of the agent's session as it is now."""
        expected = self._csrf_tokens.get(token or "")
        if expected is None or token != self.current_token_of(agent):
            return False
        return secrets.compare_digest(expected.encode(), csrf_token.encode())

    def end_session(self, agent: Agent) -> None:
        """Forget the agent's tokens: a cookie that has one is worth nothing from now on."""
        token = self._tokens.pop(agent.id, "")
        self._agents.pop(token, None)
        self._csrf_tokens.pop(token, None)

    def end_sessions(self) -> None:
        """Forget every agent's tokens."""
        for tokens in (self._agents, self._tokens, self._csrf_tokens):
            tokens.clear()
