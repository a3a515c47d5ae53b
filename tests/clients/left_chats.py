"""Leave a demo chat, and expect its notification."""

import httpx2

from tests.agents import AgentClient
from tests.documents import LEFT_CHAT_CAPABILITIES, state_change
from tests.service import Service

ALONE = "0071023821aec011"
CONFERENCE = "0000Na9B26EF002X"


async def leave(service: Service, chat_id: str) -> None:
    async with httpx2.AsyncClient(base_url=service.url) as http:
        response = await AgentClient(http, "agent1", "secret1").leave(chat_id)
        response.raise_for_status()


def notification(service: Service, chat_id: str) -> dict:
    """Return the notification that agent1 receives for its first leave of the chat."""
    chat, reference = {"state": "LeftChat", "capabilities": LEFT_CHAT_CAPABILITIES}, 1
    if chat_id == CONFERENCE:
        chat, reference = {"state": "Completed"}, None
    data = state_change("StatusChange", chat_id, chat, reference, url=f"{service.url}/api/v2")
    return {"channel": "/v2/me/chats", "data": data}
