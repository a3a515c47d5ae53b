"""What a server lets its clients have, and for how long. A request's size is not Bayeux's to say."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in seconds, lengths in characters."""

    poll_timeout: float = 30.0
    # Thrice CometD's own: clients' backoff and the throttled timers of background tabs need it.
    max_interval: float = 30.0
    channel_length: int = 256
    id_length: int = 64
    subscriptions: int = 50
    queue_messages: int = 1_000
    queue_bytes: int = 1_048_576
    sessions_per_owner: int = 200
    sessions: int = 20_000
