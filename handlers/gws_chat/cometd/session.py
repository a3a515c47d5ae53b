"""One client's session, its queue of events and its held poll."""

import asyncio
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum


class PollEnd(IntEnum):
    """The reason why a held poll ends. If several apply at the same time, the highest wins."""

    RESPONSE_DUE = 1  # an event arrived, the timeout expired, or the server is closing
    SUPERSEDED = 2  # the session sent another connect
    CONNECTION_LOST = 3  # the connection of the poll was closed
    SESSION_REMOVED = 4  # by the server
    SESSION_DISCONNECTED = 5  # the client sent a disconnect, or its owner's login ended


@dataclass(slots=True, eq=False)
class Poll:
    """A held connect. `browser` identifies the browser that sent it, if known."""

    browser: str | None
    reason: PollEnd = PollEnd.RESPONSE_DUE
    ended: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def end(self, reason: PollEnd = PollEnd.RESPONSE_DUE) -> None:
        """End the poll. If it is called again before the waiting request continues, the higher reason counts."""
        self.reason = max(self.reason, reason)
        if not self.ended.done():
            self.ended.set_result(None)

    def on_disconnect(self) -> None:
        self.end(PollEnd.CONNECTION_LOST)


class EncodedEvent(bytes):
    """An event as the JSON of a Bayeux message. `on_sent` is called when it is sent to a session for the first time."""

    on_sent: Callable[[], object]


@dataclass(slots=True, eq=False)
class Session:
    id: str
    owner: str
    acknowledges: bool = False  # the ack extension: sent events stay in the queue until the client acknowledges them
    browser: str | None = None
    subscriptions: frozenset[str] = frozenset()
    queue: list[EncodedEvent] = field(default_factory=list)
    queued_bytes: int = 0
    poll: Poll | None = None
    has_connected: bool = False  # whether the first connect got its reply; later connects may be held
    interval: float = 0.0  # seconds that the client was advised to wait before its next connect
    deadline: float = 0.0  # the time at which the session expires, unless it holds a poll
    ack_number: int = 0  # the number of the last reply to a connect, with or without events
    # For each queued event that has been sent, in queue order: the ack number of the reply that first contained it.
    _first_sent_with: list[int] = field(default_factory=list)

    @property
    def unacknowledged_count(self) -> int:
        """The number of queued events that have been sent."""
        return len(self._first_sent_with)

    def enqueue(self, event: EncodedEvent) -> None:
        self.queue.append(event)
        self.queued_bytes += len(event)

    def take_events(self) -> list[EncodedEvent]:
        """Return all queued events, to be sent with one reply."""
        if not self.acknowledges:
            events, self.queue, self.queued_bytes = self.queue, [], 0
            return events
        self.ack_number += 1
        self._first_sent_with += [self.ack_number] * (len(self.queue) - self.unacknowledged_count)
        return self.queue.copy()

    def acknowledge(self, number: int | None) -> None:
        """Drop the events first sent with this reply or an earlier one. Ignore None and numbers never sent."""
        if number is None or number > self.ack_number:
            return
        count = bisect_right(self._first_sent_with, number)
        self.queued_bytes -= sum(map(len, self.queue[:count]))
        del self.queue[:count], self._first_sent_with[:count]

    def drop_events(self) -> int:
        """Drop all queued events and return their number."""
        count = len(self.queue)
        self.queue, self.queued_bytes, self._first_sent_with = [], 0, []
        return count
