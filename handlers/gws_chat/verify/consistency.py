"""Checks of all notifications of a run together: who sends messages, their order, and the time."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from gws_chat.verify.desk import Desk
from gws_chat.verify.http_client import value_at
from gws_chat.verify.listener import Notification
from gws_chat.verify.observations import Observations

TIMESTAMP_FORMAT = "%Y-%m-%d %H:%M:%S.%f%z"
MAX_CLOCK_DIFFERENCE = timedelta(days=1)  # clocks of computers may be wrong


def record_consistency(desks: Sequence[Desk], seen: Observations) -> None:
    """Record the facts about the notifications that belong to the operations of this run."""
    claimed = [each for desk in desks for each in desk.listener.received if each.is_claimed]
    people: dict[str | None, set[Any]] = {}
    for each in claimed:
        for person in _list(value_at(each.data, "chat", "participants")):
            people.setdefault(each.chat_id, set()).add(_identity(person))
    for each in claimed:
        _record_participants(each, seen)
        messages = _list(each.data.get("messages"))
        indexes = [value_at(message, "index") for message in messages]
        if all(isinstance(index, int) for index in indexes) and len(messages) > 1:
            seen.record("message.order", "increasing" if indexes == sorted({*indexes}) else "otherwise")
        for message in messages:
            if each.chat_id in people and isinstance(value_at(message, "from"), dict):
                known = _identity(message["from"]) in people[each.chat_id]
                seen.record("message.sender", "one of the participants" if known else "another")
            _record_time(message, seen)
        if moment := parse_date(value_at(each.data, "chat", "receivedDate")):
            seen.record("invited.received-time", "the time of the request" if _is_now(moment) else "another time")


def _record_participants(each: Notification, seen: Observations) -> None:
    people = _list(value_at(each.data, "chat", "participants"))
    numbers = [value_at(person, "participantId") for person in people]
    if len(numbers) > 1 and None not in numbers:
        different = len({str(number) for number in numbers}) == len(numbers)
        seen.record("participant.participant-id", "one for each" if different else "the same for several")


def _record_time(message: Any, seen: Observations) -> None:
    text, milliseconds = value_at(message, "timestamp"), value_at(message, "timestampSeconds")
    try:
        moment = datetime.strptime(text, TIMESTAMP_FORMAT)  # noqa: DTZ007 - it has a time zone
    except (TypeError, ValueError):
        return  # the fact about the form says so
    seen.record("message.time", "the present" if _is_now(moment) else "another time")
    if isinstance(milliseconds, int) and milliseconds > 10**11:
        same = abs(moment.timestamp() - milliseconds / 1000) < 1
        seen.record("message.same-time", "the same" if same else "different")


def _identity(person: Any) -> tuple[Any, ...]:
    return tuple(str(value_at(person, name)) for name in ("participantId", "nickname", "type"))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def parse_date(text: Any) -> datetime | None:
    """Return a date in the form of ISO 8601 with a time zone, or None if the text is no such date."""
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo is not None else None


def _is_now(moment: datetime) -> bool:
    return abs(datetime.now(UTC) - moment) < MAX_CLOCK_DIFFERENCE
