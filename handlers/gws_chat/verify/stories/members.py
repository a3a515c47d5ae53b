"""The names and the types of members, which stories record without user data."""

from collections.abc import Mapping
from typing import Any

from gws_chat.verify.http_client import value_at
from gws_chat.verify.play import Play

ENDED_STATES = ("Completed", "Revoked")
CHAT_MEMBERS = {
    "state": str,
    "capabilities": list,
    "participants": list,
    "userData": dict,
    "receivedDate": str,
    "id": str,
    "uri": str,
}


def known_member_names(content: Any, types: Mapping[str, type]) -> list[str]:
    """Return the names of the members that are known, with the type if that is unexpected."""
    if not isinstance(content, dict):
        return [f"not an object but {type_name(content)}"]
    names = []
    for name, expected in types.items():
        if name in content:
            fits = isinstance(content[name], expected) and (expected is bool or not isinstance(content[name], bool))
            names.append(name if fits else f"{name} as {type_name(content[name])}")
    return sorted(names)


def type_name(value: Any) -> str:
    """Return the name of the JSON type."""
    names = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null", int: "number"}
    return names.get(type(value), "number")


def word(value: Any) -> str:
    """Return a string, or the name of another type, because the value may have user data."""
    return value if isinstance(value, str) else type_name(value)


def record_state(play: Play, fact_id: str, data: dict[str, Any]) -> None:
    """Record the state of the chat, unless it is missing or no text, which the fact about members says."""
    if isinstance(state := value_at(data, "chat", "state"), str):
        play.seen.record(fact_id, state)
    else:
        play.seen.not_reached(fact_id, "the notification has no state")


def record_members(play: Play, fact_id: str, data: dict[str, Any], *, without: str | None = None) -> None:
    """Record the names of the known members of a notification and of its chat, except the member `without`."""
    content = data.get("chat")
    if not isinstance(content, dict):
        play.seen.record(fact_id, ["without chat"])
        return
    members = known_member_names(content, CHAT_MEMBERS) + known_member_names(data, {"referenceId": int})
    if value_at(content, "state") in ENDED_STATES:
        # the facts `ended` are about these
        members = [each for each in members if each.partition(" as ")[0] not in {"capabilities", "participants"}]
    play.seen.record(fact_id, sorted(each for each in members if each != without))
