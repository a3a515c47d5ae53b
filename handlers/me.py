"""`/api/v2/me`: the agent who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import wire

if TYPE_CHECKING:
    from handlers.domain.agent import Agent


def get_me(user: Agent, external_url: str) -> wire.JSON:
    return wire.user(user, external_url)
