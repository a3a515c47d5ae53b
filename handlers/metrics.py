"""`/metrics`: the service's figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handlers.prometheus import Prometheus


def get_metrics(*, prometheus: Prometheus) -> str:
    """Answer in the Prometheus text format."""
    return prometheus.text()
