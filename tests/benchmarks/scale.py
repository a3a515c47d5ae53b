"""CometD with many held polls and many sessions of one agent."""

import asyncio
import contextlib
import socket
import time
from pathlib import Path

from tests.benchmarks import load, scenarios
from tests.benchmarks.client import HOST, TIMEOUT, Connection, Listener, PlainPolls, leave, listening, request
from tests.benchmarks.figures import percentile
from tests.benchmarks.servers import Server, faye, running, service

IDLE = 5.0
"""Seconds without requests, to measure the server's CPU time while it is idle."""
BETWEEN_ROUNDS = 1.0
"""Seconds until the server holds all polls."""
NOTIFICATION = {
    "messageType": "ChatStateChangeMessage",
    "referenceId": 2,
    "notificationType": "StatusChange",
    "chat": {
        "state": "LeftChat",
        "capabilities": ["Transfer", "Complete", "Leave", "InFocus"],
        "id": "0000000000000002",
        "uri": "http://localhost/api/v2/chats/0000000000000002",
    },
}
"""Of a Leave."""


async def held_polls(folder: Path, count: int, rounds: int, requests: int) -> list[tuple[str, str]]:
    """Measure a server that holds `count` polls of different agents, and its termination."""
    scenario = scenarios.write(folder / "held.yaml", chats=3 * requests, listeners=count)
    agents = [scenarios.listener(number) for number in range(1, count + 1)]
    # No poll expires during the measurement.
    kind = service(scenario, GWS_CHAT_POLL_TIMEOUT="120")
    async with running(kind, leave(scenarios.FIRST)) as server:
        await load.send(server, requests)
        before = await load.send(server, requests, first=requests + 1)
        empty = server.mebibytes
        started = time.perf_counter()
        async with listening(server.port, agents) as listeners:
            took = time.perf_counter() - started
            used = server.cpu_seconds
            await asyncio.sleep(IDLE)
            idle = (server.cpu_seconds - used) / IDLE
            kibibytes = (server.mebibytes - empty) * 1024 / count
            seconds = [await _notify(server, number, listeners[number - 1]) for number in range(1, rounds + 1)]
            meanwhile, rejected = await asyncio.gather(
                load.send(server, requests, first=2 * requests + 1), load.send(server, requests, load.REJECTED)
            )
            ended, advised = await _stop(server, listeners)
    return [
        ("polls held at once, each of another agent", f"{count:,}"),
        ("seconds until all were held", f"{took:.1f}"),
        ("memory for each", f"{kibibytes:.1f} KiB"),
        ("CPU while nothing happens", f"{100 * idle:.1f} %"),
        ("a notification to one agent, p50", f"{1000 * percentile(seconds, 0.5):.1f} ms"),
        ("a notification to one agent, p99", f"{1000 * percentile(seconds, 0.99):.1f} ms"),
        ("Leave, p99 with none held", f"{before.p99:.1f} ms"),
        ("Leave, p99 while they are held", f"{meanwhile.p99:.1f} ms"),
        ("rejected requests at the same time, p99", f"{rejected.p99:.1f} ms"),
        ("the slowest of both", f"{max(meanwhile.slowest, rejected.slowest):.1f} ms"),
        ("SIGTERM: polls answered with the advice to reconnect", f"{advised:,}"),
        ("SIGTERM: time until the process has ended", f"{ended:.2f} s"),
    ]


async def _notify(server: Server, number: int, listener: Listener) -> float:
    """Leave the chat of an agent; return the seconds until the agent was notified."""
    connection = await Connection.open(server.port)
    started = time.perf_counter()
    await connection.send(leave(scenarios.chat_of_listener(number), agent=scenarios.listener(number)))
    await asyncio.wait_for(listener.notified.wait(), TIMEOUT)
    connection.close()
    return listener.notified_at - started


async def _stop(server: Server, listeners: list[Listener]) -> tuple[float, int]:
    """Return the seconds until the process ended, and the number of polls advised to retry."""
    for listener in listeners:
        listener.last = []
    started = time.perf_counter()
    await asyncio.wait_for(asyncio.to_thread(server.terminate), TIMEOUT)
    ended = time.perf_counter() - started
    await asyncio.sleep(0.1)  # the last replies may still be unread
    advice = [reply.get("advice", {}) for listener in listeners for reply in listener.last]
    return ended, sum(each.get("reconnect") == "retry" for each in advice)


async def fan_out(folder: Path, count: int, rounds: int, between: float = BETWEEN_ROUNDS) -> list[tuple[str, str]]:
    """Notify `count` sessions of one agent, in turn with faye if it is installed; return medians."""
    scenario = scenarios.write(folder / "fan_out.yaml", chats=rounds + 1)
    first, *leaves = [leave(f"{number:016d}") for number in range(1, rounds + 2)]
    kinds = [(service(scenario, GWS_CHAT_MAX_SESSIONS_PER_AGENT=str(count)), first, leaves)]
    if faye().missing is None:
        kinds.append((faye(), request("POST", "/tell", {}), [request("POST", "/tell", NOTIFICATION)] * rounds))
    seconds: dict[str, list[tuple[float, float]]] = {kind.name: [] for kind, _, _ in kinds}
    async with contextlib.AsyncExitStack() as stack:
        running_kinds = []
        for kind, first_request, causes in kinds:
            server = await stack.enter_async_context(running(kind, first_request))
            polls = stack.enter_context(contextlib.closing(PlainPolls(server.port, [scenarios.AGENT] * count)))
            connection = stack.enter_context(socket.create_connection((HOST, server.port)))
            running_kinds.append((kind.name, polls, connection, causes))
        for number in range(rounds):
            for name, polls, connection, causes in running_kinds:
                polls.hold()
                await asyncio.sleep(between)
                seconds[name].append(polls.time_until_all_are_notified(connection, causes[number]))
    lines = [("sessions of one agent", f"{count:,}")]
    for name, values in seconds.items():
        responded, notified = zip(*values, strict=True)
        lines.append((f"{name}: time until the response", f"{1000 * percentile(responded, 0.5):.1f} ms"))
        lines.append((f"{name}: time until the last is notified", f"{1000 * percentile(notified, 0.5):.1f} ms"))
    return lines
