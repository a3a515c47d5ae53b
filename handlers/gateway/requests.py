"""From a request to the arguments of a handler, as the document says.

Replaces connexion's request validation, which builds its validators anew for every request, takes
a body whose length it was not told for none, and answers several kinds of rubbish with 500.
"""

from __future__ import annotations

import asyncio
import inspect
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from connexion.decorators.parameter import pythonic
from connexion.exceptions import ResolverError

from handlers.gateway import json_text
from handlers.gateway.connection import disconnection
from handlers.gateway.errors import (
    BodyTooLarge,
    BodyUnreadable,
    MediaTypeUnsupported,
    ParameterInvalid,
    ParameterMissing,
)
from handlers.gateway.schemas import CompiledSchema

if TYPE_CHECKING:
    from collections.abc import Callable

    from connexion.operations import AbstractOperation
    from starlette.types import Receive, Scope

BODY_LIMIT = 1024 * 1024
"""Bytes (decided)."""
BODY_PATIENCE = 5.0
"""Seconds a client may pause in the middle of a body."""
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


class RequestReader:
    """Reads the requests of one operation.

    A handler's parameters are named as in the document (`id_` for `id`), or `body`, `user`,
    `external_url` (what addresses given to this client begin with) and `disconnected` (makes a
    coroutine that ends when the client has gone). Anything else fails when the application starts.
    """

    def __init__(self, operation: AbstractOperation, external_url: Callable[[Scope], str]) -> None:
        parameters = operation.parameters
        self._external_url = external_url
        self._path = [(pythonic(each["name"]), each["name"]) for each in parameters if each["in"] == "path"]
        self._query = {each["name"]: _QueryParameter(each) for each in parameters if each["in"] == "query"}
        self._body = _Body(operation) if operation.request_body else None
        self._wanted = _wanted(operation, {*dict(self._path), *map(pythonic, self._query)})

    async def arguments(self, scope: Scope, receive: Receive) -> dict[str, Any]:
        """Read what the handler wants to know. Raises what `gateway.errors` names."""
        body = await self._body.read(scope, receive) if self._body else None
        arguments: dict[str, Any] = {name: scope["path_params"][key] for name, key in self._path}
        if scope["query_string"] or self._query:
            arguments |= self._query_arguments(scope["query_string"])
        if "body" in self._wanted:
            arguments["body"] = body
        if "user" in self._wanted:
            arguments["user"] = scope["extensions"]["connexion_context"]["user"]
        if "external_url" in self._wanted:
            arguments["external_url"] = self._external_url(scope)
        if "disconnected" in self._wanted:
            arguments["disconnected"] = partial(disconnection, scope, receive)
        return arguments

    def _query_arguments(self, query: bytes) -> dict[str, Any]:
        given: dict[str, Any] = {}
        for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True, errors="replace"):
            if name not in self._query:
                known = ", ".join(self._query) or "none"
                raise ParameterInvalid(f"{name[:64]!r}: unknown in the query, known here: {known}")
            if name in given:
                raise ParameterInvalid(f"{name}: given more than once")
            given[name] = value
        for parameter in self._query.values():
            parameter.validate(given)
        return {pythonic(name): value for name, value in given.items()}


class _QueryParameter:
    def __init__(self, parameter: dict[str, Any]) -> None:
        self._name: str = parameter["name"]
        self._required: bool = parameter.get("required", False)
        self._schema = CompiledSchema(parameter["schema"], self._name)

    def validate(self, given: dict[str, Any]) -> None:
        if self._name in given:
            self._schema.validate(given[self._name])
        elif self._required:
            raise ParameterMissing(f"{self._name}: required in the query, but missing")


class _Body:
    """The body of one operation's requests.

    The document's `x-form-field` names the field whose JSON a form may bring instead of a JSON
    body; where it stands a body without a media type is taken for JSON, too.
    """

    def __init__(self, operation: AbstractOperation) -> None:
        self._schema = CompiledSchema(operation.body_schema(JSON), "body")
        self._form_field: str | None = operation.request_body.get("x-form-field")

    async def read(self, scope: Scope, receive: Receive) -> Any:
        media_type, length = _headers(scope)
        if length > BODY_LIMIT:
            raise BodyTooLarge(f"body: at most {BODY_LIMIT} bytes, not {length}")
        if media_type is not None:
            self._require_media_type(media_type)
        raw = await _received(receive)
        if not raw:
            raise BodyUnreadable("body: required, but empty")
        if media_type is None and not self._form_field:
            raise MediaTypeUnsupported(f"Content-Type: must be {JSON}, but is missing")
        value = self._form(raw) if media_type == FORM else json_text.decode(raw)
        self._schema.validate(value)
        return value

    def _require_media_type(self, media_type: str) -> None:
        name, _, parameters = media_type.partition(";")
        if name == FORM and self._form_field:
            return
        if name != JSON:
            raise MediaTypeUnsupported(f"Content-Type: must be {JSON}, not {media_type[:64]!r}")
        if "charset=" in parameters and not parameters.endswith(("charset=utf-8", "charset=utf8")):
            raise MediaTypeUnsupported(f"Content-Type: the charset must be utf-8, not {media_type[:64]!r}")

    def _form(self, raw: bytes) -> list[Any]:
        """Join what each field of that name holds: one message, or an array of them."""
        try:
            fields = parse_qsl(raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=1000)
        except ValueError:
            raise BodyUnreadable("body: not a form in UTF-8 of at most 1000 fields") from None
        values: list[Any] = []
        for name, text in fields:
            if name != self._form_field:
                raise ParameterInvalid(f"{name[:64]!r}: unknown in the form, known here: {self._form_field}")
            value = json_text.decode(text.encode())
            values += value if isinstance(value, list) else [value]
        return values


def _headers(scope: Scope) -> tuple[str | None, int]:
    """Return the media type, in lower case and without blanks and quotes, and the declared length."""
    media_type, length = None, 0
    for name, value in scope["headers"]:
        if name == b"content-type":
            media_type = value.decode("latin-1").lower().replace(" ", "").replace('"', "")
        elif name == b"content-length":
            length = int(value)
    return media_type or None, length


async def _received(receive: Receive) -> bytes:
    message = await receive()
    if not message.get("more_body"):
        return bytes(message.get("body", b""))
    body = bytearray(message["body"])
    try:
        while message.get("more_body"):
            async with asyncio.timeout(BODY_PATIENCE):
                message = await receive()
            body += message.get("body", b"")
            if len(body) > BODY_LIMIT:
                raise BodyTooLarge(f"body: at most {BODY_LIMIT} bytes, this one goes on after them")
    except TimeoutError:
        raise BodyUnreadable(f"body: ended after {len(body)} bytes, shorter than announced") from None
    return bytes(body)


def _wanted(operation: AbstractOperation, described: set[str]) -> set[str]:
    """Return the names of the handler's parameters; a name that nothing fills is an error."""
    wanted = inspect.signature(operation.function).parameters
    bound = getattr(operation.function, "keywords", {})
    known = described | {"body", "user", "external_url", "disconnected", *bound}
    for name, parameter in wanted.items():
        if name not in known and parameter.default is parameter.empty:
            raise ResolverError(f"{operation.operation_id}: nothing fills its parameter {name}")
    return set(wanted)
