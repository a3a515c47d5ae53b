"""CometD in great numbers: polls that are held, sessions that are told at once, and the end of them all."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from tests.benchmarks import load, scenarios
from tests.benchmarks.bayeux import listening
from tests.benchmarks.connection import Connection, leave, request
from tests.benchmarks.figures import percentile
from tests.benchmarks.servers import faye, running, service

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmarks.bayeux import Listener
    from tests.benchmarks.servers import Kind, Server

QUIET = 5.0
"""Seconds for which the server is left alone, to see what it does by itself."""
BETWEEN_ROUNDS = 1.0
"""Seconds until all who were told poll again."""
PATIENCE = 10.0


async def held_polls(folder: Path, count: int, rounds: int, requests: int) -> list[tuple[str, str]]:
    """Hold so many polls of so many agents; return what that costs, and how they end."""
    scenario = scenarios.write(folder / "held.yaml", chats=3 * requests, listeners=count)
    agents = [scenarios.listener(number) for number in range(1, count + 1)]
    # long enough that none expires while it is measured
    patient = service(scenario, GWS_CHAT_POLL_TIMEOUT="120")
    async with running(patient, leave(scenarios.FIRST)) as server:
        await load.send(server, requests)
        before = await load.send(server, requests, first=requests + 1)
        empty = server.mebibytes
        started = time.perf_counter()
        async with listening(server.port, agents) as listeners:
            took = time.perf_counter() - started
            used = server.cpu_seconds
            await asyncio.sleep(QUIET)
            idle = (server.cpu_seconds - used) / QUIET
            kibibytes = (server.mebibytes - empty) * 1024 / count
            told = await _one_by_one(server, listeners, rounds)
            meanwhile = await load.send(server, requests, first=2 * requests + 1)
            ended, advised = await _stop(server, listeners)
    return [
        ("held polls, each of another agent", f"{count:,}"),
        ("seconds until all were held", f"{took:.1f}"),
        ("memory for each", f"{kibibytes:.1f} KiB"),
        ("CPU while nothing happens", f"{100 * idle:.1f} %"),
        ("a notification to one agent, p50", f"{1000 * percentile(told, 0.5):.1f} ms"),
        ("a notification to one agent, p99", f"{1000 * percentile(told, 0.99):.1f} ms"),
        ("Leave, p99 with none held", f"{before.p99:.1f} ms"),
        ("Leave, p99 while they are held", f"{meanwhile.p99:.1f} ms"),
        ("SIGTERM: polls answered with advice to come back", f"{advised:,}"),
        ("SIGTERM: until the process was gone", f"{ended:.2f} s"),
    ]


async def _one_by_one(server: Server, listeners: list[Listener], rounds: int) -> list[float]:
    """Leave the chat of one agent after another; return the seconds until each was told."""
    seconds = []
    async with Connection.to(server.port) as connection:
        for number in range(1, rounds + 1):
            listener = listeners[number - 1]
            left = leave(scenarios.chat_of_listener(number), agent=scenarios.listener(number))
            started = time.perf_counter()
            await connection.send(left)
            await asyncio.wait_for(listener.told.wait(), PATIENCE)
            seconds.append(listener.told_at - started)
    return seconds


async def _stop(server: Server, listeners: list[Listener]) -> tuple[float, int]:
    """Return the seconds until the process was gone, and how many polls were told to come back."""
    for listener in listeners:
        listener.last = []
    started = time.perf_counter()
    server.terminate()
    while not server.has_ended and time.perf_counter() - started < PATIENCE:  # noqa: ASYNC110 - a process is no event
        await asyncio.sleep(0.01)
    ended = time.perf_counter() - started
    advice = [reply.get("advice", {}) for listener in listeners for reply in listener.last]
    return ended, sum(each.get("reconnect") == "retry" for each in advice)


async def fan_out(
    folder: Path, count: int, rounds: int, between: float = BETWEEN_ROUNDS
) -> list[tuple[str, str]]:
    """Tell so many sessions of one agent at once; return the medians, beside faye's where it is installed."""
    scenario = scenarios.write(folder / "fan_out.yaml", chats=rounds + 1)
    ours = service(scenario, GWS_CHAT_MAX_SESSIONS_PER_AGENT=str(count))
    lines = [("sessions of one agent", f"{count:,}")]
    requests = [leave(f"{number:016d}") for number in range(2, rounds + 2)]
    lines += await _fan_out(ours, count, requests, between)
    if faye().missing is None:
        tell = request("POST", "/tell", {"messageType": "ChatStateChangeMessage"})
        lines += await _fan_out(faye(), count, [tell] * rounds, between)
    return lines


async def _fan_out(kind: Kind, count: int, requests: list[bytes], between: float) -> list[tuple[str, str]]:
    answered, last = [], []
    first = leave(scenarios.FIRST) if kind.name != "faye" else request("POST", "/tell", {})
    async with (
        running(kind, first) as server,
        listening(server.port, [scenarios.AGENT] * count) as listeners,
        Connection.to(server.port) as connection,
    ):
        await asyncio.sleep(between)
        for each in requests:
            for listener in listeners:
                listener.told.clear()
            started = time.perf_counter()
            await connection.send(each)
            answered.append(time.perf_counter() - started)
            await asyncio.wait_for(asyncio.gather(*(each.told.wait() for each in listeners)), PATIENCE)
            last.append(max(listener.told_at for listener in listeners) - started)
            await asyncio.sleep(between)
    return [
        (f"{kind.name}: the operation was answered after", f"{1000 * percentile(answered, 0.5):.1f} ms"),
        (f"{kind.name}: the last session was told after", f"{1000 * percentile(last, 0.5):.1f} ms"),
    ]
