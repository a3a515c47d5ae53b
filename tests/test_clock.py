"""Time passes by itself, and can be put forward."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from handlers.clock import MovableClock

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


class Still:
    """Timers whose time does not pass by itself; keeps what has been set and not cancelled."""

    def __init__(self):
        self.running = []

    def time(self):
        return 1000.0

    def call_later(self, delay, callback):
        running = self.running

        class Handle:
            def cancel(self):
                running[:] = [each for each in running if each[2] is not self]

        handle = Handle()
        running.append((delay, callback, handle))
        return handle


@pytest.fixture
def still():
    return Still()


@pytest.fixture
def clock(still):
    return MovableClock(lambda: NOW, still)


@pytest.fixture
def rung(clock):
    """Gather what rings, each with the clock's time since the start."""
    return Rung(clock)


class Rung(list):
    def __init__(self, clock):
        super().__init__()
        self._clock = clock

    def __call__(self, name):
        self.append((name, self._clock.time() - 1000, self._clock.now() - NOW))


def test_the_time_of_day_goes_forward_with_the_clock(clock):
    clock.advance(90)

    assert NOW + timedelta(seconds=90) == clock.now()


def test_the_right_time_of_day_comes_back_while_the_timers_time_never_does(clock):
    clock.advance(90)

    clock.tell_real_time()

    assert (NOW, 1090.0) == (clock.now(), clock.time())


def test_what_comes_due_rings_in_order_each_at_its_own_time(clock, rung):
    clock.call_later(30, rung, "second")
    clock.call_later(10, rung, "first")

    clock.advance(30)

    expected = [("first", 10, timedelta(seconds=10)), ("second", 30, timedelta(seconds=30))]
    assert expected == rung


def test_what_is_set_by_what_rings_rings_too_if_it_comes_due(clock, rung):
    clock.call_later(10, lambda: clock.call_later(10, rung, "later"))

    clock.advance(20)

    assert [("later", 20, timedelta(seconds=20))] == rung


def test_what_is_not_due_yet_has_only_the_rest_to_wait(clock, still, rung):
    clock.call_later(30, rung, "later")

    clock.advance(10)

    assert [20.0] == [delay for delay, _, _ in still.running]
    assert [] == rung


def test_what_is_cancelled_does_not_ring(clock, still, rung):
    clock.call_later(10, rung, "never").cancel()

    clock.advance(10)

    assert ([], []) == (rung, still.running)


def test_what_rings_by_itself_does_not_ring_again(clock, still, rung):
    clock.call_later(10, rung, "once")
    ((_, ring, _),) = still.running
    ring()

    clock.advance(10)

    assert ["once"] == [name for name, _, _ in rung]


async def test_without_other_timers_the_running_loops_own_ring():
    rung = asyncio.Event()

    MovableClock(lambda: NOW).call_later(0, rung.set)

    await asyncio.wait_for(rung.wait(), 5)
