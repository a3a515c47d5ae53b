"""Sends a whole response with one write.

uvicorn writes the head and the body one after the other, which costs a second system call and a second packet.
"""

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from gws_chat.gateway.error_responses import ErrorResponse
from gws_chat.gateway.responses import Header
from gws_chat.servers.rejection import CLOSE, rejection


def write_response(cycle: RequestResponseCycle, status: int, headers: list[Header], body: bytes) -> None:
    """Write the response, mark the cycle as complete, and close the connection if it is not kept alive."""
    close = [] if cycle.keep_alive else [CLOSE]
    cycle.transport.write(_encode(status, [*cycle.default_headers, *headers, *close], body))
    cycle.response_started = cycle.response_complete = True
    cycle.message_event.set()
    if not cycle.keep_alive:
        cycle.transport.close()
    cycle.on_response()


def encode_rejection(error: ErrorResponse) -> bytes:
    response = rejection(error)
    return _encode(response.status, response.all_headers(), response.body)


def _encode(status: int, headers: list[Header], body: bytes) -> bytes:
    lines = [b"%s: %s\r\n" % header for header in headers]
    return b"".join([STATUS_LINE[status], *lines, b"\r\n", body])
