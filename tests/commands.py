"""Run commands that end by themselves."""

import os
import subprocess
from pathlib import Path

from tests.service import ROOT

PYTEST = {"PYTEST_ADDOPTS": "-p no:schemathesis -p no:hypothesispytest"}
"""The environment of pytest inside a test. These plugins take two seconds to start, and are not used there."""


def run(command: list[Path | str], folder: Path = ROOT, **environment: str) -> tuple[int, str, str]:
    """Run a command in a folder. Return the exit status, the standard output and the standard error."""
    ended = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, timeout=60, check=False
    )
    return ended.returncode, ended.stdout, ended.stderr
