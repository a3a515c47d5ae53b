"""HTTP by hand: for what no client would send, and for connections that are watched or let go."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
import struct
from typing import TYPE_CHECKING, Any

from tests.agents import EXCHANGE

if TYPE_CHECKING:
    from tests.agents import AgentClient

PATIENCE = 20
"""Seconds after which an answer does not come any more."""


class RawConnection:
    """One connection, one request, one answer."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def sending(cls, port: int, request: bytes) -> RawConnection:
        connection = cls(*await asyncio.open_connection("127.0.0.1", port))
        connection.writer.write(request)
        await connection.writer.drain()
        return connection

    async def answer(self) -> tuple[int, str, bytes]:
        """Return status, media type and body, and close the connection."""
        try:
            async with asyncio.timeout(PATIENCE):
                head = await self.reader.readuntil(b"\r\n\r\n")
                status, *lines = head.decode("latin-1").strip().split("\r\n")
                headers = dict(line.lower().split(": ", 1) for line in lines)
                body = await self.reader.readexactly(int(headers["content-length"]))
        finally:
            await self.close()
        return int(status.split()[1]), headers["content-type"], body

    async def messages(self) -> list[dict[str, Any]]:
        """Return the Bayeux messages that a poll was answered with."""
        _, _, body = await self.answer()
        return json.loads(body)

    async def close(self) -> None:
        self.writer.close()
        await self.writer.wait_closed()

    async def reset(self) -> None:
        """Let go of the connection as a client does that is killed: without a goodbye."""
        connection = self.writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()
        await self.writer.wait_closed()


def request(method: str, target: str, *headers: str, body: bytes = b"", user: str = "") -> bytes:
    """Write a request as bytes: nothing in it is put right, and no length is added."""
    credentials = f"{user}:secret{user.removeprefix('agent')}".encode()
    lines = [
        f"{method} {target} HTTP/1.1",
        "Host: 127.0.0.1",
        "Connection: close",
        *headers,
        *([f"Authorization: Basic {base64.b64encode(credentials).decode()}"] if user else []),
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


async def held_poll(agent: AgentClient, port: int, times: int = 1) -> RawConnection:
    """Poll for an agent who listens, on a connection of the poll's own, or of several polls in one go."""
    connect = {
        "channel": "/meta/connect",
        "id": "1",
        "clientId": agent.client_id,
        "connectionType": "long-polling",
    }
    body = json.dumps([connect]).encode()
    headers = "Content-Type: application/json", f"Content-Length: {len(body)}"
    user, _ = agent.credentials
    poll = request("POST", EXCHANGE, *headers, body=body, user=user)
    if times > 1:
        poll = poll.replace(b"Connection: close\r\n", b"") * times
    return await RawConnection.sending(port, poll)
