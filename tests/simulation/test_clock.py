"""The movable clock follows real time and can be advanced."""

import asyncio
from datetime import timedelta

import pytest

from gws_chat.gateway.errors import EndedByReset
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


async def test_reset_affects_only_the_time_of_day(clock):
    start = clock.time()
    await clock.advance(90)
    assert (NOW + timedelta(seconds=90), start + 90) == (clock.now(), clock.time())

    clock.reset()

    assert (NOW, start + 90) == (clock.now(), clock.time())


async def test_due_timers_fire_in_order_at_their_times(clock, calls, record):
    clock.call_later(30, record, "second")
    clock.call_later(10, record, "first")

    await clock.advance(30)

    assert [("first", 10, 10), ("second", 30, 30)] == calls


async def test_timer_set_by_a_timer_fires_when_due(clock, calls, record):
    clock.call_later(10, lambda: clock.call_later(10, record, "later"))

    await clock.advance(20)

    assert [("later", 20, 20)] == calls


async def test_timer_waits_for_its_remaining_seconds(clock, timers, calls, record):
    clock.call_later(30, record, "later")

    await clock.advance(10)
    await timers.advance(19.9)
    assert ([], 1) == (calls, timers.pending)
    await timers.advance(0.1)

    assert [("later", 30, 10)] == calls


async def test_cancelled_timer_never_fires(clock, timers, calls, record):
    clock.call_later(10, record, "never").cancel()

    await clock.advance(10)

    assert ([], 0) == (calls, timers.pending)


async def test_timer_that_fired_does_not_fire_again(clock, timers, calls, record):
    clock.call_later(10, record, "once")
    await timers.advance(10)

    await clock.advance(10)

    assert ["once"] == [name for name, _, _ in calls]


async def test_clock_uses_the_running_loop_by_default():
    fired = asyncio.Event()

    MovableClock(lambda: NOW).call_later(0, fired.set)

    await asyncio.wait_for(fired.wait(), 5)


async def test_reset_cancels_timers_and_ends_an_advance(clock, calls, record):
    start = clock.time()
    clock.call_unless_reset(10, clock.reset)
    clock.call_unless_reset(20, lambda: record("never"))
    clock.call_later(20, record, "session")

    with pytest.raises(EndedByReset):
        await clock.advance(60)
    assert (NOW, start + 10, []) == (clock.now(), clock.time(), calls)
    await clock.advance(10)

    assert ["session"] == [name for name, _, _ in calls]


async def test_task_continues_at_the_time_of_its_timer(clock, calls, record):
    due = asyncio.Event()
    clock.call_later(10, due.set)
    clock.call_later(20, record, "second")

    async def wait():
        await due.wait()
        record("first")

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(wait())
        await asyncio.sleep(0)
        await clock.advance(30)

    assert [("first", 10, 10), ("second", 20, 20)] == calls


async def test_advances_at_the_same_time_add_up(clock):
    for seconds in (10, 20):
        clock.call_later(seconds, lambda: None)

    await asyncio.gather(clock.advance(15), clock.advance(15))

    assert NOW + timedelta(seconds=30) == clock.now()


async def test_reset_ends_a_waiting_advance(clock):
    clock.call_later(10, lambda: None)
    first, second = (asyncio.create_task(clock.advance(seconds)) for seconds in (15, 3600))
    await asyncio.sleep(0)

    clock.reset()

    for each in (first, second):
        with pytest.raises(EndedByReset):
            await each
    assert NOW == clock.now()


async def test_later_timers_follow_an_earlier_one(clock, timers, calls, record):
    clock.call_later(30, record, "third")
    clock.call_later(10, record, "first")
    clock.call_later(20, record, "second")

    await timers.advance(30)

    assert (["first", "second", "third"], 0) == ([name for name, _, _ in calls], timers.pending)


async def test_failing_timer_stops_no_other_timer(clock, timers, calls, record):
    clock.call_later(10, lambda: 1 / 0)
    clock.call_later(20, record, "later")

    with pytest.raises(ZeroDivisionError):
        await timers.advance(10)
    await timers.advance(10)

    assert ["later"] == [name for name, _, _ in calls]


async def test_other_tasks_run_between_many_timers(clock, calls):
    turns = 0
    for number in range(20_000):
        timer = clock.call_later(60 + number / 1000, calls.append, number)
        if number % 4:
            timer.cancel()

    async def count_turns():
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count_turns())
    await clock.advance(90)
    counting.cancel()

    assert (list(range(0, 20_000, 4)), True) == (calls, turns >= len(calls))


async def test_next_deadline_is_the_earliest_timer_that_a_reset_ends(clock):
    clock.call_later(5, lambda: None)
    clock.call_unless_reset(30, lambda: None, "invitation")
    clock.call_unless_reset(10, lambda: None, "delay").cancel()

    when, purpose = clock.next_deadline()

    assert (timedelta(seconds=30), "invitation") == (clock.time_of_day(when) - NOW, purpose)
    clock.reset()
    assert clock.next_deadline() is None
