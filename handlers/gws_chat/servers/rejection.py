"""The response to a request that a server rejects without the application."""

from http import HTTPStatus

from gws_chat.gateway.error_responses import ErrorResponse
from gws_chat.gateway.responses import encode

MALFORMED = ErrorResponse(400, 2, "request: invalid http request received")


def http_response(error: ErrorResponse) -> bytes:
    """Return the whole response, after which the connection closes."""
    body = encode(error.content)
    return (
        b"HTTP/1.1 %d %s\r\ncontent-type: application/json\r\nconnection: close\r\n"
        b"cache-control: no-store\r\nx-content-type-options: nosniff\r\ncontent-length: %d\r\n\r\n%s"
        % (error.status, HTTPStatus(error.status).phrase.encode(), len(body), body)
    )
