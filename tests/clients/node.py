"""What is written in JavaScript: run by node, with the packages of package.json."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PATIENCE = 60
"""Seconds after which a script does not end any more."""


def run_script(name: str, *arguments: str) -> list[dict]:
    """Run a script of this directory, and return the JSON that it printed, line by line."""
    ended = subprocess.run(
        [require_node(), name, *arguments],
        cwd=HERE,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (0, "") == (ended.returncode, ended.stderr), ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


def require_node() -> str:
    """Return the path of node, which has its packages."""
    node = shutil.which("node") or ""
    require("node", node, "apt-get install nodejs npm")
    require("its packages", (HERE / "node_modules").is_dir(), f"npm ci --prefix {HERE}")
    return node


def require_chromium() -> str:
    """Return the path of a browser."""
    chromium = shutil.which("chromium") or ""
    require("chromium", chromium, "apt-get install chromium")
    return chromium


def require(what: str, is_there: object, how_to_get_it: str) -> None:
    """Skip the test where something is not installed; where it has to be, fail."""
    if is_there:
        return
    if "CI" in os.environ:
        pytest.fail(f"{what} missing: {how_to_get_it}")
    pytest.skip(f"{what} missing: {how_to_get_it}")
