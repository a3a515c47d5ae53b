"""An agent: an account, what it is granted, and the chats it has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from handlers.domain.errors import FeatureRequired

if TYPE_CHECKING:
    from handlers.domain.chat import Chat

CHAT_FEATURES = frozenset({"api-multimedia", "api-multimedia-chat"})
"""Either suffices: the page names the first, real servers were seen to grant only the second."""


@dataclass(slots=True, eq=False)
class Agent:
    """One agent.

    `chats` holds, by id and in order of arrival, the chats the agent is part of: invited,
    chatting or left, but not completed. `Chat` keeps it. `times_free` counts how often the agent has
    become free for customers who wait.
    """

    id: str
    user_name: str
    features: frozenset[str]
    chats: dict[str, Chat] = field(default_factory=dict, repr=False)
    operations_accepted: int = 0
    times_free: int = 0

    @property
    def path(self) -> str:
        """Where the agent is found, below `/api/v2`."""
        return f"/users/{self.id}"

    @property
    def may_chat(self) -> bool:
        return bool(self.features & CHAT_FEATURES)

    def require_chat_feature(self) -> None:
        """Raise `FeatureRequired` unless the account may use chats."""
        if not self.may_chat:
            raise FeatureRequired(
                f"features: {' or '.join(sorted(CHAT_FEATURES))} is required,"
                f" the account has {', '.join(sorted(self.features)) or 'none'}"
            )

    def accept_operation(self) -> int:
        """Count one more accepted operation and return its `referenceId`, from 1 (decided)."""
        self.operations_accepted += 1
        return self.operations_accepted
