"""From a request to the arguments of a handler, as the document says.

Replaces connexion's request validation, which builds its validators anew for every request, takes
a body whose length it was not told for none, and answers several kinds of rubbish with 500.
"""

from __future__ import annotations

import asyncio
import inspect
import re
import secrets
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from connexion.decorators.parameter import pythonic
from connexion.exceptions import ResolverError

from handlers.gateway import json_text
from handlers.gateway.connection import connection_of
from handlers.gateway.errors import (
    BodyTooLarge,
    BodyUnreadable,
    MediaTypeUnsupported,
    ParameterInvalid,
    ParameterMissing,
    RequestError,
)
from handlers.gateway.request_log import note_body, note_operation
from handlers.gateway.schemas import CompiledSchema, precedence
from handlers.gateway.security import cookie_value, set_cookie

if TYPE_CHECKING:
    from collections.abc import Callable

    from connexion.operations import AbstractOperation
    from starlette.types import Message, Receive, Scope

BODY_LIMIT = 1024 * 1024
"""Bytes (decided)."""
BODY_PATIENCE = 0.9
"""Seconds a client may pause in the middle of a body: nothing is to hang for a second."""
INTEGER = re.compile(r"-?\d{1,100}", re.ASCII)
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
BROWSER = "BAYEUX_BROWSER"
"""CometD's own name for the cookie by which it knows a browser."""
BROWSER_NAME = re.compile("[0-9a-zA-Z]{1,64}")
"""Ours, and those that CometD's own server gives; of another size or kind they are not kept."""
OWN = frozenset({"body", "user", "external_url", "connection", "browser", "remember_browser"})
"""What a handler may name besides the parameters of the document."""


class RequestReader:
    """Reads the requests of one operation.

    A handler's parameters are named as in the document (`id_` for `id`), or `body`, `user`,
    `external_url` (what addresses given to this client begin with), `connection` (tells whether the
    client has gone), `browser` (by which name the client's browser is known, or None) and
    `remember_browser` (has the answer give it one, if it has none). Anything else fails when the
    application starts.
    """

    def __init__(self, operation: AbstractOperation, external_url: Callable[[Scope], str]) -> None:
        parameters = operation.parameters
        self._name = operation.operation_id.rpartition(".")[2]  # without the module
        self._external_url = external_url
        self._path = [(pythonic(each["name"]), each["name"]) for each in parameters if each["in"] == "path"]
        self._query = {each["name"]: _QueryParameter(each) for each in parameters if each["in"] == "query"}
        self._body = _Body(operation) if operation.request_body else None
        self._wanted = _wanted(operation, {*dict(self._path), *map(pythonic, self._query)})

    async def arguments(self, scope: Scope, receive: Receive) -> dict[str, Any]:
        """Read what the handler wants to know. Raises what `gateway.errors` names."""
        note_operation(scope, self._name)
        body = None
        if self._body:
            body = await self._body.read(scope, receive)
            note_body(scope, body)
        query = self._validated(scope["query_string"], body)
        arguments: dict[str, Any] = {name: scope["path_params"][key] for name, key in self._path}
        arguments |= query
        if "body" in self._wanted:
            arguments["body"] = body
        if "user" in self._wanted:
            arguments["user"] = scope["extensions"]["connexion_context"]["user"]
        if "external_url" in self._wanted:
            arguments["external_url"] = self._external_url(scope)
        if "connection" in self._wanted:
            arguments["connection"] = connection_of(scope, receive)
        if "browser" in self._wanted:
            arguments["browser"] = _browser(scope)
        if "remember_browser" in self._wanted:
            arguments["remember_browser"] = partial(_remember_browser, scope)
        return arguments

    def _validated(self, query: bytes, body: Any) -> dict[str, Any]:
        """Hold query and body against the document, and return the query as arguments.

        Of several faults in both the first of `PRECEDENCE` is told.
        """
        faults: list[RequestError] = []
        given: dict[str, Any] = {}
        try:
            given = self._queried(query)
        except RequestError as fault:
            faults.append(fault)
        try:
            if self._body:
                self._body.schema.validate(body)
        except RequestError as fault:
            faults.append(fault)
        if faults:
            raise min(faults, key=precedence)
        named = ((pythonic(name), value) for name, value in given.items())
        return {name: value for name, value in named if name in self._wanted}

    def _queried(self, query: bytes) -> dict[str, Any]:
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
        return given


class _QueryParameter:
    def __init__(self, parameter: dict[str, Any]) -> None:
        self._name: str = parameter["name"]
        self._required: bool = parameter.get("required", False)
        self._is_integer = parameter["schema"].get("type") == "integer"
        self._schema = CompiledSchema(parameter["schema"], self._name)

    def validate(self, given: dict[str, Any]) -> None:
        """Hold the value against the document, and read it as a number where the document says so."""
        if self._name in given:
            if self._is_integer and INTEGER.fullmatch(given[self._name]):
                given[self._name] = int(given[self._name])
            self._schema.validate(given[self._name])
        elif self._required:
            raise ParameterMissing(f"{self._name}: required in the query, but missing")


class _Body:
    """The body of one operation's requests.

    The document's `x-form-field` names the field whose JSON a form may bring instead of a JSON
    body; where it stands a body without a media type is taken for JSON, too.
    """

    def __init__(self, operation: AbstractOperation) -> None:
        # connexion adds all the document's components, but has resolved every reference to them
        schema = {name: part for name, part in operation.body_schema(JSON).items() if name != "components"}
        self.schema = CompiledSchema(schema, "body")
        self._form_field: str | None = operation.request_body.get("x-form-field")

    async def read(self, scope: Scope, receive: Receive) -> Any:
        media_type, length = _headers(scope)
        if length > BODY_LIMIT:
            raise BodyTooLarge(f"body: at most {BODY_LIMIT} bytes, not {length}")
        raw = await _received(receive)
        name, *parameters = media_type.split(";")
        if raw or name:
            self._require_media_type(name, parameters)
        if not raw:
            raise BodyUnreadable("body: required, but empty")
        return self._form(raw) if name == FORM else json_text.decode(raw)

    def _require_media_type(self, name: str, parameters: list[str]) -> None:
        if self._form_field and name in {FORM, ""}:
            return
        if name != JSON:
            raise MediaTypeUnsupported(
                f"Content-Type: must be {JSON}, {f'not {name[:64]!r}' if name else 'but is missing'}"
            )
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key == "charset" and value not in {"utf-8", "utf8"}:
                raise MediaTypeUnsupported(f"Content-Type: the charset must be utf-8, not {value[:64]!r}")

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


def _headers(scope: Scope) -> tuple[str, int]:
    """Return the media type, in lower case and without blanks and quotes, and the declared length."""
    media_type, length = "", 0
    for name, value in scope["headers"]:
        if name == b"content-type":
            media_type = value.decode("latin-1").lower().replace(" ", "").replace('"', "")
        elif name == b"content-length" and value.isdigit():
            length = int(value)
    return media_type, length


def _browser(scope: Scope) -> str | None:
    cookies = (value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie")
    name = cookie_value("; ".join(cookies), BROWSER)
    return name if name and BROWSER_NAME.fullmatch(name) else None


def _remember_browser(scope: Scope) -> None:
    if _browser(scope) is None:
        set_cookie(scope, BROWSER, partial(secrets.token_hex, 20))


async def _received(receive: Receive) -> bytes:
    """Return the whole body. One that breaks off is none: nobody is to act on half of it."""
    message: Message = {"type": "http.request", "more_body": True}
    body = bytearray()
    while message.get("more_body") and len(body) <= BODY_LIMIT:
        try:
            async with asyncio.timeout(BODY_PATIENCE):
                message = await receive()
        except TimeoutError:
            message = {"type": "http.disconnect"}
        body += message.get("body", b"")
    if message["type"] == "http.disconnect":
        raise BodyUnreadable(f"body: ended after {len(body)} bytes, shorter than announced")
    if len(body) > BODY_LIMIT:
        raise BodyTooLarge(f"body: at most {BODY_LIMIT} bytes, this one goes on after them")
    return bytes(body)


def _wanted(operation: AbstractOperation, described: set[str]) -> set[str]:
    """Return the names of the handler's parameters; a name that nothing fills is an error."""
    wanted = inspect.signature(operation.function).parameters
    bound = getattr(operation.function, "keywords", {})
    known = described | OWN | set(bound)
    for name, parameter in wanted.items():
        if name not in known and parameter.default is parameter.empty:
            raise ResolverError(f"{operation.operation_id}: nothing fills its parameter {name}")
    return set(wanted)
