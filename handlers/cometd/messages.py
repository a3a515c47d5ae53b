"""What Bayeux calls its fields: the only place that spells them, for reading as for writing."""

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from handlers.cometd.channels import is_channel_or_pattern
from handlers.cometd.limits import Limits

Advice: TypeAlias = dict[str, str | int | bool]
Reply: TypeAlias = dict[str, Any]

LONG_POLLING = "long-polling"

# Bayeux's `string`: what an id may consist of.
_STRING = re.compile(r"[A-Za-z0-9_!~()$@ /*.-]*")

_to_json = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode

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
    def offers_to_acknowledge(self) -> bool:
        return self._ext.get("ack") is True

    @property
    def acknowledged(self) -> int | None:
        """The number of the last answer that arrived; none if that is not said, or makes no sense."""
        number = self._ext.get("ack")
        return number if isinstance(number, int) and not isinstance(number, bool) else None

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
    def names_too_many(self) -> bool:
        """Whether there are more names than a session may have: no use in looking at each of a million."""
        value = self.fields.get("subscription")
        return isinstance(value, list) and len(value) > self.limits.subscriptions

    @property
    def subscriptions(self) -> frozenset[str] | None:
        """The names and patterns meant, or none if any of them is bad: arrays are all or nothing."""
        value = self.fields.get("subscription")
        names: list[Any] = value if isinstance(value, list) else [value]
        if not names or self.names_too_many or not all(map(self._is_name, names)):
            return None
        return frozenset(names)

    @property
    def _ext(self) -> Mapping[str, Any]:
        """The extensions' fields: of those that are not known here nothing is read."""
        ext = self.fields.get("ext")
        return ext if isinstance(ext, Mapping) else {}

    def _is_name(self, value: object) -> bool:
        return (
            isinstance(value, str)
            and len(value) <= self.limits.channel_length
            and is_channel_or_pattern(value)
        )


def advice(
    reconnect: Reconnect, limits: Limits, *, interval: float = 0, multiple_clients: bool = False
) -> Advice:
    """Advise completely, since several clients replace their old advice wholesale.

    `interval` in seconds. It stays 0 wherever it can: one client takes what is sent for seconds, too.
    """
    advised: Advice = {
        "reconnect": reconnect,
        "interval": int(interval * 1000),
        "timeout": int(limits.poll_timeout * 1000),
    }
    return advised | {"multiple-clients": True} if multiple_clients else advised


def reply(
    to: Message,
    *,
    error: str | None = None,
    client_id: str | None = None,
    advised: Advice | None = None,
    acknowledges: bool = False,
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
    if acknowledges:
        answer["ext"] = {"ack": True}
    return answer


def give_number(answer: Reply, number: int) -> None:
    """Give a connect's reply the number by which the client says that it has arrived."""
    answer["ext"] = {"ack": number}


def event(channel: str, data: str) -> bytes:
    """Make the text of what is delivered, `data` being JSON already."""
    return f'{{"channel":{json.dumps(channel)},"data":{data}}}'.encode()


def text(replies: Iterable[Reply], events: Iterable[bytes] = ()) -> bytes:
    """Join an exchange's answer: replies in the order of their messages, then the events."""
    return b"[" + b",".join([*(_to_json(each).encode() for each in replies), *events]) + b"]"
