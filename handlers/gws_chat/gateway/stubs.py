"""Requests that are not emulated: a stub of the scenario responds, or else the request is counted."""

import logging
import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote, unquote

from starlette.types import Receive, Scope

from gws_chat.domain.agent import Agent
from gws_chat.gateway.csrf import CsrfProtection
from gws_chat.gateway.errors import MethodNotAllowed, PathUnknown
from gws_chat.gateway.hooks import RequestHooks
from gws_chat.gateway.paths import METHODS
from gws_chat.gateway.request import context_of
from gws_chat.gateway.request_record import STUB
from gws_chat.gateway.responses import NO_BODY, NO_STORE, Layer, Response, to_json

logger = logging.getLogger(__name__)

MAX_UNKNOWN_REQUESTS = 1000  # different ones that are kept
MAX_PATH_LENGTH = 2048  # of unknown requests that are kept, percent-encoded
STUB_PATH = re.compile("(/[^/]+)+")  # percent-encoded, as in the schema of scenarios
HINT = "unknown request: %s %s. To respond to it, add to the scenario: %s"
PLACEHOLDER = re.compile(r"\{[^{}]*\}")


class UnknownRequests:
    """The number of unknown requests, by method and percent-encoded path.

    Each is logged once, even if `clear` is called. Requests that no stub can match are left out.
    """

    def __init__(self) -> None:
        self.counts: dict[tuple[str, str], int] = {}
        self._logged: set[tuple[str, str]] = set()

    def add(self, method: str, path: str) -> None:
        # encoded, so that a client cannot forge log lines, and so that the hint is valid YAML
        path = quote(path, errors="backslashreplace")
        if method not in METHODS or len(path) > MAX_PATH_LENGTH or not STUB_PATH.fullmatch(path):
            return
        key = method, path
        if key in self.counts or len(self.counts) < MAX_UNKNOWN_REQUESTS:
            self.counts[key] = self.counts.get(key, 0) + 1
        if key not in self._logged and len(self._logged) < MAX_UNKNOWN_REQUESTS:
            self._logged.add(key)
            stub = f'stubs: [{{method: {method}, path: "{path}", body: {{statusCode: 0}}}}]'
            logger.warning(HINT, method, path, stub)

    def clear(self) -> None:
        self.counts.clear()


class StubsMiddleware:
    """Responds with a stub to requests whose path or method `app` does not know.

    `stubs` are the entries of the scenario; the first that matches responds. `authenticate` returns the agent of a
    request, or raises `AccessDenied`. `name_of` returns the name of the agent, or None.
    """

    def __init__(
        self,
        app: Layer,
        stubs: Iterable[dict[str, Any]],
        authenticate: Callable[[Scope], Agent],
        name_of: Callable[[Scope], str | None],
        csrf: CsrfProtection | None,
        unknown_requests: UnknownRequests,
        hooks: RequestHooks,
    ) -> None:
        self._app = app
        self._stubs = [(stub["method"], _pattern(stub["path"]), *_response(stub)) for stub in stubs]
        self._authenticate = authenticate
        self._name_of = name_of
        self._csrf = csrf
        self._unknown_requests = unknown_requests
        self._hooks = hooks

    async def respond(self, scope: Scope, receive: Receive) -> Response:
        try:
            return await self._app.respond(scope, receive)
        except (PathUnknown, MethodNotAllowed):
            response = await self._stub_for(scope)
            if response is None:
                raise
            return response

    async def _stub_for(self, scope: Scope) -> Response | None:
        """Return the response of the first stub that matches; the body is not read. If none does, count the request."""
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        for stub_method, pattern, status, body in self._stubs:
            if method == stub_method and pattern.fullmatch(scope["path"]):
                context = context_of(scope)
                record, connection = context.record, context.connection
                record.operation = STUB
                agent = self._authenticate(scope)
                record.agent = agent.user_name
                if self._csrf is not None:
                    self._csrf.check(scope, agent)
                effect = self._hooks.select_effect(scope["path"], None, record)
                await effect.before_handling(connection)
                context.before_response = effect.before_response
                return Response(status, body, headers=[NO_STORE])
        context_of(scope).record.agent = self._name_of(scope)
        self._unknown_requests.add(method, scope["path"])
        return None


def _pattern(path: str) -> re.Pattern[str]:
    """Return the pattern of a stub's path. A placeholder stands for one segment, or for a part of it."""
    return re.compile("[^/]+".join(re.escape(unquote(text)) for text in PLACEHOLDER.split(path)))


def _response(stub: dict[str, Any]) -> tuple[int, bytes]:
    status = stub.get("status", 200)
    return status, b"" if status in NO_BODY else to_json(stub.get("body", {"statusCode": 0}))
