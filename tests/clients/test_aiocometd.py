"""aiocometd, a CometD client for Python that nobody here wrote."""

from __future__ import annotations

import asyncio
import base64

import httpx2
import pytest
from aiocometd_ng import AuthExtension, Client, ConnectionType

from tests.agents import EXCHANGE, AgentClient

PATIENCE = 20
"""Seconds after which a notification does not come any more."""


class Basic(AuthExtension):
    """Puts the agent's credentials on each request."""

    async def outgoing(self, payload, headers):  # noqa: ARG002 - the client hands both over
        headers["Authorization"] = f"Basic {base64.b64encode(b'agent1:secret1').decode()}"

    async def incoming(self, payload, headers=None):
        pass


def alone(url):
    return {
        "messageType": "ChatStateChangeMessage",
        "referenceId": 1,
        "notificationType": "StatusChange",
        "chat": {
            "state": "LeftChat",
            "capabilities": ["Transfer", "Complete", "Leave", "InFocus"],
            "id": "0071023821aec011",
            "uri": f"{url}/api/v2/chats/0071023821aec011",
        },
    }


def conference(url):
    return {
        "messageType": "ChatStateChangeMessage",
        "notificationType": "StatusChange",
        "chat": {
            "state": "Completed",
            "id": "0000Na9B26EF002X",
            "uri": f"{url}/api/v2/chats/0000Na9B26EF002X",
        },
    }


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
@pytest.mark.parametrize("channel", ["/v2/me/chats", "/v2/me/*", "/**"])
async def test_an_agent_is_told_of_each_leave_once(serve, server, channel):
    service = serve(server)
    client = Client(service.url + EXCHANGE, ConnectionType.LONG_POLLING, auth=Basic())
    async with asyncio.timeout(PATIENCE), httpx2.AsyncClient(base_url=service.url) as http, client:
        agent = AgentClient(http, "agent1", "secret1")
        await client.subscribe(channel)
        for chat_id, expected in [("0071023821aec011", alone), ("0000Na9B26EF002X", conference)]:
            await agent.leave(chat_id)
            assert {"channel": "/v2/me/chats", "data": expected(service.url)} == await client.receive()
        await client.unsubscribe(channel)  # what still waited would come with the reply
        assert 0 == client.pending_count
