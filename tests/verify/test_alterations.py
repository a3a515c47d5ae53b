"""The command `gws-chat verify` finds what is altered in an emulator, and nothing else."""

import multiprocessing
import os

import pytest

from tests.verify.altered_emulator import ALTERATIONS, serve_altered
from tests.verify.runs import ACCOUNTS, SCENARIO, different, play


@pytest.fixture(scope="module")
def processes():
    """Return a context that starts processes as copies of one that has imported the emulator, which saves its start."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([serve_altered.__module__, "gws_chat.servers.uvicorn_server"])
    return context


@pytest.fixture
def start_altered(processes):
    """Return a function that serves an altered emulator and returns its URL."""
    started = []

    def start(alteration):
        reader, writer = processes.Pipe(duplex=False)
        options = ["--port", "0", "--scenario", SCENARIO, "--log-level", "warning"]
        process = processes.Process(target=serve_altered, args=(alteration, options, writer), daemon=True)
        process.start()
        started.append(process)
        with os.fdopen(os.dup(reader.fileno())) as output:
            return output.readline().split()[-1].removesuffix("/api/v2")

    yield start
    for process in started:
        process.terminate()
        process.join()


@pytest.mark.parametrize("alteration", ALTERATIONS, ids=lambda alteration: alteration.__name__)
def test_alteration_is_found_and_nothing_else(alteration, start_altered):
    stories, expected = ALTERATIONS[alteration]

    accounts = [*ACCOUNTS, ("agent3", "secret3")] if "conference" in stories else ACCOUNTS

    assert expected == {*different(play(start_altered(alteration), *stories, accounts=accounts))}
