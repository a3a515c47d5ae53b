"""What a request costs the more there is: chats, sessions, Leaves."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from tests.benchmarks import load, scenarios
from tests.benchmarks.bayeux import listening
from tests.benchmarks.connection import leave
from tests.benchmarks.servers import running, service

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

OWN = 10
"""Chats that the agent has while those of others grow in number."""
Curve = dict[int, float]


async def growth(
    folder: Path,
    chats: Sequence[int],
    sessions: Sequence[int],
    own: Sequence[int],
    passes: int,
    requests: int,
) -> dict[str, Curve]:
    """Return CPU in ms by what grows. The Leave is always the same: repeated ones of the same chats."""
    curves: dict[str, dict[int, list[float]]] = {}

    def note(name: str, count: int, cpu: float) -> None:
        curves.setdefault(name, {}).setdefault(count, []).append(cpu)

    for _ in range(passes):
        for count in chats:
            scenario = scenarios.write(folder / "grown.yaml", chats=OWN, others=count - OWN)
            async with running(service(scenario), leave(scenarios.FIRST)) as server:
                await load.send(server, requests // 5, distinct=OWN)
                note(
                    "Leave, by chats in the repository",
                    count,
                    (await load.send(server, requests, distinct=OWN)).cpu,
                )
                listed = await load.send(server, requests, load.LIST)
                note("List of one's own 10 chats, by chats in the repository", count, listed.cpu)
        for count in own:
            scenario = scenarios.write(folder / "grown.yaml", chats=count)
            async with running(service(scenario), leave(scenarios.FIRST)) as server:
                note(
                    "List, by one's own chats", count, (await load.send(server, requests // 5, load.LIST)).cpu
                )
        for count in sessions:
            scenario = scenarios.write(folder / "grown.yaml", chats=OWN, listeners=count)
            agents = [scenarios.listener(number) for number in range(1, count + 1)]
            async with (
                running(service(scenario), leave(scenarios.FIRST)) as server,
                listening(server.port, agents),
            ):
                await load.send(server, requests // 5, distinct=OWN)
                note(
                    "Leave, by CometD sessions", count, (await load.send(server, requests, distinct=OWN)).cpu
                )
    return {
        name: {count: median(values) for count, values in curve.items()} for name, curve in curves.items()
    }


async def memory_growth(leaves: int) -> tuple[float, float]:
    """Return the MiB of the demo before and after so many Leaves."""
    async with running(service(), leave("0071023821aec011")) as server:
        await load.send(server, min(leaves, 1000), load.LEAVE_DEMO)
        before = server.mebibytes
        await load.send(server, leaves, load.LEAVE_DEMO)
        return before, server.mebibytes
