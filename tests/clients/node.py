"""Find Node.js, with the packages of package.json, and run scripts in a browser."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

HERE = Path(__file__).parent
TIMEOUT = 60
"""Seconds for a script in the browser."""


class Browser:
    """A browser that runs scripts of this directory, one after another. Each has its own cookies and storage."""

    def __init__(self) -> None:
        self._process = self._start()

    def run(self, script: str, *arguments: Any) -> Any:
        """Run a script and return its result. Other output, such as a warning, is an error."""
        if self._process.poll() is not None:  # an earlier script failed
            self._process = self._start()
        timer = Timer(TIMEOUT, self._process.terminate)
        timer.start()
        self._process.stdin.write(f"{json.dumps([script, *arguments])}\n")
        self._process.stdin.flush()
        output = self._process.stdout.readline()
        timer.cancel()
        if not output.startswith("{"):
            pytest.fail(output + self.end())
        report = json.loads(output)
        assert "error" not in report, report["error"]
        return report["result"]

    def end(self) -> str:
        """Close the browser, and return the rest of the output."""
        if self._process.stdout.closed:  # closed because of an earlier script
            return ""
        timer = Timer(TIMEOUT, self._process.kill)
        timer.start()
        output, _ = self._process.communicate()
        timer.cancel()
        return output

    @staticmethod
    def _start() -> subprocess.Popen[str]:
        return subprocess.Popen(
            [require_node(), "run_in_browser.js", require_chromium()],
            cwd=HERE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


def require_node() -> str:
    """Return the path of node, or skip the test if node or its packages are not installed."""
    node = require_program("node", "apt-get install nodejs npm")
    if not (HERE / "node_modules").is_dir():
        skip(f"npm packages missing: npm ci --prefix {HERE}")
    return node


def require_chromium() -> str:
    """Return the path of a browser, or skip the test if it is not installed."""
    return require_program("chromium", "apt-get install chromium")


def require_program(name: str, command: str) -> str:
    return shutil.which(name) or skip(f"{name} missing: {command}")


def skip(reason: str) -> Any:
    """Skip the test. In continuous integration, fail instead."""
    if "CI" in os.environ:
        pytest.fail(reason)
    pytest.skip(reason)
