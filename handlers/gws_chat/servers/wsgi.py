"""The ASGI application as a WSGI application, for Flask's development server."""

import asyncio
import contextlib
import io
import threading
from collections.abc import Callable, Iterable
from typing import Any

from a2wsgi import ASGIMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gws_chat.gateway.body import BODY_LIMIT, BODY_PAUSE

SEND_TIMEOUT = 1.0  # seconds until a response is abandoned; a2wsgi waits forever for a broken connection
MAX_LENGTH_DIGITS = 100  # digits of a Content-Length; Python converts a few thousand at most


class WsgiBridge:
    """Runs the application on its own event loop, which starts with the first request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._bridge: ASGIMiddleware | None = None

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        with self._lock:
            self._bridge = self._bridge or ASGIMiddleware(self._with_timeout)  # type: ignore[arg-type]  # a2wsgi has its own scope types
        _make_safe_for_a2wsgi(environ)
        return self._bridge(environ, start_response)  # type: ignore[arg-type]  # and environ types

    async def _with_timeout(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_timeout(message: Message) -> None:
            if scope["method"] == "HEAD" and message["type"] == "http.response.body":
                message = {**message, "body": b""}  # uvicorn removes it itself, werkzeug does not
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(send(message), SEND_TIMEOUT)

        await self._app(scope, receive, send_with_timeout)


def _make_safe_for_a2wsgi(environ: dict[str, Any]) -> None:
    """Read the body and replace values on which a2wsgi raises, so that the application can reject them.

    a2wsgi raises on a path that is not UTF-8, a query that is not ASCII, and an invalid Content-Length. It reads no
    chunked body, and waits forever for the rest of an incomplete body.
    """
    path = environ.get("PATH_INFO", "").encode("latin-1")
    environ["PATH_INFO"] = path.decode("utf-8", "replace").encode().decode("latin-1")
    environ["QUERY_STRING"] = environ.get("QUERY_STRING", "").encode("ascii", "replace").decode()
    length = environ.get("CONTENT_LENGTH", "")
    announced = int(length) if length.isdecimal() and len(length) <= MAX_LENGTH_DIGITS else 0
    if announced > BODY_LIMIT:
        return  # the application rejects it because of its length, without reading it
    body = _read_body(environ, announced)
    environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(body), str(len(body))


def _read_body(environ: dict[str, Any], announced: int) -> bytes:
    """Return the whole body, or an empty one if it is incomplete: nothing may act on half of it."""
    connection = environ.get("werkzeug.socket")
    is_terminated = environ.get("wsgi.input_terminated", False)  # werkzeug finds the end of a chunked body
    if connection is not None:
        connection.settimeout(BODY_PAUSE)
    try:
        body = bytes(environ["wsgi.input"].read(BODY_LIMIT + 1 if is_terminated else announced))
    except OSError:  # the time-out, or invalid chunks
        return b""
    finally:
        if connection is not None:
            connection.settimeout(None)
    return body if is_terminated or len(body) == announced else b""
