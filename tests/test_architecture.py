"""Imports point one way, and applications share nothing."""

import ast
import sys
from pathlib import Path
from typing import NamedTuple

import httpx2
import pytest

import handlers
from handlers.app import build
from handlers.settings import Settings
from tests.agents import AgentClient

PACKAGE = Path(handlers.__file__).parent
CHAT = "0071023821aec011"

BELOW_APP = {
    "domain": {"domain"},
    "clock": {"cometd"},
    "cometd": {"cometd"},
    "gateway": {"gateway", "identity"},
    "wire": {"domain", "gateway", "journal"},
    "identity": {"domain"},
    "faults": {"domain", "gateway", "wire"},
    "journal": {"domain", "gateway", "wire"},
    "notifier": {"domain", "wire"},
    "problems": {"cometd", "domain", "gateway", "scenario", "wire"},
    "prometheus": {"cometd"},
    "scenario": {"domain"},
    "settings": set(),
    "simulator": {"clock", "cometd", "domain", "faults", "identity", "journal", "scenario"},
}
"""What each part of the package may import of it. The endpoints are the document's to name."""
ABOVE_APP = {
    "__init__": {"command_line"},
    "__main__": {"command_line", "gateway", "logs", "settings", "wire"},
    "command_line": {"app", "logs", "scenario", "settings", "watch"},
    "logs": {"gateway", "settings"},
    "pytest_plugin": set(),
    "watch": set(),
}


class Import(NamedTuple):
    """One import: a part of the package or one of its files, what it imports, and whether for types only."""

    part: str
    file: str
    imported: str
    for_types: bool


def imports_of(path):
    """Every import of a file, wherever it stands in it."""
    file = path.relative_to(PACKAGE)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and "TYPE_CHECKING" == ast.unparse(block.test)
        for node in ast.walk(block)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "handlers":
            modules = [f"handlers.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = ["." * node.level + (node.module or "")]
        else:
            continue
        for module in modules:
            yield Import(file.parts[0].removesuffix(".py"), str(file), module, id(node) in for_types)


IMPORTS = [each for path in sorted(PACKAGE.rglob("*.py")) for each in imports_of(path)]
PARTS = {each.part for each in IMPORTS} | {path.stem for path in PACKAGE.glob("*.py")}


def part_imported(each):
    """The part of the package that is imported, or none."""
    package, _, rest = each.imported.partition(".")
    return rest.partition(".")[0] if package == "handlers" else None


def within_the_package(parts):
    return [each for each in IMPORTS if each.part in parts and part_imported(each) is not None]


def from_elsewhere(parts):
    """The imports of these parts that are neither the package's nor the standard library's."""
    return [
        each
        for each in IMPORTS
        if each.part in parts
        and part_imported(each) is None
        and each.imported.partition(".")[0] not in sys.stdlib_module_names
    ]


@pytest.fixture(scope="module")
def endpoints(document):
    """The modules whose functions the document's operations name."""
    operations = [
        operation
        for item in document["paths"].values()
        for operation in item.values()
        if isinstance(operation, dict)
    ]
    return {operation["x-openapi-router-controller"].removeprefix("handlers.") for operation in operations}


def test_every_part_has_its_place(endpoints):
    assert PARTS == {*BELOW_APP, *endpoints, "app", *ABOVE_APP}


def test_no_import_is_relative():
    assert [] == [each for each in IMPORTS if each.imported.startswith(".")]


@pytest.mark.parametrize("part", ["domain", "cometd"])
def test_a_pure_part_imports_the_standard_library_and_itself_only(part):
    others = [each for each in within_the_package({part}) if part_imported(each) != part]

    assert [] == from_elsewhere({part}) + others


@pytest.mark.parametrize("part", {**BELOW_APP, **ABOVE_APP})
def test_a_part_imports_only_what_the_arrow_lets_it(part):
    allowed = {**BELOW_APP, **ABOVE_APP}[part]

    assert [] == [each for each in within_the_package({part}) if part_imported(each) not in allowed]


def test_an_endpoint_imports_wire_and_domain_and_for_types_what_is_handed_to_it(endpoints):
    assert [] == [
        each
        for each in within_the_package(endpoints)
        # the simulation acts for agents and customers, by the tables of their endpoints
        if each.part != "simulation" or part_imported(each) not in {"chats", "customers", "faults", "journal"}
        if part_imported(each) not in {"wire", "domain"}
        and not (
            each.for_types
            and part_imported(each) in {"notifier", "cometd", "identity", "prometheus", "simulator"}
        )
    ]


def test_an_endpoint_imports_no_framework(endpoints):
    assert [] == from_elsewhere(endpoints)


def test_connexion_is_imported_in_app_problems_and_gateway_only():
    users = {each.part for each in IMPORTS if each.imported.partition(".")[0] == "connexion"}

    assert {"app", "problems", "gateway"} == users


def test_app_imports_nothing_that_imports_it():
    assert [] == [each for each in within_the_package({"app"}) if part_imported(each) in ABOVE_APP]


async def test_two_applications_in_one_process_share_nothing():
    clients = []
    for application in (build(Settings()), build(Settings())):
        transport = httpx2.ASGITransport(application.asgi)
        clients.append(httpx2.AsyncClient(transport=transport, base_url="http://localhost:8080"))
    async with clients[0] as one, clients[1] as other:
        await AgentClient(one, "agent1", "secret1").leave(CHAT)

        answers = [
            await AgentClient(http, "agent1", "secret1").get(f"/api/v2/me/chats/{CHAT}")
            for http in (one, other)
        ]

    assert ["LeftChat", "Chatting"] == [answer["chat"]["state"] for answer in answers]


async def test_a_session_of_one_application_is_unknown_to_another():
    clients = []
    for application in (build(Settings()), build(Settings())):
        transport = httpx2.ASGITransport(application.asgi)
        clients.append(httpx2.AsyncClient(transport=transport, base_url="http://localhost:8080"))
    async with clients[0] as one, clients[1] as other:
        await one.get("/api/v2/me", auth=("agent1", "secret1"))

        answer = await other.get("/api/v2/me", headers={"Cookie": f"JSESSIONID={one.cookies['JSESSIONID']}"})

    assert 403 == answer.status_code
