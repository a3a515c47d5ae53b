"""The ASGI application as a WSGI application, for Flask's development server."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterable
from typing import Any

import httptools
from a2wsgi import ASGIMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from werkzeug.serving import WSGIRequestHandler

from gws_chat.gateway.body import BODY_LIMIT, BODY_PAUSE
from gws_chat.gateway.hosts import AUTHORITY
from gws_chat.servers.rejection import MALFORMED, rejection
from gws_chat.servers.startup import IDLE_TIMEOUT
from gws_chat.servers.targets import authority_of

SEND_TIMEOUT = 1.0  # seconds until a response is abandoned; a2wsgi waits forever for a broken connection
DEFERRED = "100-continue when read"  # replaces the value of a header Expect
MAX_LENGTH_DIGITS = 100  # digits of a Content-Length; Python converts a few thousand at most


class WsgiBridge:
    """Runs the application on its own event loop, which starts with the first request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._bridge: ASGIMiddleware | None = None

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        with self._lock:
            if self._bridge is None:
                # the default event loop of Windows cannot wait until a socket is readable
                loop = asyncio.SelectorEventLoop()
                threading.Thread(target=loop.run_forever, daemon=True).start()
                self._bridge = ASGIMiddleware(self._with_timeout, loop=loop)  # type: ignore[arg-type]  # a2wsgi has its own scope types
        if not environ.get("REQUEST_URI", "/"):
            return _reject(start_response)
        _make_safe_for_a2wsgi(environ)
        return self._bridge(environ, start_response)  # type: ignore[arg-type]  # and environ types

    async def _with_timeout(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_timeout(message: Message) -> None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(send(message), SEND_TIMEOUT)

        scope["extensions"][AUTHORITY] = scope["wsgi_environ"].get(AUTHORITY)
        await self._app(scope, _whole_body(receive), send_with_timeout)


class RequestHandler(WSGIRequestHandler):
    """Checks the target and the length, and leaves `100 Continue` to `Body`.

    werkzeug sends it twice, before the application has checked the request.
    """

    timeout = IDLE_TIMEOUT

    def handle_expect_100(self) -> bool:
        return True

    def run_wsgi(self) -> None:
        is_expected = self.headers.get("Expect", "").strip().lower() == "100-continue"
        del self.headers["Expect"]
        if is_expected and self.request_version != "HTTP/1.0":
            self.headers["Expect"] = DEFERRED
        super().run_wsgi()

    def make_environ(self) -> dict[str, Any]:
        """Make `REQUEST_URI` empty if the request is malformed. werkzeug replaces the Host header by that of a URL."""
        authority = None
        lengths = [*self.headers.get_all("Content-Length", []), *self.headers.get_all("Transfer-Encoding", [])[:1]]
        try:
            authority = authority_of(self.path.encode("latin-1"))
        except httptools.HttpParserError:
            self.path = ""
        if len(lengths) > 1:  # a proxy may understand another length than werkzeug
            self.path, authority = "", None
        if authority:
            self.path = f"/{self.path.split('/', 3)[3]}"
        return {**super().make_environ(), AUTHORITY: authority}


class Body:
    """The body of a request as `wsgi.input`, read when the application asks for it."""

    def __init__(self, environ: dict[str, Any], announced: int) -> None:
        self._stream = environ["wsgi.input"]
        self._announced = announced
        self._is_terminated = environ.get("wsgi.input_terminated", False)  # werkzeug finds the end of a chunked body
        self._connection = environ.get("werkzeug.socket")
        self._is_expected = environ.get("HTTP_EXPECT") == DEFERRED

    def read(self, _: int) -> bytes:
        """Return the whole body, or nothing if it is incomplete: nothing may act on half of it."""
        try:
            if self._connection is not None:
                self._connection.settimeout(BODY_PAUSE)
                if self._is_expected:
                    self._connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            body = bytes(self._stream.read(BODY_LIMIT + 1 if self._is_terminated else self._announced))
        except OSError:  # the time-out, or invalid chunks
            return b""
        finally:
            if self._connection is not None:
                self._connection.settimeout(IDLE_TIMEOUT)
        return body if self._is_terminated or len(body) == self._announced else b""


def _whole_body(receive: Receive) -> Receive:
    """Return a function that receives the body as a whole, because a2wsgi does not find the end of a chunked one.

    `Body` has its own time-out. The application would stop waiting earlier, so it regularly receives an empty part
    with `more_body`.
    """
    reading: asyncio.Future[Message] | None = None
    is_complete = False

    async def receive_body() -> Message:
        nonlocal reading, is_complete
        if is_complete:
            await asyncio.Event().wait()  # a2wsgi never reports a disconnect
        reading = reading or asyncio.ensure_future(receive())
        done, _ = await asyncio.wait([reading], timeout=BODY_PAUSE / 2)
        is_complete = bool(done)
        return {**reading.result(), "more_body": False} if done else {"type": "http.request", "more_body": True}

    return receive_body


def _reject(start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Reject a malformed request without the application, with the same response as under uvicorn."""
    response = rejection(MALFORMED)
    headers = [(name.decode(), value.decode()) for name, value in response.all_headers()]
    start_response("400 Bad Request", headers)
    return [response.body]


def _make_safe_for_a2wsgi(environ: dict[str, Any]) -> None:
    """Replace values on which a2wsgi raises, so that the application can reject them.

    a2wsgi raises on a path that is not UTF-8, and on an invalid Content-Length. It reads a body only if there is a
    Content-Length. werkzeug leaves blanks at the end of headers.
    """
    environ.update({name: value.strip() for name, value in environ.items() if name.startswith("HTTP_")})
    path = environ.get("PATH_INFO", "").encode("latin-1")
    environ["PATH_INFO"] = path.decode("utf-8", "replace").encode().decode("latin-1")
    length = environ.get("CONTENT_LENGTH", "")
    announced = int(length) if length.isdecimal() and len(length) <= MAX_LENGTH_DIGITS else 0
    if announced <= BODY_LIMIT:  # otherwise the application rejects it because of its length, without reading it
        environ["wsgi.input"] = Body(environ, announced)
        environ["CONTENT_LENGTH"] = "1" if environ.get("wsgi.input_terminated") else str(announced)
