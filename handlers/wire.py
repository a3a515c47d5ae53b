"""The API's own spelling: the only camelCase in Python.

Reads bodies that the document has validated, and writes answers and notifications. Defaults are
applied here, where a body becomes an object: the document leaves absent what the client left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.domain.chat import Text, TreatAs
from handlers.domain.events import MessagesWritten, ParticipantsChanged, StatusChanged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from handlers.domain.agent import Agent
    from handlers.domain.capabilities import Capability
    from handlers.domain.chat import Chat, Message, Participant
    from handlers.domain.events import Event

JSON = dict[str, Any]


# What comes in


def operation_name(body: JSON) -> str:
    return str(body["operationName"])


def text(body: JSON) -> Text | None:
    """Read `text`, `messageType` and `treatAs`: the three come together or not at all."""
    if "text" not in body:
        return None
    return Text(body["text"], body.get("messageType", "Text"), TreatAs(body.get("treatAs", "Normal")))


# What goes out


def success(**content: object) -> JSON:
    return {"statusCode": 0, **content}


def failure(status_code: int, message: str) -> JSON:
    return {"statusCode": status_code, "statusMessage": message}


def health() -> JSON:
    return success(status="ready")


def user(agent: Agent, external_url: str) -> JSON:
    return success(
        user={
            "id": agent.id,
            "userName": agent.user_name,
            **_address(f"/users/{agent.id}", external_url),
            "features": sorted(agent.features),
        }
    )


def chat(chat: Chat, agent: Agent, external_url: str) -> JSON:
    return success(chat=_chat_resource(chat, agent, external_url))


def chats(chats: Iterable[Chat], agent: Agent, external_url: str, *, in_full: bool) -> JSON:
    if in_full:
        return success(chats=[_chat_resource(chat, agent, external_url) for chat in chats])
    return success(uris=[external_url + _chat_path(chat.id) for chat in chats])


def notification(event: Event, external_url: str) -> JSON:
    """Write an event as the document that its agent is told."""
    return _NOTIFICATIONS[type(event)](event, external_url)


def _chat_resource(chat: Chat, agent: Agent, external_url: str) -> JSON:
    return {
        "id": chat.id,
        "state": chat.seat_of(agent).state,
        "capabilities": _names(chat.capabilities_of(agent)),
        "participants": _participants(chat.participants, external_url),
        "userData": chat.user_data,
        "receivedDate": chat.received_at.isoformat(timespec="milliseconds"),
        **_address(_chat_path(chat.id), external_url),
    }


def _status_change(event: StatusChanged, external_url: str) -> JSON:
    """Exactly the members of the page's samples, in the page's order."""
    reference = {} if event.reference_id is None else {"referenceId": event.reference_id}
    capabilities = {"capabilities": _names(event.capabilities)} if event.capabilities else {}
    return {
        "messageType": "ChatStateChangeMessage",
        **reference,
        "notificationType": "StatusChange",
        "chat": {
            "state": event.state,
            **capabilities,
            "id": event.chat_id,
            "uri": external_url + _chat_path(event.chat_id),
        },
    }


def _participants_updated(event: ParticipantsChanged, external_url: str) -> JSON:
    return {
        "messageType": "ChatStateChangeMessage",
        "notificationType": "ParticipantsUpdated",
        "chat": {
            "state": event.state,
            "capabilities": _names(event.capabilities),
            "participants": _participants(event.participants, external_url),
            "id": event.chat_id,
            "uri": external_url + _chat_path(event.chat_id),
        },
    }


def _new_messages(event: MessagesWritten, external_url: str) -> JSON:
    """Some clients find the chat by `chatUri` only, others by `chatPath` only: both are told."""
    path = _chat_path(event.chat_id)
    return {
        "messageType": "MessageLogUpdated",
        "notificationType": "NewMessages",
        "messages": [_message(message, external_url) for message in event.messages],
        "chatUri": external_url + path,
        "chatPath": path,
    }


_NOTIFICATIONS: dict[type[Event], Callable[[Any, str], JSON]] = {
    StatusChanged: _status_change,
    ParticipantsChanged: _participants_updated,
    MessagesWritten: _new_messages,
}


def _message(message: Message, external_url: str) -> JSON:
    return {
        "index": message.index,
        "type": message.type,
        "from": _participant(message.sender, external_url),
        **_written(message.text),
        "visibility": message.visibility,
        "timestamp": _timestamp(message.written_at),
        # documented under this name, and in milliseconds all the same
        "timestampSeconds": int(message.written_at.timestamp() * 1000),
    }


def _written(text: Text | None) -> JSON:
    """What was written; the two parameters only where they say something (decided)."""
    if text is None:
        return {}
    message_type = {} if text.message_type == "Text" else {"messageType": text.message_type}
    treat_as = {} if text.treat_as is TreatAs.NORMAL else {"treatAs": text.treat_as}
    return {"text": text.text, **message_type, **treat_as}


def _participants(participants: Iterable[Participant], external_url: str) -> list[JSON]:
    return [_participant(participant, external_url) for participant in participants]


def _participant(participant: Participant, external_url: str) -> JSON:
    agent = participant.agent
    return {
        "nickname": participant.nickname,
        "type": "Customer" if agent is None else "Agent",
        "participantId": participant.id,
        "visibility": participant.visibility,
        **({} if agent is None else {"id": agent.id, **_address(f"/users/{agent.id}", external_url)}),
    }


def _names(capabilities: Iterable[Capability]) -> list[str]:
    return list(capabilities)


def _chat_path(chat_id: str) -> str:
    return f"/chats/{chat_id}"


def _address(path: str, external_url: str) -> JSON:
    return {"uri": external_url + path, "path": path}


def _timestamp(moment: datetime) -> str:
    """Write the samples' own form: 2014-01-09 12:13:15.009+0200."""
    return f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03d}{moment:%z}"
