"""Pytest fixtures for tests against the emulator.

The fixture `gws_chat` starts an emulator for the test run, resets it before each test, and controls it.
"""

import subprocess
import sys
from collections.abc import Iterator, Sequence

import pytest

from gws_chat.simulation_client import (
    Effect,
    GwsChat,
    GwsChatError,
    NewChat,
    NotificationKind,
    NotificationTimeout,
    State,
)

__all__ = ["Effect", "GwsChat", "GwsChatError", "NewChat", "NotificationKind", "NotificationTimeout", "State"]


@pytest.fixture(scope="session")
def gws_chat_options() -> Sequence[str]:
    """Return the command-line options of the emulator. Override this fixture to change them."""
    return ()


@pytest.fixture(scope="session")
def gws_chat_service(gws_chat_options: Sequence[str]) -> Iterator[GwsChat]:
    """Run an emulator on a free port of this machine during the test run."""
    # -P: do not import a module `gws_chat` from the working directory
    command = [sys.executable, "-P", "-m", "gws_chat", "--simulation", "--port", "0", *gws_chat_options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own command
        # The emulator prints its URL once it accepts connections.
        first_line = process.stdout.readline() if process.stdout else ""
        try:
            if not first_line:
                raise RuntimeError(f"the emulator did not start, exit status {process.wait()}")
            control = GwsChat(first_line.split()[-1].removesuffix("/api/v2"))
            yield control
            control.close()
        finally:
            process.terminate()


@pytest.fixture
def gws_chat(gws_chat_service: GwsChat) -> GwsChat:
    """Control an emulator in its initial state. It generates the same IDs in each test."""
    gws_chat_service.reset(seed=1)
    return gws_chat_service
