"""Replies and events, and their encoding as JSON."""

import json
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any, TypeAlias

from gws_chat.cometd.limits import Limits
from gws_chat.cometd.messages import LONG_POLLING, Message, Meta
from gws_chat.cometd.session import Session

Advice: TypeAlias = dict[str, str | int | bool]
Reply: TypeAlias = dict[str, Any]

_encoder = json.JSONEncoder(separators=(",", ":"), allow_nan=False)


class Reconnect(StrEnum):
    """The values of `reconnect` in advice: the next step for the client."""

    RETRY = "retry"
    HANDSHAKE = "handshake"
    NONE = "none"


def make_advice(reconnect: Reconnect, limits: Limits, *, interval: float = 0, multiple_clients: bool = False) -> Advice:
    """Return the advice with all fields, because several clients replace their old advice as a whole.

    `interval` is in seconds. Use 0 where possible: one client (aiocometd) reads the milliseconds as seconds.
    """
    advice: Advice = {
        "reconnect": reconnect,
        "interval": int(interval * 1000),
        "timeout": int(limits.poll_timeout * 1000),
    }
    return advice | {"multiple-clients": True} if multiple_clients else advice


def make_reply(
    message: Message, session: Session | None = None, *, error: str | None = None, advice: Advice | None = None
) -> Reply:
    """Return the reply to a message, successful if there is no error. It repeats only validated fields."""
    reply: Reply = {"channel": message.safe_channel, "successful": error is None}
    if message.channel == Meta.HANDSHAKE:
        reply |= {"version": "1.0", "minimumVersion": "1.0", "supportedConnectionTypes": [LONG_POLLING]}
    if session is not None:
        reply["clientId"] = session.id
    if message.channel in {Meta.SUBSCRIBE, Meta.UNSUBSCRIBE} and message.subscriptions:
        reply["subscription"] = message.fields["subscription"]
    if error is not None:
        reply["error"] = error
    if message.safe_id is not None:
        reply["id"] = message.safe_id
    if advice is not None:
        reply["advice"] = advice
    if message.channel == Meta.HANDSHAKE and session is not None and session.acknowledges:
        reply["ext"] = {"ack": True}
    return reply


def encode_reply(reply: Reply) -> bytes:
    return _encoder.encode(reply).encode()


def encode_event(channel: str, data: str) -> bytes:
    """Return the JSON of an event. `data` is already JSON."""
    return f'{{"channel":{json.dumps(channel)},"data":{data}}}'.encode()


def encode_response(
    encode_reply: Callable[[Reply], bytes], replies: Iterable[Reply], events: Iterable[bytes] = ()
) -> bytes:
    """Return the JSON array of the replies, in the order of their messages, and then the events."""
    return b"[" + b",".join([*map(encode_reply, replies), *events]) + b"]"
