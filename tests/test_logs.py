"""How the log looks, and what each level and format has in it, under both servers."""

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
LEFT = Noted("POST", f"/api/v2/me/chats/{CHAT}", "Leave", "agent1", CHAT, 200, 0, 0.26)
MOMENT = datetime.fromisoformat("2026-11-23T09:30:00.250+00:00").timestamp()


def test_a_line_for_a_terminal_has_what_was_asked_and_what_came_of_it():
    when = datetime.fromtimestamp(MOMENT).astimezone().strftime("%H:%M:%S.250")

    assert (
        f"{when} POST /api/v2/me/chats/{CHAT} operation=Leave agent=agent1 chat={CHAT}"
        " status=200 statusCode=0 0.3 ms\n"
    ) == text_line(LEFT, MOMENT)


def test_json_has_the_same():
    assert {
        "time": "2026-11-23T09:30:00.250+00:00",
        "level": "info",
        "method": "POST",
        "path": f"/api/v2/me/chats/{CHAT}",
        "operation": "Leave",
        "agent": "agent1",
        "chat": CHAT,
        "status": 200,
        "statusCode": 0,
        "milliseconds": 0.3,
    } == json.loads(json_line(LEFT, MOMENT))


@pytest.mark.parametrize("line", [text_line, json_line])
def test_what_is_not_known_is_left_out(line):
    assert "None" not in line(Noted("GET", "/"), MOMENT)
    assert "null" not in line(Noted("GET", "/"), MOMENT)


@pytest.mark.parametrize("line", [text_line, json_line])
@pytest.mark.parametrize("evil", ["\n", "\r", "\x1b[31m", "\x85", "\u2028", "\u202e", "\ud800", "\x00"])
def test_what_is_not_to_be_seen_does_not_come_into_a_line(line, evil):
    written = line(Noted("GET", f"/a{evil}b", f"c{evil}d", f"e{evil}f", f"g{evil}h"), MOMENT)

    assert evil not in written.removesuffix("\n")
    assert written.removesuffix("\n").isprintable()


def test_a_path_cannot_pass_for_other_fields():
    assert " /a%20agent%3Droot " in text_line(Noted("GET", "/a agent=root"), MOMENT)


def test_letters_of_any_language_stay_as_they_are():
    assert " agent=José " in text_line(Noted("GET", "/", agent="José"), MOMENT)


@pytest.mark.parametrize(
    ("form", "expected"), [(TextFormatter, "ERROR no"), (JsonFormatter, '"message": "no')]
)
def test_what_else_is_logged_looks_the_same_way(form, expected):
    record = logging.LogRecord("any", logging.ERROR, "", 0, "no %s", ("way",), None)

    assert expected in form().format(record)


@pytest.mark.parametrize(
    ("level", "expected"),
    [("debug", ["operation=Leave", "operation=/meta/connect"]), ("info", ["operation=Leave"])],
)
async def test_polls_are_for_debugging(level, expected, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stderr", sys.stdout)
    log = request_log(Settings(log_level=level))

    log(LEFT)
    log(Noted("POST", "/api/v2/notifications", "/meta/connect"))
    await asyncio.sleep(0)  # in one turn of the event loop what was put off to it is done

    lines = capsys.readouterr().out.splitlines()
    assert expected == [line.split()[3] for line in lines]


def test_a_level_above_has_no_requests():
    assert request_log(Settings(log_level="warning")) is None


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
def test_a_request_is_one_line_under_either_server(server, serve):
    service = serve(server)
    leave(service)
    httpx2.get(f"{service.url}/a%0Ab")
    end(service)

    lines = [line for line in service.output.splitlines() if CHAT in line and "Ann" not in line]
    assert [f"POST /api/v2/me/chats/{CHAT} operation=Leave agent=agent1"] == [
        " ".join(line.split()[1:5]) for line in lines
    ]
    assert 1 == service.output.count("/a%0Ab status=404 statusCode=6")
    assert '"POST ' not in service.output


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
def test_where_json_is_wanted_all_that_is_logged_is_json(server, serve):
    service = serve(server, GWS_CHAT_LOG_FORMAT="json")
    leave(service)
    end(service)

    logged = [json.loads(line) for line in service.output.splitlines() if line.startswith("{")]
    assert ["Leave"] == [line["operation"] for line in logged if line.get("chat") == CHAT]
    assert "development server" not in "".join(
        line for line in service.output.splitlines() if not line.startswith("{")
    )


def test_a_quiet_service_says_nothing_of_requests(serve):
    service = serve("flask", GWS_CHAT_LOG_LEVEL="warning")
    leave(service)
    end(service)

    assert "POST" not in service.output


def end(service):
    """End the service, when what went before has been logged: a line is written after its answer."""
    httpx2.get(f"{service.url}/health")
    service.end()


def leave(service):
    httpx2.post(
        f"{service.url}/api/v2/me/chats/{CHAT}", auth=("agent1", "secret1"), json={"operationName": "Leave"}
    ).raise_for_status()
