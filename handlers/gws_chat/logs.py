"""The log on standard error: lines for a terminal, or JSON."""

import json
import logging
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import quote

from gws_chat.gateway.request_record import RequestRecord
from gws_chat.output import StandardErrorHandler
from gws_chat.settings import Settings

COLOR = re.compile("\x1b\\[[0-9]+m")  # Flask's development server prints its start in color


def configure_logging(settings: Settings) -> Callable[[RequestRecord], None]:
    """Configure logging for the service and its libraries, and return the function that logs a request.

    The request lines of Flask's development server are left out, because those of the returned function say more.
    """
    is_json = settings.log_format == "json"
    handler = StandardErrorHandler()
    handler.setFormatter(JsonFormatter() if is_json else TextFormatter())
    logging.basicConfig(handlers=[handler])
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    logging.getLogger("gws_chat").setLevel(level)
    logging.getLogger("werkzeug").addFilter(lambda record: not str(record.msg).endswith('"%s" %s %s'))
    format_request = json_line if is_json else text_line

    def log_request(record: RequestRecord) -> None:
        # not by a logger, which would cost 10 µs more, 8 % of a Leave
        if level <= level_of(record):
            handler.write(format_request(record, time.time()))

    return log_request


def level_of(request: RequestRecord) -> int:
    """Return debug for a poll, and for reading the simulation, as the console does all day; otherwise info."""
    is_read = request.method == "GET" and request.path.startswith("/simulation/")
    return logging.DEBUG if request.is_poll or is_read else logging.INFO


def text_line(request: RequestRecord, moment: float) -> str:
    """Return the line of a request that ended at `moment`, in seconds since 1970."""
    words = [_time_of_day(moment), _escaped(request.method), _escaped(request.path)]
    for name, value in _members(request):
        words.append(f"{name}={_escaped(','.join(value) if isinstance(value, list) else str(value))}")
    return f"{' '.join(words)} {request.milliseconds:.1f} ms"


def json_line(request: RequestRecord, moment: float) -> str:
    """Return the line of a request that ended at `moment`, in seconds since 1970."""
    milliseconds = round(request.milliseconds, 1)
    members = {"method": request.method, "path": request.path, **dict(_members(request)), "milliseconds": milliseconds}
    return _json_entry(moment, logging.getLevelName(level_of(request)).lower(), members)


class TextFormatter(logging.Formatter):
    """Formats an entry as one line. Further lines, as those of an exception, are indented."""

    def format(self, record: logging.LogRecord) -> str:
        text = "\n    ".join(map(_printable, super().format(record).split("\n")))
        return f"{_time_of_day(record.created)} {record.levelname} {text}"


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return _json_entry(record.created, record.levelname.lower(), {"message": super().format(record)})


def _members(request: RequestRecord) -> list[tuple[str, str | int | list[str]]]:
    """Return the members that only some requests have."""
    members = (
        ("operation", request.operation),
        ("agent", request.agent),
        ("chat", request.chat),
        ("origin", request.origin),
        ("status", request.status),
        ("statusCode", request.status_code),
        ("ignored", list(request.ignored) or None),
    )
    return [(name, value) for name, value in members if value is not None]


def _json_entry(moment: float, level: str, members: Mapping[str, object]) -> str:
    when = datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
    return json.dumps({"time": when, "level": level, **members})


def _time_of_day(moment: float) -> str:
    return f"{_second_of_day(int(moment))}.{int(moment % 1 * 1000):03d}"


@lru_cache(maxsize=1)
def _second_of_day(moment: int) -> str:
    return time.strftime("%H:%M:%S", time.localtime(moment))


def _escaped(text: str) -> str:
    """Percent-encode a text with spaces or control characters, so that a client cannot forge log lines."""
    return text if text.isprintable() and " " not in text else quote(text, errors="backslashreplace")


def _printable(line: str) -> str:
    """Escape control characters, so that a client cannot change a terminal or forge log lines."""
    line = COLOR.sub("", line)
    return "".join(each if each.isprintable() else each.encode("unicode-escape").decode() for each in line)
