"""Polls that are held: they keep nobody from leaving, all are answered, and none loses anything."""

from __future__ import annotations

import asyncio
import socket

import httpx2
import pytest

from tests.agents import AgentClient
from tests.raw_http import PATIENCE, held_poll, request

CHAT = "0071023821aec011"
LEFT = ("StatusChange", "LeftChat")


def notifications(messages):
    """Name what was told, the connect's own reply left out."""
    return [
        (message["data"]["notificationType"], message["data"]["chat"]["state"])
        for message in messages
        if message["channel"] != "/meta/connect"
    ]


async def listening(http, sessions):
    """Open sessions of agent1, who is alone in one of its chats."""
    agents = [AgentClient(http, "agent1", "secret1") for _ in range(sessions)]
    for agent in agents:
        await agent.listen()
    return agents


@pytest.mark.parametrize(("server", "polls"), [("uvicorn", 90), ("flask", 12)])
async def test_an_agent_leaves_while_polls_are_held_and_all_of_them_are_told(serve, server, polls):
    service = serve(server)
    async with httpx2.AsyncClient(base_url=service.url) as http:
        agents = await listening(http, sessions=polls)
        held = [await held_poll(agent, service.port) for agent in agents]
        answers = [asyncio.create_task(poll.messages()) for poll in held]
        await agents[0].get("/api/v2/me")
        assert not any(answer.done() for answer in answers)

        left = await agents[0].leave("0071023821aec011")

        assert (200, {"statusCode": 0}) == (left.status_code, left.json())
        assert [[LEFT]] * polls == [notifications(await answer) for answer in answers]


@pytest.mark.parametrize(("server", "polls"), [("uvicorn", 90), ("flask", 12)])
@pytest.mark.parametrize("let_go", ["close", "reset"])
async def test_polls_whose_clients_have_gone_lose_nothing(serve, server, polls, let_go):
    """Not even where the operation follows so closely that the service may read of it before their end."""
    service = serve(server)
    async with httpx2.AsyncClient(base_url=service.url) as http:
        agents = await listening(http, sessions=polls)
        held = [await held_poll(agent, service.port) for agent in agents]
        await agents[0].get("/api/v2/me")  # what came before this has been heard
        for poll in held:
            await getattr(poll, let_go)()

        await agents[0].leave(CHAT)

        assert [[LEFT]] * polls == [notifications(await agent.poll()) for agent in agents]


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
async def test_when_the_notification_arrives_the_answer_of_the_operation_is_there_already(serve, server):
    service = serve(server)
    body = b'{"operationName": "Leave"}'
    headers = "Content-Type: application/json", f"Content-Length: {len(body)}"
    leave = request("POST", f"/api/v2/me/chats/{CHAT}", *headers, body=body, user="agent1")
    early = []
    async with httpx2.AsyncClient(base_url=service.url) as http:
        [agent] = await listening(http, sessions=1)
        for _ in range(30):  # who has left may leave again, and is told again
            poll = await held_poll(agent, service.port)
            await agent.get("/api/v2/me")
            with socket.create_connection(("127.0.0.1", service.port)) as operation:
                operation.sendall(leave)
                told = await poll.messages()
                early.append(not arrived(operation))
            assert [LEFT] == notifications(told)

    assert 0 == sum(early)


def arrived(connection):
    """Whether anything has arrived on a connection, without waiting for it."""
    try:
        return bool(connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT))
    except BlockingIOError:
        return False


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
@pytest.mark.parametrize("let_go", ["close", "reset"])
async def test_a_poll_whose_client_has_gone_is_held_no_more(serve, server, let_go):
    service = serve(server)
    async with httpx2.AsyncClient(base_url=service.url) as http:
        [agent] = await listening(http, sessions=1)
        poll = await held_poll(agent, service.port)
        await until_held(http, 1)

        await getattr(poll, let_go)()

        await until_held(http, 0)


async def test_a_connection_lost_behind_a_held_poll_leaves_the_log_quiet(serve):
    """Two polls in one go, of which the second waits for its turn when the client goes."""
    service = serve("uvicorn")
    async with httpx2.AsyncClient(base_url=service.url) as http:
        [agent] = await listening(http, sessions=1)
        poll = await held_poll(agent, service.port, times=2)
        await until_held(http, 1)
        await poll.reset()
        await until_held(http, 0)
        await agent.get("/api/v2/me")

    assert "Traceback" not in service.output


async def until_held(http, polls):
    """Look, again and again, until so many polls are held."""
    async with asyncio.timeout(PATIENCE):
        while f"\ngws_chat_held_polls {polls}.0\n" not in (await http.get("/metrics")).text:
            pass
