"""The path of a request behind connexion's security: read, validate, handle, respond, deliver the events."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeAlias

from connexion.middleware.abstract import RoutedAPI, RoutedMiddleware
from connexion.operations import AbstractOperation
from starlette.types import ASGIApp, Receive, Scope, Send

from gws_chat.domain.agent import Agent
from gws_chat.gateway.body import BodyReader
from gws_chat.gateway.connection import Connection, connection_of
from gws_chat.gateway.csrf import CsrfProtection
from gws_chat.gateway.errors import AccessDenied, RequestError
from gws_chat.gateway.notification_queue import NotificationQueue
from gws_chat.gateway.query import QueryReader
from gws_chat.gateway.request import EndedLogin, Request, Result, context_of, user_of
from gws_chat.gateway.request_record import RequestRecord, shorten_for_record
from gws_chat.gateway.responses import NO_STORE, encode, send_response
from gws_chat.gateway.schemas import precedence
from gws_chat.gateway.security import are_all_disconnects, identify_customer


class RequestEffect:
    """The effect of an injected fault on one request. Each step does nothing unless a subclass replaces it."""

    async def before_handling(self, connection: Connection) -> None: ...

    def instead_of_handling(self, request: Request) -> Result | None: ...

    async def before_response(self, connection: Connection, queue: NotificationQueue) -> None: ...

    def on_error(self, connection: Connection) -> None: ...


OnArrival: TypeAlias = Callable[[str, Any, RequestRecord], RequestEffect | None]
"""Called with the path, body and record of a request before it is validated. Returns the effect of a fault on it."""


class Pipeline(RoutedMiddleware["OperationApi"]):
    """The connexion middleware that performs the routed operation.

    It takes the place of connexion's validation, context and FlaskApp. FlaskApp would run handlers in a thread pool;
    here they run on the event loop, because they only work in memory. `external_url` returns the base URL in responses.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        queue: NotificationQueue,
        csrf: CsrfProtection | None,
        external_url: Callable[[Scope], str],
        on_arrival: OnArrival,
    ) -> None:
        super().__init__(app)
        self.csrf = csrf
        self.queue = queue
        self.external_url = external_url
        self.on_arrival = on_arrival

    def add_api(self, specification: Any, **options: Any) -> "OperationApi":
        api = OperationApi(specification, next_app=self.app, pipeline=self, **options)
        self.apis[api.base_path].append(api)
        return api


class OperationApi(RoutedAPI["Operation"]):
    """The operations of one OpenAPI document, by operationId."""

    def __init__(self, *arguments: Any, pipeline: Pipeline, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._pipeline = pipeline
        self.add_paths()

    def make_operation(self, operation: AbstractOperation) -> "Operation":
        is_strict = self.specification.get("x-strict", False)
        return Operation(operation, self._pipeline, is_strict=is_strict)


class Operation:
    """One operation of openapi.yaml. connexion's RoutedMiddleware calls it with the requests that are routed to it."""

    def __init__(self, operation: AbstractOperation, pipeline: Pipeline, *, is_strict: bool) -> None:
        self._name: str = operation.operation_id.rpartition(".")[2]  # without the module
        self._body_reader = BodyReader(operation) if operation.request_body else None
        self._query_reader = QueryReader(operation, is_strict=is_strict)
        headers = (each for each in operation.parameters if each["name"] == "ContactCenterId")
        self._customer_header: dict[str, Any] | None = next(headers, None)
        self._is_on_chat = "/chats/{id}" in operation.path
        self._handle = operation.function
        self._is_coroutine = asyncio.iscoroutinefunction(operation.function)
        (self._media_type,) = operation.responses["200"]["content"]
        self._pipeline = pipeline

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._customer_header is not None:
            identify_customer(scope, is_required=self._customer_header.get("required", False))
        user, queue, csrf = user_of(scope), self._pipeline.queue, self._pipeline.csrf
        self._record(scope)
        if csrf is not None and isinstance(user, Agent):  # a customer's browser may send the cookie of an agent
            csrf.check(scope, user)
        connection = connection_of(scope, receive)
        body = await self._read_body(scope, receive)
        record = context_of(scope).record
        effect = self._pipeline.on_arrival(scope["path"], body, record) or RequestEffect()
        try:
            await effect.before_handling(connection)
            request = self._validated(scope, body, connection)
            result = effect.instead_of_handling(request)
            if result is None:
                result = await self._handle(request) if self._is_coroutine else self._handle(request)
        except Exception:
            effect.on_error(connection)
            raise
        batch = queue.add(result.events, record)
        try:
            await effect.before_response(connection, queue)
            content = encode(result.content)
            await send_response(send, 200, content, self._media_type, headers=[NO_STORE])
        finally:
            queue.release(batch)

    def _record(self, scope: Scope) -> None:
        record = context_of(scope).record
        record.operation = self._name
        if self._is_on_chat:
            record.chat = shorten_for_record(scope["path_params"]["id"])
        record.agent = getattr(user_of(scope), "user_name", None)

    async def _read_body(self, scope: Scope, receive: Receive) -> Any:
        if self._body_reader is None:
            return None
        is_login_ended = isinstance(user_of(scope), EndedLogin)
        try:
            body = await self._body_reader.read(scope, receive)
        except RequestError as error:
            if is_login_ended:
                raise AccessDenied from None
            raise error from None
        if is_login_ended and not are_all_disconnects(body):
            raise AccessDenied
        context_of(scope).record.set_operation(body)
        return body

    def _validated(self, scope: Scope, body: Any, connection: Connection) -> Request:
        """Return the request if query and body are valid, or else raise the first error by `precedence`."""
        record = context_of(scope).record
        errors: list[RequestError] = []
        query: dict[str, Any] = {}
        try:
            query = self._query_reader.read(scope["query_string"], record)
        except RequestError as error:
            errors.append(error)
        try:
            if self._body_reader is not None:
                record.add_ignored(self._body_reader.schema.ignored_names(body))
                body = self._body_reader.schema.validate(body)
        except RequestError as error:
            errors.append(error)
        if errors:
            raise min(errors, key=precedence)
        external_url = self._pipeline.external_url(scope)
        return Request(user_of(scope), scope["path_params"], query, body, external_url, scope, connection)
