"""Serialize events as CometD notifications."""

from collections.abc import Callable
from datetime import datetime

from gws_chat.api.serialization import JsonObject
from gws_chat.api.serialization.resources import chat_path, message_json, milliseconds, participants_json
from gws_chat.api.serialization.user_states import user_state
from gws_chat.domain.events import (
    Event,
    InvitationRejected,
    MessagesAdded,
    ParticipantsChanged,
    PropertiesChanged,
    ReadyStatesSet,
    StatusChanged,
)

SerializeEvent = Callable[[Event, str], JsonObject]
"""Returns the content of the notification of an event, with the given base URL."""

NOTIFICATION_TYPES: dict[type[Event], str] = {
    StatusChanged: "StatusChange",
    ParticipantsChanged: "ParticipantsUpdated",
    InvitationRejected: "Error",
    PropertiesChanged: "PropertiesUpdated",
    MessagesAdded: "NewMessages",
    ReadyStatesSet: "ChannelStateChangeMessageV2",
}
"""The `notificationType` of each event, or the `messageType` where there is none."""


def event_serializer(style: str, now: Callable[[], datetime]) -> SerializeEvent:
    """Return the function that serializes events in a scenario's style, "documented" or "observed"."""
    if style == "documented":
        return documented_notification
    return lambda event, external_url: observed_notification(event, external_url, now())


def documented_notification(event: Event, external_url: str) -> JsonObject:
    """Return the notification with exactly the members of the vendor's pages."""
    if isinstance(event, ReadyStatesSet):
        channels = [
            {"channel": channel, "dndState": "Off", "userState": user_state(state)}
            for channel, state in event.ready_states.items()
        ]
        return {"messageType": NOTIFICATION_TYPES[ReadyStatesSet], "channels": channels}
    if isinstance(event, MessagesAdded):
        return _message_log_updated(event, external_url)
    return _chat_state_change(event, external_url)


def observed_notification(event: Event, external_url: str, now: datetime) -> JsonObject:
    """Return the notification with the additional members that real servers send (observed)."""
    notification = documented_notification(event, external_url)
    if "chat" in notification:
        chat = notification["chat"]
        empty: JsonObject = {} if "capabilities" in chat else {"capabilities": [], "participants": []}
        notification["chat"] = {**chat, **empty, "path": chat_path(chat["id"])}
    processing = {
        "nodeProcessingTimeNanos": 0,  # assumed
        "serverGenerationTimestamp": milliseconds(now),
        "serverProcessingTimeTotalMs": 0,  # assumed
    }
    return {**notification, "metrics": {"eventProcessing": processing}}


def _chat_state_change(
    event: StatusChanged | ParticipantsChanged | InvitationRejected | PropertiesChanged, external_url: str
) -> JsonObject:
    """Return the members of the samples on the vendor's Leave page, in their order, and those that `event` adds."""
    reference = {} if event.reference_id is None else {"referenceId": event.reference_id}
    chat: JsonObject = {"state": event.state}
    if event.capabilities is not None:
        chat["capabilities"] = list(event.capabilities)
    if not isinstance(event, PropertiesChanged) and event.participants is not None:
        chat["participants"] = participants_json(event.participants, external_url)
    if not isinstance(event, InvitationRejected) and event.user_data is not None:
        chat["userData"] = event.user_data
    if isinstance(event, StatusChanged) and event.received_at is not None:
        chat["receivedDate"] = event.received_at.isoformat(timespec="milliseconds")
    return {
        "messageType": "ChatStateChangeMessage",
        **reference,
        "notificationType": NOTIFICATION_TYPES[type(event)],
        "chat": {**chat, "id": event.chat_id, "uri": external_url + chat_path(event.chat_id)},
    }


def _message_log_updated(event: MessagesAdded, external_url: str) -> JsonObject:
    """Return the messages with `chatUri` and `chatPath`: some clients read only one of the two."""
    path = chat_path(event.chat_id)
    return {
        "messageType": "MessageLogUpdated",
        "notificationType": NOTIFICATION_TYPES[MessagesAdded],
        "messages": [message_json(each, external_url) for each in event.messages],
        "chatUri": external_url + path,
        "chatPath": path,
    }
