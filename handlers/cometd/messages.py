"""What Bayeux calls its fields: the only place that spells them, for reading as for writing."""

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from handlers.cometd.channels import is_channel_or_pattern
from handlers.cometd.sessions import Limits

Advice: TypeAlias = dict[str, str | int]
Reply: TypeAlias = dict[str, Any]

LONG_POLLING = "long-polling"

# Bayeux's `string`: what an id may consist of.
_STRING = re.compile(r"[A-Za-z0-9_!~()$@ /*.-]*")

# Stands for a channel that is too odd to repeat. Clients find their message by its id.
_UNKNOWN_CHANNEL = "/meta/unknown"


class Meta(StrEnum):
    """Compared exactly: loose recognition of `/meta/*` has opened holes elsewhere."""

    HANDSHAKE = "/meta/handshake"
    CONNECT = "/meta/connect"
    SUBSCRIBE = "/meta/subscribe"
    UNSUBSCRIBE = "/meta/unsubscribe"
    DISCONNECT = "/meta/disconnect"


class Reconnect(StrEnum):
    RETRY = "retry"
    HANDSHAKE = "handshake"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Message:
    """What a client sent. Only `channel` is known to be a string; anything else may be of any type."""

    fields: Mapping[str, Any]
    limits: Limits

    @property
    def channel(self) -> str:
        return str(self.fields["channel"])

    @property
    def repeatable_channel(self) -> str:
        return self.channel if self._is_name(self.channel) else _UNKNOWN_CHANNEL

    @property
    def repeatable_id(self) -> str | int | float | None:
        value, most = self.fields.get("id"), self.limits.id_length
        match value:
            case bool():
                return None
            case str() if len(value) <= most and _STRING.fullmatch(value):
                return value
            case int() if abs(value) < 10**most:
                return value
            case float() if math.isfinite(value):
                return value
        return None

    @property
    def client_id(self) -> str | None:
        value = self.fields.get("clientId")
        return value if isinstance(value, str) else None

    @property
    def has_version(self) -> bool:
        return isinstance(self.fields.get("version"), str)

    @property
    def offers_long_polling(self) -> bool:
        offered = self.fields.get("supportedConnectionTypes")
        return isinstance(offered, list) and LONG_POLLING in offered

    @property
    def is_long_polling(self) -> bool:
        return bool(self.fields.get("connectionType") == LONG_POLLING)

    @property
    def timeout(self) -> float:
        """How many seconds a connect may be held: the client's wish, if it makes sense, up to our own."""
        most = self.limits.poll_timeout
        advice = self.fields.get("advice")
        wish = advice.get("timeout") if isinstance(advice, Mapping) else None
        if isinstance(wish, bool) or not isinstance(wish, int | float) or not wish >= 0:
            return most
        # Compared before it is divided: an integer may be too large to become a float.
        return wish / 1000 if wish < most * 1000 else most

    @property
    def subscriptions(self) -> frozenset[str] | None:
        """The names and patterns meant, or none if any of them is bad: arrays are all or nothing."""
        value = self.fields.get("subscription")
        names: list[Any] = value if isinstance(value, list) else [value]
        return frozenset(names) if names and all(map(self._is_name, names)) else None

    def _is_name(self, value: object) -> bool:
        return (
            isinstance(value, str)
            and len(value) <= self.limits.channel_length
            and is_channel_or_pattern(value)
        )


def advice(reconnect: Reconnect, limits: Limits) -> Advice:
    """Advise completely, since several clients replace their old advice wholesale.

    The interval stays 0: one client takes it for seconds.
    """
    return {"reconnect": reconnect, "interval": 0, "timeout": int(limits.poll_timeout * 1000)}


def reply(
    to: Message, *, error: str | None = None, client_id: str | None = None, advised: Advice | None = None
) -> Reply:
    """Answer a message; without an error, with success. Nothing is repeated that has not been checked."""
    answer: Reply = {"channel": to.repeatable_channel, "successful": error is None}
    if to.channel == Meta.HANDSHAKE:
        answer |= {"version": "1.0", "minimumVersion": "1.0", "supportedConnectionTypes": [LONG_POLLING]}
    if client_id is not None:
        answer["clientId"] = client_id
    if to.channel in {Meta.SUBSCRIBE, Meta.UNSUBSCRIBE} and to.subscriptions:
        answer["subscription"] = to.fields["subscription"]
    if error is not None:
        answer["error"] = error
    if to.repeatable_id is not None:
        answer["id"] = to.repeatable_id
    if advised is not None:
        answer["advice"] = advised
    return answer


def event(channel: str, data: str) -> str:
    """Make the text of what is delivered, `data` being JSON already."""
    return f'{{"channel":{json.dumps(channel)},"data":{data}}}'


def text(replies: Iterable[Reply], events: Iterable[str] = ()) -> str:
    """Join an exchange's answer: replies in the order of their messages, then the events."""
    encoded = (json.dumps(each, separators=(",", ":"), allow_nan=False) for each in replies)
    return f"[{','.join([*encoded, *events])}]"
