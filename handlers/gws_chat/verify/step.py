"""An operation of a story, with the notifications that belong to it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gws_chat.verify.desk import Desk
from gws_chat.verify.http_client import MOMENT, Response
from gws_chat.verify.listener import Notification
from gws_chat.verify.observations import Observations

MIN_LATE_DELAY = 1.0  # seconds after the response, see `Step._is_late`


@dataclass(eq=False, slots=True)
class Step:
    """One operation. `expected` has the kinds of notifications, in their order, by desk.

    The facts about it begin with `prefix`. `reference` is the expected `referenceId` of the notification to the desk
    that performs it. An operation whose `should_be_rejected` is true should cause no notification.
    """

    prefix: str
    operation: str
    chat_id: str | None  # None for operations on the session
    desk: Desk | None  # None for an operation of the customer
    expected: Mapping[Desk, list[str]]
    should_be_rejected: bool = False
    is_clean_up: bool = False  # only the channel and the type of its notifications are recorded
    response: Response | None = None
    reference: int | None = None
    received: dict[Desk, list[Notification]] = field(default_factory=dict)
    has_timed_out: bool = False
    cometd_sessions: dict[Desk, int] = field(default_factory=dict)  # the number opened before the step
    desks_with_lost_session: set[Desk] = field(default_factory=set)  # during the step

    def notification(self, desk: Desk, kind: str) -> dict[str, Any] | None:
        """Return the data of the first notification of this kind that belongs to the operation, or None."""
        found = self.notifications(desk, kind)
        return found[0] if found else None

    def notifications(self, desk: Desk, kind: str) -> list[dict[str, Any]]:
        """Return the data of all notifications of this kind that belong to the operation."""
        return [each.data for each in self._own(desk) if each.kind == kind]

    def missing(self, desk: Desk) -> Counter[str]:
        """Return how many notifications of each kind have not arrived."""
        arrived = Counter(each.kind for each in self.received.get(desk, []) if not each.is_repeated)
        return Counter(self.expected.get(desk, [])) - arrived

    def _own(self, desk: Desk) -> list[Notification]:
        """Return the notifications. Leave out repetitions of a kind of which more arrived than expected."""
        notifications = self.received.get(desk, [])
        surplus = Counter(each.kind for each in notifications) - Counter(self.expected.get(desk, []))
        own = []
        for each in notifications:
            if each.is_repeated and surplus[each.kind]:
                surplus[each.kind] -= 1
            else:
                own.append(each)
        return own

    def has_just_caused(self, notification: Notification) -> bool:
        """Return whether it came within `MOMENT` after the response, and some agent is expected to receive its kind."""
        kinds = [kind for expected in self.expected.values() for kind in expected]
        delay = 0.0 if self.response is None else notification.received_at - self.response.received_at
        return notification.kind in kinds and delay < MOMENT

    @property
    def is_complete(self) -> bool:
        return not any(self.missing(desk) for desk in self.expected)

    @property
    def was_performed(self) -> bool:
        """Whether the response says so, or it is HTTP 2xx and notifications followed unless there should be none."""
        if self.response is None or not self.response.is_http_success:
            return False
        has_followed = any(self.received.values()) or not any(self.expected.values())
        return self.response.is_success or (not self.should_be_rejected and has_followed)

    def record(self, seen: Observations, fact_ids: frozenset[str], later: "list[Step]") -> None:
        """Record the facts about which notifications arrived, and when."""
        if self.response is None or self.was_performed == self.should_be_rejected:
            return  # not as planned: the fact about the response says so
        for desk in {**self.expected, **self.received}:
            notifications = self.received.get(desk, [])
            self._record_order(desk, self._own(desk), seen, fact_ids)
            copies = len(notifications) - len(self._own(desk))
            seen.record("notifications.once", f"{copies} more after {self.operation}" if copies else "once")
            for each in notifications:
                self._record_time(desk, each, seen, later)

    def _fact_about(self, desk: Desk, fact_ids: frozenset[str]) -> str:
        own = f"{self.prefix}.notifications" if desk is self.desk else f"{self.prefix}.others"
        if own in fact_ids and desk in self.expected:
            return own
        # for steps without a fact of their own, such as the Invite whose prefix is queue
        general = f"{self.operation.lower()}.notifications"
        if desk is self.desk and general in fact_ids and not self.should_be_rejected:
            return general
        return "errors.nothing-changes" if self.should_be_rejected else "notifications.concerned"

    def _record_order(
        self, desk: Desk, notifications: list[Notification], seen: Observations, fact_ids: frozenset[str]
    ) -> None:
        """Record the kinds in the fact about this recipient, or in the one about unexpected and missing ones."""
        fact_id = self._fact_about(desk, fact_ids)
        kinds, expected = [each.kind for each in notifications], self.expected.get(desk, [])
        if any(self._is_late(desk, each) for each in notifications) and sorted(kinds) == sorted(expected):
            kinds = list(expected)  # the fact about late notifications says so
        if desk in self.desks_with_lost_session and kinds != expected:
            seen.not_reached(fact_id, "the CometD session has ended meanwhile")
        elif fact_id.endswith((".notifications", ".others")):
            seen.record(fact_id, kinds)
        else:
            shown = f"{', '.join(kinds) or 'nothing'} after {self.operation}"
            seen.record(fact_id, "none" if kinds == expected else shown)

    def _is_late(self, desk: Desk, notification: Notification) -> bool:
        """Return whether it came too late: the limit includes the pauses between polls that the server advised."""
        if self.response is None:
            return False
        duration = self.response.received_at - self.response.sent_at
        limit = max(MIN_LATE_DELAY, 2 * duration) + desk.listener.interval
        return notification.received_at - self.response.received_at > limit

    def _record_time(self, desk: Desk, each: Notification, seen: Observations, later: "list[Step]") -> None:
        if self.response is None:
            return
        delay = each.received_at - self.response.received_at
        overtaken = any(
            other.received_at < each.received_at
            for step in later
            for other in step.received.get(desk, [])
            if step.chat_id == self.chat_id
        )
        name = f"{each.kind} after {self.operation}"
        if self._is_late(desk, each) and overtaken:
            seen.record("notifications.in-order", f"{name} came after that of a later operation")
        elif self._is_late(desk, each):
            seen.record("notifications.prompt", f"{name} came {delay:.1f} s after the response")
        else:
            seen.record("notifications.in-order", "in order")
            seen.record("notifications.prompt", "prompt")
        is_early = each.is_early and delay < 0
        seen.record("notifications.after-response", f"{name} came before the response" if is_early else "after")
