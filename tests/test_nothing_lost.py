"""Polls over real connections that break at random lose nothing, double nothing and keep the order.

A client without acknowledgement breaks off as one does that still looks for what was under way: it ends its
side, and reads to the end. One with acknowledgement resets the connection at any time. Longer by hand:
`STRESS_ROUNDS=100 STRESS_SEED=7 pytest tests/test_nothing_lost.py`.
"""

from __future__ import annotations

import asyncio
import json
import os
from random import Random

import httpx2
import pytest
import yaml

from tests.agents import EXCHANGE, AgentClient
from tests.raw_http import RawConnection, request

ROUNDS = int(os.environ.get("STRESS_ROUNDS", "1"))
SEED = int(os.environ.get("STRESS_SEED", "1"))
PATIENCE = 0.05
"""Seconds a client waits for its poll at the longest before it breaks off, if it does."""


class Listener:
    """Polls without end, each time on a connection of its own. What arrived is `told`."""

    def __init__(self, agent: AgentClient, port: int, random: Random, *, acknowledges: bool) -> None:
        self.agent = agent
        self.told: list[str] = []
        self.broken = 0
        self._port = port
        self._random = random
        self._acknowledges = acknowledges
        self._number = -1

    async def open(self) -> None:
        ext = {"ack": self._acknowledges}
        connection = ["long-polling"]
        (reply,) = await self.agent.send(
            "/meta/handshake", version="1.0", supportedConnectionTypes=connection, ext=ext
        )
        self.agent.client_id = reply["clientId"]
        await self.poll(may_break=False)
        await self.agent.send("/meta/subscribe", subscription="/v2/me/chats")

    async def listen(self, last: str) -> None:
        """Poll until the last of what is to be told was told, and look whether more comes."""
        while last not in self.told:
            await self.poll(may_break=True)
        await self.poll(may_break=False, no_longer_than=0)

    async def poll(self, *, may_break: bool, no_longer_than: int = 2000) -> None:
        connect = {
            "channel": "/meta/connect",
            "clientId": self.agent.client_id,
            "connectionType": "long-polling",
            "advice": {"timeout": no_longer_than},
            "ext": {"ack": self._number},
        }
        body = json.dumps([connect]).encode()
        headers = "Content-Type: application/json", f"Content-Length: {len(body)}"
        user, _ = self.agent.credentials
        connection = await RawConnection.sending(
            self._port, request("POST", EXCHANGE, *headers, body=body, user=user)
        )
        breaks = may_break and self._random.random() < 0.4
        answer = asyncio.create_task(connection.reader.read())
        done, _ = await asyncio.wait([answer], timeout=self._random.uniform(0, PATIENCE) if breaks else None)
        if not done:
            await self._break_off(connection)
        _, _, content = (await answer).partition(b"\r\n\r\n")
        await connection.close()
        if content:
            reply, *messages = json.loads(content)
            self._number = reply.get("ext", {"ack": -1})["ack"]
            self.told += [each["text"] for message in messages for each in message["data"]["messages"]]

    async def _break_off(self, connection: RawConnection) -> None:
        self.broken += 1
        if self._acknowledges:
            await connection.reset()
        else:
            connection.writer.write_eof()


@pytest.mark.parametrize(("server", "agents", "each"), [("uvicorn", 100, 5), ("flask", 10, 5)])
@pytest.mark.parametrize("acknowledges", [False, True], ids=["plain", "with acknowledgement"])
async def test_each_agent_is_told_of_everything_once_and_in_order(
    serve, tmp_path, capsys, server, agents, each, acknowledges
):
    random = Random(SEED)
    scenario = tmp_path / "many.yaml"
    scenario.write_text(yaml.safe_dump(crowd(agents)), encoding="utf-8")
    service = serve(server, GWS_CHAT_SCENARIO=str(scenario))
    async with httpx2.AsyncClient(base_url=service.url, timeout=60) as http:
        listeners = [
            Listener(
                AgentClient(http, f"agent{n}", f"secret{n}"), service.port, random, acknowledges=acknowledges
            )
            for n in range(1, agents + 1)
        ]
        for listener in listeners:
            await listener.open()
        told = [str(number) for number in range(ROUNDS * each)]
        async with asyncio.timeout(30 * ROUNDS), asyncio.TaskGroup() as listening:
            for listener in listeners:
                listening.create_task(listener.listen(last=told[-1]))
            for text in told:
                await asyncio.gather(*(say(listener.agent, text, service.port) for listener in listeners))

    broken = sum(listener.broken for listener in listeners)
    with capsys.disabled():  # a figure is for whoever reads the run, also where it passes
        print(f"\n{server}: {agents * len(told)} notifications, {broken} connections were broken off")
    assert [] == [listener.agent.credentials[0] for listener in listeners if told != listener.told]
    assert broken


async def say(agent: AgentClient, text: str, port: int) -> None:
    """Have an agent told of a text of its own. In one piece: a loop that is busy here must not part it."""
    user, _ = agent.credentials
    body = json.dumps({"operationName": "SendMessage", "text": text}).encode()
    headers = "Content-Type: application/json", f"Content-Length: {len(body)}"
    path = f"/api/v2/me/chats/chat{user.removeprefix('agent')}"
    operation = await RawConnection.sending(port, request("POST", path, *headers, body=body, user=user))
    status, _, answer = await operation.answer()
    assert (200, b'{"statusCode":0}') == (status, answer.strip())


def crowd(agents: int) -> dict:
    """A scenario of many agents, each of them in a chat of its own."""
    account = {"userName": "agent{n}", "password": "secret{n}", "features": ["api-multimedia"]}
    chat = {
        "id": "chat{n}",
        "customer": "Customer {n}",
        "agents": [{"agent": "agent{n}", "state": "Chatting"}],
    }
    return {"agents": [{**account, "count": agents}], "chats": [{**chat, "count": agents}]}
