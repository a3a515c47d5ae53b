"""Who may use `/simulation`: programs on this computer, and pages served from an allowed host.

With `--simulation`, other computers as well. `/simulation` needs no credentials. A page of another site is recognised
by the Origin header, a page that resolves its own host name to this computer (DNS rebinding) by the Host header, and
another computer by its address.
"""

from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.types import Scope

from gws_chat.gateway.errors import HostNotAllowed, PathUnknown

PATH = "/simulation"


class SimulationAccess:
    """Rejects disallowed requests for `/simulation`.

    `hosts` are the allowed host names. `allow_remote_clients` is true only if `--simulation` was given: without it,
    requests that a proxy on this computer forwards for others are rejected.
    """

    def __init__(self, hosts: Collection[str], *, allow_remote_clients: bool) -> None:
        self._hosts = hosts
        self._allow_remote_clients = allow_remote_clients

    def check(self, scope: Scope) -> None:
        """Raise `PathUnknown` or `HostNotAllowed` for a disallowed request for `/simulation`."""
        if not f"{scope['path']}/".startswith(f"{PATH}/"):
            return
        if not (self._allow_remote_clients or _is_local(scope)):
            raise PathUnknown(scope["path"])
        for name, raw in scope["headers"]:
            value = raw.decode("latin-1")
            if name == b"host":
                self._require_allowed("Host", value, f"//{value}")
            elif name == b"origin":
                self._require_allowed("Origin", value, value)

    def _require_allowed(self, header: str, value: str, url: str) -> None:
        if _host_of(url) not in self._hosts:
            allowed = ", ".join(sorted(self._hosts))
            raise HostNotAllowed(f"{header}: its host must be one of {allowed}, got {value[:64]!r}")


def _host_of(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:  # unbalanced brackets
        return None


def _is_local(scope: Scope) -> bool:
    """Return whether the client is on this computer. A client without an address uses a Unix socket."""
    if not scope.get("client"):
        return True
    try:
        address = ip_address(scope["client"][0])
    except ValueError:  # from the header of a proxy
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback
