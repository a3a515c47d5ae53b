"""Send a complete response."""

import json
from collections.abc import Iterable
from typing import Any

import orjson
from starlette.types import Send

JSON_MEDIA_TYPE = "application/json"
Header = tuple[bytes, bytes]
NO_STORE: Header = (b"cache-control", b"no-store")


def to_json(content: Any) -> bytes:
    """Return JSON in UTF-8. orjson lacks integers of more than 64 bits, which a scenario or a body may contain."""
    try:
        return orjson.dumps(content)
    except TypeError:
        return json.dumps(content, separators=(",", ":")).encode()


def encode(content: Any) -> bytes:
    """Return bytes unchanged, text as UTF-8, and anything else as JSON."""
    if isinstance(content, bytes):
        return content
    return content.encode() if isinstance(content, str) else to_json(content)


async def send_response(
    send: Send, status: int, body: bytes = b"", media_type: str = JSON_MEDIA_TYPE, headers: Iterable[Header] = ()
) -> None:
    all_headers = [*headers]
    if body:
        all_headers += [(b"content-type", media_type.encode()), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": all_headers})
    await send({"type": "http.response.body", "body": body})
