"""A request as handlers see it, and what they return."""

import re
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from starlette.types import Scope

from gws_chat.domain.agent import Agent
from gws_chat.domain.events import Event
from gws_chat.gateway.connection import Connection
from gws_chat.gateway.headers import BROWSER_COOKIE, cookies_of, header_of
from gws_chat.gateway.hosts import AUTHORITY, host_name
from gws_chat.gateway.notification_queue import Batch, NotificationQueue
from gws_chat.gateway.request_record import RequestRecord
from gws_chat.gateway.responses import Header

API_PATH = "/api/v2"
COMETD_PATH = f"{API_PATH}/notifications"
API_PATHS = (f"{API_PATH}/", "/internal-api/")  # all paths of the emulated API start with one of them
SCHEMES = {"http", "https"}
CONTEXT = "gws_chat.request"  # the key of the request's context in its ASGI scope
BROWSER_ID = re.compile("[0-9a-zA-Z]{1,64}")  # the values that this service and CometD's server give to the cookie


@dataclass(slots=True)
class RequestContext:
    """The state of one request that its steps share.

    `before_response` is called before a response that is no error is recorded and sent. `batch` has the notifications
    to deliver after the response. The response sets the session cookie of `agent_for_new_cookie` and the CometD cookie
    `new_browser_id`, and has `csrf_token` and `cors_headers` among its headers.
    """

    record: RequestRecord
    connection: Connection
    batch: Batch | None = None
    before_response: Callable[[Connection, NotificationQueue], Awaitable[None]] | None = None
    agent_for_new_cookie: Agent | None = None
    new_browser_id: str | None = None
    csrf_token: str | None = None
    cors_headers: Sequence[Header] = ()


def context_of(scope: Scope) -> RequestContext:
    context: RequestContext = scope[CONTEXT]
    return context


class EndedLogin:
    """The user of a request to the CometD endpoint with a session cookie that is not, or no longer, valid."""

    id = ""  # no CometD session has this owner


class Request(NamedTuple):
    """A valid request.

    `user` is the agent, customer or ended login, or None if the operation has no security. Parameters are named as in
    openapi.yaml; defaults are not filled in. `body` is None if the operation has none. `external_url_of` returns the
    base URL in the response.
    """

    user: Any
    path_parameters: Mapping[str, str]
    query_parameters: Mapping[str, Any]
    body: Any
    external_url_of: Callable[[Scope], str]
    scope: Scope
    connection: Connection

    @property
    def external_url(self) -> str:
        """The base URL of the API in the response: the setting, or else as the client addressed it."""
        return self.external_url_of(self.scope)

    @property
    def browser_id(self) -> str | None:
        """The first value of CometD's cookie that is not malformed."""
        return next(filter(BROWSER_ID.fullmatch, cookies_of(self.scope, BROWSER_COOKIE)), None)

    def set_browser_id(self) -> None:
        """Set CometD's cookie with the response, unless the request has a well-formed one."""
        if self.browser_id is None:
            context_of(self.scope).new_browser_id = secrets.token_hex(20)


class Result(NamedTuple):
    """The content of a response, and the events to deliver after it.

    `content` is written as JSON, unless it is bytes or str, which are sent unchanged. It is empty if a poll is held:
    then `held_body` is an awaitable of the body.
    """

    content: Any = b""
    events: Sequence[Event] = ()
    held_body: Awaitable[bytes] | None = None


def addressed_url(scope: Scope, forwarded: Mapping[str, str]) -> str:
    """Return the base URL of the API as the client addressed it. Malformed hosts count as missing.

    The host of a target overrides the Host header (RFC 9112, 3.2.2). `forwarded` is what a trusted proxy says about the
    client's request, see `proxies`.
    """
    authority = scope["extensions"].get(AUTHORITY) or header_of(scope, b"host")
    host = next(filter(host_name, (forwarded.get("host", ""), authority)), None)
    if host is None:
        server, port = scope.get("server") or ("localhost", 80)
        host = f"[{server}]:{port}" if ":" in server else f"{server}:{port}"
    scheme = forwarded.get("proto", "").lower()
    return f"{scheme if scheme in SCHEMES else scope['scheme']}://{host}{API_PATH}"
