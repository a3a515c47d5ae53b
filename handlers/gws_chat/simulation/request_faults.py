"""Faults, and their effects on requests."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from gws_chat.api.serialization import JsonObject
from gws_chat.cometd.errors import ErrorCode
from gws_chat.cometd.registry import Timer
from gws_chat.cometd.replies import Reconnect
from gws_chat.cometd.server import Server
from gws_chat.gateway.connection import Connection
from gws_chat.gateway.errors import EndedByReset, InjectedError
from gws_chat.gateway.hooks import RequestEffect
from gws_chat.gateway.notification_queue import NotificationQueue
from gws_chat.gateway.request import Request, Result
from gws_chat.gateway.request_record import RequestRecord, messages_of

MESSAGE_ERRORS = {
    401: (ErrorCode.UNAUTHORIZED, Reconnect.HANDSHAKE),
    402: (ErrorCode.UNKNOWN_CLIENT, Reconnect.HANDSHAKE),
    403: (ErrorCode.DENIED, Reconnect.NONE),
}
"""The error and the advice in the replies to CometD messages (assumed for 401)."""


@dataclass(slots=True, eq=False)
class Fault:
    """One fault. A selector that is None matches anything. A fault whose `times` is None stays until it is cleared.

    `given` are its members as in the request, `fired` counts how often it has happened.
    """

    effect: str
    given: JsonObject
    fired: int = 0
    times: int | None = None
    agent: str | None = None
    path: str = "*"  # may contain wildcards
    operation: str | None = None
    channel: str | None = None  # of a CometD message
    error: int = 401  # in the replies of the effect `cometdError`
    chat: str | None = None
    kind: str | None = None
    seconds: float = 0.0
    status: int = 500
    status_code: int = 4
    message: str = "injected fault"


class DelayScheduler:
    """Schedules the delays of faults, and ends waiting requests at a reset.

    `schedule` calls a function after some seconds, unless the simulation is reset before. `on_give_up` is called if a
    client closes its connection while its request waits.
    """

    def __init__(
        self, schedule: Callable[[float, Callable[[], object]], Timer], on_give_up: Callable[[RequestRecord], None]
    ) -> None:
        self.schedule = schedule
        self._on_give_up = on_give_up
        self._ends: set[asyncio.Event] = set()
        self.resets = 0

    async def wait(self, seconds: float, connection: Connection, record: RequestRecord) -> None:
        """Wait, also after the client has given up. Raises `EndedByReset` if a reset ends the wait."""

        def give_up() -> None:
            record.client_gave_up = True
            self._on_give_up(record)

        resets, end = self.resets, asyncio.Event()
        timer = self.schedule(seconds, end.set)
        stop_watching = connection.watch(give_up)
        self._ends.add(end)
        try:
            await end.wait()
        finally:
            timer.cancel()
            stop_watching()
            self._ends.remove(end)
        if resets != self.resets:
            raise EndedByReset

    def reset(self) -> None:
        self.resets += 1
        for end in self._ends:
            end.set()


class FaultEffect(RequestEffect):
    """The effect of a fault. It no longer applies once the simulation has been reset while the request waited."""

    def __init__(self, fault: Fault, record: RequestRecord, scheduler: DelayScheduler, cometd_server: Server) -> None:
        self._fault = fault
        self._record = record
        self._scheduler = scheduler
        self._resets = scheduler.resets
        self._cometd_server = cometd_server

    @property
    def _has_been_reset(self) -> bool:
        return self._resets != self._scheduler.resets

    def _error(self, message: str) -> InjectedError:
        return InjectedError(message, self._fault.status, self._fault.status_code)


class DelayRequest(FaultEffect):
    """Handles the request after some seconds, unless the simulation is reset meanwhile."""

    async def before_handling(self, connection: Connection) -> None:
        await self._scheduler.wait(self._fault.seconds, connection, self._record)


class RejectRequest(FaultEffect):
    async def before_handling(self, connection: Connection) -> None:
        raise self._error(self._fault.message)


class RejectMessages(FaultEffect):
    """Rejects the CometD messages of the request, in a response with HTTP status 200."""

    def instead_of_handling(self, request: Request) -> Result:
        return Result(self._cometd_server.reject(messages_of(request.body), *MESSAGE_ERRORS[self._fault.error]))


class DropRequest(FaultEffect):
    """Closes the connection instead of handling the request."""

    async def before_handling(self, connection: Connection) -> None:
        connection.close()
        raise self._error("the connection was closed")


class DropResponse(FaultEffect):
    """Handles the request, and closes the connection instead of sending the response."""

    async def before_response(self, connection: Connection, queue: NotificationQueue) -> None:
        self.on_error(connection)

    def on_error(self, connection: Connection) -> None:
        if not self._has_been_reset:
            connection.close()


class ClosePoll(DropResponse):
    """Closes the connection of a held poll after some seconds, or instead of a reply that comes earlier."""

    async def before_handling(self, connection: Connection) -> None:
        self._scheduler.schedule(self._fault.seconds, connection.close)


class NotificationBeforeResponse(FaultEffect):
    """Delivers the notifications some seconds before the response."""

    async def before_response(self, connection: Connection, queue: NotificationQueue) -> None:
        if self._has_been_reset:
            return
        queue.release_all()
        await self._scheduler.wait(self._fault.seconds, connection, self._record)


REQUEST_EFFECTS: dict[str, type[FaultEffect]] = {
    "delay": DelayRequest,
    "error": RejectRequest,
    "cometdError": RejectMessages,
    "dropRequest": DropRequest,
    "dropResponse": DropResponse,
    "closePoll": ClosePoll,
    "notificationBeforeResponse": NotificationBeforeResponse,
}
CLOSING_EFFECTS = {"dropRequest", "dropResponse", "closePoll"}
"""The effects that close the connection without a response."""
