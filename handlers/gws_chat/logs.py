"""The log on standard error: lines for a terminal, or JSON. Requests are logged by the logger `gws_chat.access`."""

import json
import logging
import re
import time
from datetime import UTC, datetime
from urllib.parse import quote

from gws_chat.gateway.request_record import RequestRecord
from gws_chat.output import StandardErrorHandler
from gws_chat.settings import Settings

COLOR = re.compile("\x1b\\[[0-9]+m")  # Flask's development server prints its start in color
access_logger = logging.getLogger("gws_chat.access")


def configure_logging(settings: Settings) -> None:
    """Configure logging for the service and its libraries.

    The request lines of Flask's development server are left out, because the access log says more.
    """
    handler = StandardErrorHandler()
    handler.setFormatter(JsonFormatter() if settings.log_format == "json" else TextFormatter())
    logging.basicConfig(handlers=[handler])
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False  # no format shows them
    logging.getLogger("gws_chat").setLevel(settings.log_level.upper())
    logging.getLogger("werkzeug").addFilter(lambda record: not str(record.msg).endswith('"%s" %s %s'))


def log_request(record: RequestRecord) -> None:
    """Log a request, at level debug if it is a poll or only reads from the simulation, as the console does all day."""
    is_watching = record.method == "GET" and record.path.startswith("/simulation/")
    level = logging.DEBUG if record.is_poll or is_watching else logging.INFO
    if access_logger.isEnabledFor(level):
        # access_logger.log would also search the stack for the calling line, which no format shows
        entry = logging.LogRecord(access_logger.name, level, "", 0, "%s", (record,), None)
        entry.request = record
        access_logger.handle(entry)


class TextFormatter(logging.Formatter):
    """Formats an entry as one line. Further lines, as those of an exception, are indented."""

    def format(self, record: logging.LogRecord) -> str:
        request: RequestRecord | None = getattr(record, "request", None)
        if request is None:
            text = "\n    ".join(map(_printable, super().format(record).split("\n")))
            return f"{_time_of_day(record.created)} {record.levelname} {text}"
        fields = [
            f"{name}={_escaped(','.join(value) if isinstance(value, list) else str(value))}"
            for name, value in _known(request).items()
        ]
        words = [_escaped(request.method), _escaped(request.path), *fields, f"{request.milliseconds:.1f} ms"]
        return f"{_time_of_day(record.created)} {' '.join(words)}"


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        request: RequestRecord | None = getattr(record, "request", None)
        if request is None:
            content: dict[str, object] = {"message": super().format(record)}
        else:
            milliseconds = round(request.milliseconds, 1)
            content = {"method": request.method, "path": request.path, **_known(request), "milliseconds": milliseconds}
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        return json.dumps({"time": time, "level": record.levelname.lower(), **content})


def _known(request: RequestRecord) -> dict[str, object]:
    """Return the members that only some requests have."""
    members = {
        "operation": request.operation,
        "agent": request.agent,
        "chat": request.chat,
        "origin": request.origin,
        "status": request.status,
        "statusCode": request.status_code,
        "ignored": list(request.ignored) or None,
    }
    return {name: value for name, value in members.items() if value is not None}


def _time_of_day(moment: float) -> str:
    return f"{time.strftime('%H:%M:%S', time.localtime(moment))}.{int(moment % 1 * 1000):03d}"


def _escaped(text: str) -> str:
    """Percent-encode a text with spaces or control characters, so that a client cannot forge log lines."""
    return text if text.isprintable() and " " not in text else quote(text, errors="backslashreplace")


def _printable(line: str) -> str:
    """Escape control characters, so that a client cannot change a terminal or forge log lines."""
    line = COLOR.sub("", line)
    return "".join(each if each.isprintable() else each.encode("unicode-escape").decode() for each in line)
