"""HTTP and CometD clients that cost little beside the server they measure."""

import asyncio
import base64
import contextlib
import json
import select
import socket
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any, Self

HOST = "127.0.0.1"
SOURCE = "127.0.0.2"
"""Differs from HOST: a client that connects to a free port from the same address can connect to itself."""
COMETD_PATH = "/api/v2/notifications"
CHANNEL = "/v2/me/chats"
CONCURRENT_HANDSHAKES = 50
PORTS_PER_ADDRESS = 10_000
TIMEOUT = 10.0
RECEIVED = 65_536
"""Bytes to receive at once, more than any response has."""


class Connection(asyncio.Protocol):
    """Sends prepared requests, one at a time. Responses must have a Content-Length."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._response: asyncio.Future[tuple[int, Any]] | None = None
        self._received = b""

    @classmethod
    async def open(cls, port: int, source: str = SOURCE) -> Self:
        """Connect from a loopback address; each of them has its own ports."""
        _, connection = await asyncio.get_running_loop().create_connection(cls, HOST, port, local_addr=(source, 0))
        return connection

    async def send(self, request: bytes) -> tuple[int, bytes]:
        """Return status and body. Raises `ConnectionError` if the server closes the connection."""
        if self._transport is None or self._transport.is_closing():
            raise ConnectionResetError("closed")
        self._response = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._response

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, separator, body = self._received.partition(b"\r\n\r\n")
        if separator and len(body) >= (length := _length(head)) and self._response is not None:
            self._received = body[length:]
            if not self._response.done():
                self._response.set_result((int(head[9:12]), body[:length]))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._response is not None and not self._response.done():
            self._response.set_exception(ConnectionResetError(f"closed: {exc}"))


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise ValueError(f"response has no Content-Length: {head!r}")


def request(method: str, path: str, content: object = None, *, agent: str = "agent1:secret1") -> bytes:
    """Prepare a request with HTTP Basic and, if there is content, a JSON body."""
    body = b"" if content is None else json.dumps(content, separators=(",", ":")).encode()
    media_type = "" if content is None else "Content-Type: application/json\r\n"
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {basic(agent)}\r\n"
        f"{media_type}Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def leave(chat_id: str, *, agent: str = "agent1:secret1") -> bytes:
    return request("POST", f"/api/v2/me/chats/{chat_id}", {"operationName": "Leave"}, agent=agent)


def basic(agent: str) -> str:
    return "Basic " + base64.b64encode(agent.encode()).decode()


class Listener:
    """A CometD session of an agent. `notified_at` is the time of the last notification."""

    def __init__(self, connection: Connection, agent: str) -> None:
        self._connection = connection
        self._agent = agent
        self._client_id = ""
        self.notified_at = 0.0
        self.notified = asyncio.Event()
        self.last: list[dict[str, Any]] = []

    async def subscribe(self) -> None:
        (reply,) = await self._send("handshake", version="1.0", supportedConnectionTypes=["long-polling"])
        self._client_id = reply["clientId"]
        await self._send("subscribe", subscription=CHANNEL)
        # Some servers hold the first connect unless the client asks for a timeout of 0.
        await self._send("connect", connectionType="long-polling", advice={"timeout": 0})

    async def keep_polling(self) -> None:
        """Poll until the server closes the connection or rejects a connect."""
        connect = self._request("connect", connectionType="long-polling")
        with contextlib.suppress(ConnectionError):
            while all(message.get("successful", True) for message in self.last):
                _, body = await self._connection.send(connect)
                arrived = time.perf_counter()
                self.last = json.loads(body)
                if any(message["channel"] == CHANNEL for message in self.last):
                    self.notified_at = arrived
                    self.notified.set()

    async def _send(self, meta: str, **members: Any) -> list[dict[str, Any]]:
        _, body = await self._connection.send(self._request(meta, **members))
        return json.loads(body)

    def _request(self, meta: str, **members: Any) -> bytes:
        client_id = {"clientId": self._client_id} if self._client_id else {}
        return bayeux(meta, self._agent, **client_id, **members)


class PlainPolls:
    """Polls on plain sockets, which cost less than asyncio. It parses no notification, and polls only in `hold`."""

    def __init__(self, port: int, agents: Sequence[str]) -> None:
        self._polls = {}
        self._ready = select.epoll()
        for agent in agents:
            connection = socket.create_connection((HOST, port), TIMEOUT)
            (reply,) = _exchange(
                connection, bayeux("handshake", agent, version="1.0", supportedConnectionTypes=["long-polling"])
            )
            session = {"clientId": reply["clientId"]}
            _exchange(connection, bayeux("subscribe", agent, subscription=CHANNEL, **session))
            connect = {"connectionType": "long-polling", **session}
            _exchange(connection, bayeux("connect", agent, advice={"timeout": 0}, **connect))
            self._polls[connection.fileno()] = connection, bayeux("connect", agent, **connect)
            self._ready.register(connection, select.EPOLLIN)

    def hold(self) -> None:
        """Send all polls."""
        for connection, connect in self._polls.values():
            connection.sendall(connect)

    def time_until_all_are_notified(self, connection: socket.socket, cause: bytes) -> tuple[float, float]:
        """Send the request that causes the notification. Return the seconds until its response and until the last."""
        self._ready.register(connection, select.EPOLLIN)
        waiting = {*self._polls, connection.fileno()}
        started = time.perf_counter()
        connection.sendall(cause)
        while waiting:
            events = self._ready.poll(TIMEOUT)
            if not events:
                raise TimeoutError
            for ready, _ in events:
                if ready == connection.fileno():
                    _receive(connection)
                    responded = time.perf_counter() - started
                    waiting.discard(ready)
                elif CHANNEL.encode() in _receive(self._polls[ready][0]):  # some servers send the head by itself
                    waiting.discard(ready)
        notified = time.perf_counter() - started
        self._ready.unregister(connection)
        return responded, notified

    def close(self) -> None:
        self._ready.close()
        for connection, _ in self._polls.values():
            connection.close()


def bayeux(meta: str, agent: str, **members: Any) -> bytes:
    return request("POST", COMETD_PATH, [{"channel": f"/meta/{meta}", "id": "1", **members}], agent=agent)


def _exchange(connection: socket.socket, message: bytes) -> list[dict[str, Any]]:
    connection.sendall(message)
    separator, received = b"", b""
    while not separator:
        received += _receive(connection)
        head, separator, body = received.partition(b"\r\n\r\n")
    while len(body) < _length(head):
        body += _receive(connection)
    return json.loads(body)


def _receive(connection: socket.socket) -> bytes:
    received = connection.recv(RECEIVED)
    if not received:
        raise ConnectionResetError("closed")
    return received


@contextlib.asynccontextmanager
async def listening(port: int, agents: Sequence[str]) -> AsyncIterator[list[Listener]]:
    """Let all agents subscribe and poll, each on its own connection."""
    async with contextlib.AsyncExitStack() as stack:

        async def subscribe(number: int, agent: str) -> Listener:
            connection = await Connection.open(port, f"127.0.0.{3 + number // PORTS_PER_ADDRESS}")
            stack.callback(connection.close)
            listener = Listener(connection, agent)
            await listener.subscribe()
            return listener

        listeners: list[Listener] = []
        for start in range(0, len(agents), CONCURRENT_HANDSHAKES):
            group = enumerate(agents[start : start + CONCURRENT_HANDSHAKES], start)
            new = await asyncio.gather(*(subscribe(number, agent) for number, agent in group))
            for listener in new:
                stack.callback(asyncio.create_task(listener.keep_polling()).cancel)
            listeners += new
        yield listeners
