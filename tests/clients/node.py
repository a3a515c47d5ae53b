"""Run JavaScript in Node.js, with the packages of package.json."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
PATIENCE = 60
"""Seconds to wait for a script."""


def run_in_browser(script: str, *arguments: str) -> list[Any]:
    """Run a script of this directory that drives a browser. Return the JSON that it prints, line by line."""
    ended = subprocess.run(
        [require_node(), script, require_chromium(), *arguments],
        cwd=HERE,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (0, "") == (ended.returncode, ended.stderr), ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


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
