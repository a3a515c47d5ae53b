"""The cost of a request by the number of chats and sessions, and memory by the number of requests."""

from collections.abc import Sequence
from pathlib import Path
from statistics import median

from tests.benchmarks import load, scenarios
from tests.benchmarks.client import leave, listening
from tests.benchmarks.servers import running, service

OWN = 10
"""The agent's own chats while the number of others' chats grows."""
Curve = dict[int, float]


async def growth(
    folder: Path, chats: Sequence[int], sessions: Sequence[int], own: Sequence[int], passes: int, requests: int
) -> dict[str, Curve]:
    """Return CPU in ms by what grows. Each Leave is repeated for the same chats."""
    measured: dict[str, dict[int, list[float]]] = {}

    async def measure(
        name: str,
        count: int,
        kinds: dict[str, tuple[str, str, str]],
        sent: int = requests,
        agents: Sequence[str] = (),
        **scenario: int,
    ) -> None:
        path = scenarios.write(folder / "grown.yaml", listeners=len(agents), **scenario)
        distinct, (first, *_) = scenario["chats"], kinds.values()
        async with running(service(path), leave(scenarios.FIRST)) as server, listening(server.port, agents):
            await load.send(server, max(100, sent // 5), first, distinct=distinct)
            for kind, request in kinds.items():
                result = await load.send(server, sent, request, distinct=distinct)
                measured.setdefault(f"{kind}, by {name}", {}).setdefault(count, []).append(result.cpu)

    both = {"Leave": load.LEAVE, f"List of one's own {OWN} chats": load.LIST}
    for _ in range(passes):
        for count in chats:
            await measure("chats in the repository", count, both, chats=OWN, others=count - OWN)
        for count in own:
            await measure("one's own chats", count, {"List": load.LIST}, requests // 5, chats=count)
        for count in sessions:
            agents = [scenarios.listener(number) for number in range(1, count + 1)]
            await measure("CometD sessions", count, {"Leave": load.LEAVE}, agents=agents, chats=OWN)
    return {name: {count: median(values) for count, values in curve.items()} for name, curve in measured.items()}


async def memory_growth(leaves: int) -> tuple[float, float]:
    """Return the MiB of the demo before and after this number of Leaves."""
    async with running(service(), leave("0071023821aec011")) as server:
        await load.send(server, min(leaves, 1000), load.LEAVE_DEMO)
        before = server.mebibytes
        await load.send(server, leaves, load.LEAVE_DEMO)
        return before, server.mebibytes
