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

from gws_chat.servers.uvicorn_server import listen_or_exit
from gws_chat.settings import Settings
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


@pytest.mark.parametrize("host", ["nowhere.invalid", "192.0.2.1", "..", "a" * 64])
def test_an_unusable_host_is_reported_in_one_line(host):
    status, output, error = run([*COMMANDS["uvicorn"], "--host", host])

    assert (1, "") == (status, output)
    assert re.fullmatch(rf"cannot listen on {re.escape(host)} port 8080: .+\n", error)


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


@pytest.fixture
def ipv6_port():
    """Return a port that is free on IPv6 and IPv4."""
    try:
        with socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as listener:
            return listener.getsockname()[1]
    except OSError as error:
        pytest.skip(f"this computer has no IPv6: {error}")


@pytest.mark.parametrize(
    ("host", "addresses"), [("::1", ["[::1]"]), ("[::1]", ["[::1]"]), ("::", ["[::1]", "127.0.0.1"])]
)
def test_it_listens_on_ipv6_addresses(ipv6_port, host, addresses):
    service = Service("uvicorn", "--host", host, port=ipv6_port)
    service.url = f"http://[::1]:{ipv6_port}"

    service.wait_until_ready()
    responses = [httpx2.get(f"http://{address}:{ipv6_port}/health") for address in addresses]
    service.end()

    assert [200] * len(addresses) == [response.status_code for response in responses]
    assert f"API            http://[::1]:{ipv6_port}/api/v2" == service.output.splitlines()[0]


def resolve(*addresses):
    """Return a function that resolves any host name to these addresses."""
    families = {True: socket.AF_INET6, False: socket.AF_INET}
    found = [(families[":" in each], socket.SOCK_STREAM, 0, "", (each, 0)) for each in addresses]
    return lambda *_arguments, **_options: found


def test_it_listens_on_all_addresses_of_a_name(ipv6_port, monkeypatch):
    del ipv6_port  # this computer has IPv6
    monkeypatch.setattr(socket, "getaddrinfo", resolve("::1", "127.0.0.1", "127.0.0.1"))

    listeners = listen_or_exit(Settings(host="localhost", port=0))

    addresses = [listener.getsockname() for listener in listeners]
    assert ["::1", "127.0.0.1"] == [address[0] for address in addresses]
    assert 1 == len({address[1] for address in addresses})
    for listener in listeners:
        listener.close()


def test_addresses_that_this_computer_lacks_are_left_out(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", resolve("2001:db8::1", "127.0.0.1"))

    [listener] = listen_or_exit(Settings(host="localhost", port=0))

    assert "127.0.0.1" == listener.getsockname()[0]
    listener.close()


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGTERM, -signal.SIGTERM), (signal.SIGHUP, -signal.SIGHUP), (signal.SIGINT, 0)]
)
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


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGTERM])
def test_the_shutdown_is_logged(serve, number):
    service = serve("uvicorn")

    service.process.send_signal(number)
    service.wait()

    assert service.output.endswith(f" INFO shutting down, received {number.name}\n")


@pytest.mark.parametrize("module", ["click", "connexion"])
def test_a_signal_during_the_start_prints_nothing(module):
    interrupt_import = f"""
import runpy, signal, sys
class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, Interrupt())
runpy.run_module("gws_chat", run_name="__main__")
"""

    assert (130, "", "") == run([sys.executable, "-c", interrupt_import])


def test_too_few_file_descriptors_are_reported():
    limited = "import resource, runpy; resource.setrlimit(resource.RLIMIT_NOFILE, (31, 31)); "

    ended = run([sys.executable, "-c", f'{limited}runpy.run_module("gws_chat", run_name="__main__")'])

    assert (1, "", "the limit of file descriptors must be at least 32, got 31 (see ulimit -n)\n") == ended


def test_exhausted_file_descriptors_are_logged(tmp_path):
    limited = tmp_path / "python"
    limited.write_text(f'#!/bin/sh\nulimit -n 64\nexec {sys.executable} "$@"\n')
    limited.chmod(0o755)
    with Service("uvicorn", python=limited) as service:
        connections = [socket.create_connection(("127.0.0.1", service.port)) for _ in range(60)]
        deadline = time.monotonic() + 10
        while "connections are open: the file descriptors run out" not in service.output:
            assert time.monotonic() < deadline
        for connection in connections:
            connection.close()

    assert "WARNING the limit of file descriptors is 64 (see ulimit -n)" in service.output
    assert 1 == service.output.count("run out")


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
def test_a_misspelt_variable_is_named_in_a_warning(serve, server):
    service = serve(server, GWS_CHAT_SCENARIOS="desktop")
    service.end()

    assert 1 == service.output.count("WARNING the environment variable GWS_CHAT_SCENARIOS is unknown, and ignored\n")


async def test_headers_of_proxies_do_not_change_uris(share):
    service = share("uvicorn")

    async with httpx2.AsyncClient(base_url=service.url, auth=("agent1", "secret1")) as http:
        response = await http.get("/api/v2/me", headers={"X-Forwarded-Proto": "https", "X-Forwarded-Host": "a.example"})

    assert response.json()["user"]["uri"].startswith(f"{service.url}/api/v2/")
