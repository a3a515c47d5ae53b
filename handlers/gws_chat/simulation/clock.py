"""A clock that tests can advance."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from gws_chat.cometd import Clock
from gws_chat.cometd.registry import Timer as RealTimer


class Timer:
    """A function that is called at a time of the movable clock."""

    __slots__ = ("_call", "_pending", "real_timer", "when")

    def __init__(self, pending: dict["Timer", None], when: float, call: Callable[[], object]) -> None:
        self._pending = pending
        self._call = call
        self.when = when
        self.real_timer: RealTimer | None = None
        pending[self] = None

    def cancel(self) -> None:
        if self in self._pending:
            del self._pending[self]
            self.cancel_real_timer()

    def cancel_real_timer(self) -> None:
        if self.real_timer is not None:
            self.real_timer.cancel()
            self.real_timer = None

    def fire(self) -> None:
        if self in self._pending:
            self.cancel()
            self._call()


class MovableClock:
    """The time of day and the timers, both of which tests can advance.

    `now` returns the real time of day. `timer_clock` sets the real timers, by default on the running event loop.
    """

    def __init__(self, now: Callable[[], datetime], timer_clock: Clock | None = None) -> None:
        self._now = now
        self._timer_clock = timer_clock
        self._pending: dict[Timer, None] = {}
        self._timer_offset = 0.0
        self._time_of_day_offset = 0.0

    def now(self) -> datetime:
        now = self._now()
        return now + timedelta(seconds=self._time_of_day_offset) if self._time_of_day_offset else now

    def time(self) -> float:
        return self._real_clock().time() + self._timer_offset

    def call_later(self, delay: float, callback: Callable[..., object], *arguments: object) -> Timer:
        timer = Timer(self._pending, self.time() + delay, lambda: callback(*arguments))
        self._start_real_timer(timer, delay)
        return timer

    def advance(self, seconds: float) -> None:
        """Fire the due timers in order, each at its own time, including timers set by other timers."""
        end = self.time() + seconds
        final_time_of_day_offset = self._time_of_day_offset + seconds
        while self._pending:
            timer = min(self._pending, key=lambda each: each.when)
            if timer.when > end:
                break
            self._advance_to(timer.when)
            timer.fire()
        self._advance_to(end)
        self._time_of_day_offset = final_time_of_day_offset
        for timer in self._pending:
            timer.cancel_real_timer()
            self._start_real_timer(timer, timer.when - end)

    def reset_time_of_day(self) -> None:
        """Return to the real time of day. The time of the timers never goes back, or pending timers would be late."""
        self._time_of_day_offset = 0.0

    def _advance_to(self, when: float) -> None:
        step = max(when - self.time(), 0.0)
        self._timer_offset += step
        self._time_of_day_offset += step

    def _start_real_timer(self, timer: Timer, delay: float) -> None:
        timer.real_timer = self._real_clock().call_later(delay, timer.fire)

    def _real_clock(self) -> Clock:
        return self._timer_clock or asyncio.get_running_loop()
