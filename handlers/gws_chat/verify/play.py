"""Performs operations for the stories, and finds the notifications that belong to each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Condition
from typing import Any

from gws_chat.verify.attribution import claim
from gws_chat.verify.chat import Chat, NotReached
from gws_chat.verify.customer import Customer, CustomerAccess
from gws_chat.verify.desk import Desk
from gws_chat.verify.http_client import Response
from gws_chat.verify.listener import Notification
from gws_chat.verify.observations import Observations
from gws_chat.verify.step import Step


@dataclass(frozen=True, slots=True)
class RunOptions:
    """The time limits of a run, and the queue to invite."""

    timeout: float = 10.0  # seconds for a response or a notification
    routed_chat_timeout: float = 120.0  # seconds to wait for a chat that this run did not request
    settle: float = 0.1  # seconds to wait for more notifications after the expected ones
    queue: str | None = None


MAX_TIMEOUTS_IN_A_ROW = 3  # after these, wait only one second for the notifications of a step


class Play:
    """Everything that the stories share. `report_progress` prints a line about the progress."""

    def __init__(
        self,
        desks: list[Desk],
        changed: Condition,
        customer_access: CustomerAccess | None,
        seen: Observations,
        fact_ids: frozenset[str],
        options: RunOptions,
        report_progress: Callable[[str], None],
    ) -> None:
        self.all_desks = desks  # also those without a CometD session
        self.desks, self.changed, self.customer_access, self.seen = desks, changed, customer_access, seen
        self.fact_ids, self.options, self.report_progress = fact_ids, options, report_progress
        self.steps: list[Step] = []
        self.chats: list[Chat] = []
        self.all_customers: list[Customer] = []
        self._timeouts_in_a_row = 0
        self.has_given_up = False  # no chat was routed to the agents in time
        self.others_get_chats = False  # a chat that this run requested was not routed to its agents

    def new_chat(self, chat_id: str, owner: Desk, customer: Customer | None) -> Chat:
        """Add a chat that was routed to the owner."""
        chat = Chat(chat_id, owner, customer, next((each for each in self.desks if each is not owner), None))
        if len(self.all_desks) > 1:
            chat.why_alone = "the CometD session of the other agent could not be opened"
        self.chats.append(chat)
        return chat

    def perform(
        self,
        prefix: str,
        desk: Desk,
        chat: Chat,
        operation: str,
        to: Mapping[Desk, list[str]] | None = None,
        *,
        is_unlisted: bool = False,
        **parameters: Any,
    ) -> Step:
        """Perform an operation that should be accepted, and wait for the notifications in `to`.

        Raises `NotReached` if the server does not list the operation (unless `is_unlisted`), or rejects it.
        """
        if not is_unlisted and not desk.may(chat.id, operation):
            raise NotReached(f"the server does not list {operation} here")
        step = self._begin(Step(prefix, operation, chat.id, desk, {desk: [], **(to or {})}))
        step.response = desk.post(f"/me/chats/{chat.id}", {"operationName": operation, **parameters})
        self.record_response(f"{prefix}.response", step.response)
        if step.response is None:
            desk.operations_accepted = None
        elif step.response.is_http_success:
            step.reference = desk.count_operation(is_certain=step.response.is_success)
        if step.response and step.response.is_success and operation not in {"Invite", "Consult"}:
            self.seen.record("responses.members", step.response.acknowledgement)
        self._wait_if_performed(step)
        return step

    def expect_rejection(self, fact_id: str, desk: Desk, chat: Chat, operation: str, **parameters: Any) -> None:
        """Perform an operation that should be rejected, and record the response."""
        step = self._begin(Step(fact_id, operation, chat.id, desk, {desk: []}, should_be_rejected=True))
        step.response = desk.post(f"/me/chats/{chat.id}", {"operationName": operation, **parameters})
        self.record_error(fact_id, step.response)
        if step.response is not None and step.response.is_success:
            desk.count_operation(is_certain=False)
        self._wait(step)

    def expect_rejection_unless_listed(
        self, fact_id: str, desk: Desk, chat: Chat, operation: str, **parameters: Any
    ) -> None:
        """Perform an operation that should be rejected because the server does not list it now."""
        if desk.may(chat.id, operation):
            self.seen.not_reached(fact_id, f"the server lists {operation} here")
        else:
            self.expect_rejection(fact_id, desk, chat, operation, **parameters)

    def expect_rejection_although_listed(
        self, fact_id: str, desk: Desk, chat: Chat, operation: str, **parameters: Any
    ) -> None:
        """Perform an operation that should be rejected although the server lists it now."""
        if desk.may(chat.id, operation):
            self.expect_rejection(fact_id, desk, chat, operation, **parameters)
        else:
            self.seen.not_reached(fact_id, f"the server does not list {operation} here")

    def perform_on_session(self, prefix: str, desk: Desk, path: str, body: dict[str, Any], kinds: list[str]) -> Step:
        """Perform an operation on the agent's session, and wait for the notifications to the agent."""
        step = self._begin(Step(prefix, body["operationName"], None, desk, {desk: kinds}))
        step.response = desk.post(path, body)
        self.record_response(f"{prefix}.response", step.response)
        if step.response is not None and step.response.is_http_success:
            self._wait(step)
        return step

    def customer_performs(self, prefix: str, chat: Chat, to: Mapping[Desk, list[str]], body: dict[str, Any]) -> Step:
        """Perform an operation of the customer, and wait for the notifications in `to`."""
        customer = chat.require_customer()
        step = self._begin(Step(prefix, f"{body['operationName']} of the customer", chat.id, None, to))
        step.response = customer.perform(body)
        self.record_response(f"{prefix}.response", step.response)
        self._wait_if_performed(step)
        return step

    def record_response(self, fact_id: str, response: Response | None) -> None:
        """Record HTTP status and `statusCode`."""
        if response is None:
            self.seen.not_reached(fact_id, "no response")
            return
        self.seen.record(fact_id, response.outcome)
        if response.is_success:
            self.seen.record("responses.media-type", response.media_type)

    def record_error(self, fact_id: str, response: Response | None) -> None:
        """Record an error: its status, and the form of its body."""
        self.record_response(fact_id, response)
        if response is None or response.is_success:
            return
        self.seen.record("errors.members", response.error_members)
        if "statusMessage" in response.error_members:
            self.seen.record("errors.message", "a text" if response.get("statusMessage") else "empty")
        self.seen.record("errors.media-type", response.media_type)

    def wait_until(self, condition: Callable[[], Any], timeout: float) -> Any:
        """Wait until the condition is true about what was received. Return its last value."""
        with self.changed:
            return self.changed.wait_for(condition, timeout)

    def wait_for(
        self, matches: Callable[[Desk, Notification], bool], timeout: float
    ) -> tuple[Desk, Notification] | None:
        """Wait for a notification that belongs to no step yet, and return it with its recipient."""

        def found() -> tuple[Desk, Notification] | None:
            return next(
                (
                    (desk, each)
                    for desk in self.desks
                    for each in list(desk.listener.received)
                    if not each.is_claimed and matches(desk, each)
                ),
                None,
            )

        result: tuple[Desk, Notification] | None = self.wait_until(found, timeout)
        return result

    def wait_for_expected(self, step: Step, expected: Mapping[Desk, list[str]]) -> None:
        """Wait for the notifications of an operation whose recipients were unknown before."""
        step.expected = expected
        self._wait(step)

    def settle(self) -> None:
        """Wait until no more notifications arrive, and give each to its step."""
        while self.wait_until(self._more_than(self._count()), self.options.settle):
            pass
        self.claim()

    def _count(self) -> int:
        return sum(len(desk.listener.received) for desk in self.desks)

    def _more_than(self, count: int) -> Callable[[], bool]:
        return lambda: self._count() > count

    def finish(self) -> None:
        """Record the facts about the notifications of all steps, after waiting for those that are still missing."""
        incomplete = [step for step in self.steps if step.has_timed_out]
        self.wait_until(lambda: self._are_complete(incomplete), self.options.timeout)
        self.settle()
        if "cometd.poll" not in self.seen.values and self.desks:
            self.seen.record("cometd.poll", "a reply")
        for number, step in enumerate(self.steps):
            step.record(self.seen, self.fact_ids, self.steps[number + 1 :])
        if self.steps and "notifications.concerned" not in self.seen.values:
            self.seen.record("notifications.concerned", "none")

    def claim(self) -> None:
        """Give each notification to the step that caused it."""
        claim(self.desks, self.steps, self.seen)

    def add_step(self, step: Step) -> Step:
        """Add a step. Notifications that arrive from now on may belong to it."""
        step.cometd_sessions = {desk: desk.listener.sessions_opened for desk in self.desks}
        self.steps.append(step)
        return step

    def _begin(self, step: Step) -> Step:
        self.claim()
        return self.add_step(step)

    def _wait_if_performed(self, step: Step) -> None:
        """Wait for the notifications if the response is HTTP 2xx. Raise `NotReached` if the step was not performed."""
        outcome = "no response" if step.response is None else step.response.description
        if step.response is None or not step.response.is_http_success:
            raise NotReached(f"{step.operation}: {outcome}")
        self._wait(step)
        if not step.was_performed:
            raise NotReached(f"{step.operation}: {outcome}, and no notification")

    def _are_complete(self, steps: list[Step]) -> bool:
        self.claim()
        return all(each.is_complete for each in steps)

    def _wait(self, step: Step) -> None:
        timeout = self.options.timeout
        if self._timeouts_in_a_row >= MAX_TIMEOUTS_IN_A_ROW:
            timeout = min(timeout, 1.0)
        step.has_timed_out = not self.wait_until(lambda: self._are_complete([step]), timeout)
        if step.has_timed_out:
            self._timeouts_in_a_row += 1
        elif any(step.expected.values()):
            self._timeouts_in_a_row = 0
        step.desks_with_lost_session = {
            desk for desk, count in step.cometd_sessions.items() if desk.listener.sessions_opened != count
        }
        self.settle()
        for desk in self.desks:
            if step.chat_id and step.notification(desk, "StatusChange"):
                desk.compare_chat(step.chat_id)
