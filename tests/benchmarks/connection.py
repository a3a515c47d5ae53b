"""A client that costs little beside what it measures: one request at a time over one connection."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

HOST = "127.0.0.1"
SOURCE = "127.0.0.2"
"""Not the servers' own address: to a port where nobody listens yet, one may else connect to oneself."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes

    @property
    def content(self) -> Any:
        return json.loads(self.body)


class Connection(asyncio.Protocol):
    """Sends ready-made requests and takes the answers that announce their length, as all servers' here do."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[Answer] | None = None
        self._received = b""

    @classmethod
    @contextlib.asynccontextmanager
    async def to(cls, port: int) -> AsyncIterator[Connection]:
        connection = await cls.open(port)
        try:
            yield connection
        finally:
            connection.close()

    @classmethod
    async def open(cls, port: int, source: str = SOURCE) -> Connection:
        """Connect from one of the loopback's addresses: each has ports of its own."""
        _, connection = await asyncio.get_running_loop().create_connection(
            cls, HOST, port, local_addr=(source, 0)
        )
        return connection

    async def send(self, request: bytes) -> Answer:
        """Send a request and return its answer. Raises `ConnectionError` if the server hangs up instead."""
        if self._transport is None or self._transport.is_closing():
            raise ConnectionResetError("hung up")
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, separator, body = self._received.partition(b"\r\n\r\n")
        if separator and len(body) >= (length := _length(head)) and self._answer is not None:
            self._received = body[length:]
            if not self._answer.done():
                self._answer.set_result(Answer(int(head[9:12]), body[:length]))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionResetError(f"hung up: {exc}"))


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise ValueError(f"no length is announced: {head!r}")


def request(method: str, path: str, content: object = None, *, agent: str = "agent1:secret1") -> bytes:
    """Make a request with HTTP Basic, and with a body of JSON where there is content."""
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
