"""Memory does not grow: after whatever clients do, it is back to where it began.

Each does it twice, and the second time must leave no more behind than the first. In full size by hand:
`MEMORY_TIMES=100000 pytest tests/cometd/test_memory.py`.
"""

import asyncio
import gc
import os
import tracemalloc

import pytest

from handlers.cometd.sessions import Poll, Session

TIMES = int(os.environ.get("MEMORY_TIMES", "2000"))
BOUND = 32 * 1024
"""Bytes. If the sessions or subscriptions below stayed, it would be some hundred times more."""


@pytest.fixture
def growth():
    """Do something twice, and return the bytes that the second time left behind."""

    async def measured(activity):
        tracemalloc.start()
        try:
            after = []
            for _ in range(2):
                await activity()
                gc.collect()
                after.append(tracemalloc.get_traced_memory()[0])
        finally:
            tracemalloc.stop()
        return after[1] - after[0]

    return measured


def remaining():
    """Count what belongs to clients, wherever it is kept."""
    gc.collect()
    return sum(isinstance(each, Session | Poll) for each in gc.get_objects())


async def test_handshakes_that_never_come_back_leave_nothing(server, client_of, clock, growth):
    async def shake_hands():
        for number in range(TIMES):
            await client_of(server, f"agent{number % 90}").handshake()
        await clock.advance(31)

    grown = await growth(shake_hands)

    assert (0, 0, 0) == (server.sessions, clock.waiting, remaining())
    assert BOUND > grown


async def test_subscribing_and_unsubscribing_leaves_nothing(client, growth):
    await client.open()

    async def come_and_go():
        for number in range(TIMES):
            await client.subscribe(f"/a/{number}")
            await client.send(client.message("unsubscribe", subscription=f"/a/{number}"))

    grown = await growth(come_and_go)

    assert 1 == remaining()
    assert BOUND > grown


async def test_polls_that_are_dropped_leave_nothing(server, client, clock, growth):
    async def poll_and_drop():
        await client.open("/a")
        for number in range(TIMES // 5):
            poll = await client.park()
            client.hang_up(noticed=bool(number % 2))
            server.publish("ann", "/a", "1")
            await poll
            await client.send(client.connect())
        await clock.advance(31)

    grown = await growth(poll_and_drop)

    assert (0, (0, 0)) == (remaining(), server.queued)
    assert BOUND > grown


async def test_an_hour_of_work_leaves_nothing(server, client_of, clock, growth):
    """Every minute clients come that poll, are told, break off, and stay away without a goodbye."""

    async def minute():
        clients = [client_of(server, f"agent{n}", f"browser{n % 9}") for n in range(12)]
        polls = []
        for number, each in enumerate(clients):
            await each.handshake(ext={"ack": bool(number % 2)})
            await each.send(each.connect())
            await each.subscribe("/a")
            polls.append(asyncio.create_task(each.send(each.connect())))
        await clock.advance(20)
        for number, each in enumerate(clients):
            server.publish(each.owner, "/a", "1")
            if number % 3 == 0:
                each.hang_up()
        await clock.advance(40)
        await asyncio.gather(*polls)

    async def hour():
        for _ in range(60):
            await minute()
        await clock.advance(31)

    grown = await growth(hour)

    assert (0, 0, 0, 0) == (server.sessions, server.parked, clock.waiting, remaining())
    assert BOUND > grown
