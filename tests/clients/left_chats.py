"""Leave a demo chat, and expect its notification."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2

from tests.agents import AgentClient

if TYPE_CHECKING:
    from tests.service import Service

ALONE = "0071023821aec011"
CONFERENCE = "0000Na9B26EF002X"


async def leave(service: Service, chat_id: str) -> None:
    async with httpx2.AsyncClient(base_url=service.url) as http:
        response = await AgentClient(http, "agent1", "secret1").leave(chat_id)
        response.raise_for_status()


def notification(service: Service, chat_id: str) -> dict:
    """Return the notification that agent1 receives for its first leave of the chat."""
    if chat_id == CONFERENCE:
        reference, chat = {}, {"state": "Completed"}
    else:
        capabilities = ["Transfer", "Complete", "Leave", "InFocus"]
        reference, chat = {"referenceId": 1}, {"state": "LeftChat", "capabilities": capabilities}
    return {
        "channel": "/v2/me/chats",
        "data": {
            "messageType": "ChatStateChangeMessage",
            **reference,
            "notificationType": "StatusChange",
            "chat": {**chat, "id": chat_id, "uri": f"{service.url}/api/v2/chats/{chat_id}"},
        },
    }
