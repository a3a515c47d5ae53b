"""The log has one line for each request, as text or JSON, under both servers."""

import json
import logging
from datetime import datetime

import httpx2
import pytest

from gws_chat.gateway.request_record import RequestRecord
from gws_chat.logs import JsonFormatter, TextFormatter, configure_logging, log_request
from gws_chat.settings import Settings
from tests.raw_http import RawConnection

CHAT = "0071023821aec011"
PATH = f"/api/v2/me/chats/{CHAT}"
LEAVE = RequestRecord("POST", PATH, "Leave", "agent1", CHAT, 200, 0, 0.26)
POLL = RequestRecord("POST", "/api/v2/notifications", "/meta/connect")
READ_JOURNAL = RequestRecord("GET", "/simulation/journal", operation="read_journal", status=200)
TIME = "2026-11-23T09:30:00.250+00:00"
MOMENT = datetime.fromisoformat(TIME).timestamp()
LOCAL_TIME = datetime.fromtimestamp(MOMENT).astimezone().strftime("%H:%M:%S.250")


@pytest.fixture
def format_request(caplog):
    """Return a function that logs a request and formats its log record."""
    caplog.set_level(logging.INFO, logger="gws_chat.access")

    def log_and_format(formatter, request):
        log_request(request)
        record = caplog.records[-1]
        record.created = MOMENT
        return formatter().format(record)

    return log_and_format


def test_text_line_has_the_known_fields(format_request):
    fields = f"operation=Leave agent=agent1 chat={CHAT} status=200 statusCode=0"

    assert f"{LOCAL_TIME} POST {PATH} {fields} 0.3 ms" == format_request(TextFormatter, LEAVE)
    assert f"{LOCAL_TIME} GET / 0.0 ms" == format_request(TextFormatter, RequestRecord("GET", "/"))


def test_json_line_has_the_known_fields(format_request):
    assert {
        "time": TIME,
        "level": "info",
        "method": "POST",
        "path": PATH,
        "operation": "Leave",
        "agent": "agent1",
        "chat": CHAT,
        "status": 200,
        "statusCode": 0,
        "milliseconds": 0.3,
    } == json.loads(format_request(JsonFormatter, LEAVE))
    assert {"time": TIME, "level": "info", "method": "GET", "path": "/", "milliseconds": 0.0} == json.loads(
        format_request(JsonFormatter, RequestRecord("GET", "/"))
    )


def test_ignored_names_are_logged(format_request):
    request = RequestRecord("GET", "/", ignored=("mobileSession", "a b"))

    assert f"{LOCAL_TIME} GET / ignored=mobileSession%2Ca%20b 0.0 ms" == format_request(TextFormatter, request)
    assert ["mobileSession", "a b"] == json.loads(format_request(JsonFormatter, request))["ignored"]


@pytest.mark.parametrize("formatter", [TextFormatter, JsonFormatter])
@pytest.mark.parametrize("evil", ["\n", "\r", "\x1b[31m", "\x85", "\u2028", "\u202e", "\ud800", "\x00"])
def test_unprintable_characters_are_escaped(formatter, evil, format_request):
    texts = f"GET{evil}", f"/a{evil}b", f"c{evil}d", f"e{evil}f", f"g{evil}h"
    request = RequestRecord(*texts, ignored=(f"i{evil}j",))

    line = format_request(formatter, request)

    assert evil not in line
    assert line.isprintable()


@pytest.mark.parametrize("formatter", [TextFormatter, JsonFormatter])
@pytest.mark.parametrize("evil", ["\r", "\x1b[31m", "\x85", "\u2028", "\u202e", "\ud800", "\x00"])
def test_other_log_records_are_escaped_as_well(formatter, evil):
    line = formatter().format(logging.LogRecord("any", logging.ERROR, "", 0, "bad %s", (f"a{evil}b",), None))

    assert line.isprintable()


def test_line_breaks_in_other_log_records_are_indented():
    error = ValueError("a\n12:30:00.123 GET / agent=root")
    record = logging.LogRecord("any", logging.ERROR, "", 0, "b\r\nc", (), (ValueError, error, None))
    record.created = MOMENT

    assert [
        f"{LOCAL_TIME} ERROR b\\r",
        "    c",
        "    ValueError: a",
        "    12:30:00.123 GET / agent=root",
    ] == TextFormatter().format(record).split("\n")


def test_text_line_escapes_spaces_but_no_letters(format_request):
    line = format_request(TextFormatter, RequestRecord("GET", "/a agent=root", agent="José"))

    assert f"{LOCAL_TIME} GET /a%20agent%3Droot agent=José 0.0 ms" == line


def test_line_of_a_preflight_has_the_origin(format_request):
    request = RequestRecord("OPTIONS", "/", status=405, origin="http://a b")

    assert "OPTIONS / origin=http%3A//a%20b status=405 0.0 ms" in format_request(TextFormatter, request)
    assert "http://a b" == json.loads(format_request(JsonFormatter, request))["origin"]


def test_formatters_write_other_log_records():
    record = logging.LogRecord("any", logging.ERROR, "", 0, "no %s", ("way",), None)
    record.created = MOMENT

    assert f"{LOCAL_TIME} ERROR no way" == TextFormatter().format(record)
    assert {"time": TIME, "level": "error", "message": "no way"} == json.loads(JsonFormatter().format(record))


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("debug", [("INFO", LEAVE), ("DEBUG", POLL), ("DEBUG", READ_JOURNAL)]),
        ("info", [("INFO", LEAVE)]),
        ("warning", []),
    ],
)
def test_level_selects_requests_polls_and_reads(level, expected, caplog):
    caplog.set_level(logging.NOTSET, logger="gws_chat")  # pytest restores the level after the test
    configure_logging(Settings(log_level=level))

    log_request(LEAVE)
    log_request(POLL)
    log_request(READ_JOURNAL)

    assert expected == [(record.levelname, record.request) for record in caplog.records]


def leave_and_stop(service, *paths):
    """Leave a chat and get the paths, then stop the service after their lines are written."""
    leave = {"auth": ("agent1", "secret1"), "json": {"operationName": "Leave"}}
    httpx2.post(f"{service.url}{PATH}", **leave).raise_for_status()
    for path in [*paths, "/health"]:  # a line is written after its response, but before the next response
        httpx2.get(f"{service.url}{path}")
    service.end()
    return service.output


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
def test_each_request_is_one_line(server, serve):
    output = leave_and_stop(serve(server), "/a%0Ab")

    lines = [line for line in output.splitlines() if CHAT in line and "Ann" not in line]
    assert [f"POST {PATH} operation=Leave agent=agent1"] == [" ".join(line.split()[1:5]) for line in lines]
    assert 1 == output.count("/a%0Ab status=404 statusCode=6")
    assert '"POST ' not in output


@pytest.mark.parametrize("log_format", ["text", "json"])
@pytest.mark.parametrize("server", ["uvicorn", "flask"])
async def test_clients_cannot_write_control_characters(server, log_format, serve):
    service = serve(server, GWS_CHAT_LOG_FORMAT=log_format)
    for head in (
        "G\x1b[31mT / HTTP/1.1",
        "GET\x85 / HTTP/1.1",
        "GET /%1b[31m%0a%e2%80%ae?%1b%0a HTTP/1.1",
        "GET /\x1b[31m HTTP/1.1",
        "GET / HTTP/\x1b[31m",
        "GET / \x1b[31m HTTP/1.1",
        "\x1b[31m\r",
    ):
        connection = await RawConnection.sending(service.port, f"{head}\r\nHost: \x1b[31m\r\n\r\n".encode("latin-1"))
        connection.writer.write_eof()
        await connection.reader.read()
        await connection.close()
    service.end()

    assert [] == [line for line in service.output.splitlines() if not line.isprintable()]


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
def test_json_format_applies_to_all_log_lines(server, serve):
    lines = leave_and_stop(serve(server, GWS_CHAT_LOG_FORMAT="json")).splitlines()

    logged = [json.loads(line) for line in lines if line.startswith("{")]
    assert ["Leave"] == [line["operation"] for line in logged if line.get("chat") == CHAT]
    assert "development server" not in "".join(line for line in lines if not line.startswith("{"))
