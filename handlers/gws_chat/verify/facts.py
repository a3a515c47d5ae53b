"""The table of facts, read from `facts.yaml`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

PROVENANCES = ("documented", "assumed", "observed")
CHECKS = {
    # by the last part of the ID
    "response": "HTTP status and statusCode of the response",
    "notifications": "the notifications to the agent who performs it, in their order",
    "others": "the notifications to each agent who did not perform it, in their order",
    "state": "the state in StatusChange",
    "members": "the known members of the notification",
    "participants": "the participants in the notification",
    "message": "type, sender and visibility in NewMessages",
    "user-data": "userData in the notification",
    "listed": "GET /api/v2/me/chats?fields=* afterwards",
    "customer": "the state of the chat for the customer",
    "transcript": "the new messages that the customer reads",
}


@dataclass(frozen=True, slots=True)
class Alternative:
    """A value that a fact can have, with its name and its provenance."""

    name: str
    provenance: str
    value: Any


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of the table. It has one or more `alternatives`; the first is expected. `where` quotes openapi.yaml."""

    id: str
    statement: str
    alternatives: tuple[Alternative, ...]
    story: str
    where: str
    check: str
    needs: str | None = None
    unreachable: str | None = None

    @property
    def expected(self) -> Alternative:
        return self.alternatives[0]

    def expecting(self, value: Any) -> "Fact":
        """Return the fact with the value that a scenario expects."""
        known = next((each for each in self.alternatives if each.value == value), None)
        first = known or Alternative("scenario", "scenario", value)
        return replace(self, alternatives=(first, *(each for each in self.alternatives if each is not known)))


def load_facts() -> dict[str, Fact]:
    """Return the facts by their IDs, in the order of the table."""
    groups = yaml.load(Path(__file__).with_name("facts.yaml").read_text(encoding="utf-8"), _loader())  # noqa: S506
    facts = {fact.id: fact for name, group in groups.items() for fact in _read_group(name, group)}
    return {fact.id: _with_need(fact, facts) for fact in facts.values()}


def _loader() -> Any:
    # the C loader is ten times as fast, but not every build of PyYAML has it
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _read_group(group_name: str, group: Mapping[str, Any]) -> Iterator[Fact]:
    for name, row in group["facts"].items():
        shown = {"name": "", **row}
        alternatives = [_alternative(each) for each in row.get("alternatives", [shown])]
        alternatives.sort(key=lambda each: PROVENANCES.index(each.provenance))
        yield Fact(
            f"{group_name}.{name}",
            row["says"],
            tuple(alternatives),
            row.get("story", group["story"]),
            row.get("where", group["where"]),
            row.get("check") or _check(name, row),
            row.get("needs"),
            row.get("unreachable"),
        )


def _check(name: str, row: Mapping[str, Any]) -> str:
    """Return the check of a fact by the last part of its ID, by default that of the response."""
    return "not at all" if "unreachable" in row else CHECKS.get(name.rpartition(".")[2], CHECKS["response"])


def _alternative(row: Mapping[str, Any]) -> Alternative:
    provenance = next(each for each in PROVENANCES if each in row)
    return Alternative(row["name"] or provenance, provenance, row[provenance])


def _with_need(fact: Fact, facts: Mapping[str, Fact]) -> Fact:
    """Make the facts `members`, `listed` and `customer` depend on the fact `state` beside them."""
    beginning, _, name = fact.id.rpartition(".")
    if fact.needs is None and name in {"members", "listed", "customer"} and f"{beginning}.state" in facts:
        return replace(fact, needs=f"{beginning}.state")
    return fact
