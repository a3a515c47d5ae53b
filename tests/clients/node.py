"""Run JavaScript in Node.js, with the packages of package.json."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.commands import run

HERE = Path(__file__).parent


def run_in_browser(script: str, *arguments: str) -> list[Any]:
    """Run a script of this directory that drives a browser. Return the JSON that it prints, line by line."""
    status, output, error = run([require_node(), script, require_chromium(), *arguments], folder=HERE)
    assert (0, "") == (status, error), error
    return [json.loads(line) for line in output.splitlines()]


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
