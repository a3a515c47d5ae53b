"""Totals since the start of the server."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Counters:
    """Integers that only increase, as /metrics explains them.

    `limits_hit` has one count for each limit; `queue` counts both limits of a queue.
    """

    handshakes: int = 0
    published: int = 0
    delivered: int = 0
    repeated: int = 0
    discarded: int = 0
    unknown_clients: int = 0
    superseded_polls: int = 0
    undelivered_responses: int = 0
    expired_sessions: int = 0
    limits_hit: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(["subscriptions", "queue", "sessions_per_owner", "sessions"], 0)
    )
