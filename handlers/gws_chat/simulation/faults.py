"""The faults that tests have added, and their effects on requests and notifications."""

from collections import deque
from collections.abc import Callable
from fnmatch import fnmatchcase
from functools import partial
from itertools import chain
from typing import Any

from gws_chat.api.notifier import Notification
from gws_chat.api.serialization.notifications import NOTIFICATION_TYPES
from gws_chat.cometd.server import Server
from gws_chat.domain.errors import OperationNotAllowed
from gws_chat.gateway.hooks import NO_EFFECT, RequestEffect
from gws_chat.gateway.request import API_PATHS, COMETD_PATH
from gws_chat.gateway.request_record import RequestRecord, messages_of
from gws_chat.simulation.request_faults import REQUEST_EFFECTS, DelayScheduler, Fault

MAX_FAULTS = 100  # assumed
MAX_HISTORY = 1000  # faults that are remembered until the reset
IMMEDIATE_COPIES = {
    "notificationDropped": 0,
    "notificationDelayed": 0,
    "notificationReordered": 0,  # published after the agent's next notification
    "notificationDuplicated": 2,
}
"""How many times each effect publishes the notification immediately."""


class Faults:
    """The faults, oldest first. The first that matches takes effect.

    `publish_and_record` publishes a notification and adds it to the journal.
    """

    def __init__(
        self, publish_and_record: Callable[[Notification], None], scheduler: DelayScheduler, cometd_server: Server
    ) -> None:
        self._publish_and_record = publish_and_record
        self._scheduler = scheduler
        self._cometd_server = cometd_server
        self._faults: list[Fault] = []
        self._history: deque[Fault] = deque(maxlen=MAX_HISTORY)
        self._held_back: dict[str, list[Notification]] = {}

    def add(self, fault: Fault) -> None:
        """Add the fault. Raises `OperationNotAllowed` if there are too many."""
        if len(self._faults) >= MAX_FAULTS:
            raise OperationNotAllowed(f"faults: must be at most {MAX_FAULTS}, remove them with DELETE")
        self._faults.append(fault)
        self._history.append(fault)

    @property
    def since_reset(self) -> list[tuple[Fault, bool]]:
        """The faults that were added since the reset, and whether each can still happen."""
        return [(fault, fault in self._faults) for fault in self._history]

    def clear(self) -> None:
        """Remove all faults, and publish the notifications that were held back."""
        self._faults.clear()
        held_back, self._held_back = self._held_back, {}
        for notification in chain.from_iterable(held_back.values()):
            self._publish_and_record(notification)

    def reset(self) -> None:
        """Forget all faults, drop the notifications that were held back, and reject the requests that are delayed."""
        self._faults.clear()
        self._history.clear()
        self._held_back.clear()
        self._scheduler.reset()

    def select_effect(self, path: str, body: Any, record: RequestRecord) -> RequestEffect:
        """Return the effect on a request to the API. The request counts as one of the fault's `times`."""
        if not self._faults or not path.startswith(API_PATHS):
            return NO_EFFECT
        operation = body.get("operationName") if isinstance(body, dict) else None
        # of all messages: the record has only some of the channels
        channels = [each.get("channel") for each in messages_of(body) if isinstance(each, dict)]
        fault = self._take_first(
            lambda each: (
                each.effect in REQUEST_EFFECTS
                and (record.is_poll or each.effect != "closePoll")
                and (path == COMETD_PATH or each.effect != "cometdError")
                and (each.channel is None or each.channel in channels)
                and each.agent in {None, record.agent}
                and each.operation in (None, operation)  # no set, because `operation` may be a list
                and fnmatchcase(path, each.path)
            )
        )
        if fault is None:
            return NO_EFFECT
        record.fault = fault.effect
        return REQUEST_EFFECTS[fault.effect](fault, record, self._scheduler, self._cometd_server)

    def publish_with_fault(self, notification: Notification) -> None:
        """Publish and record the notification, with the effect of the first fault that matches.

        A notification that follows a held-back one of the same agent is published without any fault, and then those
        that were held back.
        """
        event, agent_id = notification.event, notification.event.agent.id
        if agent_id in self._held_back or not self._faults:
            self._publish_and_record(notification)
            for earlier in self._held_back.pop(agent_id, []):
                self._publish_and_record(earlier)
            return
        fault = self._take_first(
            lambda each: (
                each.effect in IMMEDIATE_COPIES
                and each.agent in {None, event.agent.user_name}
                and each.chat in {None, getattr(event, "chat_id", None)}
                and each.kind in {None, NOTIFICATION_TYPES[type(event)]}
            )
        )
        if fault is None:
            self._publish_and_record(notification)
            return
        if fault.effect == "notificationDelayed":
            self._scheduler.schedule(fault.seconds, partial(self._publish_and_record, notification))
        elif fault.effect == "notificationReordered":
            self._held_back.setdefault(agent_id, []).append(notification)
        for _ in range(IMMEDIATE_COPIES[fault.effect]):
            self._publish_and_record(notification)

    def _take_first(self, matches: Callable[[Fault], bool]) -> Fault | None:
        fault = next(filter(matches, self._faults), None)
        if fault is not None:
            fault.fired += 1
            if fault.fired == fault.times:
                self._faults.remove(fault)
        return fault
