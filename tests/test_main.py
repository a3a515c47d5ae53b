"""`python -m handlers`: how it starts, refuses to start, ends, and answers what is not HTTP."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from importlib.metadata import version

import httpx2
import pytest

from handlers.app import build
from handlers.command_line import introduction
from handlers.settings import Settings
from tests.agents import AgentClient
from tests.raw_http import RawConnection, held_poll, request
from tests.service import COMMANDS, ROOT, Service

POLLS = 190


def run(*options):
    """Run a command that is to end by itself."""
    return subprocess.run(
        [*COMMANDS["uvicorn"], *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


@pytest.fixture(scope="module")
def service():
    """One service for what changes nothing."""
    service = Service("uvicorn")
    service.wait_until_ready()
    yield service
    service.end()


def test_the_version_is_the_documents(document):
    expected = f"python -m handlers {document['info']['version']}\n"
    assert expected == f"python -m handlers {version('gws-chat-handlers')}\n"
    assert (0, expected, "") == ended(run("--version"))


def ended(process):
    return process.returncode, process.stdout, process.stderr


def test_a_taken_port_is_one_line():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        line = f"cannot listen on 127.0.0.1 port {port}: Address already in use\n"
        assert (1, "", line) == ended(run("--port", str(port)))


def test_an_unknown_host_is_one_line():
    status, output, error = ended(run("--host", "nowhere.invalid"))
    assert (1, "") == (status, output)
    assert re.fullmatch(r"cannot listen on nowhere\.invalid port 8080: .+\n", error)


def test_port_0_of_the_environment_is_any_port_that_is_free_and_the_first_lines_name_it():
    with subprocess.Popen(
        [sys.executable, "-um", "handlers"],
        cwd=ROOT,
        env={**os.environ, "GWS_CHAT_PORT": "0"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        first = process.stdout.readline()
        url = first.removeprefix("API").strip()
        try:
            assert re.fullmatch(r"http://127\.0\.0\.1:[1-9][0-9]*/api/v2", url)
            with urllib.request.urlopen(f"{url.removesuffix('/api/v2')}/health", timeout=20) as answer:
                assert 200 == answer.status
        finally:
            process.terminate()


def test_it_listens_on_the_loopback_of_ipv6_too():
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6) as listener:
            port = listener.getsockname()[1]
    except OSError as error:
        pytest.skip(f"no IPv6 here: {error}")
    service = Service("uvicorn", "--host", "::1", port=port)
    service.url = f"http://[::1]:{port}"
    service.wait_until_ready()
    service.end()
    assert f"API            http://[::1]:{port}/api/v2" == service.output.splitlines()[0]


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_the_demo_is_no_cause_for_a_warning_where_nobody_else_comes(host):
    application = build(Settings(host=host))
    assert "WARNING" not in introduction(application, Settings(host=host))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])  # noqa: S104 - the warning is about it
def test_the_demos_passwords_are_warned_of_where_others_come(host):
    application = build(Settings(host=host))
    warning = f"WARNING        {host} is reachable by others, and the demo's passwords are public"
    assert warning == introduction(application, Settings(host=host)).splitlines()[-1]


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, -signal.SIGTERM), (signal.SIGINT, 0)])
async def test_a_signal_ends_it_within_two_seconds_and_every_held_poll_is_answered(serve, number, status):
    service = serve("uvicorn", GWS_CHAT_LOG_LEVEL="warning")
    async with httpx2.AsyncClient(base_url=service.url) as http:
        agents = [AgentClient(http, "agent1", "secret1") for _ in range(POLLS)]
        for agent in agents:
            await agent.listen()
        held = [await held_poll(agent, service.port) for agent in agents]
        last = await RawConnection.sending(service.port, request("GET", "/health"))
        await last.answer()  # whoever sent before has been heard by now

        started = time.monotonic()
        service.process.send_signal(number)
        answers = await asyncio.gather(*(poll.messages() for poll in held))
        assert status == await asyncio.to_thread(service.wait)

    # two seconds are the rule itself here, not how fast it happens to be
    assert time.monotonic() - started < 2
    retry = {"reconnect": "retry", "interval": 0}
    assert [retry] * POLLS == [{key: reply["advice"][key] for key in retry} for [reply] in answers]
    assert "" == service.output.partition("agent2 Invited\n")[2]


BROKEN = {
    "no request": b"nonsense\r\n\r\n",
    "no text": b"\x00\x01\x02\x03\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "another method": request("NONSENSE", "/"),
    "another version": b"GET / HTTP/9.9\r\n\r\n",
    "no header": request("GET", "/health", "no header"),
    "a path that is no text": request("GET", "/api/v2/me/\xff"),
    "a length that is no number": request("POST", "/api/v2/me/chats/1", "Content-Length: two"),
    "a length below nothing": request("POST", "/api/v2/me/chats/1", "Content-Length: -2"),
    "two lengths": request("POST", "/api/v2/me/chats/1", "Content-Length: 2", "Content-Length: 3"),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
async def test_what_is_not_http_is_answered_in_the_one_shape(service, broken):
    connection = await RawConnection.sending(service.port, broken)
    status, media_type, body = await connection.answer()
    assert (400, "application/json") == (status, media_type)
    assert {"statusCode": 2, "statusMessage": "request: invalid http request received"} == json.loads(body)


async def test_a_chunk_that_is_none_is_answered_in_the_one_shape(service):
    headers = "Content-Type: application/json", "Transfer-Encoding: chunked"
    broken = request("POST", "/api/v2/me/chats/1", *headers, body=b"zz\r\n{}\r\n0\r\n\r\n", user="agent1")
    status, media_type, body = await (await RawConnection.sending(service.port, broken)).answer()
    assert (400, "application/json", 2) == (status, media_type, json.loads(body)["statusCode"])
