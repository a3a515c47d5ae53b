"""Members that several resources share: URIs, participants, messages, times."""

from collections.abc import Iterable
from datetime import datetime

from gws_chat.api.serialization import JsonObject
from gws_chat.domain.transcript import Message, MessageType, Participant, TreatAs


def chat_path(chat_id: str) -> str:
    return f"/chats/{chat_id}"


def uri_and_path(path: str, external_url: str) -> JsonObject:
    return {"uri": external_url + path, "path": path}


def participants(listed: Iterable[Participant], external_url: str) -> list[JsonObject]:
    return [participant(each, external_url) for each in listed]


def participant(shown: Participant, external_url: str) -> JsonObject:
    """Return a participant as agents see it."""
    agent = shown.agent
    return {
        "nickname": shown.nickname,
        "type": "Customer" if agent is None else "Agent",
        "participantId": shown.id,
        "visibility": shown.visibility,
        **({} if agent is None else {"id": agent.id, **uri_and_path(agent.path, external_url)}),
    }


def message(shown: Message, external_url: str) -> JsonObject:
    """Return a message as agents see it."""
    return {
        "index": shown.index,
        "type": shown.type,
        "from": participant(shown.sender, external_url),
        **text_members(shown),
        "visibility": shown.visibility,
        **time_members(shown),
    }


def text_members(shown: Message) -> JsonObject:
    """Return the text. `messageType` and `treatAs` are present only if they differ from the default (assumed)."""
    text = shown.text
    if text is None:
        return {}
    name = {MessageType.CUSTOM_NOTICE: "noticeText", MessageType.PUSH_URL: "url"}.get(shown.type, "text")
    message_type = {} if text.message_type == "Text" else {"messageType": text.message_type}
    treat_as = {} if text.treat_as is TreatAs.NORMAL else {"treatAs": text.treat_as}
    return {name: text.text, **message_type, **treat_as}


def time_members(shown: Message) -> JsonObject:
    # documented: `timestampSeconds` holds milliseconds
    return {"timestamp": _timestamp(shown.written_at), "timestampSeconds": milliseconds(shown.written_at)}


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _timestamp(moment: datetime) -> str:
    """Write the time as the vendor's samples do: 2014-01-09 12:13:15.009+0200."""
    return f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03d}{moment:%z}"
