"""HTTP/1.1 under uvicorn, with further limits, timeouts and error responses."""

from asyncio import TimerHandle
from collections.abc import Callable, Sequence
from typing import Any, Literal

import httptools
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from gws_chat.gateway.connection import CONNECTION, is_closed_by_client
from gws_chat.gateway.error_responses import ErrorResponse
from gws_chat.gateway.hosts import AUTHORITY
from gws_chat.gateway.request_record import RequestRecord, shorten_for_record
from gws_chat.gateway.responses import Header
from gws_chat.servers.http_response import encode_rejection, write_response
from gws_chat.servers.idle_timeout import IdleTimeoutProtocol
from gws_chat.servers.rejection import HEAD_LIMIT, HEAD_TOO_LARGE, MALFORMED, REQUEST_TIMEOUT, TIMED_OUT
from gws_chat.servers.targets import authority_of

LINGER = 1.0  # seconds for which a client may still send after an error


class HttpProtocol(IdleTimeoutProtocol):
    """A connection of uvicorn, which is also the `gateway.connection.Connection` of its requests.

    As such it calls back when the client of a held poll disconnects; with ASGI alone, each poll would need a task that
    waits. It ignores offers to upgrade, and rejects malformed, large and slow requests with JSON, after the responses
    to the requests before them.
    """

    _on_disconnect: Callable[[], None] | None = None
    _responding: RequestResponseCycle | None = None
    _reading: Literal["", "head", "body"] = ""  # the part of a request that has begun
    _error: ErrorResponse | None = None  # to be sent after the responses to all requests
    _received = 0  # bytes since the packet in which the last request ended
    _head_size = 0  # bytes of the URL and the complete headers
    _request_timer: TimerHandle | None = None  # while a request arrives
    _write_timer: TimerHandle | None = None  # while the client does not read, or does not close

    def __init__(self, *arguments: Any, observers: Sequence[Callable[[RequestRecord], None]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._observers = observers

    def data_received(self, data: bytes) -> None:
        if self.parser is None:
            return
        self._received += len(data)
        try:
            self._parse(memoryview(data))
        except httptools.HttpParserError:
            self._reject(HEAD_TOO_LARGE if self._head_size > HEAD_LIMIT else MALFORMED)
            return
        if self._reading == "head" and self._received > HEAD_LIMIT:
            self._reject(HEAD_TOO_LARGE)
        elif self._reading and self._request_timer is None:
            self._start_request_timer()

    def _start_request_timer(self) -> None:
        self._request_timer = self.loop.call_later(REQUEST_TIMEOUT, self._on_request_timeout)

    def _on_request_timeout(self) -> None:
        if self.flow.read_paused:  # the server delays the request, not the client
            self._start_request_timer()
        elif self.parser is not None:
            self._reject(TIMED_OUT)

    def _stop_request_timer(self) -> None:
        if self._request_timer is not None:
            self._request_timer.cancel()
            self._request_timer = None

    def pause_writing(self) -> None:
        super().pause_writing()
        self._write_timer = self.loop.call_later(self.timeout_keep_alive, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stop_write_timer()

    def _stop_write_timer(self) -> None:
        if self._write_timer is not None:
            self._write_timer.cancel()
            self._write_timer = None

    def _reject(self, error: ErrorResponse) -> None:
        """Read nothing more, send the error after the responses to earlier requests, and close the connection.

        A fault in a body is left to the application, which is running and may have responded already. It finds the
        body incomplete.
        """
        if self._reading == "body":
            self._stop_reading()
            if self.cycle.response_complete:
                self._close()
        else:
            for observe in self._observers:
                observe(self._record(error))
            self.parser = None  # type: ignore[assignment]  # as uvicorn does at the end of a connection
            self._error = error
            self._send_error_after_responses()

    def _record(self, error: ErrorResponse) -> RequestRecord:
        """Return a record with the method and the path of the request, as far as they have arrived."""
        method, path = "-", "-"
        if self._reading and self.url:
            method = self.parser.get_method().decode()
            path = shorten_for_record(self.url.partition(b"?")[0].decode("latin-1"))
        return RequestRecord(method, path, status=error.status, status_code=error.status_code)

    def _stop_reading(self) -> None:
        """Ignore all further data. The response to the newest request is the last one."""
        self.parser = None  # type: ignore[assignment]  # as above
        self.cycle.keep_alive = False

    def _send_error_after_responses(self) -> None:
        if self._error is None or self.transport.is_closing():
            return
        if self._responding is not None and (self.pipeline or not self._responding.response_complete):
            return
        self.transport.write(encode_rejection(self._error))
        self._close()

    def _close(self) -> None:
        """Send no more, and wait for the client to close: to close while it still sends would lose the responses."""
        self._error = None
        self._idle_since = self.loop.time()
        self.transport.write_eof()
        if not self.flow.write_paused:  # otherwise the client still reads the responses
            self._write_timer = self.loop.call_later(LINGER, self.transport.abort)

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
            if self._is_tunnel():  # nothing after CONNECT is a request
                self._stop_reading()
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
        self._reading, self._head_size = "head", 0
        self.scope["extensions"] = {CONNECTION: self}  # type: ignore[dict-item]  # ASGI's type is a dict of dicts

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._count(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(len(name) + len(value) + 4)
        if self._reading == "head":  # otherwise it is a trailer field, behind a chunked body
            super().on_header(name, value.rstrip())

    def _count(self, size: int) -> None:
        self._head_size += size
        if self._head_size > HEAD_LIMIT:
            raise httptools.HttpParserError

    def on_headers_complete(self) -> None:
        if self.expect_100_continue and self.parser.get_http_version() == "1.0":
            self.expect_100_continue = False  # HTTP/1.0 has no interim responses
        if not self._is_upgrade():
            self.scope["extensions"][AUTHORITY] = authority_of(self.url)  # type: ignore[assignment]  # as above
            super().on_headers_complete()
            self._reading = "body"

    def on_message_complete(self) -> None:
        if not self._is_upgrade():
            super().on_message_complete()
            self._reading, self._received = "", 0
            self._stop_request_timer()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._send_error_after_responses()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._responding = cycle
        super()._start_asgi_task(cycle, app)

    async def send_response(self, status: int, headers: list[Header], body: bytes) -> None:
        if self.flow.write_paused:
            await self.flow.drain()
        if self._responding is not None:
            write_response(self._responding, status, headers, body)

    def has_whole_request(self) -> bool:
        return self._responding is not None and not self._responding.more_body

    def has_disconnected(self) -> bool:
        if self.transport.is_closing():
            return True
        return is_closed_by_client(self.transport.get_extra_info("socket"))

    def close(self) -> None:
        self.transport.abort()

    def watch(self, on_disconnect: Callable[[], None]) -> Callable[[], bool]:
        self._on_disconnect = on_disconnect
        return self._stop_watching

    def _stop_watching(self) -> bool:
        self._on_disconnect = None
        # The event loop reads the connection, and notices a disconnect before it handles a request that was sent later.
        # It does not read while another request is queued on the connection. Only then the operating system is asked:
        # to ask it always would take 4 % of the time in which 1,000 sessions are notified.
        return self.transport.is_closing() or (self.flow.read_paused and self.has_disconnected())

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stop_request_timer()
        self._stop_write_timer()
        if self._responding is not None:
            # uvicorn marks only the newest request of the connection, which may still be queued
            self._responding.disconnected = True
            self._responding.scope["extensions"].pop(CONNECTION, None)
        if self._on_disconnect is not None:
            self._on_disconnect()
        # break the reference cycles, so that memory is freed at once
        self.pipeline.clear()
        self.cycle = self._responding = self.scope = None  # type: ignore[assignment]  # as at the beginning
