"""The hosts that requests may name.

A page of another site can resolve its own host name to this computer (DNS rebinding). Its requests then have that name
in the Host header.
"""

import re
import socket
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

from starlette.types import Scope

from gws_chat.domain.errors import shorten
from gws_chat.gateway.errors import HostNotAllowed
from gws_chat.gateway.headers import values_of

HOST = re.compile(r"([A-Za-z0-9._-]{1,253}|\[(?=[^]]*:)[0-9A-Fa-f:.]{2,45}\])(?::([0-9]{1,5}))?")
MAX_PORT = 65535
AUTHORITY = "gws_chat.authority"  # ASGI extension: host and port of a target such as http://localhost/health


class AllowedHosts:
    """Rejects other host names than `names`, on any port. `names` are in lower case."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)
        self._listed = ", ".join(sorted(self._names))

    def check(self, scope: Scope, forwarded_host: str | None = None) -> None:
        """Raise `HostNotAllowed` for a disallowed or repeated Host, or a disallowed `forwarded_host` or target.

        A request without a Host does not come from a page.
        """
        if authority := scope["extensions"].get(AUTHORITY):
            self.require("Target", authority, authority)
        if hosts := values_of(scope, b"host"):
            host = ", ".join(hosts)
            self.require("Host", host, host)
        if forwarded_host is not None:
            self.require("Forwarded host", forwarded_host, forwarded_host)

    def require(self, header: str, value: str, host: str) -> None:
        """Raise `HostNotAllowed` unless the host, which is part of the header's value, is allowed."""
        if host_name(host) not in self._names:
            raise HostNotAllowed(
                f"{header}: its host must be one of {self._listed}, or be allowed with the option --allowed-host, "
                f"got {shorten(value)!r}"
            )


@lru_cache(maxsize=64)
def host_name(host: str) -> str | None:
    """Return the name or address in a Host header, in lower case, or None if it is malformed."""
    match = HOST.fullmatch(host)
    return match[1].strip("[]").lower() if match and int(match[2] or 0) <= MAX_PORT else None


def addresses_of(host: str) -> list[IPv4Address | IPv6Address]:
    """Return the addresses of a host, or none if it cannot be resolved."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [address_of(str(address[0])) for *_, address in found]


def address_of(text: str) -> IPv4Address | IPv6Address:
    """Parse an address. An IPv4 address in the form of IPv6 becomes IPv4. Raises `ValueError`."""
    address = ip_address(text)
    return getattr(address, "ipv4_mapped", None) or address
