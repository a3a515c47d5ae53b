"""The service's figures in the Prometheus text format, from a registry of the application's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.core import Metric

    from handlers.cometd import Server

COUNTERS = {
    "handshakes": "Sessions opened.",
    "published": "Notifications to agents who have a session, each counted once.",
    "delivered": "Notifications that rode on an answer, to each session and each time.",
    "repeated": "Those of them that had ridden on an answer before, which was not acknowledged.",
    "discarded": "Notifications that ended with the session they waited for.",
    "unknown_clients": "Messages refused with 402.",
    "superseded_polls": "Polls that ended because their session polled again.",
    "dropped_polls": "Requests whose client was gone before it could be told what waited.",
    "expired_sessions": "Sessions that ended because they were silent for too long.",
}
"""What `cometd` counts, by the names that it has there."""
OWNERS = {"sessions_per_owner": "sessions_per_agent"}
"""`cometd` knows no agents."""


class Prometheus:
    """Reads the figures when they are asked for: what happens is counted in one place only."""

    def __init__(self, cometd: Server) -> None:
        self._cometd = cometd
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def text(self) -> str:
        return generate_latest(self._registry).decode()

    def collect(self) -> Iterator[Metric]:
        messages, size = self._cometd.queued
        yield GaugeMetricFamily("gws_chat_sessions", "Sessions open now.", self._cometd.sessions)
        yield GaugeMetricFamily("gws_chat_held_polls", "Polls held now.", self._cometd.parked)
        yield GaugeMetricFamily(
            "gws_chat_queued", "Notifications not known to have arrived, over all sessions.", messages
        )
        yield GaugeMetricFamily("gws_chat_queued_bytes", "Their size.", size)
        counters = self._cometd.counters
        for name, meaning in COUNTERS.items():
            yield CounterMetricFamily(f"gws_chat_{name}", meaning, getattr(counters, name))
        limits = CounterMetricFamily("gws_chat_limits_hit", "Refusals and endings.", labels=["limit"])
        for limit, count in counters.limits_hit.items():
            limits.add_metric([OWNERS.get(limit, limit)], count)
        yield limits
