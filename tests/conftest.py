"""Fixtures for all tests: the application in process, the service as a process, and the figures that tests report."""

from collections.abc import AsyncIterator, Callable, Iterator
from random import Random

import httpx2
import pytest

from gws_chat.app import Application, build
from gws_chat.gateway.openapi import document_path, load_content
from gws_chat.settings import Settings
from tests.agents import AgentClient
from tests.builders import NOW
from tests.clients.node import Browser
from tests.customers import CustomerClient
from tests.service import Service, client_of

DEMO_PASSWORDS = {"agent1": "secret1", "agent2": "secret2", "agent3": "secret3", "voiceonly": "secret4"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let two of the four workers begin with the tests of `verify`: they mostly wait, so others should run beside them.

    pytest-xdist gives each worker a quarter of the tests, in their order, and the rest of a slow worker to the others.
    """
    waiting = [item for item in items if "/verify/" in item.nodeid]
    others = [item for item in items if "/verify/" not in item.nodeid]
    half = len(others) // 2
    items[:] = [*waiting[::2], *others[:half], *waiting[1::2], *others[half:]]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def document() -> dict:
    """Return the content of openapi.yaml."""
    return load_content(document_path())


@pytest.fixture
def application() -> Application:
    """Create the service with a fixed clock and a seeded generator, so that the IDs are those of the examples."""
    return build(Settings(), now=lambda: NOW, random=Random(0))


@pytest.fixture
async def http(application: Application) -> AsyncIterator[httpx2.AsyncClient]:
    """Return a client that calls the application in process."""
    async with client_of(application) as client:
        yield client


@pytest.fixture
def agent(http: httpx2.AsyncClient) -> Callable[[str], AgentClient]:
    """Return a function that creates the client of an agent of the demo."""
    return lambda user_name: AgentClient(http, user_name, DEMO_PASSWORDS[user_name])


@pytest.fixture
def customer(http: httpx2.AsyncClient) -> CustomerClient:
    """Return the client of a customer."""
    return CustomerClient(http)


@pytest.fixture
def serve() -> Iterator[Callable[..., Service]]:
    """Return a function that starts the service as a process: `serve("uvicorn")` or `serve("flask")`."""
    started: list[Service] = []

    def start(server: str, *options: str, **environment: str) -> Service:
        service = Service(server, *options, **environment)
        started.append(service)
        service.wait_until_ready()
        return service

    yield start
    for service in started:
        service.end()


@pytest.fixture(scope="session")
def shared_services() -> Iterator[dict[tuple[str, ...], Service]]:
    """Return the running services of `share`, by server and options."""
    services: dict[tuple[str, ...], Service] = {}
    yield services
    for service in services.values():
        service.end()


@pytest.fixture
def share(shared_services: dict[tuple[str, ...], Service]) -> Callable[..., Service]:
    """Return a function that works as `serve`, but returns the same service to all tests, in its initial state.

    For tests that neither end the service nor read its own output.
    """

    def start(*server_and_options: str) -> Service:
        service = shared_services.get(server_and_options)
        if service is None or service.process.poll() is not None:
            service = shared_services[server_and_options] = Service(*server_and_options)
            service.wait_until_ready()
        service.reset()
        return service

    return start


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start a browser for all tests, because its start takes longer than most of them."""
    browser = Browser()
    yield browser
    assert "" == browser.end()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures that tests have recorded with `record_property("figures", ...)`."""
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    figures = [
        (report.nodeid, value)
        for report in reports
        for name, value in getattr(report, "user_properties", [])
        if name == "figures" and report.when == "call"
    ]
    if figures:
        terminalreporter.section("figures")
        for nodeid, value in figures:
            terminalreporter.write_line(f"{nodeid}: {value}")
