"""Members that several resources share: URIs, participants, messages, times."""

from collections.abc import Iterable
from datetime import datetime

from gws_chat.api.serialization import JsonObject
from gws_chat.domain.transcript import Message, MessageType, Participant, TreatAs


def chat_path(chat_id: str) -> str:
    return f"/chats/{chat_id}"


def uri_and_path(path: str, external_url: str) -> JsonObject:
    return {"uri": external_url + path, "path": path}


def participants_json(participants: Iterable[Participant], external_url: str) -> list[JsonObject]:
    return [participant_json(each, external_url) for each in participants]


def participant_json(participant: Participant, external_url: str) -> JsonObject:
    """Return a participant as agents see it."""
    agent = participant.agent
    return {
        "nickname": participant.nickname,
        "type": "Customer" if agent is None else "Agent",
        "participantId": participant.id,
        "visibility": participant.visibility,
        **({} if agent is None else {"id": agent.id, **uri_and_path(agent.path, external_url)}),
    }


def message_json(message: Message, external_url: str) -> JsonObject:
    """Return a message as agents see it."""
    return {
        "index": message.index,
        "type": message.type,
        "from": participant_json(message.sender, external_url),
        **text_members(message),
        "visibility": message.visibility,
        **time_members(message),
    }


def text_members(message: Message) -> JsonObject:
    """Return the text. `messageType` and `treatAs` are present only if they differ from the default (assumed)."""
    text = message.text
    if text is None:
        return {}
    name = {MessageType.CUSTOM_NOTICE: "noticeText", MessageType.PUSH_URL: "url"}.get(message.type, "text")
    client_type = {} if text.client_type == "Text" else {"messageType": text.client_type}
    treat_as = {} if text.treat_as is TreatAs.NORMAL else {"treatAs": text.treat_as}
    return {name: text.content, **client_type, **treat_as}


def time_members(message: Message) -> JsonObject:
    # documented: `timestampSeconds` holds milliseconds
    return {"timestamp": _timestamp(message.written_at), "timestampSeconds": milliseconds(message.written_at)}


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _timestamp(moment: datetime) -> str:
    """Write the time as the vendor's samples do: 2014-01-09 12:13:15.009+0200."""
    return f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03d}{moment:%z}"
