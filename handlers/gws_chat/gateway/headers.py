"""The headers of a request, and the cookies that the service reads and sets."""

from starlette.types import Scope

SESSION_COOKIE = "JSESSIONID"
BROWSER_COOKIE = "BAYEUX_BROWSER"  # CometD's: it identifies a browser, which may have several CometD sessions


def values_of(scope: Scope, name: bytes) -> list[str]:
    """Return the value of every header with this lower-case name."""
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def header_of(scope: Scope, name: bytes) -> str:
    """Return the header with this lower-case name, or an empty text."""
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


def cookie_of(scope: Scope, name: str) -> str | None:
    for header, raw in scope["headers"]:
        if header == b"cookie":
            for pair in raw.decode("latin-1").split(";"):
                key, _, value = pair.partition("=")
                if key.strip() == name:
                    return str(value.strip())
    return None


def set_cookie_header(name: str, value: str) -> tuple[bytes, bytes]:
    return b"set-cookie", f"{name}={value}; Path=/; HttpOnly; SameSite=Lax".encode()
