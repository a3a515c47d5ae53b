"""`flask --app handlers watch`: a terminal in which an agent's notifications appear."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from contextlib import asynccontextmanager

import httpx2
import pytest

from tests.agents import AgentClient
from tests.service import ROOT, Service, free_port

PATIENCE = 20
"""Seconds after which a line does not come any more."""


class Watch:
    """The command, running."""

    def __init__(self, process):
        self.process = process

    async def says(self):
        """Wait for the next line about the watching itself."""
        async with asyncio.timeout(PATIENCE):
            return (await self.process.stderr.readline()).decode()

    async def prints(self):
        """Wait for the next notification: its channel and its document."""
        async with asyncio.timeout(PATIENCE):
            lines = (await self.process.stdout.readuntil(b"\n}\n")).decode()
        channel, _, document = lines.partition(" ")
        return channel, json.loads(document)

    async def ends(self):
        """Wait for the end: exit status, what was still printed, what was still said."""
        async with asyncio.timeout(PATIENCE):
            output, error = await self.process.communicate()
        return self.process.returncode, output.decode(), error.decode()

    async def interrupted(self):
        """Press Ctrl-C, and wait for the end."""
        self.process.send_signal(signal.SIGINT)
        return await self.ends()


@asynccontextmanager
async def watching(url, credentials=("agent1", "secret1")):
    user, password = credentials
    options = ["--user", user, "--password", password, "--url", url]
    process = await asyncio.create_subprocess_exec(
        *[sys.executable, "-m", "flask", "--app", "handlers", "watch", *options],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield Watch(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def leave(service, chat_id):
    async with httpx2.AsyncClient(base_url=service.url) as http:
        await AgentClient(http, "agent1", "secret1").leave(chat_id)


def left(service):
    """Return what agent1 is told who has left the chat it was alone in."""
    return "/v2/me/chats", {
        "messageType": "ChatStateChangeMessage",
        "referenceId": 1,
        "notificationType": "StatusChange",
        "chat": {
            "state": "LeftChat",
            "capabilities": ["Transfer", "Complete", "Leave", "InFocus"],
            "id": "0071023821aec011",
            "uri": f"{service.url}/api/v2/chats/0071023821aec011",
        },
    }


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
async def test_what_an_agent_is_told_is_printed_as_it_comes_until_ctrl_c(serve, server):
    service = serve(server)
    async with watching(service.url) as watch:
        assert "watching the chats of agent1\n" == await watch.says()

        await leave(service, "0071023821aec011")
        assert left(service) == await watch.prints()
        await leave(service, "0000Na9B26EF002X")
        _, conference = await watch.prints()
        assert "Completed" == conference["chat"]["state"]

        assert (0, "", "") == await watch.interrupted()


async def test_a_wrong_password_is_one_line(serve):
    service = serve("uvicorn")
    async with watching(service.url, ("agent1", "wrong")) as watch:
        assert (1, "", "refused: Access denied\n") == await watch.ends()


@pytest.mark.parametrize("url", [f"http://127.0.0.1:{free_port()}", "127.0.0.1:8080"], ids=["gone", "no URL"])
async def test_a_service_that_cannot_be_reached_is_one_line(url):
    async with watching(url) as watch:
        status, output, error = await watch.ends()
    assert (1, "", 1) == (status, output, error.count("\n"))
    assert error.startswith(f"cannot reach {url}: ")


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 404 Not Found\r\ncontent-length: 9\r\n\r\nnot found",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]",
    ],
    ids=["no JSON", "no reply"],
)
async def test_a_service_of_another_kind_is_one_line(answer):
    async def other_service(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    async with await asyncio.start_server(other_service, "127.0.0.1", 0) as server:
        url = "http://127.0.0.1:{1}".format(*server.sockets[0].getsockname())
        async with watching(url) as watch:
            status, output, error = await watch.ends()
    assert (1, "", 1) == (status, output, error.count("\n"))
    assert url in error


async def test_it_goes_on_when_the_service_has_been_started_anew_and_ends_quietly_when_it_is_gone(serve):
    first = serve("uvicorn")
    async with watching(first.url) as watch:
        assert "watching the chats of agent1\n" == await watch.says()
        first.end()
        assert f"lost {first.url}, trying again\n" == await watch.says()
        second = Service("uvicorn", port=first.port)
        try:
            assert "watching again\n" == await watch.says()
            await leave(second, "0071023821aec011")
            assert left(second) == await watch.prints()
        finally:
            second.end()
        assert f"lost {first.url}, trying again\n" == await watch.says()
        assert (0, "", "") == await watch.interrupted()
