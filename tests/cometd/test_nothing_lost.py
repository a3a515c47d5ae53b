"""Clients whose connections break at random receive every event once and in order.

Each round publishes 500 events to 100 sessions. A long run: `STRESS_ROUNDS=100 STRESS_SEED=7 pytest ...`.
"""

import asyncio
import os
from itertools import count
from random import Random

import pytest

SEED = int(os.environ.get("STRESS_SEED", "1"))
ROUNDS = int(os.environ.get("STRESS_ROUNDS", "10"))
EVENTS, SESSIONS = 500, 100


class Listener:
    """Polls continuously over connections that break. `received` holds the data of the events.

    With acknowledgement it also loses responses that were sent; without, connections break before that.
    """

    def __init__(self, client, random, *, acknowledges):
        self.client = client
        self.received = []
        self.lost_responses = 0
        self._acknowledges = acknowledges
        self._random = random
        self._number = -1

    async def open(self):
        await self.client.handshake(ext={"ack": self._acknowledges})
        await self.poll()
        await self.client.subscribe("/a")

    async def poll(self, *, may_break=False, **fields):
        connection = self.client.connection
        response = await self.client.send(self.client.connect(ext={"ack": self._number}, **fields))
        if not connection.is_open or (may_break and self._acknowledges and self._random.random() < 0.3):
            self.lost_responses += 1
            return
        reply, *events = response
        self._number = reply.get("ext", {"ack": -1})["ack"]
        self.received += [event["data"] for event in events]

    async def listen(self):
        while True:
            await self.poll(may_break=True)


@pytest.mark.parametrize("acknowledges", [False, True], ids=["plain", "with acknowledgement"])
async def test_each_session_receives_every_event_once(make_client, server, acknowledges):
    random = Random(SEED)
    clients = [make_client(server, f"agent{n}") for n in range(SESSIONS)]
    listeners = [Listener(client, random, acknowledges=acknowledges) for client in clients]
    for listener in listeners:
        await listener.open()
    tasks = [asyncio.create_task(listener.listen()) for listener in listeners]
    numbers = {client.owner: count(1) for client in clients}

    for _ in range(ROUNDS):
        owners = list(numbers) * (EVENTS // SESSIONS)
        random.shuffle(owners)
        for owner in owners:
            server.publish(owner, "/a", str(next(numbers[owner])))
            if random.random() < 0.3:
                random.choice(clients).drop_connection(noticed=random.random() < 0.5)
            if random.random() < 0.2:
                await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    for listener in listeners:
        await listener.poll(advice={"timeout": 0})

    expected = list(range(1, ROUNDS * EVENTS // SESSIONS + 1))
    assert [] == [listener.client.owner for listener in listeners if listener.received != expected]
    assert all(listener.lost_responses for listener in listeners)
    assert acknowledges == bool(server.counters.repeated)
