"""Totals since the start of the server."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Counters:
    """Integers that only increase. `limits_hit` has one count for each limit. `queue` counts both queue limits."""

    handshakes: int = 0  # successful ones
    published: int = 0  # an event counts once, however many sessions receive it
    delivered: int = 0  # events sent with a reply, once for each session and each repetition
    repeated: int = 0  # events sent again because the client did not acknowledge them
    discarded: int = 0  # events dropped from a queue before they were delivered or acknowledged
    unknown_clients: int = 0  # replies with the error 402
    superseded_polls: int = 0  # held polls that ended because their session sent another connect
    undelivered_responses: int = 0  # held polls, and responses with events, whose client disconnected before
    expired_sessions: int = 0  # sessions removed because they were idle for too long
    limits_hit: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(["subscriptions", "queue", "sessions_per_owner", "sessions"], 0)
    )
