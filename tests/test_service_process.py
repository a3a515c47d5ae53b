"""The service ends with the test run that started it."""

import contextlib
import os
import signal
import socket
import subprocess
import sys

import pytest

from gws_chat import service_process
from tests.commands import PYTEST
from tests.service import ROOT

HANGING = """
import os, threading

def test_hangs(gws_chat):
    print("url", gws_chat.url, flush=True)
    if os.read(0, 1):
        os._exit(1)  # as the thread method of pytest-timeout does
    threading.Event().wait()
"""


@pytest.fixture
def run(tmp_path):
    """Start a test run that hangs with its output in a pipe. Return the process and a connection to its service."""
    (tmp_path / "test_hangs.py").write_text(HANGING, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-s", "-q", "-p", "no:cacheprovider", "test_hangs.py"]
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env={**os.environ, **PYTEST},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        url = next(line.split()[-1] for line in process.stdout if "url http" in line)
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            yield process, connection
        process.kill()


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, None], ids=str)
def test_the_service_ends_with_the_run(sent, run):
    process, connection = run

    if sent is None:
        process.stdin.write("x")
        process.stdin.flush()
    else:
        process.send_signal(sent)

    with contextlib.suppress(ConnectionResetError):  # the service may end before it has accepted the connection
        assert b"" == connection.recv(1)  # the service has ended
    process.stdout.read()  # no process holds the pipe
    assert 0 != process.wait(20)


def test_a_forked_process_does_not_keep_the_service(tmp_path):
    service = service_process.ServiceProcess([], tmp_path, tmp_path / "log")
    end_reader, end_writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(end_writer)
        os.read(end_reader, 1)  # until the test has ended
        os._exit(0)

    service._process.stdin.close()  # noqa: SLF001 - as when this process is killed

    service._process.wait(20)  # noqa: SLF001 - as above
    os.close(end_writer)
    assert (child, 0) == os.waitpid(child, 0)
    os.close(end_reader)
    service.end()


def test_the_service_ends_while_it_starts():
    command = [sys.executable, "-m", "gws_chat", "--until-stdin-ends", "--port", "0"]

    ended = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=20, check=False)

    assert (0, b"gws-chat: standard input has ended\n") == (ended.returncode, ended.stderr)


def test_a_service_that_does_not_respond_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr(service_process, "END_TIMEOUT", 0.1)
    service = service_process.ServiceProcess([], tmp_path, tmp_path / "log")
    os.kill(service.pid, signal.SIGSTOP)

    service.end()

    assert not service.is_running
