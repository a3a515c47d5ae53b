"""What is measured: the service and its peers, each a process on a port of its own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from handlers.settings import DEMO
from tests.benchmarks.connection import Connection
from tests.service import ROOT, free_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence

PEERS = Path(__file__).with_name("peers")
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
PATIENCE = 60.0
"""Seconds after which a server that does not answer will not."""
BETWEEN_TRIES = 0.005


@dataclass(frozen=True)
class Kind:
    """A server: how it is started on a port, and what it lacks here, if anything."""

    name: str
    command: Callable[[int], Sequence[str]]
    missing: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)


def service(scenario: Path = DEMO, **environment: str) -> Kind:
    """`python -m handlers`, as it is by default but for the scenario and these variables."""
    return Kind(
        "this service",
        lambda port: (
            *(sys.executable, "-m", "handlers", "--port", f"{port}"),
            *("--scenario", str(scenario)),
        ),
        environment=environment,
    )


def flask_run(name: str, app: str, **environment: str) -> Kind:
    """Flask's development server."""
    return Kind(
        name,
        lambda port: (sys.executable, "-m", "flask", "--app", app, "run", "--port", f"{port}"),
        environment=environment,
    )


def peers() -> list[Kind]:
    """The peers of the table, whether they are installed or not."""
    return [
        _uvicorn("connexion FlaskApp", "connexion_apps:flask_app", "--factory"),
        _uvicorn("connexion AsyncApp", "connexion_apps:async_app", "--factory"),
        _uvicorn("FastAPI by hand", "fastapi_app:app", missing=None if find_spec("fastapi") else "fastapi"),
        _node(
            "Prism silent",
            "@stoplight/prism-cli",
            lambda port: (
                str(PEERS / "node_modules/@stoplight/prism-cli/dist/index.js"),
                *("mock", "--verboseLevel", "silent", "--host", "127.0.0.1", "--port", f"{port}"),
                str(PEERS / "openapi.yaml"),
            ),
        ),
        _node(
            "openapi-backend", "openapi-backend", lambda port: (str(PEERS / "openapi_backend.js"), f"{port}")
        ),
    ]


def faye() -> Kind:
    """The server of notifications that the fan-out is compared with."""
    return _node("faye", "faye", lambda port: (str(PEERS / "faye.js"), f"{port}"))


def _uvicorn(name: str, app: str, *options: str, missing: str | None = None) -> Kind:
    quiet = ("--log-level", "warning", "--no-access-log")
    return Kind(
        name,
        lambda port: (
            *(sys.executable, "-m", "uvicorn", f"tests.benchmarks.peers.{app}", "--port", f"{port}"),
            *(*quiet, *options),
        ),
        missing,
    )


def _node(name: str, package: str, script: Callable[[int], Sequence[str]]) -> Kind:
    node = shutil.which("node")
    is_there = node is not None and (PEERS / "node_modules" / package).is_dir()
    return Kind(name, lambda port: (node or "node", *script(port)), None if is_there else package)


@dataclass
class Server:
    """A running server. Its figures are those of its one process."""

    kind: Kind
    port: int = field(default_factory=free_port)
    seconds_to_start: float = 0.0

    def __post_init__(self) -> None:
        self._started = time.perf_counter()
        self._process = subprocess.Popen(
            self.kind.command(self.port),
            cwd=ROOT,
            env={**os.environ, **self.kind.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    async def first_answer(self, request: bytes) -> None:
        """Wait for the first 200, and note the seconds from the start of the process."""
        while time.perf_counter() - self._started < PATIENCE and self._process.poll() is None:
            with contextlib.suppress(OSError):
                async with Connection.to(self.port) as connection:
                    answer = await connection.send(request)
                if answer.status == 200:
                    self.seconds_to_start = time.perf_counter() - self._started
                    return
            await asyncio.sleep(BETWEEN_TRIES)
        raise RuntimeError(f"{self.kind.name} does not answer")

    @property
    def cpu_seconds(self) -> float:
        """What the process has used so far, in user and kernel mode, all threads."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    @property
    def mebibytes(self) -> float:
        """Resident memory."""
        pages = Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]
        return int(pages) * PAGE / 1024 / 1024

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def terminate(self) -> None:
        self._process.terminate()

    def end(self) -> None:
        """Make sure that the process is gone."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._process.wait()


@contextlib.asynccontextmanager
async def running(kind: Kind, first_request: bytes) -> AsyncIterator[Server]:
    """Start a server, wait for its first answer, and end it."""
    server = Server(kind)
    try:
        await server.first_answer(first_request)
        yield server
    finally:
        server.end()
