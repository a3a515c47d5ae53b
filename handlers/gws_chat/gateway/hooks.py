"""The hooks by which the simulation affects requests. These classes do nothing, as if it were turned off."""

from typing import Any

from starlette.types import Scope

from gws_chat.gateway.connection import Connection
from gws_chat.gateway.notification_queue import NotificationQueue
from gws_chat.gateway.request import Request, Result
from gws_chat.gateway.request_record import RequestRecord


class RequestEffect:
    """The effect of the simulation on a request. This class has none."""

    async def before_handling(self, connection: Connection) -> None: ...

    def instead_of_handling(self, request: Request) -> Result | None: ...

    async def before_response(self, connection: Connection, queue: NotificationQueue) -> None: ...

    def on_error(self, connection: Connection) -> None: ...


NO_EFFECT = RequestEffect()
"""Of all requests without a fault."""


class RequestHooks:
    """Called in the order of its methods.

    `check_access` and `end_request` are called for each request, `before_body` for operations, and `select_effect` for
    operations and stubs.

    `simulation.Simulation` overrides all methods, `NoSimulation` none.
    """

    def check_access(self, scope: Scope) -> None:
        """Raise a `RequestError` if the request is not allowed."""

    def before_body(self, record: RequestRecord) -> None:
        """Prepare the record before the body is read."""

    def select_effect(self, path: str, body: Any, record: RequestRecord) -> RequestEffect:
        """Record a request that has arrived and is not validated yet. Return the effect of a fault, or `NO_EFFECT`."""
        del path, body, record
        return NO_EFFECT

    def end_request(self, record: RequestRecord) -> None:
        """Record the end of a request."""
