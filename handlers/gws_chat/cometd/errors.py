"""The errors of the server."""

from enum import Enum


class ServerClosing(Exception):
    """The server is shutting down: it rejects handshakes and holds no polls."""


class ErrorCode(Enum):
    """The errors in replies. Bayeux writes them as `code:args:text`."""

    VERSION = 400, "version is missing or not a string"
    TRANSPORT = 400, "long-polling is the only connection type"
    SUBSCRIPTION = 400, "subscription is missing or not a channel"
    UNAUTHORIZED = 401, "Unauthorized"  # only injected; assumed text
    UNKNOWN_CLIENT = 402, "Unknown client"
    FORBIDDEN = 403, "forbidden"
    DENIED = 403, "Handshake denied"  # only injected; the text of CometD's server
    TOO_MANY_SUBSCRIPTIONS = 403, "too many subscriptions"
    TOO_MANY_SESSIONS = 503, "too many sessions"
    CLOSING = 503, "server is closing"

    def format(self, *args: str) -> str:
        code, text = self.value
        return f"{code}:{','.join(args)}:{text}"
