"""Compares the table of facts with the observations, and writes the report as text and as JSON."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import click

from gws_chat.domain.capabilities import Capability
from gws_chat.verify.changes import has_lost_code, name_of_change
from gws_chat.verify.facts import Fact
from gws_chat.verify.observations import Observations

MAX_LENGTH = 120  # characters of a value
CONFIRMED, DIFFERS, NOT_REACHED = "confirmed", "differs", "not reached"
NO_REASON = "the run did not come to it"
COLORS = {CONFIRMED: "green", DIFFERS: "red", NOT_REACHED: "yellow"}


@dataclass(frozen=True, slots=True)
class Row:
    """The verdict about one fact. `note` is the reason, or the name of the value that matches.

    `is_constant`: the server has shown the actual value each time.
    """

    fact: Fact
    verdict: str
    note: str
    actual: Any = None
    is_constant: bool = True

    @property
    def is_reached(self) -> bool:
        return self.verdict != NOT_REACHED

    @property
    def content(self) -> dict[str, Any]:
        content = {
            "id": self.fact.id,
            "statement": self.fact.statement,
            "provenance": self.fact.expected.provenance,
            "check": self.fact.check,
            "where": self.fact.where,
            "expected": self.fact.expected.value,
            "verdict": self.verdict,
        }
        if self.verdict == DIFFERS:
            return {**content, "actual": self.actual, "always": self.is_constant, "matches": self.note}
        return {**content, "matches" if self.verdict == CONFIRMED else "reason": self.note}

    def redacted(self, redactor: "Redactor") -> "Row":
        """Return the row without secrets in the actual value; everything else has words of this package only."""
        return replace(self, actual=redactor.clean(self.actual))


def judge(facts: Mapping[str, Fact], seen: Observations) -> list[Row]:
    """Return a row for each fact. One that follows from a row that differs, or repeats its change, is not reached."""
    rows = {fact.id: _judge(fact, seen) for fact in facts.values()}
    judged = []
    first: dict[str, str] = {}  # the first row of each change
    for row in rows.values():
        cause = _cause(row, rows) if row.verdict == DIFFERS or row.note == NO_REASON else None
        change = None
        if row.verdict == DIFFERS and not cause:
            change = name_of_change(row.fact.id, row.fact.expected.value, row.actual)
        reason = f"follows from {cause}, which is not as expected" if cause else None
        if change and first.setdefault(change, row.fact.id) != row.fact.id:
            reason = f"changed in the same way as {first[change]}"
        judged.append(Row(row.fact, NOT_REACHED, reason) if reason else row)
    return judged


def _cause(row: Row, rows: Mapping[str, Row]) -> str | None:
    """Return the fact from which the row follows, directly or not, if that one differs."""
    if has_lost_code(row.fact.expected.value, row.actual) and rows["errors.members"].verdict == DIFFERS:
        return "errors.members"
    while row.fact.needs:
        row = rows[row.fact.needs]
        if row.verdict == DIFFERS:
            return row.fact.id
    return None


def _judge(fact: Fact, seen: Observations) -> Row:
    values = seen.values.get(fact.id, [])
    for value in values:
        if value != fact.expected.value:
            return Row(fact, DIFFERS, _name_of(value, fact), value, all(each == value for each in values))
    if values:
        return Row(fact, CONFIRMED, fact.expected.name)
    reason = fact.unreachable or seen.reason_for(fact.id) or seen.story_errors.get(fact.story)
    if reason is None and fact.story == "all":
        reason = next(iter(seen.story_errors.values()), None)
    return Row(fact, NOT_REACHED, reason or NO_REASON)


def _name_of(value: Any, fact: Fact) -> str:
    """Return the name of the alternative that the value matches, or nothing."""
    return next((each.name for each in fact.alternatives[1:] if each.value == value), "")


class Redactor:
    """Replaces secrets in texts and other JSON values.

    Operations and the values of the table of facts stay, because a password may be as short as one letter.
    """

    def __init__(self, secrets: Iterable[str], facts: Mapping[str, Fact]) -> None:
        self._secrets = sorted({each for each in secrets if each}, key=len, reverse=True)
        named = {word for fact in facts.values() for each in fact.alternatives for word in _words(each.value)}
        self._known = named | set(Capability)

    def clean(self, value: Any) -> Any:
        if isinstance(value, str):
            if value in self._known:
                return value
            for secret in self._secrets:
                value = value.replace(secret, "***")
            return value
        if isinstance(value, list):
            return [self.clean(each) for each in value]
        if isinstance(value, dict):
            return {self.clean(name): self.clean(each) for name, each in value.items()}
        return value


def _words(value: Any) -> list[str]:
    """Return the texts in a value or in its elements."""
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]


def text_lines(rows: Sequence[Row]) -> Iterator[str]:
    """Return the report for a terminal. `click.echo` removes its colors elsewhere."""
    for row in rows:
        alternative = f" ({row.note})" if row.verdict == CONFIRMED else ""
        verdict = click.style(f"{row.verdict:<11}", COLORS[row.verdict])
        yield f"{verdict}  {row.fact.id}: {row.fact.statement}{alternative}"
        if row.verdict == DIFFERS:
            expected, actual = difference(row.fact.expected.value, row.actual)
            yield f"{'':13}expected: {expected} ({row.fact.expected.provenance})"
            alternative = f" (the alternative: {row.note})" if row.note else ""
            yield f"{'':13}actual:   {actual}{alternative}{'' if row.is_constant else ', but not always'}"
        elif row.verdict == NOT_REACHED:
            yield f"{'':13}{row.note}"
    counts = [sum(row.verdict == verdict for row in rows) for verdict in COLORS]
    yield "{} confirmed, {} different, {} not reached".format(*counts)


def difference(expected: Any, actual: Any) -> tuple[str, str]:
    """Return the expected value and the actual one, shortened.

    If both are lists and the expected one is long, describe the actual one by the elements that are missing or further.
    """
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) > 4:  # noqa: PLR2004 - longer than a line
        missing = [each for each in expected if each not in actual]
        further = [each for each in actual if each not in expected]
        if missing or further:
            found = [f"without {_shorten(missing)}"] if missing else []
            return _shorten(expected), ", ".join([*found, *([f"also {_shorten(further)}"] if further else [])])
        return _shorten(expected), f"the same elements, otherwise ordered or repeated: {_shorten(actual)}"
    return _shorten(expected), _shorten(actual)


def _shorten(value: Any) -> str:
    text = value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)
    text = "".join(each if each.isprintable() else "?" for each in text)
    return text if len(text) <= MAX_LENGTH else text[:MAX_LENGTH] + "..."


def json_report(rows: Sequence[Row], unexpressed: list[str] | None, left_behind: list[str]) -> dict[str, Any]:
    """Return the report as JSON. `unexpressed` is None unless a scenario was written."""
    report: dict[str, Any] = {"facts": [row.content for row in rows], "notEnded": left_behind}
    for row in report["facts"]:
        if "actual" in row and len(json.dumps(row["actual"])) > MAX_LENGTH * 8:
            row["actual"] = _shorten(row["actual"])
    return report if unexpressed is None else {**report, "notExpressed": unexpressed}
