"""Clients that nobody here wrote are an agent's desktops: signed in, told, come back, signed out."""

from __future__ import annotations

from contextlib import AsyncExitStack

import httpx2
import pytest

from tests.agents import AgentClient
from tests.clients.programs import PROGRAMS, listening

CHANNELS = ["/v2/me/chats", "/v2/me/*", "/**"]
"""What desktops of GWS subscribe to."""

IN_BROWSER = {"cometd 9 in Chromium"}
CANNOT_COME_BACK = {"baiocas", "python-bayeux"}
"""The first refused connection ends their polling."""


def told_alone(url):
    return {
        "told": {
            "channel": "/v2/me/chats",
            "data": {
                "messageType": "ChatStateChangeMessage",
                "referenceId": 1,
                "notificationType": "StatusChange",
                "chat": {
                    "state": "LeftChat",
                    "capabilities": ["Transfer", "Complete", "Leave", "InFocus"],
                    "id": "0071023821aec011",
                    "uri": f"{url}/api/v2/chats/0071023821aec011",
                },
            },
        }
    }


def told_conference(url):
    return {
        "told": {
            "channel": "/v2/me/chats",
            "data": {
                "messageType": "ChatStateChangeMessage",
                "notificationType": "StatusChange",
                "chat": {
                    "state": "Completed",
                    "id": "0000Na9B26EF002X",
                    "uri": f"{url}/api/v2/chats/0000Na9B26EF002X",
                },
            },
        }
    }


def every(step):
    return dict.fromkeys(CHANNELS, step)


async def leave(service, chat_id):
    async with httpx2.AsyncClient(base_url=service.url) as http:
        await AgentClient(http, "agent1", "secret1").leave(chat_id)


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
@pytest.mark.parametrize("client", [client for client in PROGRAMS if client not in IN_BROWSER])
async def test_an_agent_is_told_of_each_leave_once_whatever_it_subscribed_to(serve, server, client):
    service = serve(server)
    async with listening(client, service.url, [[channel] for channel in CHANNELS]) as desktops:
        assert every({"subscribed": True}) == await desktops.step()

        await leave(service, "0071023821aec011")
        assert every(told_alone(service.url)) == await desktops.step()
        await leave(service, "0000Na9B26EF002X")
        assert every(told_conference(service.url)) == await desktops.step()

        assert every([{"disconnected": True}]) == await desktops.sign_out()


@pytest.mark.parametrize("client", IN_BROWSER)
async def test_each_tab_of_a_browser_is_told_of_each_leave_once_also_after_a_reload(serve, client):
    service = serve("uvicorn")
    async with listening(client, service.url, [CHANNELS]) as tabs:
        assert every({"subscribed": True}) == await tabs.step()
        await leave(service, "0071023821aec011")
        assert every(told_alone(service.url)) == await tabs.step()

        assert {"/v2/me/*": {"subscribed": True}} == await tabs.reload("/v2/me/*")
        await leave(service, "0000Na9B26EF002X")
        assert every(told_conference(service.url)) == await tabs.step()

        assert every([{"disconnected": True}]) == await tabs.sign_out()


async def test_desktops_come_back_by_themselves_when_the_service_was_started_anew(serve):
    channel = "/v2/me/chats"
    first = serve("uvicorn")
    async with AsyncExitStack() as stack:
        desktops = {
            client: await stack.enter_async_context(listening(client, first.url, [[channel]]))
            for client in PROGRAMS
            if client not in CANNOT_COME_BACK
        }

        async def all_have(step):
            for client, desktop in desktops.items():
                assert (client, {channel: step}) == (client, await desktop.step())

        await all_have({"subscribed": True})
        first.end()
        second = serve("uvicorn", port=first.port)
        await all_have({"subscribed": True})
        await leave(second, "0071023821aec011")
        await all_have(told_alone(second.url))

        for desktop in desktops.values():
            assert {channel: [{"disconnected": True}]} == await desktop.sign_out()
