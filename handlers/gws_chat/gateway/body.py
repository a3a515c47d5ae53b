"""Read the body of a request: size, coding, media type, JSON or form."""

import asyncio
from typing import Any
from urllib.parse import parse_qsl

from connexion.operations import AbstractOperation
from starlette.types import Message, Receive, Scope

from gws_chat.domain.customer import Customer
from gws_chat.domain.errors import shorten
from gws_chat.gateway import json_text
from gws_chat.gateway.connection import Connection
from gws_chat.gateway.errors import BodyTooLarge, BodyUnreadable, MediaTypeUnsupported, ParameterInvalid
from gws_chat.gateway.headers import header_of, values_of
from gws_chat.gateway.request import context_of
from gws_chat.gateway.request_record import RequestRecord, record_body
from gws_chat.gateway.responses import JSON_MEDIA_TYPE, encode
from gws_chat.gateway.schemas import CompiledSchema, field_name

BODY_LIMIT = 1024 * 1024  # bytes (assumed)
BODY_PAUSE = 0.9  # seconds to wait for more of a body; less than uvicorn's graceful shutdown takes
MAX_FORM_FIELDS = 1000
FORM = "application/x-www-form-urlencoded"


class BodyReader:
    """Reads the bodies of one operation.

    `x-form-field` in openapi.yaml names a form field that may hold the JSON. Where it is given, and for customers, a
    body without a media type is read as JSON (observed).
    """

    def __init__(self, operation: AbstractOperation) -> None:
        # connexion adds all components of the document, although it has resolved every reference to them
        schema = {name: part for name, part in operation.body_schema(JSON_MEDIA_TYPE).items() if name != "components"}
        self.schema = CompiledSchema(schema, "body")
        self._form_field: str | None = operation.request_body.get("x-form-field")

    async def read(self, scope: Scope, receive: Receive, connection: Connection, user: Any) -> Any:
        """Return the JSON value of the body. Raises a `RequestError`."""
        length = header_of(scope, b"content-length")
        if length.isdecimal() and int(length) > BODY_LIMIT:
            raise BodyTooLarge(f"body: must be at most {BODY_LIMIT} bytes, got {int(length)}")
        _require_coding(scope, b"content-encoding", "identity")
        _require_coding(scope, b"transfer-encoding", "chunked")
        content_type = header_of(scope, b"content-type").lower().replace(" ", "").replace('"', "")
        media_type, *parameters = content_type.split(";")
        may_omit_media_type = self._form_field is not None or isinstance(user, Customer)
        has_body = length.strip("0") != "" or header_of(scope, b"transfer-encoding") != ""
        if media_type or (has_body and not may_omit_media_type):
            self._require_media_type(media_type, parameters)
        record = context_of(scope).record
        # only if there is a body, because receiving makes the server send 100 Continue
        raw = await _receive_all(receive, connection, record) if has_body else b""
        if not raw:
            raise BodyUnreadable("body: required, but empty")
        if media_type == FORM:
            messages = self._decode_form(raw)
            record.request_body = record_body(encode(messages))
            return messages
        record.request_body = record_body(raw)
        return json_text.decode(raw)

    def _require_media_type(self, media_type: str, parameters: list[str]) -> None:
        if self._form_field and media_type == FORM:
            return
        if media_type not in {JSON_MEDIA_TYPE, "text/json"}:  # .NET serializers send the latter (assumed)
            actual = f"got {shorten(media_type)!r}" if media_type else "but it is missing"
            raise MediaTypeUnsupported(f"Content-Type: must be {JSON_MEDIA_TYPE}, {actual}")
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key == "charset" and value not in {"utf-8", "utf8"}:
                raise MediaTypeUnsupported(f"Content-Type: the charset must be utf-8, got {shorten(value)!r}")

    def _decode_form(self, raw: bytes) -> list[Any]:
        """Join the values of all fields. Each holds one message, or an array of messages."""
        try:
            fields = parse_qsl(raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=MAX_FORM_FIELDS)
        except ValueError:
            raise BodyUnreadable(f"body: must be a form in UTF-8 with at most {MAX_FORM_FIELDS} fields") from None
        values: list[Any] = []
        for name, text in fields:
            if name != self._form_field:
                raise ParameterInvalid(f"{field_name(name)}: unknown form field, allowed: {self._form_field}")
            value = json_text.decode(text.encode())
            values += value if isinstance(value, list) else [value]
        return values


def _require_coding(scope: Scope, name: bytes, expected: str) -> None:
    """Reject any other coding, because the body would be read as if it had none."""
    for coding in (each.strip() for value in values_of(scope, name) for each in value.split(",")):
        if coding.lower() not in {"", expected}:
            field = name.decode().title()
            raise MediaTypeUnsupported(f"{field}: must be {expected}, got {shorten(coding)!r}")


async def _receive_all(receive: Receive, connection: Connection, record: RequestRecord) -> bytes:
    """Receive the whole body. An incomplete body is an error: nothing may act on half of it."""
    message: Message = {"type": "http.request", "more_body": True}
    body = bytearray()
    while message.get("more_body") and len(body) <= BODY_LIMIT:
        try:
            if connection.has_whole_request():  # a timeout would cost 5 µs, 4 % of a Leave
                message = await receive()
            else:
                async with asyncio.timeout(BODY_PAUSE):
                    message = await receive()
        except TimeoutError:
            message = {"type": "http.disconnect"}
        body += message.get("body", b"")
    if message["type"] == "http.disconnect":
        record.client_gave_up = connection.has_disconnected()  # otherwise the body is slow or malformed
        raise BodyUnreadable(f"body: incomplete after {len(body)} bytes")
    if len(body) > BODY_LIMIT:
        raise BodyTooLarge(f"body: must be at most {BODY_LIMIT} bytes, got more")
    return bytes(body)
