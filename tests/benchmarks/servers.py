"""The servers that are measured: the emulator and its peers, each as a process on its own port."""

import asyncio
import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from gws_chat.settings import DEMO
from tests.benchmarks.client import Connection
from tests.service import ROOT, free_port

PEERS = Path(__file__).with_name("peers")
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
START_TIMEOUT = 60.0


@dataclass(frozen=True)
class Kind:
    """A server: its command, in which PORT stands for the port, and the package it lacks, if any."""

    name: str
    command: Sequence[str]
    missing: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)


def service(scenario: Path = DEMO, **environment: str) -> Kind:
    """Return the emulator with its default settings except the scenario and the environment."""
    command = (sys.executable, "-m", "gws_chat", "--port", "PORT", "--scenario", str(scenario))
    return Kind("this service", command, environment=environment)


def flask_run(name: str, app: str, **environment: str) -> Kind:
    """Return an application under Flask's development server."""
    command = (sys.executable, "-m", "flask", "--app", app, "run", "--port", "PORT")
    return Kind(name, command, environment=environment)


def peers() -> list[Kind]:
    """Return the peers of the comparison, installed or not."""
    prism = "@stoplight/prism-cli"
    options = ("mock", "--verboseLevel", "silent", "--host", "127.0.0.1", "--port", "PORT")
    return [
        _uvicorn("connexion FlaskApp", "connexion_apps:flask_app", "--factory"),
        _uvicorn("connexion AsyncApp", "connexion_apps:async_app", "--factory"),
        _uvicorn("FastAPI by hand", "fastapi_app:app", missing=None if find_spec("fastapi") else "fastapi"),
        _node("Prism silent", prism, f"node_modules/{prism}/dist/index.js", *options, str(PEERS / "openapi.yaml")),
        _node("openapi-backend", "openapi-backend", "openapi_backend.js", "PORT"),
    ]


def faye() -> Kind:
    """Return the notification server to compare the fan-out with."""
    return _node("faye", "faye", "faye.js", "PORT")


def _uvicorn(name: str, app: str, *options: str, missing: str | None = None) -> Kind:
    app = f"tests.benchmarks.peers.{app}"
    quiet = ("--log-level", "warning", "--no-access-log")
    return Kind(name, (sys.executable, "-m", "uvicorn", app, "--port", "PORT", *quiet, *options), missing)


def _node(name: str, package: str, script: str, *options: str) -> Kind:
    node = shutil.which("node")
    is_installed = node is not None and (PEERS / "node_modules" / package).is_dir()
    return Kind(name, (node or "node", str(PEERS / script), *options), None if is_installed else package)


class Server:
    """A running server. The measurements cover its one process."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.port = free_port()
        self.seconds_to_start = 0.0
        self._started = time.perf_counter()
        self._process = subprocess.Popen(
            [str(self.port) if each == "PORT" else each for each in kind.command],
            cwd=ROOT,
            # Python takes an empty value as unset: like an installation, later starts find compiled modules
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "", **kind.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    async def wait_for_success(self, request: bytes) -> None:
        """Repeat the request until its status is 200, and record the seconds since the start."""
        while time.perf_counter() - self._started < START_TIMEOUT and self._process.poll() is None:
            with contextlib.suppress(OSError):
                connection = await Connection.open(self.port)
                with contextlib.closing(connection):
                    status, _ = await connection.send(request)
                if status == 200:
                    self.seconds_to_start = time.perf_counter() - self._started
                    return
            await asyncio.sleep(0.005)
        raise RuntimeError(f"{self.kind.name} did not respond with 200 within {START_TIMEOUT:.0f} s")

    @property
    def cpu_seconds(self) -> float:
        """The CPU time of the process so far, in user and kernel mode, all threads."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    @property
    def mebibytes(self) -> float:
        """The resident memory of the process."""
        pages = Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]
        return int(pages) * PAGE / 1024 / 1024

    def terminate(self, seconds: float | None = None) -> None:
        """Send SIGTERM and wait for the process to end."""
        self._process.terminate()
        self._process.wait(seconds)

    def end(self) -> None:
        """Terminate the process, or kill it after five seconds."""
        try:
            self.terminate(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextlib.asynccontextmanager
async def running(kind: Kind, first_request: bytes) -> AsyncIterator[Server]:
    """Start a server, wait until the first request succeeds, and end the server."""
    server = Server(kind)
    try:
        await server.wait_for_success(first_request)
        yield server
    finally:
        server.end()
