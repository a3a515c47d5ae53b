"""Protection against forged requests, as the vendor has it.

A browser sends the cookie with whatever page's request; the token can only be sent by a page that may
read the service's answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connexion.security import NO_VALUE

from handlers.gateway.errors import CsrfTokenInvalid
from handlers.gateway.security import COOKIE, cookie_value

if TYPE_CHECKING:
    from connexion.lifecycle import ConnexionRequest
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from handlers.gateway.security import Verify
    from handlers.identity import Identity

HEADER = "X-CSRF-TOKEN"
TOKEN = "handlers.csrf_token"  # noqa: S105 - a name, no token
"""Where a scope's extensions have the token that the answer is to carry."""
READING = frozenset({"GET", "HEAD"})


class CsrfGuard:
    """Wants the token of whoever was found to be an agent.

    On the path that is `exempt` only of what any page may send: a form, with the browser's cookie.
    """

    def __init__(self, identity: Identity, exempt: str) -> None:
        self._identity = identity
        self._exempt = exempt

    def guarded(self, verify: Verify) -> Verify:
        """Return `verify`, which tells who an agent is, with the check right after it."""

        def verify_and_check(request: ConnexionRequest) -> Any:
            verified = verify(request)
            if verified is not NO_VALUE:
                self._check(request, verified["sub"])
            return verified

        return verify_and_check

    def _check(self, request: ConnexionRequest, agent: Any) -> None:
        scope = request.scope
        if scope["method"] in READING:
            scope["extensions"][TOKEN] = self._identity.csrf_token_of(agent)
        elif scope["path"] != self._exempt or _any_page_may_send(request):
            cookie = cookie_value(request.headers.get("cookie"), COOKIE)
            if not self._identity.is_session(agent, cookie, request.headers.get(HEADER, "")):
                raise CsrfTokenInvalid("Missing or invalid Csrf token")


def _any_page_may_send(request: ConnexionRequest) -> bool:
    """Whether a browser lets a page send it without having asked the service before."""
    media_type = request.headers.get("content-type", "").lower()
    return "authorization" not in request.headers and not media_type.startswith("application/json")


class CsrfMiddleware:
    """Gives out the token with the answer, also where that is a refusal."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_token(message: Message) -> None:
            if message["type"] == "http.response.start" and TOKEN in scope["extensions"]:
                token = scope["extensions"][TOKEN]
                headers = (b"x-csrf-header", HEADER.encode()), (HEADER.lower().encode(), token.encode())
                message = {**message, "headers": [*message["headers"], *headers]}
            await send(message)

        await self._app(scope, receive, send_with_token)
