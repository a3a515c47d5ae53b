"""Signals that end the process. uvicorn replaces these handlers while it serves."""

import logging
import os
import signal
from collections.abc import Iterable
from types import FrameType

logger = logging.getLogger(__name__)

# Windows has no SIGHUP, and other systems have no SIGBREAK (Ctrl-Break)
END_SIGNALS = {each for each in signal.Signals if each.name in {"SIGBREAK", "SIGHUP", "SIGINT", "SIGTERM"}}


def exit_on_signals(numbers: Iterable[signal.Signals]) -> None:
    """End the process at once, without a traceback, on each of these signals.

    A process with the ID 1, as in a container, ignores signals without a handler.
    """
    for number in numbers:
        if not is_ignored(number):
            signal.signal(number, _exit)


def is_ignored(number: signal.Signals) -> bool:
    """Return whether the caller wants the signal to be ignored, as nohup does."""
    return signal.getsignal(number) is signal.SIG_IGN


def log_shutdown(number: int) -> None:
    logger.info("shutting down, received %s", signal.Signals(number).name)


def _exit(number: int, _: FrameType | None) -> None:
    log_shutdown(number)
    os._exit(128 + number)
