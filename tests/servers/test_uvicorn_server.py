"""`gws-chat` under uvicorn: start, address, signals."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import httpx2
import pytest

from tests.agents import AgentClient
from tests.commands import run
from tests.raw_http import RawConnection, held_poll, request
from tests.service import COMMANDS, ROOT, Service

POLLS = 190


def test_a_port_in_use_is_reported_in_one_line():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        error = f"cannot listen on 127.0.0.1 port {port}: Address already in use\n"

        assert (1, "", error) == run([*COMMANDS["uvicorn"], "--port", str(port)])


def test_an_unknown_host_is_reported_in_one_line():
    status, output, error = run([*COMMANDS["uvicorn"], "--host", "nowhere.invalid"])

    assert (1, "") == (status, output)
    assert re.fullmatch(r"cannot listen on nowhere\.invalid port 8080: .+\n", error)


def test_port_0_takes_a_free_port_that_the_banner_names():
    with subprocess.Popen(
        [sys.executable, "-um", "gws_chat"],
        cwd=ROOT,
        env={**os.environ, "GWS_CHAT_PORT": "0"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        url = process.stdout.readline().removeprefix("API").strip()
        try:
            assert re.fullmatch(r"http://127\.0\.0\.1:[1-9][0-9]*/api/v2", url)
            with urllib.request.urlopen(f"{url.removesuffix('/api/v2')}/health", timeout=20) as response:
                assert 200 == response.status
        finally:
            process.terminate()


def test_it_listens_on_an_ipv6_address():
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6) as listener:
            port = listener.getsockname()[1]
    except OSError as error:
        pytest.skip(f"this computer has no IPv6: {error}")
    service = Service("uvicorn", "--host", "::1", port=port)
    service.url = f"http://[::1]:{port}"

    service.wait_until_ready()
    service.end()

    assert f"API            http://[::1]:{port}/api/v2" == service.output.splitlines()[0]


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, -signal.SIGTERM), (signal.SIGINT, 0)])
async def test_a_signal_answers_held_polls_and_ends_the_process(serve, number, status):
    service = serve("uvicorn", GWS_CHAT_LOG_LEVEL="warning")
    async with httpx2.AsyncClient(base_url=service.url) as http:
        agents = [AgentClient(http, "agent1", "secret1") for _ in range(POLLS)]
        for agent in agents:
            await agent.listen()
        held = [await held_poll(agent, service.port) for agent in agents]
        # the service has received the polls once it has answered a later request
        await (await RawConnection.sending(service.port, request("GET", "/health"))).response()

        started = time.monotonic()
        service.process.send_signal(number)
        replies = await asyncio.gather(*(poll.messages() for poll in held))

        assert status == await asyncio.to_thread(service.wait)
    assert time.monotonic() - started < 2  # a requirement, not a benchmark: containers are killed soon after
    retry = {"reconnect": "retry", "interval": 0}
    assert [retry] * POLLS == [{key: reply["advice"][key] for key in retry} for [reply] in replies]
    assert "" == service.output.partition("agent2 Invited\n")[2]


async def test_headers_of_proxies_do_not_change_uris(service):
    async with httpx2.AsyncClient(base_url=service.url, auth=("agent1", "secret1")) as http:
        response = await http.get("/api/v2/me", headers={"X-Forwarded-Proto": "https", "X-Forwarded-Host": "a.example"})

    assert response.json()["user"]["uri"].startswith(f"{service.url}/api/v2/")
