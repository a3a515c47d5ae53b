"""Authenticate requests: agents by HTTP Basic or session cookie, customers by their header."""

import base64
from collections.abc import Callable
from typing import Any

from connexion.lifecycle import ConnexionRequest
from connexion.security import NO_VALUE
from starlette.types import Scope

from gws_chat.domain.agent import Agent
from gws_chat.domain.customer import Customer
from gws_chat.gateway.errors import AccessDenied
from gws_chat.gateway.headers import SESSION_COOKIE, cookies_of, header_of, values_of
from gws_chat.gateway.identity import Identity
from gws_chat.gateway.request import COMETD_PATH, EndedLogin, context_of, user_of

DISCONNECT = "/meta/disconnect"


class SecuritySchemes:
    """The security schemes of openapi.yaml. They replace connexion's, which look up functions by name in modules."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    def security_map(self) -> dict[str, Callable[[], "SecuritySchemes"]]:
        """Return what connexion's option of that name expects: a factory of handlers for each type of scheme."""
        return {"basic": lambda: self, "apiKey": lambda: self}

    def get_fn(self, scheme: dict[str, Any], _required_scopes: object) -> Callable[[ConnexionRequest], Any]:
        """Return the function that authenticates by a scheme. connexion calls this.

        The function returns `NO_VALUE` if the request does not use the scheme, else the user as `{"sub": user}`.
        """
        return self._verify_basic if scheme["type"] == "http" else self._verify_cookie

    def authenticate(self, scope: Scope) -> Agent:
        """Return the agent of a request that connexion has not routed. Raises `AccessDenied`."""
        request = ConnexionRequest(scope)
        for verify in (self._verify_basic, self._verify_cookie):
            if (verified := verify(request)) is not NO_VALUE:
                agent: Agent = verified["sub"]
                return agent
        raise AccessDenied

    def _verify_basic(self, request: ConnexionRequest) -> Any:
        if "authorization" not in request.headers:
            return NO_VALUE
        agent = self._identity.by_password(*_credentials(values_of(request.scope, b"authorization")))
        if agent is None:
            raise AccessDenied
        if self._identity.start_login(agent) not in cookies_of(request.scope, SESSION_COOKIE):
            context_of(request.scope).agent_for_new_cookie = agent
        return {"sub": agent}

    def _verify_cookie(self, request: ConnexionRequest) -> Any:
        """Ignore the session cookie if `Authorization` is present, so that a wrong password is always rejected."""
        tokens = cookies_of(request.scope, SESSION_COOKIE)
        if not tokens or "authorization" in request.headers:
            return NO_VALUE
        if agent := next(filter(None, map(self._identity.by_token, tokens)), None):
            return {"sub": agent}
        return {"sub": EndedLogin()} if request.scope["path"] == COMETD_PATH else NO_VALUE


def identify_customer(scope: Scope, *, is_required: bool) -> None:
    """Treat the request as a customer's, if it has the header ContactCenterId and no Authorization header.

    Any value identifies a customer (assumed): the emulator has one contact center. Raises `AccessDenied` if the request
    is neither a customer's nor an agent's, or if `is_required` and it is not a customer's.
    """
    if header_of(scope, b"contactcenterid") and b"authorization" not in dict(scope["headers"]):
        scope["extensions"].setdefault("connexion_context", {})["user"] = Customer()
    elif is_required or user_of(scope) is None:
        raise AccessDenied


def are_all_disconnects(body: Any) -> bool:
    """Return whether all messages are disconnects: desktops send one after EndContactCenterSession (observed)."""
    messages = body if isinstance(body, list) else [body]
    return bool(messages) and all(isinstance(each, dict) and each.get("channel") == DISCONNECT for each in messages)


def _credentials(authorization: list[str]) -> tuple[str, str]:
    """Return the user name and the password. They are UTF-8, or Latin-1 as older clients send them.

    Raises `AccessDenied` if they are malformed or there are several, as under werkzeug, which joins them.
    """
    scheme, _, encoded = ", ".join(authorization).partition(" ")
    try:
        raw = base64.b64decode(encoded.strip(), validate=True)
    except ValueError:
        raise AccessDenied from None
    if scheme.lower() != "basic" or b":" not in raw:
        raise AccessDenied
    try:
        user_name, _, password = raw.decode().partition(":")
    except UnicodeDecodeError:
        user_name, _, password = raw.decode("latin-1").partition(":")
    return user_name, password
