"""Each log level and format has its lines, under both servers."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from datetime import datetime

import httpx2
import pytest

from handlers.gateway.request_log import Noted
from handlers.logs import JsonFormatter, TextFormatter, json_line, request_log, text_line
from handlers.settings import Settings

CHAT = "0071023821aec011"
PATH = f"/api/v2/me/chats/{CHAT}"
LEAVE = Noted("POST", PATH, "Leave", "agent1", CHAT, 200, 0, 0.26)
MOMENT = datetime.fromisoformat("2026-11-23T09:30:00.250+00:00").timestamp()
LOCAL_TIME = datetime.fromtimestamp(MOMENT).astimezone().strftime("%H:%M:%S.250")
TIME = "2026-11-23T09:30:00.250+00:00"


def test_text_line_has_the_known_fields():
    fields = f"operation=Leave agent=agent1 chat={CHAT} status=200 statusCode=0"

    assert f"{LOCAL_TIME} POST {PATH} {fields} 0.3 ms\n" == text_line(LEAVE, MOMENT)
    assert f"{LOCAL_TIME} GET / 0.0 ms\n" == text_line(Noted("GET", "/"), MOMENT)


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
        json_line(Noted("GET", "/"), MOMENT)
    )


@pytest.mark.parametrize("line", [text_line, json_line])
@pytest.mark.parametrize("evil", ["\n", "\r", "\x1b[31m", "\x85", "\u2028", "\u202e", "\ud800", "\x00"])
def test_unprintable_characters_are_escaped(line, evil):
    written = line(Noted("GET", f"/a{evil}b", f"c{evil}d", f"e{evil}f", f"g{evil}h"), MOMENT)

    assert evil not in written.removesuffix("\n")
    assert written.removesuffix("\n").isprintable()


def test_text_line_escapes_blanks_but_no_letters():
    line = text_line(Noted("GET", "/a agent=root", agent="José"), MOMENT)

    assert f"{LOCAL_TIME} GET /a%20agent%3Droot agent=José 0.0 ms\n" == line


def test_formatters_write_other_log_records():
    record = logging.LogRecord("any", logging.ERROR, "", 0, "no %s", ("way",), None)
    record.created = MOMENT

    assert f"{LOCAL_TIME} ERROR no way" == TextFormatter().format(record)
    assert {"time": TIME, "level": "error", "message": "no way"} == json.loads(JsonFormatter().format(record))


@pytest.mark.parametrize(
    ("level", "expected"),
    [("debug", ["operation=Leave", "operation=/meta/connect"]), ("info", ["operation=Leave"])],
)
async def test_polls_are_logged_at_debug_level_only(level, expected, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stderr", sys.stdout)
    log = request_log(Settings(log_level=level))

    log(LEAVE)
    log(Noted("POST", "/api/v2/notifications", "/meta/connect"))
    await asyncio.sleep(0)  # the lines are written in the next turn of the event loop

    assert expected == [line.split()[3] for line in capsys.readouterr().out.splitlines()]


def test_warning_level_has_no_request_log():
    assert request_log(Settings(log_level="warning")) is None


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


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
def test_json_format_applies_to_all_log_lines(server, serve):
    lines = leave_and_stop(serve(server, GWS_CHAT_LOG_FORMAT="json")).splitlines()

    logged = [json.loads(line) for line in lines if line.startswith("{")]
    assert ["Leave"] == [line["operation"] for line in logged if line.get("chat") == CHAT]
    assert "development server" not in "".join(line for line in lines if not line.startswith("{"))


def test_warning_level_logs_no_requests(serve):
    output = leave_and_stop(serve("flask", GWS_CHAT_LOG_LEVEL="warning"))

    assert "POST" not in output
