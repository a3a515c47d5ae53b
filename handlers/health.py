"""`/health`: whether the service is ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import wire

if TYPE_CHECKING:
    from handlers.cometd import Server


def get_health(*, cometd: Server) -> wire.JSON:
    cometd.require_open()
    return wire.health()
