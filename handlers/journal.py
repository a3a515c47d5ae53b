"""The last requests and notifications, each with its position, and waiting for the next."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from handlers.gateway.entry import API
from handlers.gateway.request_log import POLL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from handlers import wire
    from handlers.domain.events import Event
    from handlers.gateway.request_log import Noted

MOST = 1000
"""Entries that are kept (decided)."""


class Told(NamedTuple):
    """What an agent was told, and how many CometD sessions it was for.

    What nobody was there for has no document.
    """

    event: Event
    document: wire.JSON | None
    sessions: int


class Entry(NamedTuple):
    """What was asked or told; `kinds` are the names by which it is looked for, its own first."""

    position: int
    at: datetime
    kinds: tuple[str, ...]
    user_name: str | None
    chat_id: str | None
    state: str | None
    content: Noted | Told


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: None stands for anything."""

    after: int = 0
    user_name: str | None = None
    chat_id: str | None = None
    kind: str | None = None
    state: str | None = None
    sessions: int = 0

    def matches(self, entry: Entry) -> bool:
        return (
            entry.position > self.after
            and self.user_name in {None, entry.user_name}
            and self.chat_id in {None, entry.chat_id}
            and self.state in {None, entry.state}
            and (self.kind is None or self.kind in entry.kinds)
            and (not self.sessions or getattr(entry.content, "sessions", 0) >= self.sessions)
        )


class Journal:
    """Keeps what happened last. Positions count from 1 and never begin anew.

    `kinds` names the kinds of events; `write` makes the document of an event, with the addresses that it
    gives out.
    """

    def __init__(
        self,
        clock: Callable[[], datetime],
        kinds: Mapping[type[Event], str],
        write: Callable[[Event, str], wire.JSON],
    ) -> None:
        self._clock = clock
        self._kinds = {event: (kind, "notification") for event, kind in kinds.items()}
        self._write = write
        self._entries: deque[Entry] = deque(maxlen=MOST)
        self._waiting: dict[asyncio.Future[None], Wanted] = {}
        self.position = 0

    def answered(self, request: Noted) -> None:
        """Enter a request to the API; a good poll says nothing that what it was told does not."""
        is_mere_poll = request.operation == POLL and request.status == HTTPStatus.OK
        if request.path.startswith(f"{API}/") and not is_mere_poll:
            self._enter(("request",), request.agent, request.chat, None, request)

    def told(self, event: Event, document: wire.JSON | None, sessions: int) -> None:
        """Enter a notification; without a document one that nobody was there for."""
        state = getattr(event, "state", None)
        self._enter(
            self._kinds[type(event)],
            event.agent.user_name,
            event.chat_id,
            state,
            Told(event, document, sessions),
        )

    def document_of(self, told: Told, external_url: str) -> wire.JSON:
        """Return what was told, or would have been if anybody had been there, at this address."""
        return told.document or self._write(told.event, external_url)

    async def matching(self, wanted: Wanted, seconds: float) -> list[Entry]:
        """Return what is wanted; if there is nothing yet, wait so long for the first of it."""
        found = self._matching(wanted)
        if found or not seconds:
            return found
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[waiting] = wanted
        try:
            async with asyncio.timeout(seconds):
                await waiting
        except TimeoutError:
            return []
        finally:
            del self._waiting[waiting]
        # more may have come in the same turn of the loop
        return self._matching(wanted)

    def close(self) -> None:
        """Let nobody wait any longer."""
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)

    def _matching(self, wanted: Wanted) -> list[Entry]:
        return [entry for entry in self._entries if wanted.matches(entry)]

    def clear(self) -> None:
        self._entries.clear()

    def _enter(
        self,
        kinds: tuple[str, ...],
        user_name: str | None,
        chat_id: str | None,
        state: str | None,
        content: Noted | Told,
    ) -> None:
        self.position += 1
        entry = Entry(self.position, self._clock(), kinds, user_name, chat_id, state, content)
        self._entries.append(entry)
        for waiting, wanted in self._waiting.items():
            if not waiting.done() and wanted.matches(entry):
                waiting.set_result(None)
