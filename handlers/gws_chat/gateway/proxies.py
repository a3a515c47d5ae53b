"""The proxies in front of the service, which forward the requests of clients."""

from collections.abc import Iterable
from ipaddress import ip_network

from starlette.types import Scope

from gws_chat.gateway.headers import header_of
from gws_chat.gateway.hosts import address_of


class TrustedProxies:
    """The proxies whose headers are believed. `networks` are their addresses, or networks such as 10.0.0.0/8."""

    def __init__(self, networks: Iterable[str]) -> None:
        self._networks = [ip_network(each) for each in networks]

    def forwarded(self, scope: Scope) -> dict[str, str]:
        """Return `proto` and `host` of the client's request to the proxy, as far as they are known.

        A proxy appends to a list that the client may have begun, so the last element is the proxy's. X-Forwarded-*
        overrides Forwarded (assumed), because most proxies set the former and pass the latter on.
        """
        if not self._is_from_trusted_proxy(scope):
            return {}
        pairs = (pair.partition("=") for pair in _last(header_of(scope, b"forwarded")).split(";"))
        forwarded = {name.strip().lower(): value.strip().strip('"') for name, _, value in pairs}
        for name in ("proto", "host"):
            if value := _last(header_of(scope, f"x-forwarded-{name}".encode())):
                forwarded[name] = value
        return forwarded

    def _is_from_trusted_proxy(self, scope: Scope) -> bool:
        if not self._networks or not scope.get("client"):
            return False
        try:
            address = address_of(scope["client"][0])
        except ValueError:  # a server may give something else than an address
            return False
        return any(address in network for network in self._networks)


def _last(values: str) -> str:
    return values.rpartition(",")[2].strip()
