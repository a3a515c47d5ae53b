"""CORS: pages of allowed origins may read the responses.

starlette's middleware is not used, because it sends some CORS headers to disallowed origins, and rejects their
preflights with plain text.
"""

from collections.abc import Iterable

from starlette.types import Scope

from gws_chat.gateway.headers import header_of

Headers = list[tuple[bytes, bytes]]

VARY = (b"vary", b"Origin")
COMMON_HEADERS: Headers = [
    (b"access-control-allow-credentials", b"true"),
    (b"access-control-expose-headers", b"X-CSRF-HEADER, X-CSRF-TOKEN"),
]
# the vendor's sample, without the headers of its single sign-on
ALLOWED_HEADERS = b"X-Requested-With, Content-Type, Accept, Origin, Authorization, ContactCenterId, X-CSRF-TOKEN"
PREFLIGHT_HEADERS: Headers = [
    (b"access-control-allow-methods", b"GET, POST, PUT, DELETE, OPTIONS"),
    (b"access-control-allow-headers", ALLOWED_HEADERS),
    (b"access-control-max-age", b"120"),
]


class Cors:
    """The response headers for pages of the allowed `origins`. Responses to other origins only have `Vary: Origin`."""

    def __init__(self, origins: Iterable[str]) -> None:
        self._headers: dict[str, Headers] = {
            origin: [VARY, (b"access-control-allow-origin", origin.encode()), *COMMON_HEADERS] for origin in origins
        }

    def headers(self, scope: Scope) -> Headers:
        return self._headers.get(header_of(scope, b"origin"), [VARY])

    def is_preflight(self, scope: Scope) -> bool:
        """Return whether the request is a preflight from an allowed origin."""
        return (
            scope["method"] == "OPTIONS"
            and header_of(scope, b"origin") in self._headers
            and header_of(scope, b"access-control-request-method") != ""
        )
