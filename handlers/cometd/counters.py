"""What has happened so far, in numbers that only grow."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Counters:
    """Plain integers: counting must cost nothing."""

    handshakes: int = 0
    published: int = 0
    """Events, each once, however many sessions it was for."""
    delivered: int = 0
    """Events that rode on an answer, repetitions among them."""
    repeated: int = 0
    """Events that had ridden on an answer before, which was not acknowledged."""
    discarded: int = 0
    """Events that ended with the session they waited for."""
    unknown_clients: int = 0
    """Answers with 402."""
    superseded_polls: int = 0
    dropped_polls: int = 0
    """Polls whose client was gone before they were answered."""
    expired_sessions: int = 0
    limits_hit: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(["subscriptions", "queue", "sessions_per_owner", "sessions"], 0)
    )
    """By the limit, as `Limits` calls it; `queue` is the one for messages as the one for bytes."""
