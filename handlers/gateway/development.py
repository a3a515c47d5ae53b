"""The whole stack under Flask's development server, as its WSGI application."""

from __future__ import annotations

import asyncio
import contextlib
import io
import threading
from typing import TYPE_CHECKING, Any

from a2wsgi import ASGIMiddleware

from handlers.gateway.requests import BODY_LIMIT, BODY_PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

PATIENCE = 1.0
"""Seconds until an answer that nobody takes is given up: a2wsgi waits for ever for a broken connection."""
LONGEST_LENGTH = 100
"""Digits; Python reads some thousand at most."""


class DevelopmentServer:
    """Runs the application on an event loop of its own, started with the first request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._bridge: ASGIMiddleware | None = None

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        with self._lock:
            self._bridge = self._bridge or ASGIMiddleware(self._bounded)  # type: ignore[arg-type]  # a2wsgi has scope types of its own
        _make_palatable(environ)
        return self._bridge(environ, start_response)  # type: ignore[arg-type]  # and environ types

    async def _bounded(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def bounded_send(message: Message) -> None:
            if scope["method"] == "HEAD" and message["type"] == "http.response.body":
                message = {**message, "body": b""}  # uvicorn leaves it out by itself, werkzeug does not
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(send(message), PATIENCE)

        await self._app(scope, receive, bounded_send)


def _make_palatable(environ: dict[str, Any]) -> None:
    """Put right what a2wsgi stumbles over, so that the stack behind it can say what is wrong.

    It raises on a path that is not UTF-8, a query that is not ASCII and a length that is no number,
    reads no chunked body, and waits for ever for the rest of one that does not come.
    """
    path = environ.get("PATH_INFO", "").encode("latin-1")
    environ["PATH_INFO"] = path.decode("utf-8", "replace").encode().decode("latin-1")
    environ["QUERY_STRING"] = environ.get("QUERY_STRING", "").encode("ascii", "replace").decode()
    length = environ.get("CONTENT_LENGTH", "")
    announced = int(length) if length.isdecimal() and len(length) <= LONGEST_LENGTH else 0
    if announced > BODY_LIMIT:
        return  # refused for what it announces, and not read
    body = _body(environ, announced)
    environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(body), str(len(body))


def _body(environ: dict[str, Any], announced: int) -> bytes:
    """Read all of the body. One that breaks off, or pauses, is none: nobody is to act on half of it."""
    connection = environ.get("werkzeug.socket")
    whole = environ.get("wsgi.input_terminated", False)  # werkzeug knows the end of a chunked body
    if connection is not None:
        connection.settimeout(BODY_PATIENCE)
    try:
        body = bytes(environ["wsgi.input"].read(BODY_LIMIT + 1 if whole else announced))
    except OSError:  # the time is up; and werkzeug's word for chunks that are none
        return b""
    finally:
        if connection is not None:
            connection.settimeout(None)
    return body if whole or len(body) == announced else b""
