"""The accounts of the agents, and who is signed in."""

import secrets
import uuid
from collections.abc import Callable, Iterable

from gws_chat.domain.agent import Agent
from gws_chat.domain.errors import TargetNotFound, shorten


class Identity:
    """The accounts, and one login with a session token and a CSRF token for each agent."""

    def __init__(
        self, accounts: Iterable[tuple[Agent, str]], new_token: Callable[[], str] = lambda: secrets.token_hex(20)
    ) -> None:
        self._accounts = {agent.user_name: (agent, password.encode()) for agent, password in accounts}
        self._new_token = new_token
        self._agent_by_token: dict[str, Agent] = {}
        self._token_by_agent_id: dict[str, str] = {}
        self._csrf_token_by_token: dict[str, str] = {}

    def by_password(self, user_name: str, password: str) -> Agent | None:
        """Return the agent, or None. The comparison takes the same time for right and wrong passwords."""
        agent, expected = self._accounts.get(user_name, (None, b""))
        matches = secrets.compare_digest(expected, password.encode("utf-8", "surrogatepass"))
        return agent if matches else None

    def __contains__(self, user_name: str) -> bool:
        return user_name in self._accounts

    def by_name(self, user_name: str, *, field: str = "userName") -> Agent:
        """Return the agent. Raises `TargetNotFound`, whose message names the field."""
        if user_name not in self._accounts:
            raise TargetNotFound(f"{field}: must be the name of an agent, got {shorten(user_name)!r}")
        return self._accounts[user_name][0]

    def by_token(self, token: str) -> Agent | None:
        return self._agent_by_token.get(token)

    def start_login(self, agent: Agent) -> str:
        """Return the session token of the agent's login. Start the login if there is none."""
        if agent.id not in self._token_by_agent_id:
            token = self._new_token()
            self._token_by_agent_id[agent.id], self._agent_by_token[token] = token, agent
        return self._token_by_agent_id[agent.id]

    def login_token(self, agent: Agent) -> str | None:
        return self._token_by_agent_id.get(agent.id)

    def csrf_token(self, agent: Agent) -> str:
        """Return the CSRF token of the agent's login. Start the login if there is none."""
        return self._csrf_token_by_token.setdefault(self.start_login(agent), str(uuid.uuid4()))

    def is_current_login(self, agent: Agent, token: str, csrf_token: str) -> bool:
        """Return whether both tokens belong to the agent's current login."""
        expected = self._csrf_token_by_token.get(token)
        if expected is None or token != self.login_token(agent):
            return False
        return secrets.compare_digest(expected.encode(), csrf_token.encode())

    def end_login(self, agent: Agent) -> None:
        """Forget the agent's tokens. Cookies that hold them are rejected from now on."""
        token = self._token_by_agent_id.pop(agent.id, "")
        self._agent_by_token.pop(token, None)
        self._csrf_token_by_token.pop(token, None)

    def end_all_logins(self) -> None:
        for tokens in (self._agent_by_token, self._token_by_agent_id, self._csrf_token_by_token):
            tokens.clear()
