"""Faults, and their effects on requests."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from gws_chat.gateway.connection import Connection
from gws_chat.gateway.errors import InjectedError
from gws_chat.gateway.notification_queue import NotificationQueue
from gws_chat.gateway.pipeline import RequestEffect


@dataclass(slots=True, eq=False)
class Fault:
    """One fault. A selector that is None matches anything. A fault whose `times` is None stays until it is cleared."""

    effect: str
    times: int | None = None
    agent: str | None = None
    path: str = "*"  # may contain wildcards
    operation: str | None = None
    chat: str | None = None
    kind: str | None = None
    seconds: float = 0.0
    status: int = 500
    status_code: int = 4
    message: str = "injected fault"


class Effect(RequestEffect):
    """The effect of a fault. `was_reset` returns whether the simulation was reset since the request arrived."""

    def __init__(self, fault: Fault, was_reset: Callable[[], bool]) -> None:
        self._fault = fault
        self._was_reset = was_reset

    def _error(self, message: str) -> InjectedError:
        return InjectedError(message, self._fault.status, self._fault.status_code)


class Delay(Effect):
    """Handles the request after some seconds, unless the simulation is reset meanwhile."""

    async def before_handling(self, connection: Connection) -> None:
        await asyncio.sleep(self._fault.seconds)
        if self._was_reset():
            raise self._error("the simulation was reset before the request was handled")


class RejectRequest(Effect):
    async def before_handling(self, connection: Connection) -> None:
        raise self._error(self._fault.message)


class DropRequest(Effect):
    """Closes the connection instead of handling the request."""

    async def before_handling(self, connection: Connection) -> None:
        connection.close()
        raise self._error("the connection was closed")


class DropResponse(Effect):
    """Handles the request, and closes the connection instead of sending the response."""

    async def before_response(self, connection: Connection, queue: NotificationQueue) -> None:
        connection.close()

    def on_error(self, connection: Connection) -> None:
        connection.close()


class ClosePoll(DropResponse):
    """Closes the connection of a held poll after some seconds, or instead of a reply that comes earlier."""

    async def before_handling(self, connection: Connection) -> None:
        asyncio.get_running_loop().call_later(self._fault.seconds, connection.close)


class NotificationBeforeResponse(Effect):
    """Delivers the notifications some seconds before the response."""

    async def before_response(self, connection: Connection, queue: NotificationQueue) -> None:
        queue.release_all()
        await asyncio.sleep(self._fault.seconds)


REQUEST_EFFECTS: dict[str, type[Effect]] = {
    "delay": Delay,
    "error": RejectRequest,
    "dropRequest": DropRequest,
    "dropResponse": DropResponse,
    "closePoll": ClosePoll,
    "notificationBeforeResponse": NotificationBeforeResponse,
}
