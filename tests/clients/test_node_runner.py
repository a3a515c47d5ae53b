"""The tests in JavaScript that README shows pass with Node's test runner."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clients.node import HERE, require_node
from tests.commands import run

COMMANDS = Path(sys.executable).parent
"""The folder of the command `gws-chat`."""


def test_desktop_in_javascript_passes_its_tests():
    path = f"{COMMANDS}{os.pathsep}{os.environ['PATH']}"
    command = [require_node(), "--test", "--test-reporter=tap", "desktop.test.mjs"]

    status, output, error = run(command, folder=HERE, PATH=path)

    assert (0, "") == (status, error), output
    assert "# pass 3\n" in output


@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        ({"PATH": "/nowhere"}, "gws-chat must be on PATH: spawn gws-chat ENOENT"),
        ({"GWS_CHAT_SCENARIO": "nope"}, "gws-chat has ended with status 2, see its output"),
    ],
    ids=["no command", "wrong option"],
)
def test_desktop_in_javascript_reports_a_failed_start(variables, reason):
    path = f"{COMMANDS}{os.pathsep}{os.environ['PATH']}"
    command = [require_node(), "--test", "--test-reporter=tap", "desktop.test.mjs"]

    status, output, _ = run(command, folder=HERE, **{"PATH": path, **variables})

    assert (1, True) == (status, reason in output), output


def test_service_ends_with_a_killed_program():
    start = (
        "const { spawn } = require('node:child_process');"
        "spawn(process.argv[1], ['--port=0', '--until-stdin-ends'], { stdio: ['pipe', 1, 'inherit'] });"
    )
    command = [require_node(), "-e", start, COMMANDS / "gws-chat"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout.readline().startswith("API ")

        program.send_signal(signal.SIGKILL)

        program.communicate(timeout=20)  # the service has ended and holds the pipe no more
