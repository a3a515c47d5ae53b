"""What is to be done once an answer was written, in the order in which it came about."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 1.0
"""Seconds an answer may take to be written before the rest goes ahead of it: a client that does not
read its answer must not keep the others from being told."""


@dataclass(slots=True, eq=False)
class Deferred:
    """What one request deferred."""

    actions: list[Callable[[], None]] = field(default_factory=list)
    due: bool = False
    timer: asyncio.TimerHandle | None = None


class AfterAnswer:
    """One queue for all requests: what happened first is told first, whoever's answer is written first.

    Handlers run inline and one at a time: what is deferred between two calls of `collect` belongs
    to the request that calls it.
    """

    def __init__(self) -> None:
        self._current: list[Callable[[], None]] = []
        self._queue: deque[Deferred] = deque()

    def defer(self, action: Callable[[], None]) -> None:
        self._current.append(action)

    def collect(self) -> Deferred:
        """Take what the request that was just handled deferred, before its answer is written."""
        deferred = Deferred(self._current)
        if self._current:
            self._current = []
            self._queue.append(deferred)
            deferred.timer = asyncio.get_running_loop().call_later(PATIENCE, self.written, deferred)
        return deferred

    def perform(self, action: Callable[[], None]) -> None:
        """Do what no request asked for; what it defers waits for no answer, but not ahead of others."""
        try:
            action()
        except Exception:
            self.discard()
            raise
        self.written(self.collect())

    def discard(self) -> None:
        """Forget what was deferred by what failed after all."""
        self._current = []

    def go_ahead(self) -> None:
        """Do all that waits for an answer, now."""
        for deferred in list(self._queue):
            self.written(deferred)

    def written(self, deferred: Deferred) -> None:
        """The answer was written, or waited for long enough: do what is due, in order."""
        if deferred.timer is not None:
            deferred.timer.cancel()
        deferred.due = True
        while self._queue and self._queue[0].due:
            for action in self._queue.popleft().actions:
                action()
