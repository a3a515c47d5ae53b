"""Who may reach `/simulation`: programs on this machine, and no page in a browser.

It needs no credentials. A page of another site is told by its Origin, and one that has made its own name
mean this machine (DNS rebinding) by the Host; another machine, which may say what it likes, by its address.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from handlers.gateway.errors import OriginForeign, PathUnknown

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.types import ASGIApp, Receive, Scope, Send

CONTROL = "/simulation"


class ControlMiddleware:
    """Refuses what is foreign; `hosts` are the names that are not. Without any nothing is there at all.

    `from_afar` lets other machines in, too: whatever the settings say, `flask run` listens where it is told.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str], *, from_afar: bool) -> None:
        self._app = app
        self._hosts = hosts
        self._from_afar = from_afar

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and f"{scope['path']}/".startswith(f"{CONTROL}/"):
            self._check(scope)
        await self._app(scope, receive, send)

    def _check(self, scope: Scope) -> None:
        if not self._hosts or not (self._from_afar or _is_near(scope)):
            raise PathUnknown(f"path: nothing is at {scope['path'][:200]!r}")
        for name, raw in scope["headers"]:
            value = raw.decode("latin-1")
            if name == b"host":
                self._require_own("Host", value, f"//{value}")
            elif name == b"origin":
                self._require_own("Origin", value, value)

    def _require_own(self, header: str, value: str, address: str) -> None:
        if _host_of(address) not in self._hosts:
            raise OriginForeign(f"{header}: must be of {', '.join(sorted(self._hosts))}, not {value[:64]!r}")


def _host_of(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:  # brackets that do not match
        return None


def _is_near(scope: Scope) -> bool:
    """Whether a request comes from this machine; what has no address comes by a socket of its file system."""
    if not scope.get("client"):
        return True
    try:
        address = ip_address(scope["client"][0])
    except ValueError:  # what a proxy says of it
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback
