"""Raw HTTP, for requests that no HTTP client sends and for connections that tests close at a chosen moment."""

import asyncio
import base64
import contextlib
import json
import re
import socket
import struct
from typing import Any, Self

from tests.agents import COMETD_PATH, AgentClient

TIMEOUT = 20
"""Seconds to wait for a response."""


class RawConnection:
    """A connection for one request and one response."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def sending(cls, port: int, request: bytes) -> Self:
        connection = cls(*await asyncio.open_connection("127.0.0.1", port))
        connection.writer.write(request)
        await connection.writer.drain()
        return connection

    async def response(self) -> tuple[int, str, bytes]:
        """Return status, media type and body, and close the connection."""
        try:
            async with asyncio.timeout(TIMEOUT):
                head = await self.reader.readuntil(b"\r\n\r\n")
                status, *lines = head.decode("latin-1").strip().split("\r\n")
                headers = dict(line.lower().split(": ", 1) for line in lines)
                body = await self.reader.readexactly(int(headers["content-length"]))
        finally:
            await self.close()
        return int(status.split()[1]), headers["content-type"], body

    async def head(self) -> bytes:
        """Return status line and headers of the next response, or nothing if the server has closed the connection."""
        lines = [await self.reader.readline()]
        while lines[-1].strip():
            lines.append(await self.reader.readline())
        return b"".join(lines)

    async def messages(self) -> list[dict[str, Any]]:
        """Return the Bayeux messages of the response."""
        _, _, body = await self.response()
        return json.loads(body)

    async def close(self) -> None:
        self.writer.close()
        with contextlib.suppress(ConnectionError):  # the server may have closed it while the client sent
            await self.writer.wait_closed()

    async def reset(self) -> None:
        """Reset the connection, as happens when a client is killed."""
        connection = self.writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()
        await self.writer.wait_closed()


async def exchange(port: int, *packets: bytes) -> list[tuple[int, Any]]:
    """Send packets, each after the server has read the one before.

    Return status and JSON content of every response, until the server closes the connection. An interim response has
    no content.
    """
    connection = await RawConnection.sending(port, packets[0])
    for packet in packets[1:]:
        # the server has read the packet once it has answered a later request
        await (await RawConnection.sending(port, request("GET", "/health"))).response()
        connection.writer.write(packet)
    responses = []
    try:
        async with asyncio.timeout(TIMEOUT):
            while head := await connection.head():
                status, length = int(head.split()[1]), re.search(rb"(?i)\ncontent-length: (\d+)", head)
                content = await connection.reader.readexactly(int(length[1])) if length else b"null"
                responses.append((status, json.loads(content)))
    finally:
        await connection.close()
    return responses


def request(method: str, target: str, *headers: str, body: bytes = b"", user: str = "") -> bytes:
    """Return a request as bytes, exactly as given: without a Content-Length unless `headers` has one."""
    credentials = f"{user}:secret{user.removeprefix('agent')}".encode()
    lines = [
        f"{method} {target} HTTP/1.1",
        "Host: 127.0.0.1",
        "Connection: close",
        *headers,
        *([f"Authorization: Basic {base64.b64encode(credentials).decode()}"] if user else []),
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def json_request(path: str, content: Any, *, user: str) -> bytes:
    """Return a POST with a JSON body."""
    body = json.dumps(content).encode()
    headers = "Content-Type: application/json", f"Content-Length: {len(body)}"
    return request("POST", path, *headers, body=body, user=user)


async def held_poll(agent: AgentClient, port: int, times: int = 1) -> RawConnection:
    """Send a poll of a listening agent on a new connection, or the same poll several times in one packet."""
    connect = {"channel": "/meta/connect", "id": "1", "clientId": agent.client_id, "connectionType": "long-polling"}
    poll = json_request(COMETD_PATH, [connect], user=agent.credentials[0]).replace(b"Connection: close\r\n", b"")
    return await RawConnection.sending(port, poll * times)
