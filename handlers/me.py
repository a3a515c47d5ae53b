"""`/api/v2/me`: the agent who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import wire
from handlers.domain.session import end_session, start_session

if TYPE_CHECKING:
    from collections.abc import Callable

    from handlers.domain.agent import Agent
    from handlers.domain.contact_center import ContactCenter
    from handlers.domain.events import Event
    from handlers.identity import Identity
    from handlers.notifier import Notifier

OPERATIONS: dict[str, Callable[[ContactCenter, Agent, list[str]], list[Event]]] = {
    "StartContactCenterSession": start_session,
    "EndContactCenterSession": end_session,
}
"""By `operationName`: the rule that performs it."""


def get_me(user: Agent, external_url: str, subresources: str | None = None) -> wire.JSON:
    return wire.user(user, external_url, subresources)


def perform_session_operation(
    body: wire.JSON,
    user: Agent,
    *,
    center: ContactCenter,
    identity: Identity,
    notifier: Notifier,
) -> wire.JSON:
    name = wire.operation_name(body)
    events = OPERATIONS[name](center, user, wire.channels(body))
    notifier.tell(events)
    if name == "EndContactCenterSession":
        identity.end_session(user)
    return wire.success()
