"""The connection of a request, which may end while the client waits for the response."""

import asyncio
import contextlib
import select
import socket
from collections.abc import Callable
from typing import Protocol

from starlette.types import Receive, Scope

from gws_chat.cometd import server as cometd

CONNECTION = "gws_chat.connection"  # its key in the extensions of a scope, if the server provides it


class Connection(cometd.Connection, Protocol):
    """The connection on which a client waits for its response."""

    def has_whole_request(self) -> bool:
        """Return whether the whole body has arrived. False if that is unknown."""

    def close(self) -> None:
        """Close the connection without a response."""


def connection_of(scope: Scope, receive: Receive) -> Connection:
    """Return the server's connection (`http_protocol.HttpProtocol` or a socket), or else one that uses ASGI alone."""
    werkzeug_socket = scope.get("wsgi_environ", {}).get("werkzeug.socket")
    if werkzeug_socket is not None:
        return SocketConnection(werkzeug_socket)
    provided: Connection | None = scope["extensions"].get(CONNECTION)
    return provided or AsgiConnection(receive)


def has_hung_up(connection: socket.socket) -> bool:
    """Ask the operating system: the end of the connection may have arrived but not been read yet."""
    if hasattr(select, "poll"):
        poll = select.poll()
        # POLLHUP is always reported. macOS has no event for the end of the client's half of the connection
        poll.register(connection, getattr(select, "POLLRDHUP", 0))
        return bool(poll.poll(0))
    with connection.dup() as duplicate:  # Windows. The sockets of event loops cannot read, but their duplicates can
        duplicate.setblocking(False)
        try:
            return not duplicate.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:  # the client has reset the connection
            return True


class SocketConnection:
    """A socket of Flask's development server, which does not report disconnected clients."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection

    def has_whole_request(self) -> bool:
        return False

    def has_disconnected(self) -> bool:
        return has_hung_up(self._socket)

    def close(self) -> None:
        with contextlib.suppress(OSError):  # the client may have closed it already
            self._socket.shutdown(socket.SHUT_RDWR)

    def watch(self, on_disconnect: Callable[[], None]) -> Callable[[], None]:
        loop = asyncio.get_running_loop()

        def stop() -> None:
            loop.remove_reader(self._socket)

        def on_readable() -> None:
            stop()  # readable means disconnected, or that the next request was sent early
            if self.has_disconnected():
                on_disconnect()

        loop.add_reader(self._socket, on_readable)
        return stop


class AsgiConnection:
    """The connection of any ASGI server. Watching it costs a task."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._has_disconnected = False

    def has_whole_request(self) -> bool:
        return False

    def has_disconnected(self) -> bool:
        return self._has_disconnected

    def close(self) -> None:
        """Do nothing: ASGI cannot close a connection."""

    def watch(self, on_disconnect: Callable[[], None]) -> Callable[[], None]:
        watcher = asyncio.create_task(self._wait_for_disconnect(on_disconnect))
        return watcher.cancel  # type: ignore[return-value]  # its return value is not used

    async def _wait_for_disconnect(self, on_disconnect: Callable[[], None]) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._has_disconnected = True
        on_disconnect()
