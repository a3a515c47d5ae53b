"""What a person sees of either server, and what Flask's development server needs to be helped with."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time

import httpx2
import pytest

from tests.raw_http import RawConnection, request
from tests.service import COMMANDS, ROOT, Service, free_port

SERVERS = ["uvicorn", "flask"]
FLASK = [sys.executable, "-m", "flask", "--app", "handlers"]
CHAT = "/api/v2/me/chats/0071023821aec011"
LEAVE = b'{"operationName": "Leave"}'
CROWD = """
agents:
  - {userName: "load{n}", password: "pass{n}", features: [api-multimedia], count: 12}
chats:
  - {id: "{n:016d}", customer: null, agents: [{agent: "load{n}", state: LeftChat}], count: 11}
"""


def run(command, **environment):
    """Run a command that is to end by itself."""
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def written(directory, text):
    """Write a scenario file and return where it is."""
    path = directory / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def running(server, **environment):
    """Run a service for several tests: they change nothing, or each something else."""
    service = Service(server, **environment)
    service.wait_until_ready()
    yield service
    service.end()


@pytest.fixture(scope="module")
def uvicorn_service():
    yield from running("uvicorn")


@pytest.fixture(scope="module")
def flask_service():
    yield from running("flask")


@pytest.fixture(scope="module", params=SERVERS)
def crowd(request, tmp_path_factory):
    scenario = written(tmp_path_factory.mktemp("crowd"), CROWD)
    external_url = "https://desk.example/api/v2"
    yield from running(request.param, GWS_CHAT_SCENARIO=scenario, GWS_CHAT_EXTERNAL_URL=external_url)


def first_lines(service, count):
    """Return what a running service has printed first; it is read in a thread, which may take a moment."""
    for _ in range(2000):
        lines = service.output.splitlines()
        if len(lines) >= count:
            return lines[:count]
        time.sleep(0.01)
    raise AssertionError(f"only this was printed:\n{service.output}")


@pytest.mark.parametrize("server", SERVERS)
def test_the_first_lines_say_where_everything_is_and_who_is_there(request, server):
    service = request.getfixturevalue(f"{server}_service")
    assert [
        f"API            {service.url}/api/v2",
        f"Page           {service.url}/",
        f"Documentation  {service.url}/ui/",
        f"CometD         {service.url}/api/v2/notifications",
        "Agents         agent1 / secret1",
        "               agent2 / secret2",
        "               agent3 / secret3",
        "               voiceonly / secret4",
        "Chats          0071023821aec011: Ann, agent1 Chatting",
        "               0000Na9B26EF002X: Ben, agent1 Chatting, agent2 Chatting",
        "               0000Na9B26EF003Y: Cleo, agent1 Chatting, agent3 Consultant",
        "               0000Na9B26EF004Z: Dora, agent2 Invited",
    ] == first_lines(service, 12)


def test_of_a_long_scenario_ten_are_listed_and_the_rest_is_counted(crowd):
    assert [
        "Agents         load1 / pass1",
        *(f"               load{n} / pass{n}" for n in range(2, 11)),
        "               and 2 more",
        "Chats          0000000000000001: customer gone, load1 LeftChat",
        *(f"               {n:016d}: customer gone, load{n} LeftChat" for n in range(2, 11)),
        "               and 1 more",
    ] == first_lines(crowd, 26)[4:]


def test_the_external_url_is_taken_from_the_environment(crowd):
    with httpx2.Client(base_url=crowd.url, auth=("load12", "pass12")) as http:
        uri = http.get("/api/v2/me").json()["user"]["uri"]
    assert "https://desk.example/api/v2/users" == uri.rpartition("/")[0]


@pytest.mark.parametrize("server", SERVERS)
def test_a_broken_scenario_is_one_line_with_the_place(tmp_path, server):
    path = written(tmp_path, "agents: [{userName: agent1, password: 1}]")
    ended = run([*COMMANDS[server], "--port", str(free_port())], GWS_CHAT_SCENARIO=path)
    assert (1, "", f'scenario: {path}: agents[0].password: 1 is not of type "string"\n') == (
        ended.returncode,
        ended.stdout,
        ended.stderr,
    )


def test_a_setting_that_flask_cannot_use_is_explained_without_a_trace():
    ended = run(
        [*FLASK, "run", "--port", str(free_port())], GWS_CHAT_EXTERNAL_URL="ftp://desk.example/api/v2"
    )
    assert (2, "") == (ended.returncode, ended.stdout)
    assert "'ftp://desk.example/api/v2' is not like http://localhost:8080/api/v2" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("command", [["--help"], ["routes"], ["watch", "--help"]])
def test_a_command_that_does_not_serve_says_nothing_of_a_service(command):
    ended = run([*FLASK, *command])
    assert (0, "") == (ended.returncode, ended.stderr)
    assert "/api/v2/notifications" not in ended.stdout


def run_where_others_come(**environment):
    """Serve on every address, but where it cannot: the port is taken, and nobody is let in."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        ended = run([*COMMANDS["flask"], "--host", "0.0.0.0", "--port", port], **environment)  # noqa: S104 - see above
    assert 1 == ended.returncode
    return ended.stdout


def test_flask_warns_of_the_demos_passwords_where_others_come():
    warning = "WARNING        0.0.0.0 is reachable by others, and the demo's passwords are public"
    assert warning in run_where_others_come().splitlines()


def test_flask_does_not_warn_of_passwords_that_are_not_the_demos(tmp_path):
    output = run_where_others_come(GWS_CHAT_SCENARIO=written(tmp_path, CROWD))
    assert "Agents         load1 / pass1" in output
    assert "WARNING" not in output


def test_flask_prints_the_first_lines_once_when_it_reloads():
    """The reloader loads the application twice: in the process that watches, and in the one that serves."""
    service = Service("flask", "--debug")
    service.wait_until_ready()
    service.end()
    assert 1 == service.output.count("CometD ")


def performing(*headers, body, chat=CHAT):
    return request("POST", chat, "Content-Type: application/json", *headers, body=body, user="agent1")


ODD = {
    "a path that is not UTF-8": (404, 6, request("GET", "/api/v2/me/%ff", user="agent1")),
    "an id that is not UTF-8": (404, 6, request("GET", "/api/v2/me/chats/%ff", user="agent1")),
    "a path that is not ASCII": (404, 6, request("GET", "/api/v2/me/\xff", user="agent1")),
    "a query that is not ASCII": (400, 2, request("GET", "/api/v2/me?fields=\xe9", user="agent1")),
    "a length that is no number": (400, 2, performing("Content-Length: two", body=LEAVE)),
    "a length below nothing": (400, 2, performing("Content-Length: -26", body=LEAVE)),
    "a length with a sign": (400, 2, performing("Content-Length: +26", body=LEAVE)),
    "a length in odd digits": (400, 2, performing("Content-Length: \xb2", body=LEAVE)),
    "a length beyond all bounds": (413, 10, performing(f"Content-Length: {'9' * 30}", body=LEAVE)),
    "a chunk that is none": (
        400,
        2,
        performing("Transfer-Encoding: chunked", body=b"zz\r\n" + LEAVE + b"\r\n0\r\n\r\n"),
    ),
    "a length of five thousand digits": (400, 2, performing(f"Content-Length: {'9' * 5000}", body=LEAVE)),
    "chunks over the limit": (
        413,
        10,
        performing("Transfer-Encoding: chunked", body=b"110000\r\n" + b" " * 0x110000 + b"\r\n0\r\n\r\n"),
    ),
}


@pytest.mark.parametrize(("status", "status_code", "odd"), ODD.values(), ids=ODD)
async def test_flask_answers_odd_requests_in_the_one_shape(flask_service, status, status_code, odd):
    connection = await RawConnection.sending(flask_service.port, odd)
    got, media_type, body = await connection.answer()
    assert (status, "application/json") == (got, media_type)
    assert status_code == json.loads(body)["statusCode"]


async def test_flask_reads_a_chunked_body(flask_service):
    chunks = b"c\r\n" + LEAVE[:12] + b"\r\ne\r\n" + LEAVE[12:] + b"\r\n0\r\n\r\n"
    leaving = performing("Transfer-Encoding: chunked", body=chunks, chat="/api/v2/me/chats/0000Na9B26EF002X")
    connection = await RawConnection.sending(flask_service.port, leaving)
    status, _, body = await connection.answer()
    assert (200, {"statusCode": 0}) == (status, json.loads(body))


@pytest.mark.parametrize(
    "headers_and_body",
    [(["Content-Length: 27"], LEAVE), (["Transfer-Encoding: chunked"], b"20\r\n" + LEAVE)],
    ids=["announced", "chunked"],
)
async def test_flask_does_not_perform_what_breaks_off(flask_service, headers_and_body):
    headers, body = headers_and_body
    connection = await RawConnection.sending(flask_service.port, performing(*headers, body=body))
    connection.writer.write_eof()

    status, media_type, answer = await connection.answer()

    assert (400, "application/json") == (status, media_type)
    assert 2 == json.loads(answer)["statusCode"]
    with httpx2.Client(base_url=flask_service.url, auth=("agent1", "secret1")) as http:
        assert "Chatting" == http.get(CHAT).json()["chat"]["state"]
