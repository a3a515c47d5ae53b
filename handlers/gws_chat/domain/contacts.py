"""Contacts: the agents of the contact center as targets of Transfer, Invite and Consult."""

from collections.abc import Collection
from dataclasses import dataclass
from fnmatch import fnmatchcase
from glob import escape

from gws_chat.domain.agent import Agent
from gws_chat.domain.chat import ContactCenter
from gws_chat.domain.errors import TargetNotFound, shorten


@dataclass(frozen=True, slots=True)
class ContactQuery:
    """The wanted contacts (documented).

    An empty collection filters nothing. One of `names` must be a name of the agent: the user name, first name, last
    name, or first and last name. Each of `patterns` must match one of these or the phone number. In a pattern, `*`
    stands for any text. Case does not matter in names and patterns (assumed).
    """

    types: Collection[str] = ()
    names: Collection[str] = ()
    patterns: Collection[str] = ()

    def matches(self, agent: Agent) -> bool:
        if self.types and "User" not in self.types:
            return False
        full_name = f"{agent.first_name} {agent.last_name}"
        names = [each.lower() for each in (agent.user_name, agent.first_name, agent.last_name, full_name)]
        if self.names and not any(name.lower() in names for name in self.names):
            return False
        texts = [*names, agent.phone_number]
        return all(any(_matches(text, pattern.lower()) for text in texts) for pattern in self.patterns)


def find_contacts(center: ContactCenter, query: ContactQuery) -> list[Agent]:
    """Return the agents that match, in the order of the scenario."""
    return [agent for agent in center.agents.values() if query.matches(agent)]


def contact_with_id(center: ContactCenter, agent_id: str) -> Agent:
    """Return an agent. Raises `TargetNotFound`."""
    path = f"/users/{agent_id}"
    if path not in center.agents:
        raise TargetNotFound(f"id: must be the ID of a contact, got {shorten(agent_id)!r}")
    return center.agents[path]


def _matches(text: str, pattern: str) -> bool:
    only_asterisks = escape(pattern).replace("[*]", "*")  # fnmatch knows more wildcards
    return fnmatchcase(text, only_asterisks)
