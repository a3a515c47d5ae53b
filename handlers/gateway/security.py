"""Telling connexion who asks: an agent by HTTP Basic or by the session cookie, or a customer.

Replaces connexion's handlers for the schemes, which look functions up by name in modules.
"""

from __future__ import annotations

import base64
import binascii
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from connexion.security import NO_VALUE

from handlers.gateway.errors import AccessDenied

if TYPE_CHECKING:
    from collections.abc import Callable

    from connexion.lifecycle import ConnexionRequest
    from starlette.types import Scope

    from handlers.identity import Identity

COOKIE = "JSESSIONID"
NEW_COOKIES = "handlers.new_cookies"
"""Where a scope's extensions have, by name, what tells the cookies' values when the answer is written."""


Verify: TypeAlias = "Callable[[ConnexionRequest], Any]"


def unguarded(verify: Verify) -> Verify:
    """Add nothing to what tells who an agent is."""
    return verify


def security_map(
    identity: Identity, guarded: Callable[[Verify], Verify] = unguarded
) -> dict[str, Callable[[], Any]]:
    """Return what connexion's `security_map` wants: a maker of handlers for each scheme.

    `guarded` may add to what tells who an agent is; a customer has nothing to guard.
    """
    return {"basic": lambda: _Basic(identity, guarded), "apiKey": lambda: _Keys(identity, guarded)}


class _Basic:
    def __init__(self, identity: Identity, guarded: Callable[[Verify], Verify]) -> None:
        self._identity = identity
        self._guarded = guarded

    def get_fn(self, *_: object) -> Verify:
        return self._guarded(self._verify)

    def _verify(self, request: ConnexionRequest) -> Any:
        authorization = request.headers.get("authorization")
        if authorization is None:
            return NO_VALUE
        agent = self._identity.by_password(*_credentials(authorization))
        if agent is None:
            raise AccessDenied("Access denied")
        token = self._identity.token_of(agent)
        if cookie_value(request.headers.get("cookie"), COOKIE) != token:
            token_then = partial(self._identity.current_token_of, agent)
            set_cookie(request.scope, COOKIE, token_then)
        return {"sub": agent}


class _Keys:
    """The schemes that the document calls `apiKey`: the agents' cookie, and the customers' header."""

    def __init__(self, identity: Identity, guarded: Callable[[Verify], Verify]) -> None:
        self._identity = identity
        self._guarded = guarded

    def get_fn(self, scheme: dict[str, Any], *_: object) -> Verify:
        if scheme["in"] == "cookie":
            return self._guarded(self._verify_cookie)
        return partial(self._verify_header, scheme["name"])

    def _verify_cookie(self, request: ConnexionRequest) -> Any:
        """Decline where `Authorization` is there: a wrong password is not made up for by a cookie."""
        token = cookie_value(request.headers.get("cookie"), COOKIE)
        if token is None or "authorization" in request.headers:
            return NO_VALUE
        agent = self._identity.by_token(token)
        if agent is None:
            raise AccessDenied("Access denied")
        return {"sub": agent}

    def _verify_header(self, name: str, request: ConnexionRequest) -> Any:
        """Decline where `Authorization` is there: that makes a request an agent's."""
        if "authorization" in request.headers:
            return NO_VALUE
        customer = self._identity.by_contact_center(request.headers.get(name, ""))
        return NO_VALUE if customer is None else {"sub": customer}


def _credentials(authorization: str) -> tuple[str, str]:
    """Read `Basic` credentials in UTF-8, or in Latin-1, as older clients send them."""
    scheme, _, encoded = authorization.partition(" ")
    try:
        raw = base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise AccessDenied("Access denied") from None
    if scheme.lower() != "basic" or b":" not in raw:
        raise AccessDenied("Access denied")
    try:
        user_name, _, password = raw.decode().partition(":")
    except UnicodeDecodeError:
        user_name, _, password = raw.decode("latin-1").partition(":")
    return user_name, password


def set_cookie(scope: Scope, name: str, value: Callable[[], str | None]) -> None:
    """Have the answer set a cookie, unless there is no value any more when it is written."""
    scope["extensions"].setdefault(NEW_COOKIES, {})[name] = value


def cookie_value(header: str | None, name: str) -> str | None:
    for pair in (header or "").split(";"):
        key, _, value = pair.partition("=")
        if key.strip() == name:
            return value.strip()
    return None
