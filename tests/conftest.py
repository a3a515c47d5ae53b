"""What the tests share: an application of their own in process, and the service as a process."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING

import httpx2
import pytest
import yaml

from handlers.app import Application, build, document_path
from handlers.settings import Settings
from tests.agents import AgentClient
from tests.customers import CustomerClient
from tests.service import Service

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DEMO_PASSWORDS = {"agent1": "secret1", "agent2": "secret2", "agent3": "secret3", "voiceonly": "secret4"}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def document() -> dict:
    """The document, as it is written."""
    return yaml.safe_load(document_path().read_text(encoding="utf-8"))


@pytest.fixture
def application() -> Application:
    """The service over the demo, at a standing time, with the ids that the document's examples have."""
    return build(Settings(), clock=lambda: NOW, random=Random(0))


@pytest.fixture
async def http(application: Application) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the application, in process: no port, no thread."""
    transport = httpx2.ASGITransport(application.asgi)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8080") as client:
        yield client


@pytest.fixture
def agent(http: httpx2.AsyncClient) -> Callable[[str], AgentClient]:
    """Make the client of one of the demo's agents."""
    return lambda user_name: AgentClient(http, user_name, DEMO_PASSWORDS[user_name])


@pytest.fixture
def customer(http: httpx2.AsyncClient) -> CustomerClient:
    """Make the client of a customer."""
    return CustomerClient(http)


@pytest.fixture
def serve() -> Iterator[Callable[..., Service]]:
    """Start the service as a process, `serve("uvicorn")` or `serve("flask")`, and end it afterwards."""
    started: list[Service] = []

    def start(server: str, *options: str, **environment: str) -> Service:
        service = Service(server, *options, **environment)
        started.append(service)
        service.wait_until_ready()
        return service

    yield start
    for service in started:
        service.end()


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
