"""The metrics of the CometD endpoint in the Prometheus text format."""

from collections.abc import Iterator

from prometheus_client import generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from gws_chat.cometd import Server

COUNTERS = {
    "handshakes": "Successful handshakes.",
    "published": "Notifications published. A notification counts once, however many sessions receive it.",
    "delivered": "Notifications sent with a response, once for each session and each repetition.",
    "repeated": "Notifications sent again because the client did not acknowledge them.",
    "discarded": "Notifications dropped from a queue before they were delivered or acknowledged.",
    "unknown_clients": "Replies with the error 402.",
    "superseded_polls": "Held polls that ended because their session sent another connect.",
    "dropped_polls": "Requests whose client disconnected before the response.",
    "expired_sessions": "Sessions removed because they were idle for too long.",
}
"""Help texts by field of `gws_chat.cometd.counters.Counters`."""


def metrics_text(cometd: Server) -> str:
    """Return the current metrics of the CometD server."""
    return generate_latest(_CometdMetrics(cometd)).decode()


class _CometdMetrics(Collector):
    def __init__(self, cometd: Server) -> None:
        self._cometd = cometd

    def collect(self) -> Iterator[Metric]:
        events, size = self._cometd.sessions.queue_totals
        yield GaugeMetricFamily("gws_chat_sessions", "CometD sessions.", len(self._cometd.sessions))
        yield GaugeMetricFamily("gws_chat_held_polls", "Held polls.", self._cometd.sessions.held_poll_count)
        yield GaugeMetricFamily(
            "gws_chat_queued", "Notifications not yet delivered or acknowledged, in all sessions.", events
        )
        yield GaugeMetricFamily("gws_chat_queued_bytes", "Size of these notifications in bytes.", size)
        counters = self._cometd.counters
        for name, help_text in COUNTERS.items():
            yield CounterMetricFamily(f"gws_chat_{name}", help_text, getattr(counters, name))
        limits = CounterMetricFamily(
            "gws_chat_limits_hit", "Requests rejected and sessions removed because of a limit.", labels=["limit"]
        )
        for limit, count in counters.limits_hit.items():
            # an owner in cometd is an agent here
            limits.add_metric([limit.replace("owner", "agent")], count)
        yield limits
