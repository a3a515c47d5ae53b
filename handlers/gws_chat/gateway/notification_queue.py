"""Delivers notifications after the response to the request that caused them, or after 1 s if it is not sent by then."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from gws_chat.domain.events import Event
from gws_chat.gateway.request_record import RequestRecord

RESPONSE_TIMEOUT = 1.0  # seconds; a client that does not read its response must not delay notifications of others


@dataclass(slots=True, eq=False)
class Batch:
    """The notifications that one request caused. `is_released`: they may be delivered."""

    notifications: Sequence[Any]
    is_released: bool = False
    deadline: float = 0.0  # by the clock of the event loop


class NotificationQueue:
    """One queue for all requests: notifications keep the order of their events, whichever response is sent first.

    `create_notification` is called when an event happens. It receives the event and the record of the request that
    caused it, and returns the notification. `publish` is called with the notification when its turn has come.
    """

    def __init__(
        self, create_notification: Callable[[Event, RequestRecord | None], Any], publish: Callable[[Any], object]
    ) -> None:
        self._create_notification = create_notification
        self._publish = publish
        self._batches: deque[Batch] = deque()
        # for the oldest batch; one for each batch would cost 4 % of a Leave
        self._timer: asyncio.TimerHandle | None = None

    def add(self, events: Sequence[Event], cause: RequestRecord | None = None) -> Batch:
        """Create and queue the notifications of these events. The response to their request is not sent yet."""
        batch = Batch([self._create_notification(event, cause) for event in events])
        if events:
            batch.deadline = asyncio.get_running_loop().time() + RESPONSE_TIMEOUT
            self._batches.append(batch)
            self._set_timer()
        return batch

    def release(self, batch: Batch) -> None:
        """Deliver the batch, as soon as those before it are released."""
        batch.is_released = True
        while self._batches and self._batches[0].is_released:
            for notification in self._batches.popleft().notifications:
                self._publish(notification)

    def add_without_response(self, events: Sequence[Event]) -> None:
        """Create the notifications of events that no request caused. They follow those that wait for a response."""
        self.release(self.add(events))

    def clear(self) -> None:
        """Drop all queued notifications."""
        self._batches.clear()

    def release_all(self) -> None:
        """Deliver all queued notifications now, before the responses."""
        for batch in list(self._batches):
            self.release(batch)

    def _set_timer(self) -> None:
        """Set the timer, unless it is set: it may be due before the deadline of the oldest batch, never after it."""
        if self._timer is None and self._batches:
            self._timer = asyncio.get_running_loop().call_at(self._batches[0].deadline, self._release_late)

    def _release_late(self) -> None:
        """Release the batches whose deadline has passed."""
        self._timer = None
        while self._batches and self._batches[0].deadline <= asyncio.get_running_loop().time():
            self.release(self._batches[0])
        self._set_timer()
