"""A response under uvicorn is sent with one write."""

import asyncio

import pytest
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from gws_chat.servers.http_response import write_response

HEAD = b"HTTP/1.1 200 OK\r\ndate: today\r\ncontent-length: 2\r\n"


class RecordingTransport:
    """Records what is written, and "closed"."""

    def __init__(self):
        self.events = []

    def write(self, data):
        self.events.append(data)

    def close(self):
        self.events.append("closed")


@pytest.mark.parametrize(
    ("keep_alive", "events"), [(True, [HEAD + b"\r\n{}"]), (False, [HEAD + b"connection: close\r\n\r\n{}", "closed"])]
)
def test_response_is_sent_with_one_write_and_ends_the_cycle(keep_alive, events):
    transport = RecordingTransport()
    cycle = RequestResponseCycle(
        scope={},
        transport=transport,
        flow=FlowControl(transport),
        logger=None,
        access_logger=None,
        access_log=False,
        default_headers=[(b"date", b"today")],
        message_event=asyncio.Event(),
        expect_100_continue=False,
        keep_alive=keep_alive,
        on_response=lambda: transport.events.append("complete"),
    )

    write_response(cycle, 200, [(b"content-length", b"2")], b"{}")

    assert [*events, "complete"] == transport.events
    assert (True, True, True) == (cycle.response_started, cycle.response_complete, cycle.message_event.is_set())
