"""The metrics in the Prometheus text format: those of the CometD endpoint, and the number of requests."""

from collections import Counter
from collections.abc import Container, Iterator

from prometheus_client import generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from gws_chat.cometd.server import Server
from gws_chat.gateway.request_record import RequestRecord

COUNTERS = {
    "handshakes": "Successful handshakes.",
    "published": "Notifications published. A notification counts once, however many sessions receive it.",
    "delivered": "Notifications sent with a response, once for each session and each repetition.",
    "repeated": "Notifications sent again because the client did not acknowledge them.",
    "discarded": "Notifications dropped from a queue before they were delivered or acknowledged.",
    "unknown_clients": "Replies with the error 402.",
    "superseded_polls": "Held polls that ended because their session sent another connect.",
    "undelivered_responses": "Held polls, and responses with notifications, whose client has disconnected.",
    "expired_sessions": "Sessions removed because they were idle for too long.",
}
"""Help texts by field of `gws_chat.cometd.counters.Counters`."""


class MetricsText(Collector):
    """Reads the metrics from the CometD server on each call.

    `operations` are counted by their names. All others count together, because clients can make up any number of names.
    """

    def __init__(self, cometd: Server, operations: Container[str]) -> None:
        self._cometd = cometd
        self._operations = operations
        self._requests: Counter[tuple[str, str]] = Counter()

    def add_request(self, record: RequestRecord) -> None:
        operation = (record.operation or "").partition(",")[0]  # the first channel of a request to the CometD endpoint
        status_code = "none" if record.status_code is None else str(record.status_code)
        self._requests[operation if operation in self._operations else "other", status_code] += 1

    def text(self) -> str:
        return generate_latest(self).decode()

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
        requests = CounterMetricFamily(
            "gws_chat_requests", "Requests by operation and statusCode.", labels=["operation", "statusCode"]
        )
        for labels, count in self._requests.items():
            requests.add_metric(labels, count)
        yield requests
