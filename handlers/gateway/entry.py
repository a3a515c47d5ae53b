"""The first thing a request meets: its address is put in order, and its answer gets the cookies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from handlers.gateway.security import NEW_COOKIES

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

API = "/api/v2"
HOST = re.compile(rb"([A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?")
UI = "/ui/"
"""The one address whose slash means something: the page's files are relative to it."""


class EntryMiddleware:
    """Rewrites addresses before routing, and sets cookies after.

    Trailing slashes mean nothing: without this, starlette answers with a redirect, which CometD
    clients do not follow. Those clients also append one segment, such as `/handshake`, to the
    address of the `exchange`.
    """

    def __init__(self, app: ASGIApp, exchange: str) -> None:
        self._app = app
        self._exchange = exchange

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        extensions = dict(scope.get("extensions") or {})
        scope = {**scope, "path": self._in_order(scope["path"]), "extensions": extensions}

        async def send_with_cookies(message: Message) -> None:
            if message["type"] == "http.response.start" and NEW_COOKIES in extensions:
                values = ((name, value()) for name, value in extensions[NEW_COOKIES].items())
                cookies = [
                    (b"set-cookie", f"{name}={value}; Path=/; HttpOnly; SameSite=Lax".encode())
                    for name, value in values
                    if value is not None
                ]
                message = {**message, "headers": [*message["headers"], *cookies]}
            await send(message)

        await self._app(scope, receive, send_with_cookies)

    def _in_order(self, path: str) -> str:
        if path.startswith(UI):
            return path
        path = path.rstrip("/") or "/"
        parent, _, segment = path.rpartition("/")
        return parent if parent == self._exchange and segment else path


def external_url_of(scope: Scope) -> str:
    """What addresses that come of this request begin with: as it addressed the service itself.

    Other agents are told such addresses, too, so what is no host name is not repeated.
    """
    for name, value in scope["headers"]:
        if name == b"host" and HOST.fullmatch(value):
            host = value.decode("latin-1")
            break
    else:
        server, port = scope.get("server") or ("localhost", 80)
        host = f"[{server}]:{port}" if ":" in server else f"{server}:{port}"
    return f"{scope['scheme']}://{host}{API}"
