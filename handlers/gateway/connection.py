"""Noticing that a client has gone while its answer is still being waited for."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import Receive, Scope


async def disconnection(scope: Scope, receive: Receive) -> None:
    """End when the client has gone.

    Under Flask's development server nothing reports it, but the connection can be watched: readable
    with nothing to read is gone.
    """
    connection = scope.get("wsgi_environ", {}).get("werkzeug.socket")
    if connection is not None:
        await _end_of(connection)
    else:
        while (await receive())["type"] != "http.disconnect":
            pass


async def _end_of(connection: socket.socket) -> None:
    loop, readable = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(connection, readable.set)
    try:
        await readable.wait()
    finally:
        loop.remove_reader(connection)
    if _has_more(connection):  # the next request, sent early: this one's answer is still wanted
        await asyncio.Event().wait()


def _has_more(connection: socket.socket) -> bool:
    try:
        return bool(connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT))
    except BlockingIOError:
        return True
    except OSError:
        return False
