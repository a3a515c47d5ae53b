"""CSRF protection as documented by the vendor.

A browser sends the session cookie with the requests of any page. The token can only be sent by a page that may read
the service's responses.
"""

from starlette.types import Scope

from gws_chat.domain.agent import Agent
from gws_chat.gateway.errors import CsrfTokenInvalid
from gws_chat.gateway.headers import SESSION_COOKIE, cookies_of, header_of
from gws_chat.gateway.identity import Identity
from gws_chat.gateway.request import COMETD_PATH, context_of

HEADER = b"x-csrf-token"
SAFE_METHODS = frozenset({"GET", "HEAD"})


class CsrfProtection:
    """Returns the token for GET and HEAD, and requires it of agents for every other method.

    The CometD endpoint requires it only of requests that any page can send (assumed): public clients do
    not send it there.
    """

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    def check(self, scope: Scope, agent: Agent) -> None:
        """Add the token to responses to GET and HEAD; reject other requests without it. Raises `CsrfTokenInvalid`."""
        if scope["method"] in SAFE_METHODS:
            context_of(scope).csrf_token = self._identity.csrf_token(agent)
        elif scope["path"] != COMETD_PATH or _can_be_sent_by_any_page(scope):
            csrf_token, tokens = header_of(scope, HEADER), cookies_of(scope, SESSION_COOKIE)
            if not any(self._identity.is_current_login(agent, token, csrf_token) for token in tokens):
                raise CsrfTokenInvalid


def csrf_headers(token: str) -> list[tuple[bytes, bytes]]:
    return [(b"x-csrf-header", HEADER.upper()), (HEADER, token.encode())]


def _can_be_sent_by_any_page(scope: Scope) -> bool:
    """Return whether a browser sends such a request without a preflight."""
    is_json = header_of(scope, b"content-type").lower().startswith("application/json")
    return not is_json and not header_of(scope, b"authorization")
