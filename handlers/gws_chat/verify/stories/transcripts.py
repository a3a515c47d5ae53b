"""The transcript that an agent reads, compared with the messages that the agent was notified of."""

from typing import Any

from gws_chat.verify.chat import Chat
from gws_chat.verify.desk import Desk
from gws_chat.verify.http_client import value_at
from gws_chat.verify.play import Play

TYPING = {"TypingStarted", "TypingStopped"}


def compare_history(play: Play, fact_id: str, desk: Desk, chat: Chat, data: dict[str, Any] | None) -> None:
    """Record whether the history that an agent receives after Accept is the whole transcript."""
    found = desk.read(f"/me/chats/{chat.id}/messages", "messages")
    received = value_at(data, "messages")
    if isinstance(found, list) and isinstance(received, list):
        same = [_key(each) for each in found] == [_key(each) for each in received]
        play.seen.record(fact_id, "the transcript" if same else "otherwise")


def compare(play: Play, chat: Chat) -> None:
    """Record whether each message that the owner was notified of is in the transcript, in the same form."""
    found = chat.owner.read(f"/me/chats/{chat.id}/messages", "messages")
    if not isinstance(found, list):
        play.seen.not_reached("transcript", "the transcript could not be read")
        return
    shown = [_key(each) for each in found]
    notified = [
        _key(message)
        for each in chat.owner.listener.received
        if each.chat_id == chat.id
        for message in each.data.get("messages") or []
        if value_at(message, "type") not in TYPING
    ]
    play.seen.record("transcript.messages", "as notified" if all(each in shown for each in notified) else "otherwise")
    indexes = [value_at(each, "index") for each in found]
    in_order = all(isinstance(each, int) for each in indexes) and indexes == sorted(indexes)
    play.seen.record("transcript.order", "by index" if in_order else "otherwise")


def _key(message: Any) -> list[Any]:
    names = ("index", "type", "text", "url", "noticeText", "visibility")
    return [value_at(message, name) for name in names]
