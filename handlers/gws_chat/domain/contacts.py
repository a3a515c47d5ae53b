"""Contacts: the agents of the contact center as targets of Transfer, Invite and Consult."""

from collections.abc import Collection
from dataclasses import dataclass
from fnmatch import fnmatchcase
from glob import escape

from gws_chat.domain.agent import Agent
from gws_chat.domain.chat import ContactCenter
from gws_chat.domain.errors import TargetNotFound


@dataclass(frozen=True, slots=True)
class ContactQuery:
    """The wanted contacts (documented).

    `types` and `user_names` are None if all are wanted. Each of `patterns` must match one of the agent's names or its
    phone number. In a pattern, `*` stands for any text, and case does not matter.
    """

    types: Collection[str] | None = None
    user_names: Collection[str] | None = None
    patterns: Collection[str] = ()

    def matches(self, agent: Agent) -> bool:
        if self.types is not None and "User" not in self.types:
            return False
        if self.user_names is not None and agent.user_name not in self.user_names:
            return False
        texts = (agent.user_name, agent.first_name, agent.last_name, agent.phone_number)
        return all(any(_matches(text, pattern) for text in texts) for pattern in self.patterns)


def find_contacts(center: ContactCenter, query: ContactQuery) -> list[Agent]:
    """Return the agents that match, in the order of the scenario."""
    return [agent for agent in center.agents.values() if query.matches(agent)]


def contact_with_id(center: ContactCenter, agent_id: str) -> Agent:
    """Return an agent. Raises `TargetNotFound`."""
    path = f"/users/{agent_id}"
    if path not in center.agents:
        raise TargetNotFound(f"id: must be the ID of a contact, got {agent_id[:64]!r}")
    return center.agents[path]


def _matches(text: str, pattern: str) -> bool:
    only_asterisks = escape(pattern.lower()).replace("[*]", "*")  # fnmatch knows more wildcards
    return fnmatchcase(text.lower(), only_asterisks)
