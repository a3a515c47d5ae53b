"""The service under uvicorn."""

import asyncio
import contextlib
import errno
import gc
import logging
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from types import FrameType
from typing import Any

import uvicorn

from gws_chat.logs import configure_logging
from gws_chat.output import print_text
from gws_chat.servers.http_protocol import HttpProtocol
from gws_chat.servers.startup import IDLE_TIMEOUT, banner, build_or_exit
from gws_chat.settings import Settings
from gws_chat.signals import END_SIGNALS, is_ignored, log_shutdown

logger = logging.getLogger(__name__)

BACKLOG = 4096
FEWEST_DESCRIPTORS = 32  # with which the service starts
ENOUGH_DESCRIPTORS = 1024  # for the polls of an ordinary test
OTHER_DESCRIPTORS = 24  # reserved for everything but connections; the service needs fewer


def serve(settings: Settings) -> None:
    """Serve until a signal arrives. Exits with one line if the scenario or the address cannot be used."""
    log_request = configure_logging(settings)
    descriptors = descriptors_or_exit()
    application = build_or_exit(settings, log_request)
    listeners = listen_or_exit(settings)
    settings = replace(settings, port=listeners[0].getsockname()[1])
    print_text(banner(application, settings))
    config = uvicorn.Config(
        application.asgi,
        http=partial(HttpProtocol, observers=application.rejection_observers),  # type: ignore[arg-type]  # it is called
        ws="none",
        log_config=None,  # uvicorn logs through the handlers of configure_logging
        log_level="warning",
        access_log=False,
        timeout_keep_alive=IDLE_TIMEOUT,
        timeout_graceful_shutdown=1,
        server_header=False,
        proxy_headers=False,  # uvicorn would let every program on this computer say who the client is
    )
    server = GracefulServer(config, application.close, max_connections=descriptors - OTHER_DESCRIPTORS)
    server.run(sockets=listeners)
    if server.received in END_SIGNALS - {signal.SIGINT}:  # end as the signal ends a process without a handler
        signal.signal(server.received, signal.SIG_DFL)
        signal.raise_signal(server.received)


def descriptors_or_exit() -> int:
    """Allow as many file descriptors as the system permits, because each held poll needs one. Return the number."""
    if sys.platform == "win32":
        return sys.maxsize  # it has no such limit
    import resource  # noqa: PLC0415 - Windows lacks it

    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    with contextlib.suppress(ValueError):  # macOS reports a hard limit that it does not grant
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if limit == resource.RLIM_INFINITY:
        return sys.maxsize
    if limit < FEWEST_DESCRIPTORS:
        sys.exit(f"the limit of file descriptors must be at least {FEWEST_DESCRIPTORS}, got {limit} (see ulimit -n)")
    if limit < ENOUGH_DESCRIPTORS:
        logger.warning("the limit of file descriptors is %d (see ulimit -n), and each connection needs one", limit)
    return limit


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
    """Ends held polls before uvicorn waits for open requests.

    `received` is the signal that has ended the server.
    """

    received: int | None = None

    def __init__(self, config: uvicorn.Config, release_polls: Callable[[], None], *, max_connections: int) -> None:
        super().__init__(config)
        self._release_polls = release_polls
        self._max_connections = max_connections
        self._is_full = False

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Handle SIGHUP like the signals of uvicorn, which would also raise them again."""
        for number in END_SIGNALS:
            if number == signal.SIGINT or not is_ignored(number):
                signal.signal(number, self.handle_exit)
        yield

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.received = sig
        self._loop.call_soon_threadsafe(self._release)
        super().handle_exit(sig, frame)

    def _release(self) -> None:
        """Close listeners and idle connections, then end the held polls: their clients send the next poll at once."""
        log_shutdown(self.received or signal.SIGTERM)
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        self._release_polls()

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()  # set before signals are handled
        await super().serve(sockets)

    async def on_tick(self, counter: int) -> bool:
        """Log once when the connections use up the file descriptors. Further clients then wait without an error."""
        if not self._is_full and len(self.server_state.connections) >= self._max_connections:
            self._is_full = True
            number = len(self.server_state.connections)
            logger.warning("%d connections are open: the file descriptors run out (see ulimit -n)", number)
        return await super().on_tick(counter)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # Exclude the objects that exist now from garbage collection, which would take a long time with many chats.
        gc.freeze()
        gc.enable()
        # A full collection stops the service for half a second while 10,000 polls are held, so it comes only after 200
        # million new objects. Memory stays flat: requests leave no reference cycles, except for the JSON encoder of
        # some error messages, which is freed by the collection after each 20,000 new objects.
        gc.set_threshold(20_000, 10, 1000)
