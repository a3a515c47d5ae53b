"""HTTP requests with a limit on time and size, as a desktop sends them."""

import json
import select
import threading
import time
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection, IncompleteRead, RemoteDisconnected
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

MAX_BYTES = 4 * 1024 * 1024  # of a response
MOMENT = 0.2  # seconds by which a response and its notification may arrive apart, because they have two connections
API = "/api/v2"
PARTIAL_SUCCESS = 7  # the statusCode of a session that started without some of its channels


class NoResponse(Exception):
    """The server sent no complete HTTP response. The text says why, without user data."""


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP response. `content` is None unless the body is JSON. Times are of the monotonic clock."""

    status: int
    content: Any
    headers: Mapping[str, str]
    sent_at: float
    received_at: float

    @property
    def outcome(self) -> list[Any]:
        """The HTTP status and the `statusCode`, which is None if the body has none."""
        code = self.content.get("statusCode") if isinstance(self.content, dict) else None
        return [self.status, code if isinstance(code, int) and not isinstance(code, bool) else None]

    @property
    def is_success(self) -> bool:
        return self.is_http_success and self.outcome[1] in {0, PARTIAL_SUCCESS}

    @property
    def is_http_success(self) -> bool:
        """Whether the HTTP status is 2xx. The operation may have been performed, whatever the `statusCode` is."""
        return self.status // 100 == 2  # noqa: PLR2004 - HTTP's class of success

    @property
    def acknowledgement(self) -> list[str]:
        """The names of the members that say how an operation ended."""
        return [each for each in ("referenceId", "statusCode", "statusMessage") if self.get(each) is not None]

    @property
    def error_members(self) -> list[str]:
        """The names of the members of an error, with a note if the `statusCode` is no integer."""
        code = "statusCode" if self.outcome[1] is not None else "statusCode as another type"
        shown = {"statusCode": code, "statusMessage": "statusMessage"}
        found = self.content if isinstance(self.content, dict) else {}
        return [shown[each] for each in shown if each in found]

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip()

    @property
    def description(self) -> str:
        status, code = self.outcome
        return f"HTTP {status}, statusCode {'absent' if code is None else code}"

    def get(self, *names: str | int) -> Any:
        """Return a value inside the content, or None."""
        return value_at(self.content, *names)


def without_password(url: str) -> str:
    """Return the URL without anything before an `@`, so that even an invalid one shows no password."""
    return url if "@" not in url else "***" + url[url.rindex("@") :]


def value_at(content: Any, *names: str | int) -> Any:
    """Return the value at a path of keys and indexes, or None if there is none."""
    for name in names:
        if isinstance(name, str) and isinstance(content, dict):
            content = content.get(name)
        elif isinstance(name, int) and isinstance(content, list) and -len(content) <= name < len(content):
            content = content[name]
        else:
            return None
    return content


class InFlight:
    """The request that waits for its response, if there is one.

    The thread that performs operations sets it. Threads that receive notifications ask whether a notification came
    before the response. Times do not show that: this process may read the response long after it has arrived.
    """

    def __init__(self) -> None:
        self.connection: HTTPConnection | None = None

    def is_waiting(self) -> bool:
        """Wait up to `MOMENT` seconds for the response. Return whether none of it has arrived."""
        connection = self.connection
        if connection is None:
            return False
        try:
            has_arrived = select.select([connection.sock], [], [], MOMENT)[0]
        except (OSError, TypeError, ValueError):  # it has just been closed
            return False
        return not has_arrived and self.connection is connection


class HttpClient:
    """Sends requests with the cookies of one client. Each request has its own connection and a time limit."""

    def __init__(self, url: str, timeout: float, in_flight: InFlight | None = None) -> None:
        try:
            parts = urlsplit(url if "://" in url else f"http://{url}")
            self.host, self.port = parts.hostname or "", parts.port
            is_valid = parts.scheme in {"http", "https"} and self.host
        except ValueError:  # the text of this error may show the password
            is_valid = False
        if not is_valid:
            raise ValueError(f"must be a URL such as http://server:8090, got {without_password(url)!r}")
        self.base_path = parts.path.rstrip("/").removesuffix(API)
        self.base_url = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{self.base_path}"
        self.timeout = timeout
        self.credentials: tuple[str, str] | None = None
        self.headers: dict[str, str] = {}
        self.cookies: dict[str, str] = {}
        self._in_flight = in_flight or InFlight()
        self._connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        timeout: float | None = None,
        headers: Mapping[str, str] | None = None,
        is_anonymous: bool = False,
    ) -> Response:
        """Send one request and return the response. Raises `NoResponse`.

        The path is below `/api/v2`, or `/internal-api/...`. `is_anonymous` sends neither credentials nor cookies.
        Bytes are sent unchanged. An empty header is not sent.
        """
        limit = self.timeout if timeout is None else timeout
        connection = self._connect(self.host, self.port, timeout=limit)
        # a timeout of the socket does not end a response that trickles
        timer = threading.Timer(limit, _abort, [connection])
        timer.daemon = True
        sent_at = time.monotonic()
        try:
            content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
            all_headers = {**({} if is_anonymous else self._identity()), **self.headers, **(headers or {})}
            if content is not None:
                all_headers.setdefault("Content-Type", "application/json")
            all_headers = {name: value for name, value in all_headers.items() if value}
            timer.start()
            prefix = self.base_path + ("" if path.startswith("/internal-api/") else API)
            connection.connect()
            # before the request: a notification may arrive as soon as it has been sent
            self._in_flight.connection = connection
            connection.request(method, prefix + path, content, all_headers)
            reply = connection.getresponse()
            received = reply.read(MAX_BYTES + 1)
            received_at = time.monotonic()
        except (OSError, HTTPException, ValueError) as error:
            if time.monotonic() - sent_at >= limit:
                raise NoResponse(f"no response within {limit:g} s") from None
            raise NoResponse(_reason(error)) from None
        finally:
            timer.cancel()
            self._in_flight.connection = None
            connection.close()
        if len(received) > MAX_BYTES:
            raise NoResponse(f"a response of more than {MAX_BYTES} bytes")
        if not is_anonymous:
            self._keep_cookies(reply.headers.get_all("Set-Cookie") or [])
        headers_received = {name.lower(): value for name, value in reply.headers.items()}
        return Response(reply.status, _json(received), headers_received, sent_at, received_at)

    def try_request(self, method: str, path: str, body: Any = None, **options: Any) -> Response | None:
        """Send one request as `request` does, and return the response or None."""
        try:
            return self.request(method, path, body, **options)
        except NoResponse:
            return None

    def _identity(self) -> dict[str, str]:
        identity = {}
        if self.credentials:
            identity["Authorization"] = "Basic " + b64encode(":".join(self.credentials).encode()).decode()
        if self.cookies:
            identity["Cookie"] = self.cookie_header
        return identity

    @property
    def cookie_header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _keep_cookies(self, lines: list[str]) -> None:
        for line in lines:
            try:
                cookies = SimpleCookie(line)
            except CookieError:
                continue
            self.cookies |= {name: cookie.coded_value for name, cookie in cookies.items()}


def _abort(connection: HTTPConnection) -> None:
    if connection.sock is not None:
        try:
            connection.sock.shutdown(2)
        except OSError:
            return


def _reason(error: Exception) -> str:
    if isinstance(error, (RemoteDisconnected, IncompleteRead)):
        return "the connection was closed"
    return error.strerror if isinstance(error, OSError) and error.strerror else "no HTTP response"


def _json(received: bytes) -> Any:
    try:
        return json.loads(received)
    except (ValueError, RecursionError):
        return None
