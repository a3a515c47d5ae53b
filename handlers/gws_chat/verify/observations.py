"""The observations of a run: values by the ID of a fact, and reasons why facts were not reached."""

from typing import Any


class Observations:
    """Stories fill it in. A fact can be observed several times."""

    def __init__(self) -> None:
        self.values: dict[str, list[Any]] = {}
        self.reasons: dict[str, str] = {}  # by the ID of a fact, or the first parts of several IDs
        self.story_errors: dict[str, str] = {}  # the reasons why stories ended early, by name

    def record(self, fact_id: str, value: Any) -> None:
        """Record a value. In place of an object record its type, because it may have user data."""
        is_own = fact_id.endswith(".user-data")  # has only keys that this run has set
        self.values.setdefault(fact_id, []).append(value if is_own else _without_objects(value))

    def not_reached(self, beginning: str, reason: str) -> None:
        """Give the reason why a fact, or all facts whose IDs begin with these parts, were not reached.

        The first reason counts.
        """
        self.reasons.setdefault(beginning, reason)

    def reason_for(self, fact_id: str) -> str | None:
        """Return the most specific reason, or None."""
        fitting = [each for each in self.reasons if fact_id == each or fact_id.startswith(f"{each}.")]
        return self.reasons[max(fitting, key=len)] if fitting else None


def _without_objects(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_objects(each) for each in value]
    return "object" if isinstance(value, dict) else value
