"""What goes to the log, and how it looks: lines for a terminal, or JSON."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable

    from handlers.gateway.request_log import Noted
    from handlers.settings import Settings


def configure(settings: Settings) -> None:
    """Have what this process logs, of whatever library, look as the settings say.

    The line that Flask's development server writes for each request is left out: ours says more.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(FORMATTERS[settings.log_format]())
    logging.basicConfig(handlers=[handler])
    logging.getLogger("werkzeug").addFilter(_is_not_of_a_request)


def request_log(settings: Settings) -> Callable[[Noted], None] | None:
    """Return what writes a line for each request to the standard error, or None if nobody wants them."""
    if settings.log_level == "warning":
        return None
    return RequestLines(LINES[settings.log_format], polls=settings.log_level == "debug").add


class RequestLines:
    """Writes a line for each request; those that come in one turn of the event loop at once.

    Not by `logging`, which would cost half as much as a request itself, and line by line a fifth.
    """

    def __init__(self, line: Callable[[Noted, float], str], *, polls: bool) -> None:
        self._line = line
        self._polls = polls
        self._waiting: list[Noted] = []

    def add(self, noted: Noted) -> None:
        if noted.is_poll and not self._polls:
            return
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._write)
        self._waiting.append(noted)

    def _write(self) -> None:
        waiting, self._waiting, moment = self._waiting, [], time.time()
        sys.stderr.write("".join([self._line(noted, moment) for noted in waiting]))


def text_line(noted: Noted, moment: float) -> str:
    fields = [noted.method, _visible(noted.path)]
    if noted.operation is not None:
        fields.append(f"operation={_visible(noted.operation)}")
    if noted.agent is not None:
        fields.append(f"agent={_visible(noted.agent)}")
    if noted.chat is not None:
        fields.append(f"chat={_visible(noted.chat)}")
    if noted.status is not None:
        fields.append(f"status={noted.status}")
    if noted.status_code is not None:
        fields.append(f"statusCode={noted.status_code}")
    return f"{_clock_time(moment)} {' '.join(fields)} {noted.milliseconds:.1f} ms\n"


def json_line(noted: Noted, moment: float) -> str:
    told = {
        "time": _timestamp(moment),
        "level": "debug" if noted.is_poll else "info",
        "method": noted.method,
        "path": noted.path,
        "operation": noted.operation,
        "agent": noted.agent,
        "chat": noted.chat,
        "status": noted.status,
        "statusCode": noted.status_code,
        "milliseconds": round(noted.milliseconds, 1),
    }
    return json.dumps({name: value for name, value in told.items() if value is not None}) + "\n"


class TextFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return f"{_clock_time(record.created)} {record.levelname} {super().format(record)}"


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        told = {
            "time": _timestamp(record.created),
            "level": record.levelname.lower(),
            "message": super().format(record),
        }
        return json.dumps(told)


LINES: dict[str, Callable[[Noted, float], str]] = {"text": text_line, "json": json_line}
FORMATTERS: dict[str, type[logging.Formatter]] = {"text": TextFormatter, "json": JsonFormatter}


def _clock_time(moment: float) -> str:
    return f"{_second(int(moment))}.{int(moment % 1 * 1000):03d}"


@lru_cache(maxsize=1)
def _second(moment: int) -> str:
    return time.strftime("%H:%M:%S", time.localtime(moment))


def _timestamp(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")


def _visible(text: str) -> str:
    """Return the text; where it has blanks or what is not seen, so that it cannot pass for more."""
    return text if text.isprintable() and " " not in text else quote(text, errors="backslashreplace")


def _is_not_of_a_request(record: logging.LogRecord) -> bool:
    return not str(record.msg).endswith('"%s" %s %s')
