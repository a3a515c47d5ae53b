"""Memory does not grow with the number of past sessions, subscriptions and polls.

The same traffic happens twice, and the second time must not leave more behind than the first.
A long run: `MEMORY_TIMES=100000 pytest tests/cometd/test_memory.py`.
"""

import asyncio
import gc
import os
import tracemalloc

from gws_chat.cometd.session import Poll, Session

TIMES = int(os.environ.get("MEMORY_TIMES", "2000"))
MAX_GROWTH = 32 * 1024
"""Bytes. Leaked sessions or subscriptions would take some hundred times more."""


def live_objects():
    """Count the sessions and polls that still exist, wherever they are referenced."""
    gc.collect()
    return sum(isinstance(each, Session | Poll) for each in gc.get_objects())


async def test_past_traffic_leaves_nothing_behind(server, make_client, clock):
    of_other_tests = live_objects()
    tracemalloc.start()
    allocated = []
    try:
        for _ in range(2):
            for number in range(TIMES):
                await make_client(server, f"agent{number % 90}").handshake()
            await subscribe_and_unsubscribe(make_client(server, "ann"))
            for minute in range(60):
                await poll_for_a_minute(
                    [make_client(server, f"agent{n}", f"b{n % 9}") for n in range(12)], minute, clock
                )
            await clock.advance(31)
            gc.collect()
            allocated.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()

    assert (0, 0, 0) == (len(server.sessions), server.sessions.held_poll_count, clock.pending)
    assert (0, 0) == server.sessions.queue_totals
    assert of_other_tests >= live_objects()  # some may have been freed meanwhile
    assert MAX_GROWTH > allocated[1] - allocated[0]


async def subscribe_and_unsubscribe(client):
    await client.open()
    for number in range(TIMES):
        await client.subscribe(f"/a/{number}")
        await client.unsubscribe(f"/a/{number}")


async def poll_for_a_minute(clients, minute, clock):
    """Let every client poll and receive an event or drop the connection. None of them disconnects."""
    polls = []
    for number, client in enumerate(clients):
        await client.open("/a", ext={"ack": bool(number % 2)})
        polls.append(asyncio.create_task(client.send(client.connect())))
    await clock.advance(20)
    for number, client in enumerate(clients):
        if number % 3 == 0:
            client.drop_connection(noticed=bool(minute % 2))
        client.server.publish(client.owner, "/a", "1")
    await clock.advance(40)
    await asyncio.gather(*polls)
