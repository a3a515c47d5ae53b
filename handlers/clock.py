"""A clock that can be put forward: what was to happen until then happens at once, in order."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from handlers.cometd import Clock


class Timer:
    """What is to be called at a time of the movable clock."""

    __slots__ = ("_call", "_pending", "running", "when")

    def __init__(self, pending: dict[Timer, None], when: float, call: Callable[[], object]) -> None:
        self._pending = pending
        self._call = call
        self.when = when
        self.running: Callable[[], object] | None = None
        """Cancels what the clock below has been told."""
        pending[self] = None

    def cancel(self) -> None:
        if self in self._pending:
            del self._pending[self]
            self.stop()

    def stop(self) -> None:
        if self.running is not None:
            self.running()
            self.running = None

    def ring(self) -> None:
        if self in self._pending:
            self.cancel()
            self._call()


class MovableClock:
    """The time of day, and the event loop's timers, as long as nobody moves them.

    `timers` are the running loop's own if there are no others.
    """

    def __init__(self, now: Callable[[], datetime], timers: Clock | None = None) -> None:
        self._now = now
        self._timers = timers
        self._pending: dict[Timer, None] = {}
        self._moved = 0.0
        self._moved_by_day = 0.0

    def now(self) -> datetime:
        moment = self._now()
        return moment + timedelta(seconds=self._moved_by_day) if self._moved_by_day else moment

    def time(self) -> float:
        return self._clock().time() + self._moved

    def call_later(self, delay: float, callback: Callable[..., object], *arguments: object) -> Timer:
        timer = Timer(self._pending, self.time() + delay, lambda: callback(*arguments))
        self._start(timer, delay)
        return timer

    def advance(self, seconds: float) -> None:
        """Go forward: each timer that comes due rings at its own time, also one that is set meanwhile."""
        end = self.time() + seconds
        end_of_day = self._moved_by_day + seconds
        while self._pending:
            timer = min(self._pending, key=lambda each: each.when)
            if timer.when > end:
                break
            self._go_to(timer.when)
            timer.ring()
        self._go_to(end)
        self._moved_by_day = end_of_day
        for timer in self._pending:
            timer.stop()
            self._start(timer, timer.when - end)

    def tell_real_time(self) -> None:
        """Return to the right time of day. The timers' time never goes back: what waits would wait twice."""
        self._moved_by_day = 0.0

    def _go_to(self, when: float) -> None:
        step = max(when - self.time(), 0.0)
        self._moved += step
        self._moved_by_day += step

    def _start(self, timer: Timer, delay: float) -> None:
        timer.running = self._clock().call_later(delay, timer.ring).cancel

    def _clock(self) -> Clock:
        return self._timers or asyncio.get_running_loop()
