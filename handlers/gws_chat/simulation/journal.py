"""The journal: the most recent requests and notifications, which tests query and wait for."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from http import HTTPMethod, HTTPStatus
from typing import Any, NamedTuple

from gws_chat.api.notifier import Notification
from gws_chat.api.serialization import JsonObject
from gws_chat.api.serialization.notifications import NOTIFICATION_TYPES, SerializeEvent
from gws_chat.cometd.messages import Meta
from gws_chat.domain.errors import OperationNotAllowed
from gws_chat.domain.events import Event
from gws_chat.domain.transcript import Message
from gws_chat.gateway.connection import Connection
from gws_chat.gateway.request import API_PATHS, COMETD_PATH
from gws_chat.gateway.request_record import STUB, RequestRecord
from gws_chat.gateway.responses import to_json
from gws_chat.simulation.access import PATH
from gws_chat.simulation.bodies import cometd_error_of

MAX_ENTRIES = 1000  # that the journal keeps
MAX_BYTES = 16 * 1_048_576  # of all its entries, except that it always keeps the newest entry; assumed
ENTRY_BYTES = 1024  # for the members of an entry that are never large
MAX_WAITING = 100  # requests that wait for an entry; assumed
SIMULATION_KIND = "simulation"
ACTING_METHODS = {HTTPMethod.POST, HTTPMethod.DELETE}  # of the operations of /simulation that are no reads
UNKNOWN = {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}


class RecordedNotification(NamedTuple):
    """An event, its content, and the number of CometD sessions that receive it.

    If the agent had no session, `content` is None and `sessions` is 0. `cause` is the position of the request
    that caused it, `sent_at` has a time for each session that it was sent to.
    """

    event: Event
    content: JsonObject | None
    sessions: int
    cause: int | None
    sent_at: list[datetime]


@dataclass(slots=True, eq=False)
class JournalEntry:
    """A request or a notification. Queries find it by each of `kinds`; the first one is shown.

    `change` is the number of its latest change. `is_outside_api`: it is a request, but not to the emulated API.
    """

    position: int
    change: int
    at: datetime
    content: RequestRecord | RecordedNotification
    size: int  # about that of its JSON, in bytes
    kinds: tuple[str, ...]
    agent: str | None
    chat: str | None
    state: str | None = None
    is_outside_api: bool = False


@dataclass(frozen=True, slots=True)
class JournalQuery:
    """The entries to find. None matches anything. `min_sessions` is the least number of sessions of a notification.

    Requests outside of the emulated API match only with `outside_api`. Those to `/simulation` also match by their kind.
    """

    after: int = 0
    changed_after: int = 0
    agent: str | None = None
    chat: str | None = None
    kind: str | None = None
    state: str | None = None
    min_sessions: int = 0
    outside_api: bool = False

    def matches(self, entry: JournalEntry) -> bool:
        return (
            entry.position > self.after
            and entry.change > self.changed_after
            and self.agent in {None, entry.agent}
            and self.chat in {None, entry.chat}
            and self.state in {None, entry.state}
            and (self.kind is None or self.kind in entry.kinds)
            and (self.outside_api or not entry.is_outside_api or self.kind == SIMULATION_KIND)
            and (not self.min_sessions or getattr(entry.content, "sessions", 0) >= self.min_sessions)
        )


class Journal:
    """The entries. Positions and changes are counted from 1, across resets.

    `dropped` is the number of entries that were dropped since the reset because the journal was full.
    `serialize_event` returns the content of a notification.
    """

    def __init__(self, now: Callable[[], datetime], serialize_event: SerializeEvent) -> None:
        self._now = now
        self._serialize_event = serialize_event
        self._entries: deque[JournalEntry] = deque()
        self._bytes = 0
        self._waiting: dict[asyncio.Future[None], JournalQuery] = {}
        self.started_at = now()
        self.resets = 0
        self.dropped = 0
        self.position = 0
        self.change = 0

    def add_request(self, record: RequestRecord) -> None:
        """Add a request that has arrived. A poll is added by `end_request`."""
        record.journal_resets = self.resets
        if not record.is_poll:
            self._add_request(record)

    def mark_changed(self, position: int) -> None:
        """Give the entry a new change number and wake the requests that wait for it, if the journal still has it."""
        if (entry := self._entry_at(position)) is not None:
            self._mark_changed(entry)

    def mark_request_changed(self, record: RequestRecord) -> None:
        """Update the size of the request's entry, number its change and wake the requests that wait for it."""
        if record.position is not None and (entry := self._entry_at(record.position)) is not None:
            self._bytes -= entry.size
            entry.size = _size_of(record)
            self._bytes += entry.size
            self._mark_changed(entry)

    def end_request(self, record: RequestRecord) -> None:
        """Complete the entry of the request. Add one for a failed poll, and for a request that was rejected on arrival.

        Successful polls are left out, unless a fault has affected them.
        """
        if record.path.startswith(COMETD_PATH) and record.operation != STUB:
            record.cometd_error = cometd_error_of(record.response_body)
        if record.position is not None:
            self.mark_request_changed(record)
            return
        has_failed = record.status != HTTPStatus.OK or record.fault or record.cometd_error
        if record.operation == Meta.CONNECT and not has_failed:
            return
        if record.journal_resets in {None, self.resets}:
            self._add_request(record)

    def add_notification(self, notification: Notification, sessions: int, sent_at: list[datetime]) -> int:
        """Add the notification and return its position."""
        event = notification.event
        cause = notification.cause.position if notification.cause else None
        recorded = RecordedNotification(event, notification.content, sessions, cause, sent_at)
        kinds = (NOTIFICATION_TYPES[type(event)], "notification")
        chat, state = getattr(event, "chat_id", None), getattr(event, "state", None)
        self._add(recorded, kinds=kinds, agent=event.agent.user_name, chat=chat, state=state)
        return self.position

    def notification_of(self, recorded: RecordedNotification, external_url: str) -> JsonObject:
        """Return the content of the notification. If the agent had no session, create it with the given base URL."""
        return recorded.content or self._serialize_event(recorded.event, external_url)

    async def wait_for(self, query: JournalQuery, seconds: float, connection: Connection) -> list[JournalEntry]:
        """Return the matching entries; if there are none, wait up to `seconds` for the first.

        A reset, or a client that disconnects, ends the wait. Raises `OperationNotAllowed` if too many requests wait.
        """
        found = self._matching(query)
        if found or not seconds:
            return found
        if len(self._waiting) >= MAX_WAITING:
            raise OperationNotAllowed(f"timeout: at most {MAX_WAITING} requests may wait for the journal at a time")
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[waiting] = query
        resets = self.resets
        stop_watching = connection.watch(partial(_end, waiting))
        try:
            async with asyncio.timeout(seconds):
                await waiting
        except TimeoutError:
            return []
        finally:
            stop_watching()
            del self._waiting[waiting]
        return self._matching(query) if resets == self.resets else []  # again: this turn may have added more

    def close(self) -> None:
        """End the waits of all requests."""
        for waiting in self._waiting:
            _end(waiting)

    def clear(self) -> None:
        """Remove all entries and end the waits. Requests that have arrived before do not appear any more."""
        self._entries.clear()
        self._bytes = 0
        self.dropped = 0
        self.resets += 1
        self.close()

    def _entry_at(self, position: int) -> JournalEntry | None:
        index = position - self.position + len(self._entries) - 1  # positions are consecutive
        return self._entries[index] if index >= 0 else None

    def _matching(self, query: JournalQuery) -> list[JournalEntry]:
        return [entry for entry in self._entries if query.matches(entry)]

    def _add_request(self, record: RequestRecord) -> None:
        is_in_api = record.path.startswith(API_PATHS)
        is_simulation = record.path.startswith(f"{PATH}/") and record.method in ACTING_METHODS
        if is_in_api or is_simulation or (record.operation is None and record.status in UNKNOWN):
            record.position = self.position + 1
            kinds = (SIMULATION_KIND if is_simulation else "request",)
            self._add(record, kinds=kinds, agent=record.agent, chat=record.chat, is_outside_api=not is_in_api)

    def _add(self, content: RequestRecord | RecordedNotification, **members: Any) -> None:
        self.position += 1
        entry = JournalEntry(self.position, self.change, self._now(), content, _size_of(content), **members)
        self._entries.append(entry)
        self._bytes += entry.size
        self._mark_changed(entry)

    def _mark_changed(self, entry: JournalEntry) -> None:
        """Give the entry a new change number and wake the requests that wait for it. Drop the oldest entries."""
        self.change += 1
        entry.change = self.change
        while len(self._entries) > 1 and (len(self._entries) > MAX_ENTRIES or self._bytes > MAX_BYTES):
            self._bytes -= self._entries.popleft().size
            self.dropped += 1
        for waiting, query in self._waiting.items():
            if query.matches(entry):
                _end(waiting)


def _size_of(content: RequestRecord | RecordedNotification) -> int:
    if isinstance(content, RequestRecord):
        bodies = content.query, content.request_body, content.response_body
        return ENTRY_BYTES + sum([len(each.start) for each in bodies if each is not None])
    user_data: Any = getattr(content.event, "user_data", None)
    messages: Sequence[Message] = getattr(content.event, "messages", ())
    texts = [each.text.content for each in messages if each.text is not None]
    return ENTRY_BYTES + (len(to_json([user_data, texts])) if user_data or texts else 0)


def _end(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)
