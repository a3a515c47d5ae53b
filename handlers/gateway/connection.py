"""Noticing that a client has gone while its answer is still being waited for."""

from __future__ import annotations

import asyncio
import contextlib
import select
import socket
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Receive, Scope

CONNECTION = "handlers.connection"
"""Where a scope's extensions have the connection, if the server hands it on."""
# macOS has no word of its own for the end of what a client sends
_HUNG_UP = getattr(select, "POLLRDHUP", select.POLLHUP)


class Connection(Protocol):
    """Where an answer is waited for: whether somebody still does."""

    def is_gone(self) -> bool: ...

    def drop(self) -> None:
        """Close it, whatever was to be answered."""

    def watch(self, gone: Callable[[], None]) -> Callable[[], None]:
        """Have `gone` called when the client has gone, until what is returned is called."""


def connection_of(scope: Scope, receive: Receive) -> Connection:
    """Find what tells whether a client has gone: at best the connection itself, else the server's word."""
    connection = scope.get("wsgi_environ", {}).get("werkzeug.socket")
    if connection is not None:
        return WatchedSocket(connection)
    handed_on: Connection | None = scope["extensions"].get(CONNECTION)
    return handed_on or ReportedConnection(receive)


def has_hung_up(descriptor: int) -> bool:
    """Look at the connection itself: its end may have arrived without having been read yet."""
    poll = select.poll()
    poll.register(descriptor, _HUNG_UP)
    return bool(poll.poll(0))


class WatchedSocket:
    """Under Flask's development server nothing reports that a client has gone."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def is_gone(self) -> bool:
        return has_hung_up(self._connection.fileno())

    def drop(self) -> None:
        with contextlib.suppress(OSError):  # the client may have gone by itself
            self._connection.shutdown(socket.SHUT_RDWR)

    def watch(self, gone: Callable[[], None]) -> Callable[[], None]:
        loop = asyncio.get_running_loop()

        def end() -> None:
            loop.remove_reader(self._connection)

        def readable() -> None:
            end()  # what it has is the end, or the next request, sent early: this one's answer is wanted
            if self.is_gone():
                gone()

        loop.add_reader(self._connection, readable)
        return end


class ReportedConnection:
    """Any server's connection, by what ASGI has for it. Costs a task while it is watched."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._is_gone = False

    def is_gone(self) -> bool:
        return self._is_gone

    def drop(self) -> None:
        """Do nothing: ASGI has no word for it."""

    def watch(self, gone: Callable[[], None]) -> Callable[[], None]:
        watcher = asyncio.create_task(self._end())
        watcher.add_done_callback(lambda _: gone())
        return watcher.cancel  # type: ignore[return-value]  # what it returns is not looked at

    async def _end(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._is_gone = True
