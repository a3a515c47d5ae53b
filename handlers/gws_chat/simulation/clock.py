"""A clock that tests can advance."""

import asyncio
import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from gws_chat.cometd.registry import Clock
from gws_chat.cometd.registry import Timer as RealTimer
from gws_chat.gateway.errors import EndedByReset


class Timer:
    """A function that is called at a time of the movable clock, unless it was cancelled."""

    __slots__ = ("arguments", "callback", "purpose", "when")

    def __init__(
        self, when: float, callback: Callable[..., object], arguments: tuple[object, ...], purpose: str | None
    ) -> None:
        self.when = when
        self.callback: Callable[..., object] | None = callback
        self.arguments = arguments
        self.purpose = purpose  # None if the timer does not end at a reset

    def cancel(self) -> None:
        self.callback, self.arguments = None, ()

    def fire(self) -> None:
        callback, arguments = self.callback, self.arguments
        self.cancel()
        if callback is not None:
            callback(*arguments)


class MovableClock:
    """The time of day and the timers, both of which tests can advance.

    `real_now` returns the real time of day; the method `now` adds the advances. `timer_clock` sets the real timer, by
    default on the running event loop. Only one real timer is set, for the timer that is due first, so that an advance
    does not set all timers again.
    """

    def __init__(self, real_now: Callable[[], datetime], timer_clock: Clock | None = None) -> None:
        self._real_now = real_now
        self._timer_clock = timer_clock
        self._timers: list[tuple[float, int, Timer]] = []  # a heap; cancelled timers stay until they are due
        self._order = count()
        self._real_timer: RealTimer | None = None
        self._real_timer_when = 0.0
        self._size_to_clean = 1000
        self._timer_offset = 0.0
        self._time_of_day_offset = 0.0
        self._resets = 0
        self._advancing = asyncio.Lock()

    def now(self) -> datetime:
        now = self._real_now()
        return now + timedelta(seconds=self._time_of_day_offset) if self._time_of_day_offset else now

    def time(self) -> float:
        return self._real_clock().time() + self._timer_offset

    def call_later(self, delay: float, callback: Callable[..., object], *arguments: object) -> Timer:
        return self._add(Timer(self.time() + delay, callback, arguments, None))

    def call_unless_reset(self, delay: float, callback: Callable[[], object], purpose: str = "delay") -> Timer:
        """Call the function after some seconds, unless `reset` is called before."""
        return self._add(Timer(self.time() + delay, callback, (), purpose))

    def next_deadline(self) -> tuple[float, str] | None:
        """Return when the next timer that ends at a reset is due, and its purpose. None if there is none."""
        timers = (each for _, _, each in self._timers if each.callback is not None)
        return min(((each.when, each.purpose) for each in timers if each.purpose is not None), default=None)

    def time_of_day(self, when: float) -> datetime:
        """Return the time of day at a time of the timers."""
        return self.now() + timedelta(seconds=when - self.time())

    async def advance(self, seconds: float) -> None:
        """Fire the due timers in order, each at its own time, including timers set by other timers.

        After each timer the event loop runs once. Tasks that the timer wakes run at the timer's time, and other
        requests are served. A reset ends the advance, also one that still waits for an earlier one.

        Raises `EndedByReset`.
        """
        resets = self._resets
        async with self._advancing:
            self._require_no_reset_since(resets)
            end = self.time() + seconds
            final_time_of_day_offset = self._time_of_day_offset + seconds
            try:
                while (timer := self._first()) is not None and timer.when <= end:
                    self._advance_to(timer.when)
                    timer.fire()
                    await asyncio.sleep(0)
                    self._require_no_reset_since(resets)
                self._advance_to(end)
                self._time_of_day_offset = final_time_of_day_offset
            finally:
                self._cancel_real_timer()  # it would fire too late
                self._set_real_timer()

    def reset(self) -> None:
        """Return to the real time of day, and cancel the timers that end at a reset.

        The time of the timers never goes back, or pending timers would be late.
        """
        self._resets += 1
        self._time_of_day_offset = 0.0
        for _, _, timer in self._timers:
            if timer.purpose is not None:
                timer.cancel()

    def _require_no_reset_since(self, resets: int) -> None:
        if resets != self._resets:
            raise EndedByReset

    def _add(self, timer: Timer) -> Timer:
        if len(self._timers) >= self._size_to_clean:
            # most polls cancel their timer long before it is due
            self._timers = [each for each in self._timers if each[2].callback is not None]
            heapq.heapify(self._timers)
            self._size_to_clean = max(1000, 2 * len(self._timers))
        heapq.heappush(self._timers, (timer.when, next(self._order), timer))
        self._set_real_timer()
        return timer

    def _first(self) -> Timer | None:
        """Return the timer that is due first. Remove the cancelled ones before it."""
        while self._timers and self._timers[0][2].callback is None:
            heapq.heappop(self._timers)
        return self._timers[0][2] if self._timers else None

    def _advance_to(self, when: float) -> None:
        step = max(when - self.time(), 0.0)
        self._timer_offset += step
        self._time_of_day_offset += step

    def _set_real_timer(self) -> None:
        """Set the real timer for the timer that is due first, unless it is set for that time or an earlier one."""
        timer = self._first()
        if timer is None or (self._real_timer is not None and self._real_timer_when <= timer.when):
            return
        self._cancel_real_timer()
        self._real_timer_when = timer.when
        self._real_timer = self._real_clock().call_later(max(timer.when - self.time(), 0.0), self._fire, timer)

    def _cancel_real_timer(self) -> None:
        if self._real_timer is not None:
            self._real_timer.cancel()
            self._real_timer = None

    def _fire(self, timer: Timer) -> None:
        self._real_timer = None
        try:
            timer.fire()
        finally:
            self._set_real_timer()

    def _real_clock(self) -> Clock:
        return self._timer_clock or asyncio.get_running_loop()
