"""An agent's client without a network, and a clock that is moved by hand."""

import asyncio
import heapq
import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest

from handlers.cometd import Limits, Server


@pytest.fixture
def anyio_backend():
    return "asyncio"


async def settled():
    """Let every task run as far as it can: none here goes more than a few steps without waiting."""
    for _ in range(10):
        await asyncio.sleep(0)


class FakeTimer:
    def __init__(self, callback: Callable[[], object]) -> None:
        self.callback: Callable[[], object] | None = callback

    def cancel(self) -> None:
        self.callback = None


class FakeClock:
    def __init__(self) -> None:
        self._now = 1000.0
        self._order = itertools.count()
        self._timers: list[tuple[float, int, FakeTimer]] = []

    def time(self) -> float:
        return self._now

    def call_later(self, delay: float, callback: Callable[..., object], *args: object) -> FakeTimer:
        timer = FakeTimer(lambda: callback(*args))
        heapq.heappush(self._timers, (self._now + delay, next(self._order), timer))
        return timer

    @property
    def waiting(self) -> int:
        return sum(timer.callback is not None for _, _, timer in self._timers)

    async def advance(self, seconds: float) -> None:
        """Run what falls due, in order, giving the tasks a turn before and after each."""
        await settled()
        until = self._now + seconds
        while self._timers and self._timers[0][0] <= until:
            self._now, _, timer = heapq.heappop(self._timers)
            if timer.callback is not None:
                timer.callback()
                await settled()
        self._now = until


class FakeConnection:
    """A request's connection, which `hang_up` ends; who watches it is told when `end` is noticed."""

    def __init__(self) -> None:
        self.is_open = True
        self.watcher: Callable[[], None] | None = None
        self.watches_begun = 0

    def is_gone(self) -> bool:
        return not self.is_open

    def watch(self, gone: Callable[[], None]) -> Callable[[], None]:
        self.watches_begun += 1
        self.watcher = gone
        return self._end_watch

    def _end_watch(self) -> None:
        self.watcher = None


class Client:
    """Speaks for one owner, from one browser if it has a name.

    `hang_up` ends its connections, as a client does that drops a held poll; the server may still be to
    notice.
    """

    def __init__(self, server: Server, owner: str, browser: str | None = None) -> None:
        self.server = server
        self.owner = owner
        self.browser = browser
        self.id = ""
        self.connection = FakeConnection()
        self.opened = 0

    async def send(self, *messages: Any) -> list[Any]:
        answer = await self.server.exchange(
            messages, owner=self.owner, connection=self.connection, browser=self.browser, opened=self._opened
        )
        return json.loads(answer)

    async def handshake(self, **fields: Any):
        version = {"version": "1.0", "supportedConnectionTypes": ["long-polling"]}
        [reply] = await self.send({"channel": "/meta/handshake", **version, **fields})
        self.id = reply.get("clientId", "")
        return reply

    async def open(self, *subscriptions: str):
        """Shake hands, spend the connect that is answered at once, and subscribe."""
        await self.handshake()
        await self.send(self.connect())
        for name in subscriptions:
            await self.subscribe(name)

    async def subscribe(self, subscription: Any):
        return await self.send(self.message("subscribe", subscription=subscription))

    async def park(self, **fields: Any) -> asyncio.Task[list[Any]]:
        poll = asyncio.create_task(self.send(self.connect(**fields)))
        await settled()
        assert not poll.done()
        return poll

    def hang_up(self, *, noticed: bool = True):
        connection, self.connection = self.connection, FakeConnection()
        connection.is_open = False
        if noticed and connection.watcher is not None:
            connection.watcher()

    def message(self, method: str, **fields: Any):
        return {"channel": f"/meta/{method}", "clientId": self.id, **fields}

    def connect(self, **fields: Any):
        return self.message("connect", connectionType="long-polling", **fields)

    def _opened(self):
        self.opened += 1


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def serve(clock):
    """Make a server with limits of its own. It grants whatever is not below `/secret`."""

    def make(**limits: Any) -> Server:
        numbers = itertools.count(1)
        return Server(
            grants=lambda channel: not channel.startswith("/secret"),
            limits=Limits(**limits),
            clock=clock,
            new_client_id=lambda: f"client{next(numbers)}",
        )

    return make


@pytest.fixture
def server(serve):
    return serve()


@pytest.fixture
def client(server):
    return Client(server, "ann")


@pytest.fixture
def client_of():
    return Client


@pytest.fixture(name="settled")
def settled_fixture():
    return settled
