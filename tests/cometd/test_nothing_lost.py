"""Connections break at random, and everybody is told of everything, once and in order.

500 events to 100 sessions in each round. Longer by hand: `STRESS_ROUNDS=100 STRESS_SEED=7 pytest ...`.
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
    """Polls without end over connections that break. What arrived is `told`.

    One that acknowledges also loses answers that were written; the other's connections break before.
    """

    def __init__(self, client, random, *, acknowledges):
        self.client = client
        self.told = []
        self.lost = 0
        self._acknowledges = acknowledges
        self._random = random
        self._number = -1

    async def open(self):
        await self.client.handshake(ext={"ack": self._acknowledges})
        await self.poll()
        await self.client.subscribe("/a")

    async def poll(self, *, may_break=False, **fields):
        connection = self.client.connection
        answer = await self.client.send(self.client.connect(ext={"ack": self._number}, **fields))
        if not connection.is_open or (may_break and self._acknowledges and self._random.random() < 0.3):
            self.lost += 1
            return
        reply, *events = answer
        self._number = reply.get("ext", {"ack": -1})["ack"]
        self.told += [event["data"] for event in events]

    async def listen(self):
        while True:
            await self.poll(may_break=True)

    def break_off(self):
        self.client.hang_up(noticed=self._random.random() < 0.5)


@pytest.mark.parametrize("acknowledges", [False, True], ids=["plain", "with acknowledgement"])
async def test_each_session_is_told_of_everything_once_and_in_order(client_of, server, acknowledges):
    random = Random(SEED)
    listeners = [
        Listener(client_of(server, f"agent{n}"), random, acknowledges=acknowledges) for n in range(SESSIONS)
    ]
    for listener in listeners:
        await listener.open()
    tasks = [asyncio.create_task(listener.listen()) for listener in listeners]
    numbers = {listener.client.owner: count(1) for listener in listeners}

    for _ in range(ROUNDS):
        owners = list(numbers) * (EVENTS // SESSIONS)
        random.shuffle(owners)
        for owner in owners:
            server.publish(owner, "/a", str(next(numbers[owner])))
            if random.random() < 0.3:
                random.choice(listeners).break_off()
            if random.random() < 0.2:
                await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    for listener in listeners:
        await listener.poll(advice={"timeout": 0})

    expected = list(range(1, ROUNDS * EVENTS // SESSIONS + 1))
    assert [] == [listener.client.owner for listener in listeners if listener.told != expected]
    assert all(listener.lost for listener in listeners)
    assert acknowledges == bool(server.counters.repeated)
