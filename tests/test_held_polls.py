"""Held polls over real connections: they delay no request, and no notification is lost."""

import asyncio
import socket

import httpx2
import pytest

from tests.agents import AgentClient
from tests.raw_http import TIMEOUT, held_poll, json_request, request

CHAT = "0071023821aec011"
LEFT = ("StatusChange", "LeftChat")


def notifications(messages):
    """Return type and chat state of each notification, without the reply to the connect."""
    return [
        (message["data"]["notificationType"], message["data"]["chat"]["state"])
        for message in messages
        if message["channel"] != "/meta/connect"
    ]


async def open_sessions(http, count):
    """Open sessions of agent1, who is alone in one of its chats."""
    agents = [AgentClient(http, "agent1", "secret1") for _ in range(count)]
    for agent in agents:
        await agent.listen()
    return agents


async def wait_until_held(http, polls):
    async with asyncio.timeout(TIMEOUT):
        while f"\ngws_chat_held_polls {polls}.0\n" not in (await http.get("/metrics")).text:
            pass


@pytest.mark.parametrize(("server", "polls"), [("uvicorn", 90), ("flask", 12)])
async def test_leave_notifies_every_held_poll(share, server, polls):
    service = share(server)
    async with httpx2.AsyncClient(base_url=service.url) as http:
        agents = await open_sessions(http, polls)
        held = [await held_poll(agent, service.port) for agent in agents]
        responses = [asyncio.create_task(poll.messages()) for poll in held]
        await agents[0].get("/api/v2/me")
        assert not any(response.done() for response in responses)

        left = await agents[0].leave(CHAT)

        assert (200, {"statusCode": 0}) == (left.status_code, left.json())
        assert [[LEFT]] * polls == [notifications(await response) for response in responses]


@pytest.mark.parametrize(("server", "polls"), [("uvicorn", 90), ("flask", 12)])
@pytest.mark.parametrize("disconnect", ["close", "reset"])
@pytest.mark.parametrize("behind", [b"", request("GET", "/health")], ids=["poll only", "request behind it"])
async def test_disconnected_polls_lose_no_notification(share, server, polls, disconnect, behind):
    """The operation follows at once, so the server may receive it in the same turn as the disconnects.

    While another request is queued behind the poll, uvicorn does not read, so that it notices no disconnect.
    """
    service = share(server)
    async with httpx2.AsyncClient(base_url=service.url) as http:
        agents = await open_sessions(http, polls)
        held = [await held_poll(agent, service.port) for agent in agents]
        await agents[0].get("/api/v2/me")  # the server has read all polls
        for poll in held:
            poll.writer.write(behind)
        await agents[0].get("/api/v2/me")  # and all requests behind them
        for poll in held:
            await getattr(poll, disconnect)()

        await agents[0].leave(CHAT)

        assert [[LEFT]] * polls == [notifications(await agent.poll()) for agent in agents]


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
async def test_response_arrives_before_its_notification(share, server):
    service = share(server)
    leave = json_request(f"/api/v2/me/chats/{CHAT}", {"operationName": "Leave"}, user="agent1")
    statuses = []
    async with httpx2.AsyncClient(base_url=service.url) as http:
        [agent] = await open_sessions(http, 1)
        for _ in range(30):  # Leave may be repeated, with another notification each time
            poll = await held_poll(agent, service.port)
            await agent.get("/api/v2/me")
            with socket.create_connection(("127.0.0.1", service.port)) as operation:
                operation.sendall(leave)
                messages = await poll.messages()
                statuses.append(operation.recv(12, socket.MSG_DONTWAIT)[-3:])  # fails if nothing is there
            assert [LEFT] == notifications(messages)

    assert [b"200"] * 30 == statuses


@pytest.mark.parametrize(("server", "polls"), [("uvicorn", 1), ("uvicorn", 2), ("flask", 1)])
@pytest.mark.parametrize("disconnect", ["close", "reset"])
async def test_disconnect_ends_a_held_poll(share, server, polls, disconnect):
    """Of two polls on one connection, the second one waits until the first one ends."""
    service = share(server)
    async with httpx2.AsyncClient(base_url=service.url) as http:
        [agent] = await open_sessions(http, 1)
        poll = await held_poll(agent, service.port, times=polls)
        await wait_until_held(http, 1)

        await getattr(poll, disconnect)()

        await wait_until_held(http, 0)
        await agent.get("/api/v2/me")

    assert "Traceback" not in service.output
