"""`/health` and `/metrics`: the state of the service."""

from gws_chat.api.serialization import success
from gws_chat.api.services import Services
from gws_chat.gateway.request import Request, Result


def get_health(_: Request, services: Services) -> Result:
    """Report that the service is ready. Raises `ServerClosing` while it shuts down."""
    services.cometd.require_open()
    return Result(success(status="ready"))


def get_metrics(_: Request, services: Services) -> Result:
    return Result(services.metrics.text())
