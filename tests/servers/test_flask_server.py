"""`flask --app gws_chat run`: banner, settings, and requests that a2wsgi cannot handle by itself."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import httpx2
import pytest
from werkzeug.serving import make_server

from gws_chat.servers.wsgi import RequestHandler
from tests.commands import run
from tests.raw_http import RawConnection, request
from tests.service import COMMANDS, Service, free_port

FLASK = [sys.executable, "-m", "flask", "--app", "gws_chat"]
CHAT = "/api/v2/me/chats/0071023821aec011"
LEAVE = b'{"operationName": "Leave"}'
CHUNKS = b"1a\r\n" + LEAVE + b"\r\n0\r\n\r\n"
LARGE_CHUNK = b"110000\r\n" + b" " * 0x110000 + b"\r\n0\r\n\r\n"


def performing(*headers, body, chat=CHAT):
    return request("POST", chat, "Content-Type: application/json", *headers, body=body, user="agent1")


def on_host(host, target):
    return request("GET", target).replace(b"Host: 127.0.0.1", f"Host: {host}".encode())


UNUSUAL = {
    "path not UTF-8": (404, 6, request("GET", "/api/v2/me/%ff", user="agent1")),
    "path not ASCII": (400, 2, request("GET", "/api/v2/me/\xff", user="agent1")),
    "query not ASCII": (400, 2, request("GET", "/api/v2/me?fields=\xe9", user="agent1")),
    "negative length": (400, 2, performing("Content-Length: -26", body=LEAVE)),
    "length in superscript digits": (400, 2, performing("Content-Length: \xb2", body=LEAVE)),
    "length of thirty digits": (413, 10, performing(f"Content-Length: {'9' * 30}", body=LEAVE)),
    "target without a slash": (400, 2, request("GET", "health")),
    "target with only a query": (400, 2, request("GET", "?x")),
    "URL without a path": (400, 2, request("GET", "http://127.0.0.1")),
    "URL of another host": (403, 3, request("GET", "http://evil.example/health")),
    "URL and Host of another host": (403, 3, on_host("evil.example", "http://localhost/health")),
    "URL with another scheme": (400, 2, request("GET", "ftp://localhost/health")),
    "URL with a user": (403, 3, request("GET", "http://user@localhost/health")),
    "URL with a malformed port": (400, 2, request("GET", "http://localhost:x/health")),
    "URL with a malformed address": (400, 2, request("GET", "http://[x/health")),
    "URL without a host": (400, 2, request("GET", "http:///health")),
    "URL": (200, 0, on_host("127.0.0.1", "HTTP://LOCALHOST:80/health")),
    "URL with two slashes": (200, 0, request("GET", "http://localhost//health")),
    "blank after the host": (200, 0, on_host("localhost \t", "/health")),
    "length and chunks": (400, 2, performing("Content-Length: 26", "Transfer-Encoding: chunked", body=CHUNKS)),
    "two lengths": (400, 2, performing("Content-Length: 26", "Content-Length: 27", body=LEAVE)),
    "the same length twice": (400, 2, performing("Content-Length: 26", "Content-Length: 26", body=LEAVE)),
    "asterisk": (404, 6, request("OPTIONS", "*")),
    "slashes at the start": (403, 20, request("GET", "///api/v2/me")),
    "slashes inside": (404, 6, request("GET", "/api//v2/me")),
    "encoded slash": (404, 6, request("GET", "/api/v2/me/chats/a%2Fb", user="agent1")),
    "reserved characters": (404, 6, request("GET", "/api/v2/me/chats/%3F%23%5B;=@:", user="agent1")),
    "malformed chunk": (400, 2, performing("Transfer-Encoding: chunked", body=b"zz\r\n" + LEAVE + b"\r\n0\r\n\r\n")),
    "length of five thousand digits": (400, 2, performing(f"Content-Length: {'9' * 5000}", body=LEAVE)),
    "chunks over the limit": (413, 10, performing("Transfer-Encoding: chunked", body=LARGE_CHUNK)),
}


SAME_UNDER_UVICORN = [
    "length and chunks",
    "two lengths",
    "the same length twice",
    "path not ASCII",
    "query not ASCII",
    "URL of another host",
    "URL and Host of another host",
    "URL with another scheme",
    "URL with a user",
    "URL with a malformed port",
    "URL with a malformed address",
    "URL without a host",
    "URL",
    "URL with two slashes",
    "blank after the host",
    "target without a slash",
    "target with only a query",
    "URL without a path",
    "asterisk",
    "slashes at the start",
    "slashes inside",
    "encoded slash",
    "reserved characters",
]


@pytest.fixture(scope="module")
def service():
    """Start one service for the tests that do not disturb one another."""
    with Service("flask") as service:
        yield service


@pytest.mark.parametrize("options", [[], ["--debug"]])
def test_the_banner_is_printed_once(options):
    """With --debug the reloader loads the application in two processes."""
    with Service("flask", *options) as service:
        pass

    assert 1 == service.output.count(f"CometD         {service.url}/api/v2/notifications\n")


@pytest.mark.parametrize("host", ["0.0.0.0", ""])  # noqa: S104 - nothing listens here, see below
def test_the_warning_is_about_the_host_of_flask_run(host):
    with socket.create_server(("127.0.0.1", 0)) as listener:  # the port is in use, so that nobody can connect
        port = str(listener.getsockname()[1])

        status, output, _ = run([*COMMANDS["flask"], "--host", host, "--port", port])

    assert 1 == status
    assert "WARNING        other computers can reach 0.0.0.0" in output


@pytest.mark.parametrize("host", ["*", "[::1]"])
def test_an_unusable_host_is_an_error(host):
    status, output, error = run([*COMMANDS["flask"], "--host", host])

    assert (1, "") == (status, output)
    assert f"--host: must be a host name or an address without brackets, got {host!r}\n" == error


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("GWS_CHAT_EXTERNAL_URL", "ftp://desk.example/api/v2", "must be a URL such as http://localhost:8080/api/v2"),
        ("GWS_CHAT_SCENARIO", "missing.yaml", "scenario: missing.yaml: "),
    ],
)
def test_an_invalid_setting_is_reported_without_a_traceback(variable, value, message):
    status, output, error = run([*FLASK, "run", "--port", str(free_port())], **{variable: value})

    assert status
    assert "" == output
    assert message in error
    assert "Traceback" not in error


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_signal_ends_the_process_with_a_line(serve, number):
    service = serve("flask")

    service.process.send_signal(number)

    assert 128 + number == service.wait()
    assert service.output.endswith(f" INFO shutting down, received {number.name}\n")


def test_sigterm_ends_the_process_with_id_1(tmp_path):
    """As in a container. The kernel ignores a signal for this process unless it has a handler."""
    unshare = "unshare --user --map-root-user --pid --fork"
    if not shutil.which("unshare") or subprocess.run([*unshare.split(), "true"], check=False).returncode:
        pytest.skip("this computer does not allow namespaces")
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec {unshare} {sys.executable} "$@"\n')
    python.chmod(0o755)
    with Service("flask", python=python) as service:
        child = Path(f"/proc/{service.process.pid}/task/{service.process.pid}/children").read_text()

        os.kill(int(child), signal.SIGTERM)

        assert 128 + signal.SIGTERM == service.wait()


@pytest.mark.parametrize("command", [["--help"], ["routes"]])
def test_other_flask_commands_print_no_banner(command):
    status, output, error = run([*FLASK, *command])

    assert (0, "") == (status, error)
    assert "/api/v2/notifications" not in output


@pytest.mark.parametrize(("status", "status_code", "unusual"), UNUSUAL.values(), ids=UNUSUAL)
async def test_unusual_requests_are_answered_with_json(service, status, status_code, unusual):
    connection = await RawConnection.sending(service.port, unusual)

    actual_status, media_type, body = await connection.response()

    assert (status, "application/json") == (actual_status, media_type)
    assert status_code == json.loads(body)["statusCode"]


async def test_targets_have_the_same_response_under_uvicorn(service, share):
    uvicorn = share("uvicorn")
    for name in SAME_UNDER_UVICORN:
        _, _, unusual = UNUSUAL[name]
        responses = [
            await (await RawConnection.sending(port, unusual)).response() for port in (service.port, uvicorn.port)
        ]

        assert responses[0] == responses[1], name


async def test_a_chunked_body_is_read(service):
    chunks = b"c\r\n" + LEAVE[:12] + b"\r\ne\r\n" + LEAVE[12:] + b"\r\n0\r\n\r\n"
    leave = performing("Transfer-Encoding: chunked", body=chunks, chat="/api/v2/me/chats/0000Na9B26EF002X")

    connection = await RawConnection.sending(service.port, leave)
    status, _, body = await connection.response()

    assert (200, {"statusCode": 0}) == (status, json.loads(body))


@pytest.mark.parametrize(
    ("header", "body"),
    [("Content-Length: 27", LEAVE), ("Transfer-Encoding: chunked", b"20\r\n" + LEAVE)],
    ids=["length", "chunked"],
)
async def test_an_incomplete_body_changes_nothing(service, header, body):
    connection = await RawConnection.sending(service.port, performing(header, body=body))
    connection.writer.write_eof()

    status, media_type, response = await connection.response()

    assert (400, "application/json") == (status, media_type)
    assert 2 == json.loads(response)["statusCode"]
    chat = httpx2.get(f"{service.url}{CHAT}", auth=("agent1", "secret1")).json()["chat"]
    assert "Chatting" == chat["state"]


@pytest.mark.parametrize("sent", [b"", b"GET /health HTTP/1.1\r\nHost:"])
async def test_an_idle_connection_is_closed(monkeypatch, sent):
    monkeypatch.setattr(RequestHandler, "timeout", 0.1)
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True, request_handler=RequestHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    connection = await RawConnection.sending(server.port, sent)

    assert b"" == await connection.head()
    await connection.close()
    server.shutdown()
    server.server_close()
