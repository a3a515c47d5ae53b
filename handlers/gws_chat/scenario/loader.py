"""The scenario: building it from the content of a file, restoring its initial state, and adding chats to it."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

from gws_chat.domain.agent import Agent, ReadyState
from gws_chat.domain.capabilities import DEFAULT_CAPABILITIES, Capability, Situation, State
from gws_chat.domain.chat import Chat, ContactCenter
from gws_chat.domain.errors import FeatureRequired, shorten
from gws_chat.domain.events import Event, status_changed
from gws_chat.domain.routing import invited
from gws_chat.domain.session import start_contact_center_session
from gws_chat.scenario.chats import build_chat, check_chat
from gws_chat.scenario.reader import complete, read_yaml
from gws_chat.scenario.schema import ScenarioError

# other format specifications could create texts of gigabytes
TEMPLATE = re.compile(r"([^{}]|\{\{|\}\}|\{n(:0?[0-9]{0,2}d)?\})*+")
MAX_ENTRIES = 100_000  # agents and chats together, which take four seconds to build


@dataclass(frozen=True, slots=True)
class Scenario:
    """The agents with their passwords, the chats at start, and the contact center that they share."""

    accounts: list[tuple[Agent, str]]
    chats: list[Chat]
    center: ContactCenter
    notifications: str  # "documented": the fields on the vendor's pages; "observed": those of real servers as well
    content: dict[str, Any]  # of the file

    @property
    def agents(self) -> dict[str, Agent]:
        """The agents by user name."""
        return {agent.user_name: agent for agent, _ in self.accounts}


def load_scenario(path: Path, now: Callable[[], datetime], random: Random) -> Scenario:
    """Read a scenario file. Raises `ScenarioError`, whose text starts with the path."""
    try:
        return build_scenario(read_yaml(path), now, random)
    except ScenarioError as error:
        raise ScenarioError(f"{path}: {error}") from None


def build_scenario(content: Any, now: Callable[[], datetime], random: Random) -> Scenario:
    """Build a scenario from the content of a scenario file. Raises `ScenarioError`."""
    content = complete(content)
    total = sum(int(entry.get("count", 1)) for entry in [*content["agents"], *content.get("chats", [])])
    if total > MAX_ENTRIES:
        raise ScenarioError(f"agents and chats: must be at most {MAX_ENTRIES} together, got {total}")
    accounts = _build_accounts(content["agents"])
    agents = {agent.user_name: agent for agent, _ in accounts}
    rows = {Situation(row): tuple(map(Capability, names)) for row, names in content.get("capabilities", {}).items()}
    center = ContactCenter(
        now,
        {**DEFAULT_CAPABILITIES, **rows},
        {agent.path: agent for agent in agents.values()},
        {name: _build_queue(name, names, agents) for name, names in content.get("queues", {}).items()},
        content.get("invitationTimeout"),
        random,
        ReadyState(content.get("sessionState", "Ready")),
        tuple(content.get("dispositions", [])),
    )
    ids: set[str] = set()
    for place, entry in _expand("chats", content.get("chats", [])):
        check_chat(place, entry, agents)
        if entry["id"] in ids:
            raise ScenarioError(f"{place}.id: must be unique, got {entry['id']!r} again")
        ids.add(entry["id"])
    scenario = Scenario(accounts, [], center, content.get("notifications", "documented"), content)
    _start(scenario)
    return scenario


def restore_initial_state(scenario: Scenario, random: Random) -> None:
    """Restore agents, contact center and chats to their state at start; create IDs from `random` from now on.

    The agent objects stay the same, and lose their earlier chats.
    """
    center = scenario.center
    for agent, _ in scenario.accounts:
        for chat in center.chats_of(agent):
            chat.remove_agent(agent)
        agent.last_reference_id = 0
        agent.availability_count = 0
        agent.ready_states = {}
    center.available_agents.clear()
    center.free_agents.clear()
    center.waiting_chats.clear()
    center.random = random
    _start(scenario)


def prepare_chat(scenario: Scenario, entry: dict[str, Any]) -> tuple[Chat, list[Event]]:
    """Build one more chat and give it to its agents; the caller stores it. Return it with an event for each of them.

    `entry` is like those in the file; without an ID it gets a new one. After a `ScenarioError` nothing has changed.
    """
    agents, center = scenario.agents, scenario.center
    check_chat("chat", entry, agents)
    chat_id = entry["id"] if "id" in entry else center.new_chat_id()
    chat = build_chat(entry, chat_id, agents, center)
    return chat, [
        invited(chat, each) if each.state is State.INVITED else status_changed(chat, each.agent, None)
        for each in chat.participations.values()
    ]


def _start(scenario: Scenario) -> None:
    """Start the agents' sessions and replace the chats by new ones."""
    agents, center, content = scenario.agents, scenario.center, scenario.content
    for _, entry in _expand("agents", content["agents"]):
        with suppress(FeatureRequired):  # an agent without any of its channels starts no session (assumed)
            start_contact_center_session(center, agents[entry["userName"]], entry.get("channels", []))
    chats = _expand("chats", content.get("chats", []))
    scenario.chats[:] = [build_chat(entry, entry["id"], agents, center) for _, entry in chats]


def _build_accounts(entries: list[dict[str, Any]]) -> list[tuple[Agent, str]]:
    """Return the agents with their passwords."""
    accounts: dict[str, tuple[Agent, str]] = {}
    for place, entry in _expand("agents", entries):
        name = entry["userName"]
        if name in accounts:
            raise ScenarioError(f"{place}.userName: must be unique, got {name!r} again")
        # The ID is derived from the name, so that it is the same in every run.
        agent = Agent(
            uuid5(NAMESPACE_DNS, name).hex,
            name,
            frozenset(entry.get("features", [])),
            entry.get("firstName", name),
            entry.get("lastName", ""),
            entry.get("emailAddress", f"{name}@example.com"),
        )
        accounts[name] = agent, entry["password"]
    return list(accounts.values())


def _build_queue(queue: str, names: list[str], agents: dict[str, Agent]) -> tuple[Agent, ...]:
    for index, name in enumerate(names):
        if name not in agents:
            place = f"queues.{queue}[{index}]"
            raise ScenarioError(f"{place}: must be the userName of an agent of the scenario, got {name!r}")
    return tuple(agents[name] for name in names)


def _expand(place: str, entries: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each entry with its place in the file.

    An entry with `count` stands for that many entries, with `{n}` replaced by 1 to `count`. Raises
    `ScenarioError` for other braces.
    """
    for index, entry in enumerate(entries):
        entry_place = f"{place}[{index}]"
        if "count" not in entry:
            yield entry_place, entry
        else:
            for n in range(1, int(entry["count"]) + 1):
                yield f"{entry_place} (n={n})", _insert_number(entry_place, entry, n)


def _insert_number(place: str, value: Any, n: int) -> Any:
    if isinstance(value, dict):
        return {key: _insert_number(f"{place}.{key}", item, n) for key, item in value.items()}
    if isinstance(value, list):
        return [_insert_number(f"{place}[{index}]", item, n) for index, item in enumerate(value)]
    if not isinstance(value, str):
        return value
    if not TEMPLATE.fullmatch(value):
        raise ScenarioError(f"{place}: braces must contain n, as in {{n}} or {{n:04d}}, got {shorten(repr(value))}")
    return value.format(n=n)
