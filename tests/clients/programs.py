"""An agent's desktops, as programs in which a client listens that nobody here wrote."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from tests.clients.node import HERE, require_chromium, require_node

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Sequence

PATIENCE = 30
"""Seconds after which a step does not come any more."""

PROGRAMS = {
    "cometd 3": "node listen_cometd.mjs cometd-3",
    "cometd 5": "node listen_cometd.mjs cometd",
    "cometd 9": "node listen_cometd.mjs cometd-9",
    "cometd 9 in Chromium": "node listen_chromium.mjs chromium",
    "faye": "node listen_faye.mjs",
    "aiocometd": "python listen_aiocometd.py",
    "baiocas": "python listen_baiocas.py",
    # It polls with requests in a greenlet, and leaves it to the program to see that this does not block.
    "python-bayeux": "python -m gevent.monkey listen_python_bayeux.py",
}


class Desktops:
    """The desktops of one agent, each of another channel, in one or several programs of the same client."""

    def __init__(self, client: str) -> None:
        self._client = client
        self._programs: list[tuple[asyncio.subprocess.Process, Sequence[str]]] = []

    async def start(self, command: Sequence[str], channels: Sequence[str]) -> None:
        program = await asyncio.create_subprocess_exec(
            *[*command, *channels],
            cwd=HERE,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        self._programs.append((program, channels))

    async def step(self) -> dict[str, dict]:
        """Wait for the next step of each, and return it by the channel."""
        lines = [await self._line(program) for program, channels in self._programs for _ in channels]
        return {channel: step for line in lines for channel, step in json.loads(line).items()}

    async def reload(self, channel: str) -> dict[str, dict]:
        """Reload the page of one, where they are tabs of a browser, and wait for the next step of any."""
        [(program, _)] = self._programs
        program.stdin.write(f"{channel}\n".encode())
        return json.loads(await self._line(program))

    async def sign_out(self) -> dict[str, list[dict]]:
        """Have all sign out, wait until they have ended, and return what was left of their steps."""
        programs = [program for program, _ in self._programs]
        async with asyncio.timeout(PATIENCE):
            outputs = await asyncio.gather(*[program.communicate(b"") for program in programs])
        assert {0} == {program.returncode for program in programs}, self._client
        left: dict[str, list[dict]] = {}
        for line in b"".join(output for output, _ in outputs).splitlines():
            for channel, step in json.loads(line).items():
                left.setdefault(channel, []).append(step)
        return left

    async def end(self) -> None:
        for program, _ in self._programs:
            if program.returncode is None:
                program.kill()
                await program.communicate(b"")

    async def _line(self, program: asyncio.subprocess.Process) -> bytes:
        try:
            async with asyncio.timeout(PATIENCE):
                line = await program.stdout.readline()
        except TimeoutError:
            line = b""
        assert line, f"{self._client} has ended, or says nothing for {PATIENCE} s"
        return line


@asynccontextmanager
async def listening(client: str, url: str, programs: Iterable[Sequence[str]]) -> AsyncIterator[Desktops]:
    """Start programs of a client, each with desktops of agent1 for its channels, and end them afterwards.

    A program has one channel. Only in a browser it may have several, a tab for each.
    """
    found = {"node": require_node, "chromium": require_chromium, "python": lambda: sys.executable}
    command = [found[word]() if word in found else word for word in PROGRAMS[client].split()]
    desktops = Desktops(client)
    try:
        for channels in programs:
            await desktops.start([*command, url, "agent1", "secret1"], channels)
        yield desktops
    finally:
        await desktops.end()
