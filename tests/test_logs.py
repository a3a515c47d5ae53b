"""The log has one line for each request, as text or JSON, under both servers."""

import json
import logging
from datetime import datetime

import httpx2
import pytest

from gws_chat.gateway.request_record import RequestRecord
from gws_chat.logs import JsonFormatter, TextFormatter, configure_logging, json_line, text_line
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


def test_text_line_has_the_known_fields():
    fields = f"operation=Leave agent=agent1 chat={CHAT} status=200 statusCode=0"

    assert f"{LOCAL_TIME} POST {PATH} {fields} 0.3 ms" == text_line(LEAVE, MOMENT)
    assert f"{LOCAL_TIME} GET / 0.0 ms" == text_line(RequestRecord("GET", "/"), MOMENT)


def test_json_line_has_the_known_fields():
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
    } == json.loads(json_line(LEAVE, MOMENT))
    assert {"time": TIME, "level": "info", "method": "GET", "path": "/", "milliseconds": 0.0} == json.loads(
        json_line(RequestRecord("GET", "/"), MOMENT)
    )


def test_ignored_names_are_logged():
    request = RequestRecord("GET", "/", ignored=("mobileSession", "a b"))

    assert f"{LOCAL_TIME} GET / ignored=mobileSession%2Ca%20b 0.0 ms" == text_line(request, MOMENT)
    assert ["mobileSession", "a b"] == json.loads(json_line(request, MOMENT))["ignored"]


@pytest.mark.parametrize("line_of", [text_line, json_line])
@pytest.mark.parametrize("evil", ["\n", "\r", "\x1b[31m", "\x85", "\u2028", "\u202e", "\ud800", "\x00"])
def test_unprintable_characters_are_escaped(line_of, evil):
    texts = f"GET{evil}", f"/a{evil}b", f"c{evil}d", f"e{evil}f", f"g{evil}h"
    request = RequestRecord(*texts, ignored=(f"i{evil}j",))

    line = line_of(request, MOMENT)

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


def test_text_line_escapes_spaces_but_no_letters():
    line = text_line(RequestRecord("GET", "/a agent=root", agent="José"), MOMENT)

    assert f"{LOCAL_TIME} GET /a%20agent%3Droot agent=José 0.0 ms" == line


def test_line_of_a_preflight_has_the_origin():
    request = RequestRecord("OPTIONS", "/", status=405, origin="http://a b")

    assert "OPTIONS / origin=http%3A//a%20b status=405 0.0 ms" in text_line(request, MOMENT)
    assert "http://a b" == json.loads(json_line(request, MOMENT))["origin"]


def test_formatters_write_other_log_records():
    record = logging.LogRecord("any", logging.ERROR, "", 0, "no %s", ("way",), None)
    record.created = MOMENT

    assert f"{LOCAL_TIME} ERROR no way" == TextFormatter().format(record)
    assert {"time": TIME, "level": "error", "message": "no way"} == json.loads(JsonFormatter().format(record))


@pytest.mark.parametrize(
    ("level", "expected"), [("debug", [LEAVE, POLL, READ_JOURNAL]), ("info", [LEAVE]), ("warning", [])]
)
def test_level_selects_requests_polls_and_reads(level, expected, caplog, capfd):
    caplog.set_level(logging.NOTSET, logger="gws_chat")  # pytest restores the level after the test
    log_request = configure_logging(Settings(log_level=level, log_format="json"))

    for record in (LEAVE, POLL, READ_JOURNAL):
        log_request(record)

    assert [record.path for record in expected] == [
        json.loads(line)["path"] for line in capfd.readouterr().err.splitlines()
    ]


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
