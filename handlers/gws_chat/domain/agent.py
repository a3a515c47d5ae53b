"""An agent: an account and its features."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import NAMESPACE_DNS, UUID, uuid5

from gws_chat.domain.errors import FeatureRequired, shorten

CHAT_FEATURES = frozenset({"api-multimedia", "api-multimedia-chat"})
"""One of them is enough. The first is documented, the second observed."""
CHAT_FEATURE_NAMES = " or ".join(sorted(CHAT_FEATURES))
CHANNEL_FEATURES = {"chat": CHAT_FEATURES, "voice": frozenset({"api-voice"})}
"""By channel of a contact-center session: the features of which an account needs one."""


class ReadyState(StrEnum):
    """Whether an agent takes new work on a channel. The values are also names of operations."""

    READY = "Ready"
    NOT_READY = "NotReady"
    AFTER_CALL_WORK = "AfterCallWork"


@dataclass(slots=True, eq=False)
class Agent:
    """An account with its features and its contact-center session.

    `availability_count` increases when an agent who is Ready on the channel chat has given up a chat, has lost an
    invitation because no agent was left in the chat, has become Ready or has started a session. It does not increase
    when the agent declines an invitation or lets it expire.
    """

    id: str
    user_name: str
    features: frozenset[str]
    first_name: str = ""
    last_name: str = ""
    email_address: str = ""
    ready_states: dict[str, ReadyState] = field(default_factory=dict)  # by channel; empty without a session
    last_reference_id: int = 0
    availability_count: int = 0

    @property
    def path(self) -> str:
        """The agent's path below `/api/v2`."""
        return f"/users/{self.id}"

    @property
    def device_id(self) -> UUID:
        """The ID of the agent's only device, derived from the user name, so that it is the same in every run."""
        return uuid5(NAMESPACE_DNS, f"device of {self.user_name}")

    @property
    def phone_number(self) -> str:
        """The number of the device: seven digits (assumed)."""
        return f"{self.device_id.int % 10**7:07}"

    @property
    def may_chat(self) -> bool:
        return bool(self.features & CHAT_FEATURES)

    @property
    def is_ready_for_chats(self) -> bool:
        return self.ready_states.get("chat") is ReadyState.READY

    def obstacle_to(self, channel: str) -> str | None:
        """Return why the account cannot have the channel, or None if it can."""
        if channel not in CHANNEL_FEATURES:
            return f"channels: must be {' or '.join(CHANNEL_FEATURES)}, got {shorten(channel)!r}"
        required = CHANNEL_FEATURES[channel]
        if self.features & required:
            return None
        features = ", ".join(sorted(self.features)) or "none"
        return f"features: must include {' or '.join(sorted(required))}, got {features}"

    def require_chat_feature(self) -> None:
        """Raise `FeatureRequired` unless the account has a chat feature."""
        if obstacle := self.obstacle_to("chat"):
            raise FeatureRequired(obstacle)

    def next_reference_id(self) -> int:
        """Count one more accepted operation and return its `referenceId`; the first is 1 (assumed)."""
        self.last_reference_id += 1
        return self.last_reference_id
