"""Write to standard output and standard error without blocking on a reader that never reads (except on Windows).

A program that starts the service may connect its output to a pipe and never read it. When such a pipe is full, an
ordinary write blocks the event loop, and the service responds to nothing more, signals included.
"""

import logging
import os
import select
import sys
from threading import Lock
from typing import TextIO

OUTPUT_PATIENCE = 1.0  # seconds in which standard output must accept the next part of a text


def open_missing_descriptors() -> None:
    """Open /dev/null as standard input, output and error, where the process has none.

    Otherwise a socket would get the descriptor, and Python would write to it, or abort when it flushes it at the end.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest free descriptor


def print_text(text: str) -> None:
    """Print to standard output. Drops the rest of the text if nobody reads it."""
    _write(sys.stdout, _encoded(sys.stdout, f"{text}\n"), OUTPUT_PATIENCE)


class StandardErrorHandler(logging.Handler):
    """Writes log entries to standard error. Drops and counts the entries that nobody reads."""

    def __init__(self) -> None:
        super().__init__()
        self._unwritten = b""  # the rest of an entry, because a part of it may have been written
        self._lost = 0
        self._write_lock = Lock()

    def emit(self, record: logging.LogRecord) -> None:
        self.write(self.format(record))

    def write(self, entry: str) -> None:
        with self._write_lock:
            self._write(entry)

    def _write(self, entry: str) -> None:
        if self._unwritten:
            self._unwritten = _write(sys.stderr, self._unwritten)
            if self._unwritten:
                self._lost += 1
                return
        if self._lost:
            message = f"{self._lost} log lines were lost because nobody read them"
            warning = logging.makeLogRecord({"levelname": "WARNING", "msg": message})
            entry = f"{self.format(warning)}\n{entry}"
            self._lost = 0
        self._unwritten = _write(sys.stderr, _encoded(sys.stderr, f"{entry}\n"))


def _encoded(stream: TextIO | None, text: str) -> bytes:
    """Encode a text for the stream. Characters that its encoding lacks are escaped."""
    return text.encode(stream.encoding, "backslashreplace") if stream else b""


def _write(stream: TextIO | None, data: bytes, patience: float = 0) -> bytes:
    """Write as much as the stream accepts, and return the rest. Without a stream, or a reader, nothing is written."""
    if not stream:
        return data
    try:
        if not hasattr(select, "PIPE_BUF"):  # Windows, where only sockets can be selected
            stream.buffer.write(data)  # blocks until the reader has read
            stream.buffer.flush()
            return b""
        # a pipe that is ready accepts PIPE_BUF bytes without blocking
        while data and select.select([], [stream], [], patience)[1]:
            data = data[os.write(stream.fileno(), data[: select.PIPE_BUF]) :]
    except OSError:  # nobody reads any more
        return data
    return data
