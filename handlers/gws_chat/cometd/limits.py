"""Limits and timeouts of a server. The HTTP layer limits the size of a request."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Times are in seconds, lengths in characters."""

    poll_timeout: float = 30.0
    # Three times CometD's default: clients with a backoff and background tabs with throttled timers need it.
    max_interval: float = 30.0
    channel_length: int = 256
    id_length: int = 64
    # `subscriptions`, `queue_messages` and `queue_bytes` apply to each session.
    subscriptions: int = 50
    # Assumed: more than all customers that can wait for an agent who starts to work.
    queue_messages: int = 20_000
    queue_bytes: int = 16 * 1_048_576
    sessions_per_owner: int = 200
    sessions: int = 20_000
