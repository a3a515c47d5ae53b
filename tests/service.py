"""The service as a process of its own, on a free port, under either server."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[1]
COMMANDS = {
    "uvicorn": [sys.executable, "-m", "handlers"],
    "measured": [sys.executable, "-m", "coverage", "run", "-m", "handlers"],
    "flask": [sys.executable, "-m", "flask", "--app", "handlers", "run"],
}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Service:
    """A running service. `output` is what it printed so far, both streams together."""

    def __init__(
        self,
        server: str,
        *options: str,
        port: int | None = None,
        python: Path | str = sys.executable,
        folder: Path = ROOT,
        **environment: str,
    ) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [python, *COMMANDS[server][1:], "--port", str(self.port), *options],
            cwd=folder,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._lines: list[str] = []
        self._ended = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def output(self) -> str:
        return "".join(self._lines)

    def wait_until_ready(self, seconds: float = 30) -> None:
        """Return as soon as the service accepts connections; fail if it ends instead."""
        deadline = threading.Event()
        timer = threading.Timer(seconds, deadline.set)
        timer.start()
        try:
            while not deadline.is_set() and self.process.poll() is None:
                try:
                    with urllib.request.urlopen(f"{self.url}/health", timeout=seconds):
                        return
                except OSError:
                    self._ended.wait(0.05)
        finally:
            timer.cancel()
        self.end()
        raise AssertionError(f"the service did not start:\n{self.output}")

    def wait(self, seconds: float = 10) -> int:
        """Wait for the process to end by itself, and return its exit status."""
        status = self.process.wait(seconds)
        self._ended.wait(seconds)
        return status

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)
        self._ended.wait(10)
        if self.process.stdout:
            self.process.stdout.close()

    def _read(self) -> None:
        for line in self.process.stdout or []:
            self._lines.append(line)
        self._ended.set()
