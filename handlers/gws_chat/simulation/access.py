"""The clients that may use `/simulation`: programs on this computer, and pages served from an allowed host.

With `--simulation yes`, other computers as well. `/simulation` needs no credentials. A page of another site is
recognised by the Origin header, a page that resolves its own host name to this computer (DNS rebinding) by the Host
header, and another computer by its address, or by the headers of a proxy on this computer.
"""

import re

from starlette.types import Scope

from gws_chat.gateway.errors import PathUnknown
from gws_chat.gateway.headers import values_of
from gws_chat.gateway.hosts import AllowedHosts, address_of

PATH = "/simulation"
FORWARDING_HEADER = re.compile(
    rb"forwarded|via|x-real-ip|cf-connecting-ip|x-envoy-external-address|x-proxyuser-ip"
    rb"|x-forwarded.*|.*-client-ip|.*-forwarded-for"
)
"""The headers that proxies add. A proxy that adds none cannot be distinguished from a program on this computer."""


class SimulationAccess:
    """Rejects disallowed requests for `/simulation`.

    `allow_remote_clients` is true only with `--simulation yes`.
    """

    def __init__(self, hosts: AllowedHosts, *, allow_remote_clients: bool) -> None:
        self._hosts = hosts
        self._allow_remote_clients = allow_remote_clients

    def check(self, scope: Scope) -> None:
        """Raise `PathUnknown` or `HostNotAllowed` for a disallowed request for `/simulation`."""
        if not f"{scope['path']}/".startswith(f"{PATH}/"):
            return
        if not (self._allow_remote_clients or _is_local(scope)):
            raise PathUnknown(scope["path"])
        self._hosts.check(scope)
        for origin in values_of(scope, b"origin"):
            self._hosts.require("Origin", origin, origin.partition("://")[2])


def _is_local(scope: Scope) -> bool:
    """Return whether the client is on this computer. A client without an address uses a Unix socket."""
    if any(FORWARDING_HEADER.fullmatch(name) for name, _ in scope["headers"]):
        return False
    if not scope.get("client"):
        return True
    try:
        return address_of(scope["client"][0]).is_loopback
    except ValueError:  # a server may give something else than an address
        return False
