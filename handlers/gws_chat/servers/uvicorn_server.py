"""The service under uvicorn."""

import asyncio
import contextlib
import errno
import gc
import resource
import socket
import sys
from collections.abc import Callable
from dataclasses import replace
from types import FrameType
from typing import Any

import uvicorn

from gws_chat.logs import configure_logging
from gws_chat.output import print_text
from gws_chat.servers.http_protocol import HttpProtocol
from gws_chat.servers.startup import IDLE_TIMEOUT, banner, build_or_exit
from gws_chat.settings import Settings

BACKLOG = 4096


def serve(settings: Settings) -> None:
    """Serve until a signal arrives. Exits with one line if the scenario or the address cannot be used."""
    # each held poll needs a connection, so allow as many as the system permits
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    with contextlib.suppress(ValueError):  # macOS reports a hard limit that it does not grant
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    configure_logging(settings)
    application = build_or_exit(settings)
    listeners = listen_or_exit(settings)
    settings = replace(settings, port=listeners[0].getsockname()[1])
    print_text(banner(application, settings))
    config = uvicorn.Config(
        application.asgi,
        http=HttpProtocol,
        ws="none",
        log_config=None,  # uvicorn logs through the handlers of configure_logging
        log_level="warning",
        access_log=False,
        timeout_keep_alive=IDLE_TIMEOUT,
        timeout_graceful_shutdown=1,
        server_header=False,
        proxy_headers=False,  # uvicorn would let every program on this computer say who the client is
    )
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises it again after a graceful shutdown
        GracefulServer(config, application.close).run(sockets=listeners)


def listen_or_exit(settings: Settings) -> list[socket.socket]:
    """Listen on one port of all addresses of the host, except those that this computer lacks."""
    listeners: list[socket.socket] = []
    port, reason = settings.port, ""
    try:
        found = socket.getaddrinfo(settings.host, port, type=socket.SOCK_STREAM)
        for family, address in dict.fromkeys((family, address) for family, *_, address in found):
            try:
                listeners.append(_listen(family, (address[0], port, *address[2:])))
                port = listeners[0].getsockname()[1]
            except OSError as error:
                if error.errno not in {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}:
                    raise
                reason = str(error.strerror)
    except (OSError, UnicodeError) as error:
        listeners, reason = [], str(getattr(error, "strerror", error))
    if not listeners:
        # create_server appends the address in parentheses, which the line has already
        sys.exit(f"cannot listen on {settings.host} port {settings.port}: {reason.partition(' (while')[0]}")
    return listeners


def _listen(family: int, address: tuple[Any, ...]) -> socket.socket:
    is_dual = address[0] == "::" and socket.has_dualstack_ipv6()
    return socket.create_server(address, family=family, backlog=BACKLOG, dualstack_ipv6=is_dual)


class GracefulServer(uvicorn.Server):
    """Ends held polls before uvicorn waits for open requests."""

    def __init__(self, config: uvicorn.Config, release_polls: Callable[[], None]) -> None:
        super().__init__(config)
        self._release_polls = release_polls

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._loop.call_soon_threadsafe(self._release)
        super().handle_exit(sig, frame)

    def _release(self) -> None:
        """Stop accepting requests first, because a client whose poll ends sends the next one at once."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        self._release_polls()

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()  # set before signals are handled
        await super().serve(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # exclude the objects that exist now from garbage collection, which would take a long time with many chats
        gc.freeze()
