"""`/api/v2/me`: the agent who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import wire

if TYPE_CHECKING:
    from handlers.domain.agent import Agent
    from handlers.identity import Identity


def get_me(user: Agent, external_url: str, subresources: str | None = None) -> wire.JSON:
    return wire.user(user, external_url, subresources)


def perform_session_operation(body: wire.JSON, user: Agent, *, identity: Identity) -> wire.JSON:
    if wire.operation_name(body) == "EndContactCenterSession":
        identity.end_session(user)
    return wire.success()
