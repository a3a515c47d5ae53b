"""The messages that clients send."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gws_chat.cometd.channels import is_channel_or_pattern
from gws_chat.cometd.limits import Limits

LONG_POLLING = "long-polling"

# Bayeux's `string`: the characters allowed in an id.
_STRING = re.compile(r"[A-Za-z0-9_!~()$@ /*.-]*")


class Meta(StrEnum):
    """The meta channels. A message belongs to one only if its channel is exactly this name."""

    HANDSHAKE = "/meta/handshake"
    CONNECT = "/meta/connect"
    SUBSCRIBE = "/meta/subscribe"
    UNSUBSCRIBE = "/meta/unsubscribe"
    DISCONNECT = "/meta/disconnect"


@dataclass(frozen=True, slots=True)
class Message:
    """A message from a client. `channel` is a string; every other field may be missing or of any type."""

    fields: Mapping[str, Any]
    limits: Limits

    @property
    def channel(self) -> str:
        return str(self.fields["channel"])

    @property
    def safe_channel(self) -> str:
        """The channel for use in a reply: a placeholder if the name is invalid. Clients match replies by id."""
        return self.channel if self._is_valid_name(self.channel) else "/meta/unknown"

    @property
    def safe_id(self) -> str | int | float | None:
        """The id for use in a reply, in the type in which it came. None if it is missing or invalid."""
        value, max_length = self.fields.get("id"), self.limits.id_length
        match value:
            case bool():
                return None
            case str() if len(value) <= max_length and _STRING.fullmatch(value):
                return value
            case int() if abs(value) < 10**max_length:
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
    def supports_long_polling(self) -> bool:
        """Whether a handshake lists long-polling among the client's connection types.

        They may be the names of an object's members: some clients send the object with their transports (assumed).
        """
        types = self.fields.get("supportedConnectionTypes")
        return isinstance(types, list | Mapping) and LONG_POLLING in types

    @property
    def uses_long_polling(self) -> bool:
        """Whether a connect has the connection type long-polling."""
        return bool(self.fields.get("connectionType") == LONG_POLLING)

    @property
    def supports_acknowledgement(self) -> bool:
        """Whether a handshake requests the ack extension."""
        return self._ext.get("ack") is True

    @property
    def acknowledged_number(self) -> int | None:
        """The ack number of the last connect reply that the client received. None if missing or invalid."""
        number = self._ext.get("ack")
        return number if isinstance(number, int) and not isinstance(number, bool) else None

    @property
    def timeout(self) -> float:
        """The seconds for which a connect may be held: the client's value if it is valid, at most the server's."""
        max_timeout = self.limits.poll_timeout
        advice = self.fields.get("advice")
        requested = advice.get("timeout") if isinstance(advice, Mapping) else None
        if isinstance(requested, bool) or not isinstance(requested, int | float) or not requested >= 0:
            return max_timeout
        # Compare before dividing: the division fails if an integer is too large for a float.
        return requested / 1000 if requested < max_timeout * 1000 else max_timeout

    @property
    def has_too_many_subscriptions(self) -> bool:
        """Whether the message alone exceeds the limit. Avoids validating each of a million names."""
        value = self.fields.get("subscription")
        return isinstance(value, list) and len(value) > self.limits.subscriptions

    @property
    def subscriptions(self) -> frozenset[str] | None:
        """The channels and patterns of `subscription`. None if it is empty or any of them is invalid."""
        value = self.fields.get("subscription")
        names: list[Any] = value if isinstance(value, list) else [value]
        if not names or self.has_too_many_subscriptions or not all(map(self._is_valid_name, names)):
            return None
        return frozenset(names)

    @property
    def _ext(self) -> Mapping[str, Any]:
        """The fields of extensions. Fields of unknown extensions are ignored."""
        ext = self.fields.get("ext")
        return ext if isinstance(ext, Mapping) else {}

    def _is_valid_name(self, value: object) -> bool:
        return isinstance(value, str) and len(value) <= self.limits.channel_length and is_channel_or_pattern(value)
