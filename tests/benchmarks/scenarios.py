"""The scenarios of the benchmarks."""

from pathlib import Path
from typing import Any

import yaml

AGENT = "agent1:secret1"
FIRST = f"{1:016d}"
"""The first chat of `agent1`; the others have the following numbers."""


def write(path: Path, *, chats: int, others: int = 0, listeners: int = 0) -> Path:
    """Write a scenario: `chats` of agent1, `others` of another agent, and `listeners` with a chat each."""
    agents = [_agent("agent1", "secret1"), _agent("other", "other")]
    agents += [{**_agent("listener{n}", "listener{n}"), "count": listeners}] if listeners else []
    content = {
        "agents": agents,
        "chats": [
            {
                "id": chat_id,
                "customer": "Customer {n}",
                "agents": [{"agent": agent, "state": "Chatting"}],
                "count": count,
            }
            for chat_id, agent, count in [
                ("{n:016d}", "agent1", chats),
                ("other{n:011d}", "other", others),
                ("heard{n:011d}", "listener{n}", listeners),
            ]
            if count
        ],
    }
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def listener(number: int) -> str:
    """Return the credentials of the listener with this number."""
    return f"listener{number}:listener{number}"


def chat_of_listener(number: int) -> str:
    return f"heard{number:011d}"


def _agent(name: str, password: str) -> dict[str, Any]:
    return {"userName": name, "password": password, "features": ["api-multimedia"]}
