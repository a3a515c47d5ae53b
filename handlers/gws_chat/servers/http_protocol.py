"""HTTP/1.1 under uvicorn: requests as uvicorn parses them, with the exceptions below."""

from collections.abc import Callable

import httptools
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from gws_chat.gateway.connection import CONNECTION, has_hung_up
from gws_chat.gateway.error_responses import ErrorResponse
from gws_chat.gateway.responses import encode


class HttpProtocol(HttpToolsProtocol):
    """Is the `Connection` of its requests, ignores offers to upgrade, and rejects malformed HTTP with JSON.

    ASGI's own report of a disconnect costs a task for each poll, and uvicorn's own response is plain text.
    """

    _on_disconnect: Callable[[], None] | None = None
    _responding: RequestResponseCycle | None = None

    def data_received(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        try:
            self._parse(memoryview(data))
        except httptools.HttpParserError:
            self.send_400_response("Invalid HTTP request received.")

    def _parse(self, data: memoryview) -> None:
        """Parse the data. Parse the head of a request that offers an upgrade again, without the offer.

        After such a head the parser expects another protocol: it takes the body for the next request. A server may
        ignore the offer (RFC 9110, 7.8).
        """
        while data and self.parser is not None:
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserUpgrade as upgrade:
                data = data[upgrade.args[0] :]
            else:
                return
            if self._is_tunnel():
                # nothing after CONNECT is a request
                self.cycle.keep_alive = False
                self.parser = None  # type: ignore[assignment]  # as uvicorn does at the end of a connection
                return
            head = self._head_without_upgrade()
            self.parser = httptools.HttpRequestParser(self)
            self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn does
            self.parser.feed_data(head)

    def _is_tunnel(self) -> bool:
        return self.parser.get_method() == b"CONNECT"

    def _is_upgrade(self) -> bool:
        return self.parser.should_upgrade() and not self._is_tunnel()

    def _head_without_upgrade(self) -> bytes:
        version = self.parser.get_http_version().encode()
        lines = [b"%s %s HTTP/%s" % (self.parser.get_method(), self.url, version)]
        lines += [b"%s: %s" % header for header in self.headers if header[0] != b"upgrade"]
        return b"\r\n".join([*lines, b"", b""])

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {CONNECTION: self}  # type: ignore[dict-item]  # ASGI's type is a dict of dicts

    def on_headers_complete(self) -> None:
        if not self._is_upgrade():
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        if not self._is_upgrade():
            super().on_message_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._responding = cycle
        super()._start_asgi_task(cycle, app)

    def has_disconnected(self) -> bool:
        if self.transport.is_closing():
            return True
        return has_hung_up(self.transport.get_extra_info("socket").fileno())

    def close(self) -> None:
        self.transport.abort()

    def watch(self, on_disconnect: Callable[[], None]) -> Callable[[], None]:
        self._on_disconnect = on_disconnect
        return self._stop_watching

    def _stop_watching(self) -> None:
        self._on_disconnect = None

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self._responding is not None:
            # uvicorn marks only the newest request of the connection, which may still be queued
            self._responding.disconnected = True
            # break the reference cycle, so that memory is freed at once
            self._responding.scope["extensions"].clear()
        if self._on_disconnect is not None:
            self._on_disconnect()

    def send_400_response(self, msg: str) -> None:
        body = encode(ErrorResponse(400, 2, f"request: {msg.rstrip('.').lower()}").content)
        self.transport.write(
            b"HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\nconnection: close\r\n"
            b"content-length: %d\r\n\r\n%s" % (len(body), body)
        )
        self.transport.close()
