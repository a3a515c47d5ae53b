"""Signals that interrupt a run: Ctrl-C, the end of the process, and the end of the terminal."""

import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any

SIGNALS = [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]


class Interrupted(KeyboardInterrupt):
    """A signal interrupted the run, which has been cleaned up. `left_behind` names what could not be ended."""

    def __init__(self, left_behind: list[str]) -> None:
        super().__init__()
        self.left_behind = left_behind


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise `KeyboardInterrupt` at the first of the signals. Those after it have no effect."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        for each in SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    previous = {each: signal.signal(each, interrupt) for each in SIGNALS}
    try:
        yield
    finally:
        _restore(previous)


@contextmanager
def uninterruptible() -> Iterator[None]:
    """Ignore the signals. Only the main thread receives any."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = {each: signal.signal(each, signal.SIG_IGN) for each in SIGNALS}
    try:
        yield
    finally:
        _restore(previous)


def _restore(previous: Mapping[signal.Signals, Any]) -> None:
    for number, handler in previous.items():
        signal.signal(number, handler or signal.SIG_DFL)  # None: a handler that Python did not set
