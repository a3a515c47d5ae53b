"""The movable clock follows real time and can be advanced."""

import asyncio
from datetime import timedelta

import pytest

from gws_chat.simulation.clock import MovableClock
from tests.builders import NOW
from tests.fake_clock import FakeClock


@pytest.fixture
def timers():
    return FakeClock()


@pytest.fixture
def clock(timers):
    return MovableClock(lambda: NOW, timers)


@pytest.fixture
def calls():
    return []


@pytest.fixture
def record(clock, calls):
    """Append a name to `calls`, with the seconds that both of the clock's times have advanced."""

    start = clock.time()

    def append(name):
        calls.append((name, clock.time() - start, (clock.now() - NOW).total_seconds()))

    return append


def test_reset_affects_only_the_time_of_day(clock):
    start = clock.time()
    clock.advance(90)
    assert (NOW + timedelta(seconds=90), start + 90) == (clock.now(), clock.time())

    clock.reset_time_of_day()

    assert (NOW, start + 90) == (clock.now(), clock.time())


def test_due_timers_fire_in_order_at_their_times(clock, calls, record):
    clock.call_later(30, record, "second")
    clock.call_later(10, record, "first")

    clock.advance(30)

    assert [("first", 10, 10), ("second", 30, 30)] == calls


def test_timer_set_by_a_timer_fires_when_due(clock, calls, record):
    clock.call_later(10, lambda: clock.call_later(10, record, "later"))

    clock.advance(20)

    assert [("later", 20, 20)] == calls


async def test_timer_waits_for_its_remaining_seconds(clock, timers, calls, record):
    clock.call_later(30, record, "later")

    clock.advance(10)
    await timers.advance(19.9)
    assert ([], 1) == (calls, timers.pending)
    await timers.advance(0.1)

    assert [("later", 30, 10)] == calls


def test_cancelled_timer_never_fires(clock, timers, calls, record):
    clock.call_later(10, record, "never").cancel()

    clock.advance(10)

    assert ([], 0) == (calls, timers.pending)


async def test_timer_that_fired_does_not_fire_again(clock, timers, calls, record):
    clock.call_later(10, record, "once")
    await timers.advance(10)

    clock.advance(10)

    assert ["once"] == [name for name, _, _ in calls]


async def test_clock_uses_the_running_loop_by_default():
    fired = asyncio.Event()

    MovableClock(lambda: NOW).call_later(0, fired.set)

    await asyncio.wait_for(fired.wait(), 5)
