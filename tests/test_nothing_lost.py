"""Agents who close their connections at random receive every notification once and in order.

A client with acknowledgement resets the connection at any time. A client without it only closes its side, and reads
to the end. A long run:
`STRESS_ROUNDS=100 STRESS_SEED=7 pytest tests/test_nothing_lost.py`.
"""

import asyncio
import json
import os
from random import Random

import httpx2
import pytest
import yaml

from tests.agents import COMETD_PATH, AgentClient
from tests.raw_http import RawConnection, json_request

ROUNDS = int(os.environ.get("STRESS_ROUNDS", "1"))
SEED = int(os.environ.get("STRESS_SEED", "1"))
MAX_WAIT = 0.05
"""Seconds that a client waits at most before it breaks the connection of a poll."""


class Listener:
    """Polls continuously, each time on a new connection. `received` holds the texts of the messages."""

    def __init__(self, agent: AgentClient, port: int, random: Random, *, acknowledges: bool) -> None:
        self.agent = agent
        self.received: list[str] = []
        self.broken_connections = 0
        self._port = port
        self._random = random
        self._acknowledges = acknowledges
        self._number = -1

    async def open(self) -> None:
        offer = {"supportedConnectionTypes": ["long-polling"], "ext": {"ack": self._acknowledges}}
        (reply,) = await self.agent.send("/meta/handshake", version="1.0", **offer)
        self.agent.client_id = reply["clientId"]
        await self.poll(may_break=False)
        await self.agent.send("/meta/subscribe", subscription="/v2/me/chats")

    async def listen(self, last: str) -> None:
        """Poll until the last text arrives, and once more for texts that should not follow."""
        while last not in self.received:
            await self.poll(may_break=True)
        await self.poll(may_break=False, hold_time=0)

    async def poll(self, *, may_break: bool, hold_time: int = 2000) -> None:
        """Send a connect that the server may hold for `hold_time` milliseconds."""
        connect = {
            "channel": "/meta/connect",
            "clientId": self.agent.client_id,
            "connectionType": "long-polling",
            "advice": {"timeout": hold_time},
            "ext": {"ack": self._number},
        }
        poll = json_request(COMETD_PATH, [connect], user=self.agent.credentials[0])
        connection = await RawConnection.sending(self._port, poll)
        breaks = may_break and self._random.random() < 0.4
        response = asyncio.create_task(connection.reader.read())
        done, _ = await asyncio.wait([response], timeout=self._random.uniform(0, MAX_WAIT) if breaks else None)
        if not done:
            await self._break_connection(connection)
        _, _, content = (await response).partition(b"\r\n\r\n")
        await connection.close()
        if content:
            reply, *messages = json.loads(content)
            self._number = reply.get("ext", {"ack": -1})["ack"]
            self.received += [each["text"] for message in messages for each in message["data"]["messages"]]

    async def _break_connection(self, connection: RawConnection) -> None:
        self.broken_connections += 1
        if self._acknowledges:
            await connection.reset()
        else:
            connection.writer.write_eof()


@pytest.mark.parametrize(("server", "agents", "each"), [("uvicorn", 100, 5), ("flask", 10, 5)])
@pytest.mark.parametrize("acknowledges", [False, True], ids=["plain", "with acknowledgement"])
async def test_each_agent_receives_every_notification_once(
    serve, tmp_path, record_property, server, agents, each, acknowledges
):
    random = Random(SEED)
    scenario = tmp_path / "many.yaml"
    scenario.write_text(yaml.safe_dump(scenario_of(agents)), encoding="utf-8")
    service = serve(server, GWS_CHAT_SCENARIO=str(scenario))
    async with httpx2.AsyncClient(base_url=service.url, timeout=60) as http:
        clients = [AgentClient(http, f"agent{n}", f"secret{n}") for n in range(1, agents + 1)]
        listeners = [Listener(client, service.port, random, acknowledges=acknowledges) for client in clients]
        for listener in listeners:
            await listener.open()
        texts = [str(number) for number in range(ROUNDS * each)]
        async with asyncio.timeout(30 * ROUNDS), asyncio.TaskGroup() as listening:
            for listener in listeners:
                listening.create_task(listener.listen(last=texts[-1]))
            for text in texts:
                await asyncio.gather(*(send_text(listener.agent, text, service.port) for listener in listeners))

    broken = sum(listener.broken_connections for listener in listeners)
    record_property("figures", f"{server}: {agents * len(texts)} notifications, {broken} broken connections")
    assert [] == [listener.agent.credentials[0] for listener in listeners if texts != listener.received]
    assert broken


async def send_text(agent: AgentClient, text: str, port: int) -> None:
    """Send a message in the agent's own chat. The request is one write, so a busy loop cannot split it."""
    user, _ = agent.credentials
    path = f"/api/v2/me/chats/chat{user.removeprefix('agent')}"
    operation = json_request(path, {"operationName": "SendMessage", "text": text}, user=user)
    connection = await RawConnection.sending(port, operation)
    status, _, content = await connection.response()
    assert (200, b'{"statusCode":0}') == (status, content.strip())


def scenario_of(agents: int) -> dict:
    """Return a scenario of many agents, each in a separate chat."""
    account = {"userName": "agent{n}", "password": "secret{n}", "features": ["api-multimedia"]}
    chat = {"id": "chat{n}", "customer": "Customer {n}", "agents": [{"agent": "agent{n}", "state": "Chatting"}]}
    return {"agents": [{**account, "count": agents}], "chats": [{**chat, "count": agents}]}
