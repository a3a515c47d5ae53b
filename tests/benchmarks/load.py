"""Many requests, sent by wrk, and their cost for the server."""

import asyncio
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.client import HOST, basic
from tests.benchmarks.scenarios import AGENT
from tests.benchmarks.servers import Server

SCRIPT = Path(__file__).with_suffix(".lua")
LEAVE = ("POST", "/api/v2/me/chats/%016d", '{"operationName":"Leave"}')
LEAVE_DEMO = ("POST", "/api/v2/me/chats/0071023821aec011", '{"operationName":"Leave"}')
REJECTED = ("POST", "/api/v2/me/chats/unknown%d", '{"operationName":"Leave"}')
LIST = ("GET", "/api/v2/me/chats", "")
CONNECTIONS = 16
SLOWEST = 100
"""Requests per second; a slower run fails."""


@dataclass(frozen=True, slots=True)
class Load:
    """`cpu` is the server's CPU time per request, the others are response times, in milliseconds."""

    cpu: float
    per_second: float
    p50: float
    p99: float
    slowest: float


def is_installed() -> bool:
    return shutil.which("wrk") is not None


async def send(
    server: Server, count: int, request: tuple[str, str, str] = LEAVE, *, first: int = 1, distinct: int | None = None
) -> Load:
    """Send `count` requests for the chats numbered from `first`, for `distinct` different ones if given.

    Raises `RuntimeError` if one fails, or if one of `REJECTED` succeeds.
    """
    before = server.cpu_seconds
    seconds = 10 + count // SLOWEST
    options = ("--threads", 1, "--connections", min(CONNECTIONS, count), "--duration", f"{seconds}s")
    arguments = (basic(AGENT), *request, first, count, distinct or count)
    wrk = await asyncio.create_subprocess_exec(
        "wrk",
        *map(str, (*options, "--script", SCRIPT, f"http://{HOST}:{server.port}", "--", *arguments)),
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await wrk.communicate()  # wrk ends by itself, after the duration at the latest
    used = server.cpu_seconds - before
    line = next(line for line in output.decode().splitlines() if line.startswith("FIGURES"))
    figures = json.loads(line.partition(" ")[2])
    sent = figures["requests"]
    # wrk does not count requests that are in flight when it stops.
    failed = figures["failed"]
    if failed != (sent if request is REJECTED else 0) or sent < count - CONNECTIONS:
        raise RuntimeError(f"{server.kind.name}: {failed} of {sent} requests failed, of {count}")
    return Load(1000 * used / sent, sent / figures["seconds"], figures["p50"], figures["p99"], figures["slowest"])
