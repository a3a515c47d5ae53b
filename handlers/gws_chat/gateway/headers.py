"""The headers of a request, and the cookies that the service reads and sets."""

import re

from starlette.types import Scope

SESSION_COOKIE = "JSESSIONID"
VALUES = "gws_chat.headers"  # the key in a scope of its header values by name, which are decoded once
BROWSER_COOKIE = "BAYEUX_BROWSER"  # CometD's: it identifies a browser, which may have several CometD sessions


def values_of(scope: Scope, name: bytes) -> list[str]:
    """Return the value of every header with this lower-case name."""
    values: dict[bytes, list[str]] | None = scope.get(VALUES)
    if values is None:
        values = scope[VALUES] = {}
        for key, value in scope["headers"]:
            values.setdefault(key, []).append(value.decode("latin-1"))
    return values.get(name, [])


def header_of(scope: Scope, name: bytes) -> str:
    """Return the header with this lower-case name, or an empty text. Different values are joined (RFC 9110, 5.3)."""
    values = values_of(scope, name)
    return values[0] if len(values) == 1 else ", ".join(dict.fromkeys(values))


def cookies_of(scope: Scope, name: str) -> list[str]:
    """Return the values of all cookies with this name, without quotes.

    There may be several: browsers also send the cookies of other programs on this computer, because cookies have no
    port. werkzeug joins several Cookie lines by commas.
    """
    pairs = (pair.partition("=") for line in values_of(scope, b"cookie") for pair in re.split("[;,]", line))
    return [value.strip().strip('"') for key, _, value in pairs if key.strip() == name]


def set_cookie_header(name: str, value: str) -> tuple[bytes, bytes]:
    return b"set-cookie", f"{name}={value}; Path=/; HttpOnly; SameSite=Lax".encode()
