"""One operation of openapi.yaml: who may request it, and the parameters and body that it accepts."""

import asyncio
from collections.abc import Sequence
from typing import Any

from connexion.operations import AbstractOperation
from starlette.types import Receive, Scope

from gws_chat.gateway.body import BodyReader
from gws_chat.gateway.connection import Connection
from gws_chat.gateway.errors import AccessDenied, RequestError
from gws_chat.gateway.query import QueryReader
from gws_chat.gateway.request import EndedLogin
from gws_chat.gateway.request_record import RequestRecord
from gws_chat.gateway.schemas import precedence
from gws_chat.gateway.security import Authenticate, are_all_disconnects, customer_or


class Operation:
    """Created once, from what connexion has read, resolved and bound. `handle` is the handler function."""

    def __init__(self, operation: AbstractOperation, authenticate: Sequence[Authenticate], *, is_strict: bool) -> None:
        self.name: str = operation.operation_id.rpartition(".")[2]  # without the module
        self.handle = operation.function
        self.is_coroutine = asyncio.iscoroutinefunction(operation.function)
        (self.media_type,) = operation.responses["200"]["content"]
        self.is_on_chat = "/chats/{id}" in operation.path
        self._body_reader = BodyReader(operation) if operation.request_body else None
        self._query_reader = QueryReader(operation, is_strict=is_strict)
        headers = (each for each in operation.parameters if each["name"] == "ContactCenterId")
        self._customer_header: dict[str, Any] | None = next(headers, None)
        self._authenticate = authenticate
        self._needs_user = bool(operation.security) and {} not in operation.security

    def user_of(self, scope: Scope) -> Any:
        """Return the agent, customer or ended login, or None if the operation has no security.

        Raises `AccessDenied`.
        """
        user: Any = None
        for authenticate in self._authenticate:
            user = authenticate(scope)
            if user is not None:
                break
        if user is None and self._needs_user:
            raise AccessDenied
        if self._customer_header is not None:
            return customer_or(user, scope, is_required=self._customer_header.get("required", False))
        return user

    async def read_body(self, scope: Scope, receive: Receive, connection: Connection, user: Any) -> Any:
        """Return the JSON value of the body, or None if the operation has none. Raises a `RequestError`."""
        if self._body_reader is None:
            return None
        is_login_ended = isinstance(user, EndedLogin)
        try:
            body = await self._body_reader.read(scope, receive, connection, user)
        except RequestError as error:
            if is_login_ended:
                raise AccessDenied from None
            raise error from None
        if is_login_ended and not are_all_disconnects(body):
            raise AccessDenied
        return body

    def validated(self, query: bytes, body: Any, record: RequestRecord) -> tuple[dict[str, Any], Any]:
        """Return query parameters and body. Raise the first error by `precedence`. Record what is ignored."""
        errors: list[RequestError] = []
        parameters: dict[str, Any] = {}
        try:
            parameters = self._query_reader.read(query, record)
        except RequestError as error:
            errors.append(error)
        try:
            if self._body_reader is not None:
                if ignored := self._body_reader.schema.ignored_names(body):
                    record.add_ignored(ignored)
                body = self._body_reader.schema.validate(body)
        except RequestError as error:
            errors.append(error)
        try:
            if errors:
                raise min(errors, key=precedence)
        finally:
            errors.clear()  # an error refers to this frame by its traceback, which would keep the connection in memory
        return parameters, body
