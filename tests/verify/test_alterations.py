"""The command `gws-chat verify` finds what is altered in an emulator, and nothing else."""

import subprocess
import sys

import pytest

from tests.service import ROOT
from tests.verify.altered_emulator import ALTERATIONS
from tests.verify.runs import ACCOUNTS, SCENARIO, different, play


@pytest.fixture
def serve_altered():
    """Return a function that serves an altered emulator and returns its URL."""
    started = []

    def serve(name):
        options = ["--until-stdin-ends", "--port", "0", "--scenario", SCENARIO, "--log-level", "warning"]
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.verify.altered_emulator", name, *options],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process.stdout.readline().split()[-1].removesuffix("/api/v2")

    yield serve
    for process in started:
        process.communicate()  # closes the pipe to its standard input


@pytest.mark.parametrize("alteration", ALTERATIONS, ids=lambda alteration: alteration.__name__)
def test_alteration_is_found_and_nothing_else(alteration, serve_altered):
    stories, expected = ALTERATIONS[alteration]

    accounts = [*ACCOUNTS, ("agent3", "secret3")] if "conference" in stories else ACCOUNTS

    assert expected == {*different(play(serve_altered(alteration.__name__), *stories, accounts=accounts))}
