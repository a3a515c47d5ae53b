"""The steps of a request to an operation: find it, authenticate, read, validate, handle, respond."""

from collections.abc import Callable
from typing import Any

from connexion.middleware.abstract import AbstractRoutingAPI, SpecMiddleware
from connexion.operations import AbstractOperation
from starlette.types import Receive, Scope

from gws_chat.domain.agent import Agent
from gws_chat.gateway.csrf import CsrfProtection
from gws_chat.gateway.hooks import NO_EFFECT, RequestHooks
from gws_chat.gateway.notification_queue import NotificationQueue
from gws_chat.gateway.operation import Operation
from gws_chat.gateway.paths import Paths
from gws_chat.gateway.request import Request, context_of
from gws_chat.gateway.request_record import shorten_for_record
from gws_chat.gateway.responses import NO_STORE, Layer, Response, encode
from gws_chat.gateway.security import SecuritySchemes


@SpecMiddleware.register  # so that connexion calls `add_api`
class Pipeline:
    """The connexion middleware that performs operations. `app` receives the requests to anything else.

    It takes the place of connexion's routing, security, validation, context and FlaskApp. FlaskApp would run handlers
    in a thread pool; here they run on the event loop, because they only work in memory. `external_url_of` returns the
    base URL in the response to a request.
    """

    def __init__(
        self,
        app: Layer,
        *,
        paths: Paths,
        security: SecuritySchemes,
        queue: NotificationQueue,
        csrf: CsrfProtection | None,
        external_url_of: Callable[[Scope], str],
        hooks: RequestHooks,
    ) -> None:
        self._app = app
        self._paths = paths
        self._security = security
        self._queue = queue
        self._csrf = csrf
        self._external_url_of = external_url_of
        self._hooks = hooks
        self._operations: dict[tuple[str | None, str], Operation] = {}  # by path of the document and method

    def add_api(self, specification: Any, **options: Any) -> None:
        """Add the operations of an OpenAPI document.

        connexion calls this once for each document: at the start under uvicorn, at the first request under `flask run`.
        """
        # its constructor adds the operations to `self._operations`
        OperationLoader(specification, operations=self._operations, security=self._security, **options)

    def find(self, method: str, path: str) -> tuple[Operation | None, dict[str, str]]:
        """Return the operation of a request, or None, and the path parameters by name."""
        path_of_document, path_parameters = self._paths.find(path)
        return self._operations.get((path_of_document, method)), path_parameters

    async def respond(self, scope: Scope, receive: Receive) -> Response:
        operation, path_parameters = self.find(scope["method"], scope["path"])
        if operation is None:
            return await self._app.respond(scope, receive)
        user = operation.user_of(scope)
        context = context_of(scope)
        record, connection = context.record, context.connection
        record.operation = operation.name
        # /simulation acts as an agent whom the path names
        user_name = getattr(user, "user_name", None) or path_parameters.get("userName")
        record.agent = user_name and shorten_for_record(user_name)
        if operation.is_on_chat:
            record.chat = shorten_for_record(path_parameters["id"])
        if self._csrf is not None and isinstance(user, Agent):  # customers have no token, but perhaps an agent's cookie
            self._csrf.check(scope, user)
        self._hooks.before_body(record)
        body = await operation.read_body(scope, receive, connection, user)
        record.set_operation(body)
        effect = self._hooks.select_effect(scope["path"], body, record)
        try:
            await effect.before_handling(connection)
            query, body = operation.validated(scope["query_string"], body, record)
            request = Request(user, path_parameters, query, body, self._external_url_of, scope, connection)
            result = effect.instead_of_handling(request)
            if result is None:
                result = await operation.handle(request) if operation.is_coroutine else operation.handle(request)
        except Exception:
            effect.on_error(connection)
            raise
        if effect is not NO_EFFECT:  # which spares most requests an await
            context.before_response = effect.before_response
        if result.events:
            context.batch = self._queue.add(result.events, record)
        return Response(200, encode(result.content), operation.media_type, [NO_STORE], result.held_body)


class OperationLoader(AbstractRoutingAPI[Operation]):
    """Adds the operations of one document to `operations`. connexion reads them, and finds handlers by its resolver."""

    def __init__(
        self,
        specification: Any,
        *,
        operations: dict[tuple[str | None, str], Operation],
        security: SecuritySchemes,
        **options: Any,
    ) -> None:
        self._operations = operations
        self._security = security
        super().__init__(specification, **options)

    def make_operation(self, operation: AbstractOperation) -> Operation:
        is_strict = self.specification.get("x-strict", False)
        return Operation(operation, self._security.of_operation(operation), is_strict=is_strict)

    @staticmethod
    def _framework_path_and_name(operation: AbstractOperation, path: str) -> tuple[str, str]:
        return path, operation.operation_id

    def _add_operation_internal(self, method: str, path: str, operation: Operation, name: str | None = None) -> None:
        del name
        for each in ("GET", "HEAD") if method == "get" else (method.upper(),):
            self._operations[self.base_path + path, each] = operation
