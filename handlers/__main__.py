"""`python -m handlers`: the service under uvicorn."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import os
import resource
import socket
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from handlers import wire
from handlers.command_line import build_or_exit, introduction
from handlers.gateway.connection import CONNECTION, has_hung_up
from handlers.logs import configure
from handlers.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from uvicorn._types import ASGI3Application

    from handlers.settings import Settings

BACKLOG = 4096
KEEP_ALIVE = 75
"""Seconds. uvicorn's own 5 close the second connection of a CometD client between two requests."""


def main() -> None:
    allow_connections()
    settings = read_settings(sys.argv[1:], os.environ)
    configure(settings)
    application = build_or_exit(settings)
    listener = listen_or_exit(settings)
    settings = replace(settings, port=listener.getsockname()[1])
    click.echo(introduction(application, settings))
    config = uvicorn.Config(
        application.asgi,
        http=Protocol,
        ws="none",
        log_config=None,  # its loggers write where ours do
        log_level="warning",
        access_log=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=1,
        server_header=False,
    )
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises it again after a graceful stop
        Server(config, application.close).run(sockets=[listener])


def allow_connections() -> None:
    """Let there be as many connections as the system allows: each held poll is one, a shell asks for few."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError):  # macOS names a hard limit that it does not grant
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def listen_or_exit(settings: Settings) -> socket.socket:
    """Take the port, or end the process with the one line that says why not."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=BACKLOG)
    except OSError as error:
        # `create_server` adds the address in brackets, which the line begins with
        reason = str(error.strerror).partition(" (while")[0]
        sys.exit(f"cannot listen on {settings.host} port {settings.port}: {reason}")


class Server(uvicorn.Server):
    """Releases held polls before uvicorn waits for open requests to end."""

    def __init__(self, config: uvicorn.Config, release_polls: Callable[[], None]) -> None:
        super().__init__(config)
        self._release_polls = release_polls

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._loop.call_soon_threadsafe(self._release)
        super().handle_exit(sig, frame)

    def _release(self) -> None:
        """End polls and their connections, on which who is told to come back would ask again at once."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        self._release_polls()

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()  # before signals are caught
        await super().serve(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # what there is by now stays: to look through it for garbage takes longer the more chats there are
        gc.freeze()


class Protocol(HttpToolsProtocol):
    """Tells held polls of the connection's end, and answers broken HTTP in the one shape, too.

    What ASGI has for the former costs a task for each poll; uvicorn's own answer to the latter is plain text.
    """

    _tell_gone: Callable[[], None] | None = None
    _answering: RequestResponseCycle | None = None

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {CONNECTION: self}  # type: ignore[dict-item]  # ASGI wants a dictionary

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answering = cycle
        super()._start_asgi_task(cycle, app)

    def is_gone(self) -> bool:
        if self.transport.is_closing():
            return True
        return has_hung_up(self.transport.get_extra_info("socket").fileno())

    def drop(self) -> None:
        self.transport.abort()

    def watch(self, gone: Callable[[], None]) -> Callable[[], None]:
        self._tell_gone = gone
        return self._end_watch

    def _end_watch(self) -> None:
        self._tell_gone = None

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self._answering is not None:
            # uvicorn says it to the request that came last, which may still wait for its turn
            self._answering.disconnected = True
            # each holds the other: nothing would be freed at once
            self._answering.scope["extensions"].clear()
        if self._tell_gone is not None:
            self._tell_gone()

    def send_400_response(self, msg: str) -> None:
        body = json.dumps(wire.failure(2, f"request: {msg.rstrip('.').lower()}")).encode()
        self.transport.write(
            b"HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\nconnection: close\r\n"
            b"content-length: %d\r\n\r\n%s" % (len(body), body)
        )
        self.transport.close()


if __name__ == "__main__":
    main()
