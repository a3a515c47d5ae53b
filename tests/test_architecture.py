"""Imports point one way, and applications share nothing."""

import ast
import sys
from pathlib import Path

import pytest

import gws_chat
from gws_chat.app import build
from gws_chat.settings import Settings
from tests.agents import AgentClient
from tests.commands import run
from tests.service import client_of

PACKAGE = Path(gws_chat.__file__).parent
CHAT = "0071023821aec011"


def test_imports_obey_the_contracts():
    """The contracts are in pyproject.toml."""
    status, output, error = run([str(Path(sys.executable).with_name("lint-imports")), "--no-cache"])

    assert 0 == status, output + error


@pytest.mark.parametrize("part", ["domain", "cometd"])
def test_domain_and_cometd_use_only_the_standard_library(part):
    """import-linter has no contract for this."""
    imported = {
        name
        for path in (PACKAGE / part).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }

    assert set() == {
        name
        for name in imported
        if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith(f"gws_chat.{part}")
    }


async def test_two_applications_share_no_chats_or_sessions():
    async with client_of(build(Settings())) as one, client_of(build(Settings())) as other:
        await AgentClient(one, "agent1", "secret1").leave(CHAT)
        chats = [await AgentClient(http, "agent1", "secret1").get(f"/api/v2/me/chats/{CHAT}") for http in (one, other)]
        other.cookies.clear()
        response = await other.get("/api/v2/me", headers={"Cookie": f"JSESSIONID={one.cookies['JSESSIONID']}"})

    assert ["LeftChat", "Chatting"] == [each["chat"]["state"] for each in chats]
    assert 403 == response.status_code
