"""Agent desktops as programs that listen with third-party clients."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager

from tests.clients.node import HERE, require_chromium, require_node

TIMEOUT = 30
"""Seconds to wait for a step."""

PROGRAMS = {
    "cometd 3": "node listen_cometd.mjs cometd-3",
    "cometd 5": "node listen_cometd.mjs cometd",
    "cometd 9": "node listen_cometd.mjs cometd-9",
    "cometd 9 in Chromium": "node listen_chromium.mjs chromium",
    "faye": "node listen_faye.mjs",
    "aiocometd": "python listen_aiocometd.py",
    "baiocas": "python listen_baiocas.py",
    # It polls with requests in a greenlet. Without gevent's patches the poll blocks the program.
    "python-bayeux": "python -m gevent.monkey listen_python_bayeux.py",
}


class Desktops:
    """The desktops of one agent, each on its own channel, in one or several programs of the same client."""

    def __init__(self, client: str) -> None:
        self._client = client
        self._programs: list[tuple[asyncio.subprocess.Process, Sequence[str]]] = []

    async def start(self, command: Sequence[str], channels: Sequence[str]) -> None:
        program = await asyncio.create_subprocess_exec(
            *[*command, *channels], cwd=HERE, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        self._programs.append((program, channels))

    async def next_steps(self) -> dict[str, dict]:
        """Wait for the next step of each desktop. Return the steps by channel."""
        lines = [await self._line(program) for program, channels in self._programs for _ in channels]
        return {channel: step for line in lines for channel, step in json.loads(line).items()}

    async def reload(self, channel: str) -> dict[str, dict]:
        """Reload the browser tab of a channel, and wait for the next step of any tab."""
        [(program, _)] = self._programs
        program.stdin.write(f"{channel}\n".encode())
        return json.loads(await self._line(program))

    async def sign_out(self) -> dict[str, list[dict]]:
        """Sign out all desktops and wait for their end. Return the remaining steps by channel."""
        programs = [program for program, _ in self._programs]
        async with asyncio.timeout(TIMEOUT):
            outputs = await asyncio.gather(*[program.communicate(b"") for program in programs])
        assert {0} == {program.returncode for program in programs}, self._client
        remaining: dict[str, list[dict]] = {}
        for line in b"".join(output for output, _ in outputs).splitlines():
            for channel, step in json.loads(line).items():
                remaining.setdefault(channel, []).append(step)
        return remaining

    async def end(self) -> None:
        for program, _ in self._programs:
            if program.returncode is None:
                program.kill()
                await program.communicate(b"")

    async def _line(self, program: asyncio.subprocess.Process) -> bytes:
        try:
            async with asyncio.timeout(TIMEOUT):
                line = await program.stdout.readline()
        except TimeoutError:
            line = b""
        assert line, f"{self._client} ended, or printed nothing for {TIMEOUT} s"
        return line


@asynccontextmanager
async def listening(client: str, url: str, programs: Iterable[Sequence[str]]) -> AsyncIterator[Desktops]:
    """Start programs of a client with desktops of agent1 for their channels, and end them afterwards.

    Only a browser can have several channels, one in each tab. Other programs have one channel.
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
