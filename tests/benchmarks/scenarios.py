"""The chats and agents that the benchmark's services start with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pathlib import Path

AGENT = "agent1:secret1"
FIRST = f"{1:016d}"
"""The first chat of `agent1`; its others are numbered on from there."""


def write(path: Path, *, chats: int, others: int = 0, listeners: int = 0) -> Path:
    """Write a scenario: `chats` of agent1, `others` of another agent, and `listeners` with a chat each."""
    content = {
        "agents": [_agent("agent1", "secret1"), _agent("other", "other")],
        "chats": [_chats("{n:016d}", "agent1", chats)],
    }
    if others:
        content["chats"].append(_chats("other{n:011d}", "other", others))
    if listeners:
        content["agents"].append({**_agent("listener{n}", "listener{n}"), "count": listeners})
        content["chats"].append(_chats("heard{n:011d}", "listener{n}", listeners))
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def listener(number: int) -> str:
    """Return the credentials of the agent with this number."""
    return f"listener{number}:listener{number}"


def chat_of_listener(number: int) -> str:
    return f"heard{number:011d}"


def _agent(name: str, password: str) -> dict[str, Any]:
    return {"userName": name, "password": password, "features": ["api-multimedia"]}


def _chats(chat_id: str, agent: str, count: int) -> dict[str, Any]:
    seats = [{"agent": agent, "state": "Chatting"}]
    return {"id": chat_id, "customer": "Customer {n}", "agents": seats, "count": count}
