"""The agents and chats that exist at start, read from a YAML file.

A broken file is refused with one line that names the place. An entry with `count` stands for that
many, `{n}` in its texts being 1 to count.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_DNS, uuid5

import jsonschema_rs
import yaml

from handlers.domain.agent import Agent
from handlers.domain.capabilities import DEFAULT_CAPABILITIES, Capability, Situation, State
from handlers.domain.chat import Chat
from handlers.domain.contact_center import ContactCenter
from handlers.domain.events import status_changed
from handlers.domain.routing import invited
from handlers.domain.session import start_session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path
    from random import Random

    from handlers.domain.capabilities import Capabilities
    from handlers.domain.events import Event

_TEXT = {"type": "string", "minLength": 1}
_COUNT = {"type": "integer", "minimum": 1, "maximum": 1_000_000}
_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["agents"],
    "properties": {
        "agents": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["userName", "password"],
                "properties": {
                    # a colon ends the name in HTTP Basic
                    "userName": {**_TEXT, "pattern": "^[^:]+$"},
                    "password": {"type": "string"},
                    "features": {"type": "array", "items": _TEXT},
                    "channels": {"type": "array", "items": _TEXT},
                    "count": _COUNT,
                },
            },
        },
        "chats": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["id", "customer", "agents"],
                "properties": {
                    "id": _TEXT,
                    "customer": {"type": ["string", "null"], "minLength": 1},
                    "userData": {
                        "type": "object",
                        "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
                    },
                    "agents": {
                        "type": "array",
                        "minItems": 1,
                        "items": {
                            "type": "object",
                            "additionalProperties": False,
                            "required": ["agent", "state"],
                            "properties": {
                                "agent": _TEXT,
                                "state": {"enum": ["Invited", "Chatting", "LeftChat"]},
                                "role": {"enum": ["consultant"]},
                            },
                        },
                    },
                    "count": _COUNT,
                },
            },
        },
        "invitationTimeout": {"type": "number", "minimum": 0.001, "maximum": 1_000_000},
        "notifications": {"enum": ["documented", "extended"]},
        "queues": {"type": "object", "additionalProperties": {"type": "array", "items": _TEXT}},
        "capabilities": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                situation: {"type": "array", "items": {"enum": list(Capability)}} for situation in Situation
            },
        },
    },
}
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class ScenarioError(Exception):
    """The file cannot be used. The text is one line that names the file, the place and the fault."""


@dataclass(slots=True)
class Scenario:
    """What exists at start: the agents with their passwords, the chats they sit in, and what these share.

    `notifications` is the shape in which agents are told, "documented" or "extended".
    `channels` are those of the agents' sessions at start, in the order of the accounts; `entries` are the
    chats as the file has them.
    """

    accounts: list[tuple[Agent, str]]
    chats: list[Chat]
    center: ContactCenter
    notifications: str
    channels: list[list[str]]
    entries: list[dict[str, Any]]


def load_scenario(path: Path, clock: Callable[[], datetime], random: Random) -> Scenario:
    """Read a scenario file. Raises `ScenarioError`."""
    try:
        return build_scenario(yaml.safe_load(path.read_text(encoding="utf-8")), clock, random)
    except RecursionError:
        raise ScenarioError(f"{path}: nested too deep") from None
    except (OSError, ValueError, yaml.YAMLError, ScenarioError) as error:
        raise ScenarioError(f"{path}: {_one_line(error)}") from None


def build_scenario(content: Any, clock: Callable[[], datetime], random: Random) -> Scenario:
    """Make agents and chats from what a scenario file holds. Raises `ScenarioError`."""
    # YAML knows dates and other keys than strings: what JSON has no word for becomes text
    content = json.loads(json.dumps(content, default=str, allow_nan=False))
    for error in jsonschema_rs.Draft4Validator(_SCHEMA).iter_errors(content):
        raise ScenarioError(f"{_place(error.instance_path)}: {_one_line(error.message)}")
    people = _people(content["agents"])
    agents = {agent.user_name: agent for agent, _, _ in people}
    center = ContactCenter(
        clock,
        {**DEFAULT_CAPABILITIES, **_capabilities(content.get("capabilities", {}))},
        {agent.path: agent for agent in agents.values()},
        {name: _members(name, names, agents) for name, names in content.get("queues", {}).items()},
        content.get("invitationTimeout"),
        random,
    )
    accounts, channels = [person[:2] for person in people], [person[2] for person in people]
    shape = content.get("notifications", "documented")
    scenario = Scenario(accounts, [], center, shape, channels, content.get("chats", []))
    _begin(scenario)
    return scenario


def restore(scenario: Scenario, random: Random) -> None:
    """Bring agents, centre and chats back to where the scenario began; ids are made from `random` now.

    The agents stay who they are. A chat of before has nobody in it any more, so that an invitation of it
    that would expire has become pointless.
    """
    for agent, _ in scenario.accounts:
        for chat in agent.chats.values():
            chat.seats.clear()
        agent.chats.clear()
        agent.operations_accepted = 0
        agent.times_free = 0
    scenario.center.line.clear()
    scenario.center.waiting.clear()
    scenario.center.random = random
    _begin(scenario)


def add_chat(scenario: Scenario, entry: dict[str, Any]) -> tuple[Chat, list[Event]]:
    """Make one more chat, as it would stand in the file, and tell its agents of it (decided).

    Without an id it gets a new one. Raises `ScenarioError`.
    """
    center = scenario.center
    agents = {agent.user_name: agent for agent, _ in scenario.accounts}
    named = {seat["agent"] for seat in entry["agents"]} & agents.keys()
    # rehearsed among others of the same names: where it is refused, nobody has moved, and no id is used up
    doubles = {name: replace(agents[name], chats={}) for name in named}
    _chat("chat", entry, doubles, Chat(entry.get("id", "new"), center.clock(), ContactCenter(center.clock)))
    chat_id = entry["id"] if "id" in entry else center.new_interaction_id()
    chat = _chat("chat", entry, agents, Chat(chat_id, center.clock(), center))
    return chat, [
        invited(chat, seat) if seat.state is State.INVITED else status_changed(chat, seat.agent, None)
        for seat in chat.seats.values()
    ]


def _begin(scenario: Scenario) -> None:
    center, chats = scenario.center, dict[str, Chat]()
    agents = {agent.user_name: agent for agent, _ in scenario.accounts}
    for (agent, _), channels in zip(scenario.accounts, scenario.channels, strict=True):
        start_session(center, agent, channels)
    for place, entry in _expanded("chats", scenario.entries):
        chat = _chat(place, entry, agents, Chat(entry["id"], center.clock(), center))
        if chats.setdefault(chat.id, chat) is not chat:
            raise ScenarioError(f"{place}.id: {chat.id!r} stands twice")
    scenario.chats = list(chats.values())


def _people(entries: list[dict[str, Any]]) -> list[tuple[Agent, str, list[str]]]:
    """Make the agents, each with its password and the channels of its session."""
    people: dict[str, tuple[Agent, str, list[str]]] = {}
    for place, entry in _expanded("agents", entries):
        name = entry["userName"]
        if name in people:
            raise ScenarioError(f"{place}.userName: {name!r} stands twice")
        # derived from the name, so that an agent has the same id in every run
        agent = Agent(uuid5(NAMESPACE_DNS, name).hex, name, frozenset(entry.get("features", [])))
        people[name] = agent, entry["password"], entry.get("channels", [])
    return list(people.values())


def _capabilities(rows: dict[str, list[str]]) -> Capabilities:
    return {Situation(row): tuple(Capability(name) for name in names) for row, names in rows.items()}


def _members(queue: str, names: list[str], agents: dict[str, Agent]) -> tuple[Agent, ...]:
    for number, name in enumerate(names):
        if name not in agents:
            raise ScenarioError(f"queues.{queue}[{number}]: there is no agent {name!r}")
    return tuple(agents[name] for name in names)


def _chat(place: str, entry: dict[str, Any], agents: dict[str, Agent], chat: Chat) -> Chat:
    if not _ID.fullmatch(chat.id):
        raise ScenarioError(f"{place}.id: {chat.id!r} is not 1 to 64 letters, digits, - and _")
    chat.user_data = dict(entry.get("userData", {}))
    if entry["customer"] is not None:
        chat.welcome_customer(entry["customer"])
    for number, seat in enumerate(entry["agents"]):
        _take_seat(f"{place}.agents[{number}]", seat, agents, chat)
    _require_sense(place, chat)
    if chat.seats_in(State.LEFT_CHAT):
        chat.end_customer_session()
    return chat


def _take_seat(place: str, seat: dict[str, str], agents: dict[str, Agent], chat: Chat) -> None:
    agent = agents.get(seat["agent"])
    if agent is None:
        raise ScenarioError(f"{place}.agent: there is no agent {seat['agent']!r}")
    if not agent.may_chat:
        raise ScenarioError(f"{place}.agent: {agent.user_name!r} has no feature for chats")
    if agent.id in chat.seats:
        raise ScenarioError(f"{place}.agent: {agent.user_name!r} stands twice")
    chat.take_seat(agent, State(seat["state"]), as_consultant="role" in seat)


def _require_sense(place: str, chat: Chat) -> None:
    """Refuse what no sequence of operations leads to."""
    chatting, left = chat.seats_in(State.CHATTING), chat.seats_in(State.LEFT_CHAT)
    consultants = [seat for seat in chat.seats.values() if seat.is_consultant]
    if consultants and all(seat.is_consultant for seat in chatting) and not left:
        raise ScenarioError(f"{place}.agents: a consultant needs an agent who is Chatting")
    if left and len(chat.seats) > 1:
        raise ScenarioError(f"{place}.agents: who has LeftChat is the last agent of a chat")
    if left and left[0].is_consultant:
        raise ScenarioError(f"{place}.agents: a consultant who leaves has Completed, not LeftChat")


def _expanded(place: str, entries: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, entry in enumerate(entries):
        count = entry.get("count")
        where = f"{place}[{number}]"
        if count is None:
            yield where, entry
        else:
            for n in range(1, int(count) + 1):
                yield f"{where} (n={n})", _with_number(where, entry, n)


def _with_number(place: str, value: Any, n: int) -> Any:
    if isinstance(value, dict):
        return {key: _with_number(f"{place}.{key}", item, n) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_number(f"{place}[{number}]", item, n) for number, item in enumerate(value)]
    if not isinstance(value, str):
        return value
    try:
        return value.format(n=n)
    except (ValueError, LookupError, AttributeError, TypeError):
        raise ScenarioError(f"{place}: only {{n}} may stand in braces, not {value!r}") from None


def _place(path: list[str | int]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).lstrip(".") or "the file"


def _one_line(error: Exception | str) -> str:
    return " ".join(str(error).split())
