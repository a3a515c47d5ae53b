"""The head of a response is sent together with its body."""

import pytest

from gws_chat.servers.response_transport import CONTINUE, ResponseTransport

HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n"


class RecordingTransport:
    """Records what is written, and "closed"."""

    def __init__(self):
        self.written = []

    def write(self, data):
        self.written.append(data)

    def close(self):
        self.written.append("closed")

    def is_closing(self):
        return False


@pytest.mark.parametrize(
    ("parts", "written"),
    [
        ([HEAD, b"{}"], [HEAD + b"{}"]),
        ([HEAD, b"{", b"}"], [HEAD + b"{", b"}"]),
        ([CONTINUE, HEAD, b"{}"], [CONTINUE, HEAD + b"{}"]),
        ([HEAD], [HEAD]),
        ([HEAD, b""], [HEAD]),
    ],
    ids=["one part", "two parts", "after 100 Continue", "no body", "empty body"],
)
@pytest.mark.parametrize("end", ["flush", "close"])
def test_head_is_written_together_with_its_body(parts, written, end):
    transport = RecordingTransport()
    response = ResponseTransport(transport)

    for part in [*parts, *parts]:
        response.write(part)
        if part is parts[-1]:
            response.flush()
    getattr(response, end)()

    assert [*written, *written, *(["closed"] if end == "close" else [])] == transport.written
