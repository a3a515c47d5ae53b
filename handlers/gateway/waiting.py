"""Waiting for an answer that takes its time, with as little as possible of the stack around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from starlette.types import ASGIApp, Receive, Scope, Send

WAITING = "handlers.waiting"
"""Where a scope's extensions have what is to be waited for, once the rest of the stack has returned."""


def wait_above(scope: Scope, answering: Coroutine[Any, Any, None]) -> None:
    """Have the answer waited for where a poll costs least: what is below has done its part."""
    scope["extensions"][WAITING] = answering


class WaitingMiddleware:
    """Awaits what was left to it. Stands below what answers exceptions, and above all that need not wait."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        extensions = scope.get("extensions", {})
        await self._app(scope, receive, send)
        del scope, receive, send
        if WAITING in extensions:
            await extensions.pop(WAITING)
