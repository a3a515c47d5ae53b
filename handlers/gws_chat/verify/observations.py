"""What a run has observed: values by the ID of a fact, and reasons why facts were not reached."""

from typing import Any


class Observations:
    """Stories fill it in. A fact can be observed several times."""

    def __init__(self) -> None:
        self.values: dict[str, list[Any]] = {}
        self.reasons: dict[str, str] = {}  # by ID of a fact, or the beginning of several IDs
        self.stories: dict[str, str] = {}  # by name of a story: why it ended early

    def record(self, fact: str, value: Any) -> None:
        self.values.setdefault(fact, []).append(value)

    def skip(self, beginning: str, reason: str) -> None:
        """Say why the facts whose IDs begin like this were not reached. The first reason counts."""
        self.reasons.setdefault(beginning, reason)

    def reason_for(self, fact: str) -> str | None:
        """Return the most specific reason, or None."""
        fitting = [each for each in self.reasons if fact == each or fact.startswith(f"{each}.")]
        return self.reasons[max(fitting, key=len)] if fitting else None
