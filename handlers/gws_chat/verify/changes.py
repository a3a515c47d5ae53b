"""Finds rows that one change of a server makes different.

A server that changes one kind of notification, or one kind of error, changes it in many stories.
"""

import json
from collections import Counter
from http import HTTPStatus
from typing import Any

from gws_chat.domain.capabilities import Capability

CONTENTS = {
    # the last part of the ID of facts about the same content, which occurs in several stories
    "members": "members",
    "error": "members",
    "participants": "participants",
    "customer": "participants",
    "agent": "participants",
    **dict.fromkeys(("message", "history", "joined", "farewell", "departure", "notice"), "messages"),
}
SUCCESS = [HTTPStatus.OK, 0]


def name_of_change(fact_id: str, expected: Any, actual: Any) -> str | None:
    """Return a name that is the same for rows with the same change, or None if the row is never joined to others."""
    first, *middle, last = fact_id.split(".")
    if last in CONTENTS:
        return json.dumps([CONTENTS[last], _difference(expected, actual)])
    if last in {"arrival", "transcript"}:
        return json.dumps(["transcript", _difference_of_transcripts(expected, actual)])
    if _is_outcome(expected) and _is_outcome(actual):
        return _name_of_outcome(fact_id, expected, actual)
    if last in {"notifications", "others"} and _is_reordered(expected, actual):
        # the same change with and without a farewell
        return json.dumps([last, _operation(first, middle), "another order"])
    if last in {"state", "notifications", "others"}:
        operation = _operation(first, middle)
        # one change, whichever agent lacks the notification of typing
        return json.dumps(["typing" if operation == "typing" else last, operation, expected, actual])
    return None


def has_lost_code(expected: Any, actual: Any) -> bool:
    """Return whether this is an error that lacks nothing but the `statusCode`."""
    return _is_outcome(expected) and expected != SUCCESS and actual == [expected[0], None]


def _difference(expected: Any, actual: Any) -> Any:
    """Return the texts that are missing and those that were added, if both are lists.

    A member with another type was added. Without a chat all its members are missing.
    """
    if not isinstance(expected, list) or not isinstance(actual, list):
        return [expected, actual]
    if "without chat" in actual:
        return "without chat"
    missing, added = Counter(map(str, expected)), Counter(map(str, actual))
    new_types = {each.partition(" as ")[0] for each in added if " as " in each}
    lost = [each for each in (missing - added).elements() if each not in new_types]
    return [sorted(lost), sorted((added - missing).elements())]


def _difference_of_transcripts(expected: Any, actual: Any) -> Any:
    """Return the types of messages that are missing or were added, whoever sent them."""
    if not isinstance(expected, list) or not isinstance(actual, list):
        return [expected, actual]
    if not actual:
        return "without messages"
    types = [[each.partition(" from ")[0] for each in messages] for messages in (expected, actual)]
    found = _difference(*types)
    return found if any(found) else _difference(expected, actual)


def _is_reordered(expected: Any, actual: Any) -> bool:
    return isinstance(actual, list) and actual != expected and sorted(actual) == sorted(expected)


def _is_outcome(value: Any) -> bool:
    """Return whether the value is an HTTP status and a `statusCode`, which may be missing."""
    return isinstance(value, list) and [type(each) for each in value] in ([int, int], [int, type(None)])


def _name_of_outcome(fact_id: str, expected: list[Any], actual: list[Any]) -> str | None:
    is_success = actual[0] < HTTPStatus.MULTIPLE_CHOICES
    if expected == SUCCESS:
        if not is_success:
            return None
        # the same for all operations, unless the code says that only this one has failed
        first, *middle, _ = fact_id.split(".")
        return json.dumps(["success", actual, _operation(first, middle) if actual[1] else None])
    if expected[1] == actual[1]:
        return json.dumps(["HTTP status of errors", actual[0]])
    return None if is_success else json.dumps(["error", expected, actual])


def _operation(first: str, middle: list[str]) -> str:
    """Return the operation in the ID, `typing` for all operations of typing, or the first part if there is none."""
    named = [each for each in [first, *middle] if each in set(Capability) or each == "accept"]
    if not named:
        return first
    return "typing" if "Typing" in named[-1] else named[-1]
