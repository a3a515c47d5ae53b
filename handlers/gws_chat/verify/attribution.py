"""Finds the operation that caused a notification."""

from collections.abc import Sequence

from gws_chat.verify.desk import Desk
from gws_chat.verify.http_client import value_at
from gws_chat.verify.listener import CHANNELS, CHATS, KINDS, READY_STATE_CHANGE, Notification
from gws_chat.verify.observations import Observations
from gws_chat.verify.step import Step


def claim(desks: Sequence[Desk], steps: Sequence[Step], seen: Observations) -> None:
    """Give each notification about the chats of this run to its step, and keep what it says about the agent.

    Notifications about other chats stay unclaimed.
    """
    for desk in desks:
        for each in list(desk.listener.received):
            if each.is_claimed:
                continue
            if each.kind not in KINDS and each.chat_id is None:
                each.is_claimed = True  # it is about calls, or about something that nobody knows
                if each.channel == CHATS:
                    seen.record("notifications.concerned", f"{each.kind} on {CHATS}")
                continue
            step = _step_of(desk, each, steps)
            if step is None and _is_own_operation(desk, each):
                # the next `referenceId` is unknown from now on
                desk.operations_accepted = None
                seen.not_reached("notifications.reference-id", "the agent performs operations in other chats meanwhile")
            elif step is not None:
                each.is_claimed = True
                each.error_is_missing = step.missing(desk)["Error"] > 0
                received = step.received.setdefault(desk, [])
                # an equal one after another operation is no repetition: a second Accept repeats the history
                each.is_repeated = each.content in [other.content for other in received]
                received.append(each)
                if not any(later.chat_id == step.chat_id for later in steps[steps.index(step) + 1 :]):
                    _keep_situation(desk, step, each)
                _record_channel_and_reference(desk, step, each, seen)


def _is_own_operation(desk: Desk, each: Notification) -> bool:
    """Return whether somebody may have performed an operation as this agent, in a chat outside this run."""
    messages = each.data.get("messages")
    senders = [value_at(message, "from", "id") for message in messages] if isinstance(messages, list) else []
    return "referenceId" in each.data or (desk.user.get("id") is not None and desk.user["id"] in senders)


def _step_of(desk: Desk, each: Notification, steps: Sequence[Step]) -> Step | None:
    """Return the step that a notification belongs to, or None if it is about nothing that this run has done.

    It is the latest step of the chat, unless an earlier one misses it: by its `referenceId`, as an invitation, or after
    a time-out if the latest one neither misses its kind nor has just caused it.
    """
    if each.kind == READY_STATE_CHANGE or each.channel == CHANNELS:
        return next((step for step in reversed(steps) if step.chat_id is None and step.desk is desk), None)
    own = [step for step in steps if step.chat_id and each.chat_id in {step.chat_id, None}]
    if not own:
        return None
    reference = each.data.get("referenceId")
    for step in own:
        if step.desk is desk and step.reference is not None and step.reference == reference and step.missing(desk):
            return step
    if value_at(each.data, "chat", "state") == "Invited":
        # it may come after Accept, if the chat was found by REST meanwhile
        inviting = [step for step in own if step.operation != "Accept" and step.missing(desk)[each.kind]]
        if inviting:
            return inviting[-1]
    if own[-1].is_clean_up or own[-1].missing(desk)[each.kind] or own[-1].has_just_caused(each):
        return own[-1]
    return next((step for step in own if step.has_timed_out and step.missing(desk)[each.kind]), own[-1])


def _keep_situation(desk: Desk, step: Step, each: Notification) -> None:
    """Keep state and capabilities of the latest notification about the chat."""
    if step.chat_id is None:
        return
    state, capabilities = (value_at(each.data, "chat", name) for name in ("state", "capabilities"))
    if isinstance(state, str):
        desk.states[step.chat_id] = state
    elif each.kind == "StatusChange":
        desk.states.pop(step.chat_id, None)
    if isinstance(capabilities, list):
        desk.capabilities[step.chat_id] = capabilities


def _record_channel_and_reference(desk: Desk, step: Step, each: Notification, seen: Observations) -> None:
    """Record the channel, and compare the `referenceId` with the number of operations."""
    if each.is_repeated:
        return
    shown = f"{each.shown_kind} in place of {each.kind} after {step.operation}"
    seen.record("notifications.type", "as documented" if each.shown_kind == each.kind else shown)
    expected = CHANNELS if step.chat_id is None else CHATS
    value = "as documented" if each.channel == expected else f"{each.kind} on {each.channel}"
    seen.record("notifications.channel", value)
    reference = each.data.get("referenceId")
    if isinstance(reference, int) and step.desk is desk and desk.operations_accepted is not None:
        if desk.reference_base is None:
            desk.reference_base = reference - desk.operations_accepted
        elif step.reference is not None:
            is_next = reference == step.reference
            value = "one more for each operation" if is_next else f"{reference} instead of {step.reference}"
            seen.record("notifications.reference-id", value)
    elif reference is not None and not isinstance(reference, int):
        seen.not_reached("notifications.reference-id", "the referenceId is no number")
