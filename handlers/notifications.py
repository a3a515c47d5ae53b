"""`/api/v2/notifications`: the Bayeux exchange. A held poll is this coroutine, waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from handlers import wire
    from handlers.cometd import Connection, Server
    from handlers.domain.agent import Agent
    from handlers.notifier import Notifier


async def exchange_messages(
    body: wire.JSON | list[wire.JSON],
    user: Agent,
    connection: Connection,
    browser: str | None,
    remember_browser: Callable[[], None],
    external_url: str,
    *,
    cometd: Server,
    notifier: Notifier,
) -> bytes:
    """Answer Bayeux messages; the answer is JSON in UTF-8 already."""
    notifier.reached_by(user, external_url)
    messages = body if isinstance(body, list) else [body]
    return await cometd.exchange(
        messages, owner=user.id, connection=connection, browser=browser, opened=remember_browser
    )
