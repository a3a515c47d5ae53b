"""The service never waits for a reader of its output, and writes characters that its encoding lacks."""

import os
import signal
import subprocess
import sys
import threading

import httpx2
import pytest

from tests.service import COMMANDS, ROOT, Service, free_port

ANNOUNCED = "log lines were lost because nobody read them"


class UnreadService(Service):
    """A service whose output nobody reads. Standard error, and maybe standard output, is a pipe that is full."""

    def __init__(self, server, *streams):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.reader, writer = os.pipe()
        os.set_blocking(writer, False)
        try:
            while True:
                os.write(writer, b"." * 1024)
        except BlockingIOError:
            os.set_blocking(writer, True)
        command = [*COMMANDS[server], "--port", str(self.port)]
        pipes = dict.fromkeys(streams, writer)
        self.process = subprocess.Popen(command, cwd=ROOT, **{"stdout": subprocess.DEVNULL, **pipes})
        os.close(writer)
        self._ended = threading.Event()

    def read(self):
        """Return what is in the pipe."""
        return os.read(self.reader, 1_000_000).decode()

    def end(self):
        self.process.kill()
        self.process.wait()
        os.close(self.reader)

    @property
    def output(self):
        return ""


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
@pytest.mark.parametrize("streams", [["stderr"], ["stdout", "stderr"]], ids=len)
def test_unread_output_never_stops_the_service(server, streams):
    with UnreadService(server, *streams) as service:
        with httpx2.Client(base_url=service.url) as http:
            for _ in range(20):
                http.get("/health").raise_for_status()

        service.process.send_signal(signal.SIGTERM)
        service.process.wait(5)


def test_lost_log_lines_are_counted():
    with UnreadService("uvicorn", "stderr") as service:
        with httpx2.Client(base_url=service.url) as http:
            for _ in range(20):
                http.get("/health").raise_for_status()
            service.read()
            http.get("/health").raise_for_status()

        lines = service.read().splitlines()

    # the first line waited to be written, as the requests of wait_until_ready show
    assert "GET /health" in lines[0]
    [(number, rest)] = [line.split("WARNING ")[1].split(" ", 1) for line in lines if "WARNING" in line]
    assert ANNOUNCED == rest
    assert int(number) >= 19
    assert "GET /health" in lines[-1]


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
@pytest.mark.parametrize("server", ["uvicorn", "flask"])
def test_characters_missing_in_the_encoding_are_escaped(server, encoding, serve, tmp_path):
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text("agents: [{userName: Ω, password: p}]", encoding="utf-8")

    service = serve(server, GWS_CHAT_SCENARIO=str(scenario), PYTHONIOENCODING=encoding)
    httpx2.get(f"{service.url}/api/v2/me", auth=("Ω".encode(), b"p")).raise_for_status()
    service.end()

    assert r"\u03a9 / p" in service.output
    assert r"agent=\u03a9" in service.output


@pytest.mark.parametrize("redirection", [">&- 2>&-", ">/dev/full 2>/dev/full"])
@pytest.mark.parametrize(("server", "status"), [("uvicorn", -signal.SIGTERM), ("flask", 128 + signal.SIGTERM)])
def test_the_service_works_without_output(tmp_path, redirection, server, status):
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@" {redirection}\n')
    python.chmod(0o755)
    with Service(server, python=python) as service:
        service.process.terminate()

        assert status == service.wait()
