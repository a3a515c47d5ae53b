"""`/health`: whether the service is ready."""

from handlers import wire


def get_health() -> wire.JSON:
    return wire.health()
