"""Sends the head of a response together with its body."""

from asyncio import Transport

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"  # as uvicorn writes it


class ResponseTransport:
    """The part of a transport that uvicorn needs to send responses. A head waits for the first part of its body.

    uvicorn writes one after the other, which costs a second system call and a second packet.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._head = b""
        self.is_closing = transport.is_closing

    def write(self, data: bytes) -> None:
        if self._head:
            self._transport.write(self._head + data)
            self._head = b""
        elif data.startswith(b"HTTP/1.1 ") and data != CONTINUE:
            self._head = data
        else:
            self._transport.write(data)

    def flush(self) -> None:
        """Send a head without a body."""
        if self._head:
            self._transport.write(self._head)
            self._head = b""

    def close(self) -> None:
        self.flush()
        self._transport.close()
