"""A Bayeux client without a network."""

import asyncio
import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest

from gws_chat.cometd.limits import Limits
from gws_chat.cometd.server import Server
from tests.fake_clock import FakeClock, run_tasks


class FakeConnection:
    """The connection of a request. Tests close it by `is_open`, and call `watcher` when it is noticed."""

    def __init__(self) -> None:
        self.is_open = True
        self.watcher: Callable[[], None] | None = None

    def has_disconnected(self) -> bool:
        return not self.is_open

    def watch(self, on_disconnect: Callable[[], None]) -> Callable[[], bool]:
        self.watcher = on_disconnect
        return self._stop_watching

    def _stop_watching(self) -> bool:
        self.watcher = None
        return not self.is_open


class Client:
    """A client of one owner, from one browser if it has a name."""

    def __init__(self, server: Server, owner: str, browser: str | None = None) -> None:
        self.server = server
        self.owner = owner
        self.browser = browser
        self.id = ""
        self.connection = FakeConnection()
        self.opened_sessions: list[Client] = []

    async def send(self, *messages: Any) -> list[Any]:
        response = self.server.exchange(
            messages,
            owner=self.owner,
            connection=self.connection,
            browser=self.browser,
            on_session_opened=lambda: self.opened_sessions.append(self),
        )
        if not isinstance(response, bytes):
            response = await response
        return json.loads(response)

    async def handshake(self, **fields: Any):
        version = {"version": "1.0", "supportedConnectionTypes": ["long-polling"]}
        [reply] = await self.send({"channel": "/meta/handshake", **version, **fields})
        self.id = reply.get("clientId", "")
        return reply

    async def open(self, *subscriptions: str, **handshake: Any):
        """Open a session, send the first connect, which is never held, and subscribe."""
        await self.handshake(**handshake)
        await self.send(self.connect())
        for name in subscriptions:
            await self.subscribe(name)

    async def subscribe(self, subscription: Any):
        return await self.send(self.message("subscribe", subscription=subscription))

    async def unsubscribe(self, subscription: Any):
        return await self.send(self.message("unsubscribe", subscription=subscription))

    async def hold_poll(self, **fields: Any) -> asyncio.Task[list[Any]]:
        """Send a connect, fail if the server does not hold it, and return the waiting task."""
        poll = asyncio.create_task(self.send(self.connect(**fields)))
        await run_tasks()
        assert not poll.done()
        return poll

    def drop_connection(self, *, noticed: bool = True):
        """Close the connection, as a client does that drops a held poll. The server may notice it later."""
        connection, self.connection = self.connection, FakeConnection()
        connection.is_open = False
        if noticed and connection.watcher is not None:
            connection.watcher()

    def message(self, method: str, **fields: Any):
        return {"channel": f"/meta/{method}", "clientId": self.id, **fields}

    def connect(self, **fields: Any):
        return self.message("connect", **{"connectionType": "long-polling", **fields})


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def make_server(clock):
    """Make a server with the given limits. Clients may subscribe to channels that do not start with `/secret`."""

    def make(**limits: Any) -> Server:
        numbers = itertools.count(1)
        return Server(
            may_subscribe=lambda channel: not channel.startswith("/secret"),
            limits=Limits(**limits),
            clock=clock,
            new_client_id=lambda: f"client{next(numbers)}",
        )

    return make


@pytest.fixture
def server(make_server):
    return make_server()


@pytest.fixture
def client(server):
    return Client(server, "ann")


@pytest.fixture
def make_client():
    return Client
