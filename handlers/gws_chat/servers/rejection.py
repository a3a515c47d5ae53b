"""The limits of requests, and the responses to requests that a server rejects without the application."""

from gws_chat.gateway.error_responses import ErrorResponse
from gws_chat.gateway.responses import NOSNIFF, Header, Response

HEAD_LIMIT = 64 * 1024  # bytes of the URL and the headers
REQUEST_TIMEOUT = 30.0  # seconds for a request to arrive, from its first byte; less than `startup.IDLE_TIMEOUT`
MALFORMED = ErrorResponse(400, 2, "request: invalid http request received")
HEAD_TOO_LARGE = ErrorResponse(431, 10, f"request: URL and headers must be at most {HEAD_LIMIT} bytes, got more")
TIMED_OUT = ErrorResponse(408, 2, f"request: must arrive within {REQUEST_TIMEOUT:.0f} s")
CLOSE: Header = (b"connection", b"close")


def rejection(error: ErrorResponse) -> Response:
    """Return the whole response, after which the connection closes."""
    response = error.response()
    return response._replace(headers=[CLOSE, NOSNIFF, *response.headers])
