"""The connection of a request: sends the response, and says whether the client has disconnected."""

import asyncio
import contextlib
import select
import socket
from collections.abc import Callable
from typing import Protocol

from starlette.types import Receive, Scope, Send

from gws_chat.cometd import server as cometd
from gws_chat.gateway.responses import Header

CONNECTION = "gws_chat.connection"  # the key of the server's connection in the extensions of a scope


class Connection(cometd.Connection, Protocol):
    """The connection on which a client waits for its response."""

    async def send_response(self, status: int, headers: list[Header], body: bytes) -> None:
        """Send the whole response. `headers` include Content-Length."""

    def has_whole_request(self) -> bool:
        """Return whether the whole body has arrived. False if that is unknown."""

    def close(self) -> None:
        """Close the connection without a response."""


def connection_of(scope: Scope, receive: Receive, send: Send) -> Connection:
    """Return the server's connection (`http_protocol.HttpProtocol` or a socket), or else one that uses ASGI alone."""
    werkzeug_socket = scope.get("wsgi_environ", {}).get("werkzeug.socket")
    if werkzeug_socket is not None:
        return SocketConnection(werkzeug_socket, receive, send)
    provided: Connection | None = (scope.get("extensions") or {}).get(CONNECTION)
    return provided or AsgiConnection(receive, send)


def is_closed_by_client(connection: socket.socket) -> bool:
    """Return whether the client has closed the connection, even if its end has not been read yet."""
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


class AsgiConnection:
    """The connection of any ASGI server. It notices a disconnect only while it is watched, which costs a task."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._has_disconnected = False

    async def send_response(self, status: int, headers: list[Header], body: bytes) -> None:
        await self._send({"type": "http.response.start", "status": status, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})

    def has_whole_request(self) -> bool:
        return False

    def has_disconnected(self) -> bool:
        return self._has_disconnected

    def close(self) -> None:
        """Do nothing: ASGI cannot close a connection."""

    def watch(self, on_disconnect: Callable[[], None]) -> Callable[[], bool]:
        watcher = asyncio.create_task(self._wait_for_disconnect(on_disconnect))

        def stop() -> bool:
            watcher.cancel()
            return self._has_disconnected

        return stop

    async def _wait_for_disconnect(self, on_disconnect: Callable[[], None]) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._has_disconnected = True
        on_disconnect()


class SocketConnection(AsgiConnection):
    """A socket of Flask's development server, which does not report disconnected clients."""

    def __init__(self, connection: socket.socket, receive: Receive, send: Send) -> None:
        super().__init__(receive, send)
        self._socket = connection

    def has_disconnected(self) -> bool:
        return is_closed_by_client(self._socket)

    def close(self) -> None:
        with contextlib.suppress(OSError):  # the client may have closed it already
            self._socket.shutdown(socket.SHUT_RDWR)

    def watch(self, on_disconnect: Callable[[], None]) -> Callable[[], bool]:
        loop = asyncio.get_running_loop()

        def stop() -> bool:
            loop.remove_reader(self._socket)
            return self.has_disconnected()

        def on_readable() -> None:
            has_disconnected = stop()  # readable means disconnected, or that the next request was sent early
            if has_disconnected:
                on_disconnect()

        loop.add_reader(self._socket, on_readable)
        return stop
