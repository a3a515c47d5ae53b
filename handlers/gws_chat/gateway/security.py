"""Authenticate requests: agents by HTTP Basic or session cookie, customers by their header."""

from binascii import a2b_base64
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeAlias

from connexion.operations import AbstractOperation
from starlette.types import Scope

from gws_chat.cometd.messages import Meta
from gws_chat.domain.agent import Agent
from gws_chat.domain.customer import Customer
from gws_chat.gateway.errors import AccessDenied
from gws_chat.gateway.headers import SESSION_COOKIE, cookies_of, header_of, values_of
from gws_chat.gateway.identity import Identity
from gws_chat.gateway.request import COMETD_PATH, EndedLogin, context_of
from gws_chat.gateway.request_record import messages_of

Authenticate: TypeAlias = Callable[[Scope], Agent | EndedLogin | None]
"""Returns the user of a request by one security scheme, or None if the request does not use it."""


class SecuritySchemes:
    """The security schemes of openapi.yaml: HTTP Basic and the session cookie.

    A wrong password raises `AccessDenied`. An invalid cookie counts as none, or at the CometD endpoint as `EndedLogin`.
    """

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    def of_operation(self, operation: AbstractOperation) -> list[Authenticate]:
        """Return the functions for the schemes of an operation, in its order. An empty requirement, `{}`, adds none."""
        functions: dict[str, Authenticate] = {"http": self.by_password, "apiKey": self.by_cookie}
        names = [name for requirement in operation.security for name in requirement]
        return [functions[operation.security_schemes[name]["type"]] for name in names]

    def agent_of(self, scope: Scope) -> Agent:
        """Return the agent of a request to a stub. Raises `AccessDenied`."""
        agent = self.by_password(scope) or self.by_cookie(scope)
        if not isinstance(agent, Agent):
            raise AccessDenied
        return agent

    def name_of(self, scope: Scope) -> str | None:
        """Return the user name of the agent who sent a request, if its credentials are valid. Starts no login."""
        with suppress(AccessDenied):
            agent = self._agent_by_password(scope) or self.by_cookie(scope)
            return agent.user_name if isinstance(agent, Agent) else None
        return None

    def by_password(self, scope: Scope) -> Agent | None:
        agent = self._agent_by_password(scope)
        if agent is not None and self._identity.start_login(agent) not in cookies_of(scope, SESSION_COOKIE):
            context_of(scope).agent_for_new_cookie = agent
        return agent

    def _agent_by_password(self, scope: Scope) -> Agent | None:
        values = values_of(scope, b"authorization")
        if not values:
            return None
        agent = self._identity.by_password(*_credentials(values))
        if agent is None:
            raise AccessDenied
        return agent

    def by_cookie(self, scope: Scope) -> Agent | EndedLogin | None:
        """Ignore the session cookie if `Authorization` is present, so that a wrong password is always rejected."""
        tokens = cookies_of(scope, SESSION_COOKIE)
        if not tokens or values_of(scope, b"authorization"):
            return None
        if agent := next(filter(None, map(self._identity.by_token, tokens)), None):
            return agent
        return EndedLogin() if scope["path"] == COMETD_PATH else None


def customer_or(user: Any, scope: Scope, *, is_required: bool) -> Any:
    """Return a customer if the request has the header ContactCenterId and no Authorization header, or else the user.

    Any value identifies a customer (assumed): the emulator has one contact center. Raises `AccessDenied` if the request
    is neither a customer's nor an agent's, or if `is_required` and it is not a customer's.
    """
    if header_of(scope, b"contactcenterid") and not values_of(scope, b"authorization"):
        return Customer()
    if is_required or user is None:
        raise AccessDenied
    return user


def are_all_disconnects(body: Any) -> bool:
    """Return whether all messages are disconnects: desktops send one after EndContactCenterSession (observed)."""
    messages = messages_of(body)
    return bool(messages) and all(
        isinstance(each, dict) and each.get("channel") == Meta.DISCONNECT for each in messages
    )


def _credentials(authorization: list[str]) -> tuple[str, str]:
    """Return the user name and the password. They are UTF-8, or Latin-1 as older clients send them.

    Raises `AccessDenied` if they are malformed or there are several, as under werkzeug, which joins them.
    """
    scheme, _, encoded = ", ".join(authorization).partition(" ")
    try:
        raw = a2b_base64(encoded.strip(), strict_mode=True)
    except ValueError:
        raise AccessDenied from None
    if scheme.lower() != "basic" or b":" not in raw:
        raise AccessDenied
    try:
        user_name, _, password = raw.decode().partition(":")
    except UnicodeDecodeError:
        user_name, _, password = raw.decode("latin-1").partition(":")
    return user_name, password
