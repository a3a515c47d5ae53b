"""The service in this process, or as a process on a free port under either server."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Self

import httpx2

from gws_chat.app import Application

ROOT = Path(__file__).parents[1]
COMMANDS = {
    "uvicorn": [sys.executable, "-m", "gws_chat"],
    "flask": [sys.executable, "-m", "flask", "--app", "gws_chat", "run"],
}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def client_of(application: Application) -> httpx2.AsyncClient:
    """Return a client that calls the application in this process."""
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(application.asgi), base_url="http://localhost:8080")


class Service:
    """A running service. `output` is what it has printed so far, to both streams."""

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

    def __enter__(self) -> Self:
        self.wait_until_ready()
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    @property
    def output(self) -> str:
        return "".join(self._lines)

    def wait_until_ready(self, seconds: float = 30) -> None:
        """Return as soon as the service is ready. Fail if it ends instead."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=seconds):
                    return
            except OSError:
                with suppress(subprocess.TimeoutExpired):
                    self.process.wait(0.05)
        self.end()
        raise AssertionError(f"the service did not start:\n{self.output}")

    def reset(self) -> None:
        """Return to the initial state, without CometD sessions."""
        body = json.dumps({"sessions": "end"}).encode()
        request = urllib.request.Request(
            f"{self.url}/simulation/reset", body, {"Content-Type": "application/json"}, method="POST"
        )
        urllib.request.urlopen(request, timeout=10).close()

    def wait(self, seconds: float = 10) -> int:
        """Wait until the process ends, and return its exit status."""
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
