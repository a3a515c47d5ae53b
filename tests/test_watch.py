"""`gws-chat watch` prints an agent's notifications in a terminal."""

import asyncio
import json
import os
import signal
import sys
from contextlib import asynccontextmanager

import pytest

from tests.clients.left_chats import ALONE, CONFERENCE, leave, notification
from tests.raw_http import TIMEOUT
from tests.service import ROOT, free_port

PASSWORD = "secret1"


class Watch:
    """The running command."""

    def __init__(self, process):
        self.process = process

    async def read_status_line(self):
        async with asyncio.timeout(TIMEOUT):
            return (await self.process.stderr.readline()).decode()

    async def read_notification(self):
        async with asyncio.timeout(TIMEOUT):
            lines = (await self.process.stdout.readuntil(b"\n}\n")).decode()
        channel, _, data = lines.partition(" ")
        return {"channel": channel, "data": json.loads(data)}

    async def wait(self):
        """Wait for the end. Return the exit status and the rest of both outputs."""
        async with asyncio.timeout(TIMEOUT):
            output, error = await self.process.communicate()
        return self.process.returncode, output.decode(), error.decode()

    async def interrupt(self):
        """Press Ctrl-C and wait for the end."""
        self.process.send_signal(signal.SIGINT)
        return await self.wait()


@asynccontextmanager
async def watching(url, password=PASSWORD):
    options = ["--user", "agent1", "--password", password, "--url", url]
    process = await asyncio.create_subprocess_exec(
        *[sys.executable, "-m", "gws_chat", "watch", *options],
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


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
async def test_watch_prints_notifications_until_interrupted(share, server):
    service = share(server)
    async with watching(service.url) as watch:
        assert "watching the notifications of agent1\n" == await watch.read_status_line()

        for chat_id in (ALONE, CONFERENCE):
            await leave(service, chat_id)
            assert notification(service, chat_id) == await watch.read_notification()

        assert (0, "", "") == await watch.interrupt()


async def test_watch_resumes_after_the_service_restarts(serve):
    first = serve("uvicorn")
    lost = f"lost the connection to {first.url}, reconnecting\n"
    async with watching(first.url) as watch:
        assert "watching the notifications of agent1\n" == await watch.read_status_line()
        first.end()
        assert lost == await watch.read_status_line()

        second = serve("uvicorn", port=first.port)
        assert "reconnected\n" == await watch.read_status_line()
        await leave(second, ALONE)
        assert notification(second, ALONE) == await watch.read_notification()

        second.end()
        assert lost == await watch.read_status_line()
        assert (0, "", "") == await watch.interrupt()


@pytest.mark.parametrize("path", ["", "/", "/api/v2"])
async def test_wrong_password_ends_watch(share, path):
    async with watching(share("uvicorn").url + path, password="wrong") as watch:
        assert (1, "", "request rejected: Access denied\n") == await watch.wait()


@pytest.mark.parametrize("url", [f"http://127.0.0.1:{free_port()}", "127.0.0.1:8080"], ids=["down", "no URL"])
async def test_unreachable_service_ends_watch(url):
    async with watching(url) as watch:
        status, output, error = await watch.wait()

    assert (1, "", 1) == (status, output, error.count("\n"))
    assert error.startswith(f"cannot connect to {url}: ")


@pytest.mark.parametrize(
    "response",
    [
        b"HTTP/1.1 404 Not Found\r\ncontent-length: 9\r\n\r\nnot found",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]",
    ],
    ids=["no JSON", "no reply"],
)
async def test_unexpected_response_ends_watch(response):
    async def respond(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(response)
        writer.close()

    async with await asyncio.start_server(respond, "127.0.0.1", 0) as server:
        url = "http://127.0.0.1:{1}".format(*server.sockets[0].getsockname())
        async with watching(url) as watch:
            assert (1, "", f"{url} is not a GWS Chat API service\n") == await watch.wait()
