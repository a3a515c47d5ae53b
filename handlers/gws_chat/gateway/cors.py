"""CORS: pages of allowed origins may read the responses.

starlette's middleware is not used, because it sends some CORS headers to disallowed origins, and rejects their
preflights with plain text.
"""

import re
from collections.abc import Iterable

from starlette.types import Scope

from gws_chat.gateway.headers import header_of
from gws_chat.gateway.request_record import shorten_for_record
from gws_chat.gateway.responses import Header

VARY = (b"vary", b"Origin")
COMMON_HEADERS: list[Header] = [
    (b"access-control-allow-credentials", b"true"),
    (b"access-control-expose-headers", b"X-CSRF-HEADER, X-CSRF-TOKEN"),
]
# the vendor's sample, without the headers of its single sign-on
ALLOWED_HEADERS = "X-Requested-With, Content-Type, Accept, Origin, Authorization, ContactCenterId, X-CSRF-TOKEN"
FIRST_LABEL = re.compile("(?<=://)[a-z0-9_-]+(?=[.])")


class Cors:
    """The response headers for pages of the allowed `origins`. Responses to other origins only have `Vary: Origin`.

    `*` in an origin stands for one label of a host name.
    """

    def __init__(self, origins: Iterable[str]) -> None:
        self._origins = frozenset(origins)

    def allows(self, scope: Scope) -> bool:
        origin = header_of(scope, b"origin")
        return origin in self._origins or FIRST_LABEL.sub("*", origin, count=1) in self._origins

    def headers(self, scope: Scope) -> list[Header]:
        if not self.allows(scope):
            return [VARY]
        return [VARY, (b"access-control-allow-origin", header_of(scope, b"origin").encode()), *COMMON_HEADERS]


def preflight_origin(scope: Scope) -> str | None:
    """Return the origin of a preflight, shortened for the log, and None for any other request."""
    if scope["method"] == "OPTIONS" and header_of(scope, b"access-control-request-method"):
        return shorten_for_record(header_of(scope, b"origin")) or None
    return None


def preflight_headers(scope: Scope) -> list[Header]:
    """Return the headers for a preflight of an allowed origin.

    Its pages may send any header (assumed), because libraries for tracing add several. Chromium also asks whether a
    page of a public site may send requests to a private network.
    """
    requested = header_of(scope, b"access-control-request-headers")
    headers = [
        (b"access-control-allow-methods", b"GET, POST, PUT, DELETE, OPTIONS"),
        (b"access-control-allow-headers", f"{ALLOWED_HEADERS}, {requested}".rstrip(", ").encode("latin-1")),
        (b"access-control-max-age", b"120"),
    ]
    if header_of(scope, b"access-control-request-private-network") == "true":
        headers.append((b"access-control-allow-private-network", b"true"))
    return headers
