"""An emulator that runs as a process, for tests."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from weakref import ref

from gws_chat.simulation_client import GwsChat

LOG_LINES = 20  # of the log, in an error message
END_TIMEOUT = 5.0  # seconds for the process to end before it is killed


class ServiceProcess:
    """An emulator on a free port of this computer, until `end` or the end of the process that started it.

    It runs in `folder` and appends its log to the file `log`. `control` controls it.

    Raises `RuntimeError` if it does not start.
    """

    def __init__(self, options: Sequence[str], folder: Path, log: Path) -> None:
        self._log = log
        # -P: do not import a module `gws_chat` from the folder
        command = [sys.executable, "-P", "-m", "gws_chat", "--until-stdin-ends", *options]
        with log.open("ab") as stderr:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                [*command, "--host=127.0.0.1", "--port=0", "--simulation=yes"],
                cwd=folder,
                stdin=subprocess.PIPE,  # ends with this process, even if that is killed
                stdout=subprocess.PIPE,
                stderr=stderr,
                # Ctrl-C leaves it running while the fixtures of tests are torn down
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),  # the same on Windows
            )
        if hasattr(os, "register_at_fork"):
            # a forked process, as `multiprocessing` starts, would hold the pipe and keep the emulator alive
            os.register_at_fork(after_in_child=partial(_close_stdin, ref(self._process)))
        # The emulator prints its URL once it accepts connections.
        first_line = self._process.stdout.readline().decode() if self._process.stdout else ""
        if not first_line:
            self._process.communicate()  # waits until it ends
            raise RuntimeError(f"the emulator did not start, {self._exit_status_and_log()}")
        self.control = GwsChat(first_line.split()[-1].removesuffix("/api/v2"), self.describe_end)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    @property
    def log_size(self) -> int:
        return self._log.stat().st_size

    def log_since(self, size: int) -> str:
        """Return the log without its first `size` bytes."""
        with self._log.open("rb") as file:
            file.seek(size)
            return file.read().decode(errors="replace")

    def describe_end(self) -> str | None:
        """Return the exit status and the last lines of the log, or None if the process runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):  # a connection is lost a little before the process ends
            self._process.wait(0.5)
        return None if self.is_running else f"the emulator has ended, {self._exit_status_and_log()}"

    def end(self) -> None:
        self.control.close()
        with self._process:  # closes the pipes
            self._process.terminate()
            try:
                self._process.wait(END_TIMEOUT)
            except subprocess.TimeoutExpired:
                self._process.kill()

    def _exit_status_and_log(self) -> str:
        lines = self.log_since(0).splitlines()[-LOG_LINES:]
        return "\n".join([f"exit status {self._process.returncode}, the last lines of its log:", *lines])


def _close_stdin(reference: ref[subprocess.Popen[bytes]]) -> None:
    process = reference()
    if process is not None and process.stdin is not None:
        process.stdin.close()
