"""Letting pages of other origins read the answers, where the settings name these origins.

In place of starlette's middleware, which tells an origin that is not allowed about credentials and exposed
headers, and answers its preflight with a text of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

VARY = (b"vary", b"Origin")
ALLOWED = [
    (b"access-control-allow-credentials", b"true"),
    (b"access-control-expose-headers", b"X-CSRF-HEADER, X-CSRF-TOKEN"),
]
PREFLIGHT = [
    # the vendor's sample, without what only its single sign-on needs
    (b"access-control-allow-methods", b"GET, POST, PUT, DELETE, OPTIONS"),
    (
        b"access-control-allow-headers",
        b"X-Requested-With, Content-Type, Accept, Origin, Authorization, ContactCenterId, X-CSRF-TOKEN",
    ),
    (b"access-control-max-age", b"120"),
]


class CorsMiddleware:
    """Answers the preflights of pages from `origins`, and lets them read every answer.

    To any other page nothing is added, but the answer varies.
    """

    def __init__(self, app: ASGIApp, origins: Iterable[str]) -> None:
        self._app = app
        self._headers = {
            origin: [VARY, (b"access-control-allow-origin", origin), *ALLOWED]
            for origin in (each.encode() for each in origins)
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = dict(scope["headers"])
        headers = self._headers.get(asked.get(b"origin", b""))
        if headers and scope["method"] == "OPTIONS" and b"access-control-request-method" in asked:
            await send({"type": "http.response.start", "status": 204, "headers": [*headers, *PREFLIGHT]})
            await send({"type": "http.response.body", "body": b""})
            return
        added = headers or [VARY]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        await self._app(scope, receive, send_with_headers)
