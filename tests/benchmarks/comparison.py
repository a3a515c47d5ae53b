"""The emulator beside its peers: the same requests to each of them in turn, several times."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.benchmarks import load, scenarios
from tests.benchmarks.client import leave, listening
from tests.benchmarks.figures import table
from tests.benchmarks.load import Load
from tests.benchmarks.servers import ROOT, Kind, flask_run, running, service

HEAD = ("", "CPU ms", "of FlaskApp", "requests/s", "p50 ms", "p99 ms", "start s", "idle MiB")
BASE = "connexion FlaskApp"
ALONE, NOTIFYING = "this service", "this service, one client notified of each"
SETTLE = 0.5
"""Seconds from the first response until memory is measured."""


@dataclass
class Row:
    """The measurements of one server, one of each pass."""

    loads: list[Load] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)

    def cells(self, base: float | None) -> tuple[str, ...]:
        cpu = median(each.cpu for each in self.loads)
        return (
            f"{cpu:.2f}",
            "" if base is None else f"{cpu / base:.2f}",
            f"{median(each.per_second for each in self.loads):.0f}",
            f"{median(each.p50 for each in self.loads):.1f}",
            f"{median(each.p99 for each in self.loads):.1f}",
            f"{median(self.starts):.2f}" if self.starts else "",
            f"{median(self.memory):.0f}" if self.memory else "",
        )


async def compare(
    folder: Path, peers: Sequence[Kind], passes: int, warm_up: int, requests: int
) -> tuple[str, list[str]]:
    """Return the table, and the names of the peers that are not installed."""
    scenario = scenarios.write(folder / "compared.yaml", chats=warm_up + requests)
    installed = [peer for peer in peers if peer.missing is None]
    measured = {
        ALONE: service(scenario),
        NOTIFYING: service(scenario),
        **{peer.name: peer for peer in installed},
        "flask run, this service": flask_run("flask run", "gws_chat", GWS_CHAT_SCENARIO=str(scenario)),
        "flask run, a bare view": flask_run("flask run", str(ROOT / "tests/benchmarks/peers/flask_app.py")),
    }
    # The start is measured with the demo, not with thousands of chats.
    started = {ALONE: service(), **{peer.name: peer for peer in installed}}
    rows = {name: Row() for name in measured}
    for _ in range(passes):
        for name, kind in measured.items():
            if name in started:
                async with running(started[name], leave("0071023821aec011")) as server:
                    await asyncio.sleep(SETTLE)
                    rows[name].starts.append(server.seconds_to_start)
                    rows[name].memory.append(server.mebibytes)
            listeners = [scenarios.AGENT] if name == NOTIFYING else []
            async with running(kind, leave(scenarios.FIRST)) as server, listening(server.port, listeners):
                await load.send(server, warm_up)
                rows[name].loads.append(await load.send(server, requests, first=warm_up + 1))
    base = median(each.cpu for each in rows[BASE].loads) if BASE in rows else None
    missing = [f"{peer.name} ({peer.missing})" for peer in peers if peer.missing is not None]
    return table(HEAD, [(name, *row.cells(base)) for name, row in rows.items()]), missing
