"""`/api/v2/notifications`: the Bayeux exchange. A held poll is this coroutine, waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from handlers import wire
    from handlers.cometd import Server
    from handlers.domain.agent import Agent


async def exchange_messages(
    body: wire.JSON | list[wire.JSON],
    user: Agent,
    disconnected: Callable[[], Coroutine[Any, Any, None]],
    *,
    cometd: Server,
) -> str:
    """Answer Bayeux messages; the answer is JSON text already."""
    messages = body if isinstance(body, list) else [body]
    return await cometd.exchange(messages, owner=user.id, disconnected=disconnected)
