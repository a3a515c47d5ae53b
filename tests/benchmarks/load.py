"""Requests in great number, sent by wrk, and what they cost the server."""

from __future__ import annotations

import asyncio
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.connection import HOST, basic
from tests.benchmarks.scenarios import AGENT

if TYPE_CHECKING:
    from tests.benchmarks.servers import Server

SCRIPT = Path(__file__).with_suffix(".lua")
LEAVE = ("POST", "/api/v2/me/chats/%016d", '{"operationName":"Leave"}')
LEAVE_DEMO = ("POST", "/api/v2/me/chats/0071023821aec011", '{"operationName":"Leave"}')
LIST = ("GET", "/api/v2/me/chats", "")
CONNECTIONS = 16
LONGEST = 600
"""Seconds; the script ends a run much earlier, by its count."""


@dataclass(frozen=True, slots=True)
class Load:
    """`cpu` is what a request costs the server, `p50` and `p99` what a client waits: milliseconds."""

    cpu: float
    per_second: float
    p50: float
    p99: float


def is_installed() -> bool:
    return shutil.which("wrk") is not None


async def send(
    server: Server,
    count: int,
    request: tuple[str, str, str] = LEAVE,
    *,
    first: int = 1,
    distinct: int | None = None,
    agent: str = AGENT,
) -> Load:
    """Send `count` requests about chats numbered from `first`; about only so many if `distinct` is given."""
    numbers = (str(first), str(count), str(distinct or count))
    before = server.cpu_seconds
    wrk = await asyncio.create_subprocess_exec(
        *(
            "wrk",
            "--threads",
            "1",
            "--connections",
            str(min(CONNECTIONS, count)),
            "--duration",
            f"{LONGEST}s",
        ),
        *("--script", str(SCRIPT), f"http://{HOST}:{server.port}", "--", basic(agent), *request, *numbers),
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await wrk.communicate()
    used = server.cpu_seconds - before
    line = next(line for line in output.decode().splitlines() if line.startswith("FIGURES"))
    figures = json.loads(line.partition(" ")[2])
    if figures["failed"]:
        raise RuntimeError(f"{server.kind.name}: {figures['failed']} of {count} requests failed")
    answered = figures["requests"]
    return Load(1000 * used / answered, answered / figures["seconds"], figures["p50"], figures["p99"])
