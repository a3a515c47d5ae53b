"""The service beside its peers: the same work on all in turn, several times over."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

from tests.benchmarks import load, scenarios
from tests.benchmarks.bayeux import listening
from tests.benchmarks.connection import leave
from tests.benchmarks.figures import table
from tests.benchmarks.servers import ROOT, flask_run, running, service

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from tests.benchmarks.load import Load
    from tests.benchmarks.servers import Kind

HEAD = ("", "CPU ms", "of FlaskApp", "requests/s", "p50 ms", "p99 ms", "start s", "idle MiB")
BASE = "connexion FlaskApp"
ALONE, TOLD = "this service", "this service, one client told of each"
DEMO_CHAT = "0071023821aec011"
SETTLE = 0.5
"""Seconds from the first answer until memory is looked at."""


@dataclass
class Row:
    """What several passes measured of one server."""

    loads: list[Load] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


async def compare(
    folder: Path, peers: Sequence[Kind], passes: int, warm_up: int, requests: int
) -> tuple[str, list[str]]:
    """Return the table, and the names of the peers that are not installed."""
    scenario = scenarios.write(folder / "compared.yaml", chats=warm_up + requests)
    ours = service(scenario)
    under_flask = flask_run("flask run, this service", "handlers", GWS_CHAT_SCENARIO=str(scenario))
    bare = flask_run("flask run, a bare view", str(ROOT / "tests/benchmarks/peers/flask_app.py"))
    installed = [peer for peer in peers if peer.missing is None]
    rows: dict[str, Row] = {name: Row() for name in (ALONE, TOLD, *(each.name for each in installed))}
    rows |= {each.name: Row() for each in (under_flask, bare)}
    for _ in range(passes):
        await _start(service(), DEMO_CHAT, rows[ALONE])
        rows[ALONE].loads.append(await _load(ours, warm_up, requests))
        rows[TOLD].loads.append(await _load(ours, warm_up, requests, told=True))
        for peer in installed:
            await _start(peer, DEMO_CHAT, rows[peer.name])
        for kind in (*installed, under_flask, bare):
            rows[kind.name].loads.append(await _load(kind, warm_up, requests))
    missing = [f"{peer.name} ({peer.missing})" for peer in peers if peer.missing is not None]
    return _table(rows), missing


async def _start(kind: Kind, chat_id: str, row: Row) -> None:
    async with running(kind, leave(chat_id)) as server:
        await asyncio.sleep(SETTLE)
        row.starts.append(server.seconds_to_start)
        row.memory.append(server.mebibytes)


async def _load(kind: Kind, warm_up: int, requests: int, *, told: bool = False) -> Load:
    async with (
        running(kind, leave(scenarios.FIRST)) as server,
        listening(server.port, [scenarios.AGENT] if told else []),
    ):
        await load.send(server, warm_up)
        return await load.send(server, requests, first=warm_up + 1)


def _table(rows: dict[str, Row]) -> str:
    base = median(each.cpu for each in rows[BASE].loads) if BASE in rows else None
    lines = []
    for name, row in rows.items():
        cpu = median(each.cpu for each in row.loads)
        lines.append(
            (
                name,
                f"{cpu:.2f}",
                "" if base is None else f"{cpu / base:.2f}",
                f"{median(each.per_second for each in row.loads):.0f}",
                f"{median(each.p50 for each in row.loads):.1f}",
                f"{median(each.p99 for each in row.loads):.1f}",
                _median(row.starts, 2),
                _median(row.memory, 0),
            )
        )
    return table(HEAD, lines)


def _median(values: Iterable[float], digits: int) -> str:
    known = list(values)
    return f"{median(known):.{digits}f}" if known else ""
