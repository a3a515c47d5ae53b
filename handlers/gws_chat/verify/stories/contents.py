"""Functions that stories share. Most record notifications and responses, as short values without user data."""

import re
from collections.abc import Mapping
from typing import Any

from gws_chat.verify.chat import Chat, NotReached
from gws_chat.verify.desk import Desk
from gws_chat.verify.http_client import value_at
from gws_chat.verify.names import USER_DATA_KEY
from gws_chat.verify.play import Play
from gws_chat.verify.step import Step
from gws_chat.verify.stories.members import (
    ENDED_STATES,
    known_member_names,
    record_members,
    record_state,
    type_name,
    word,
)

MISSING = "the notification did not arrive"
MESSAGE_MEMBERS = {
    "index": int,
    "type": str,
    "from": dict,
    "text": str,
    "url": str,
    "noticeText": str,
    "messageType": str,
    "treatAs": str,
    "visibility": str,
    "timestamp": str,
    "timestampSeconds": int,
}
PARTICIPANT_MEMBERS = {
    "nickname": str,
    "type": str,
    "participantId": str,
    "visibility": str,
    "id": str,
    "uri": str,
    "path": str,
}
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}[+-]\d{4}")


def try_perform(
    play: Play,
    prefix: str,
    desk: Desk,
    chat: Chat,
    operation: str,
    to: Mapping[Desk, list[str]] | None = None,
    **parameters: Any,
) -> Step | None:
    """Perform an operation as `Play.perform` does. If that fails, give the reason and return None."""
    try:
        return play.perform(prefix, desk, chat, operation, to, **parameters)
    except NotReached as reason:
        play.seen.not_reached(prefix, str(reason))
        return None


def record_status(
    play: Play, prefix: str, chat: Chat, data: dict[str, Any] | None, *, without: str | None = None
) -> None:
    """Record the state of a `StatusChange`, and its members except `without`."""
    if data is None:
        play.seen.not_reached(prefix, MISSING)
        return
    record_state(play, f"{prefix}.state", data)
    record_members(play, f"{prefix}.members", data, without=without)
    _record_common_members(play, chat, data)


def record_ending(play: Play, prefix: str, chat: Chat, data: dict[str, Any] | None) -> None:
    """Record a `StatusChange` that should end the chat for the agent."""
    record_status(play, prefix, chat, data)
    content = value_at(data, "chat")
    if value_at(content, "state") in ENDED_STATES:
        listed = content.get("capabilities", [])
        found = listed if isinstance(listed, list) else type_name(listed)
        play.seen.record("ended.capabilities", found if "capabilities" in content else "absent")
        # the vendor's sample of Reject has participants, those of Leave and Complete do not
        fact_id = "reject.participants" if prefix in {"reject", "reject.waiting"} else "ended.participants"
        play.seen.record(fact_id, participant_types(content["participants"]) if "participants" in content else "absent")


def require_gone(desk: Desk, chat: Chat) -> None:
    """Raise `NotReached` if the agent still has the chat, so that it cannot be invited again."""
    if desk.chat(chat.id) is not None:
        raise NotReached("the agent still has the chat, and cannot be invited again")


def record_participants_updated(play: Play, prefix: str, chat: Chat, data: dict[str, Any] | None) -> None:
    """Record the members and the participants of a `ParticipantsUpdated`."""
    if data is None:
        play.seen.not_reached(prefix, MISSING)
        return
    content = data.get("chat")
    record_members(play, f"{prefix}.members", data)
    people = value_at(content, "participants")
    if isinstance(people, list):
        play.seen.record(f"{prefix}.participants", participant_types(people))
        for each in people:
            _record_participant(play, chat, each)
    else:
        play.seen.not_reached(f"{prefix}.participants", "the notification has no participants")
    record_state(play, "update.state", data)
    _record_common_members(play, chat, data)


def record_messages(play: Play, fact_id: str, chat: Chat, data: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Record the types and visibilities of the messages in a `NewMessages`, and return the messages."""
    if data is None:
        play.seen.not_reached(fact_id, MISSING)
        return []
    play.seen.record("message.chat", known_member_names(data, {"chatUri": str, "chatPath": str, "messages": list}))
    if not isinstance(data.get("messages"), list):
        play.seen.not_reached(fact_id, "the notification has no messages")
        return []
    found = [each for each in data["messages"] if isinstance(each, dict)]
    if all(isinstance(each.get("from"), dict) and {"type", "visibility"} <= {*each} for each in found):
        play.seen.record(fact_id, [describe(each) for each in found])
    else:
        play.seen.not_reached(fact_id, "a message has no type, sender or visibility")
    if isinstance(path := data.get("chatPath"), str):
        play.seen.record("message.chat-path", path.replace(chat.id, "{id}"))
    for each in found:
        _record_message(play, chat, each)
    _record_common_members(play, chat, data)
    return found


def record_text(play: Play, found: list[dict[str, Any]], sent: str, name: str = "text") -> None:
    """Record whether the first message has the text that was sent."""
    if found:
        play.seen.record("message.text", "as sent" if found[0].get(name) == sent else "otherwise")


def describe(message: dict[str, Any]) -> str:
    """Return the type of a message, who sent it and who sees it."""
    sender = word(value_at(message, "from", "type"))
    return f"{word(message.get('type'))} from {sender} to {word(message.get('visibility'))}"


def participant_types(people: Any) -> list[str] | str:
    """Return the types of participants; those whom the customer does not see are marked."""
    if not isinstance(people, list):
        return type_name(people)
    names = []
    for each in people:
        name = word(value_at(each, "type"))
        names.append(name if value_at(each, "visibility") in ["All", None] else f"{name} for agents")
    return names


def record_capabilities(play: Play, situation: str, data: dict[str, Any] | None) -> None:
    """Record the capabilities in a notification, unless it has none."""
    found = value_at(data, "chat", "capabilities")
    if isinstance(found, list):
        play.seen.record(f"capabilities.{situation}", found)
    else:
        play.seen.not_reached(
            f"capabilities.{situation}", MISSING if data is None else "the notification has no capabilities"
        )


def record_same_capabilities(play: Play, data: dict[str, Any], known: list[str] | None) -> None:
    """Record whether a `PropertiesUpdated` has the capabilities that were known before."""
    found = value_at(data, "chat", "capabilities")
    if isinstance(found, list) and known is not None:
        play.seen.record("properties.capabilities", "those before" if found == known else "others")


def record_customer_state(play: Play, fact_id: str, chat: Chat) -> None:
    """Record the state of the chat for the customer, if this run requested the chat."""
    if chat.customer:
        play.seen.record(fact_id, chat.customer.chat().get("state", "absent"))


def record_listing(play: Play, fact_id: str, desk: Desk, chat: Chat) -> None:
    """Record whether the server lists the chat among those of the agent, and in which state."""
    response = desk.get("/me/chats?fields=*")
    chats = response.get("chats") if response else None
    if response is None or not response.is_success or (chats is not None and not isinstance(chats, list)):
        play.seen.not_reached(fact_id, "the chats could not be read")
        return
    found = [each for each in chats or [] if value_at(each, "id") == chat.id]
    play.seen.record(fact_id, value_at(found, 0, "state") if found else "not listed")


def describe_user_data(user_data: Any, chat: Chat) -> str:
    """Return whether the user data is complete: it has the entry of the customer, if this run requested the chat."""
    is_all = chat.customer is None or value_at(user_data, USER_DATA_KEY) == chat.customer.mark
    return "all user data" if is_all else "a part"


def _record_common_members(play: Play, chat: Chat, data: dict[str, Any]) -> None:
    content = data.get("chat")
    uri = value_at(content, "uri") if isinstance(content, dict) else data.get("chatUri")
    if isinstance(uri, str):
        base, found, path = uri.partition("/api/v2")
        play.seen.record("notifications.uri", (found + path).replace(chat.id, "{id}"))
        own = base == chat.owner.http.base_url
        play.seen.record("notifications.base-url", "the URL of the request" if own else "another URL")
    if isinstance(content, dict):
        shown = content.get("path")
        play.seen.record("notifications.path", shown.replace(chat.id, "{id}") if isinstance(shown, str) else "absent")
    metrics = data.get("metrics")
    play.seen.record("notifications.metrics", "absent" if metrics is None else "present")
    if metrics is None:
        play.seen.not_reached("notifications.metrics-members", "notifications have no metrics")
    else:
        names = ["nodeProcessingTimeNanos", "serverGenerationTimestamp", "serverProcessingTimeTotalMs"]
        found_metrics = value_at(metrics, "eventProcessing")
        play.seen.record("notifications.metrics-members", known_member_names(found_metrics, dict.fromkeys(names, int)))
    is_log = "messages" in data or "chatPath" in data or data.get("notificationType") == "NewMessages"
    kind = data.get("messageType", "absent")
    play.seen.record("message.message-log" if is_log else "notifications.message-type", kind)


def _record_message(play: Play, chat: Chat, message: dict[str, Any]) -> None:
    found = known_member_names(message, MESSAGE_MEMBERS)
    always = {"index", "type", "from", "visibility", "timestamp", "timestampSeconds"}
    unusual = [each for each in found if each.partition(" as ")[2]]
    play.seen.record("message.members", sorted([*(always & set(found)), *unusual]))
    stamp, milliseconds = message.get("timestamp"), message.get("timestampSeconds")
    if isinstance(stamp, str):
        play.seen.record("message.timestamp", "as documented" if TIMESTAMP.fullmatch(stamp) else "another form")
    if isinstance(milliseconds, int):
        play.seen.record("message.timestamp-seconds", "milliseconds" if milliseconds > 10**11 else "seconds")
    _record_participant(play, chat, message.get("from"))


def _record_participant(play: Play, chat: Chat, person: Any) -> None:
    kind = value_at(person, "type")
    if isinstance(uri := value_at(person, "uri"), str):
        _, found, path = uri.partition("/api/v2")
        play.seen.record("participant.uri", (found + path).replace(str(value_at(person, "id")), "{id}"))
    if kind == "Agent" and chat.customer and "id" in person:  # other agents may have had a chat that was routed
        own = person["id"] in [desk.user.get("id") for desk in play.all_desks]
        play.seen.record("participant.id", "that of GET /api/v2/me" if own else "another")
        if isinstance(path := person.get("path"), str):
            play.seen.record("participant.path", path.replace(str(person["id"]), "{id}"))
    if kind in {"Agent", "Customer"}:
        play.seen.record(f"participant.{kind.lower()}", known_member_names(person, PARTICIPANT_MEMBERS))
