"""An operation is answered first, and what happened is told then."""

import asyncio
import base64
import json

import pytest

from handlers.gateway import after_answer

LEAVE = b'{"operationName": "Leave"}'


class SlowConnection:
    """A request whose answer is only taken when `read` is set, message by message."""

    def __init__(self, path, user, body):
        credentials = base64.b64encode(user.encode()).decode()
        self.read = asyncio.Event()
        self.sent = []
        self.scope = {
            "type": "http",
            "method": "POST",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [
                (b"host", b"localhost:8080"),
                (b"content-type", b"application/json"),
                (b"authorization", f"Basic {credentials}".encode()),
            ],
        }
        self._body = body

    async def receive(self):
        return {"type": "http.request", "body": self._body}

    async def send(self, message):
        await self.read.wait()
        self.sent.append(message)


@pytest.fixture
def patient(monkeypatch):
    """Have no answer given up for taking too long."""
    monkeypatch.setattr(after_answer, "PATIENCE", 3600)


async def settled():
    for _ in range(10):
        await asyncio.sleep(0)


@pytest.mark.usefixtures("patient")
async def test_nobody_is_told_before_the_answer_of_the_operation_was_written(agent, application):
    listener = agent("agent1")
    await listener.listen()
    poll = asyncio.create_task(listener.poll())
    leave = SlowConnection("/api/v2/me/chats/0071023821aec011", "agent1:secret1", LEAVE)
    operation = asyncio.create_task(application.asgi(leave.scope, leave.receive, leave.send))
    await settled()
    assert (1, (0, 0), []) == (application.cometd.parked, application.cometd.queued, leave.sent)

    leave.read.set()
    await operation

    assert {"statusCode": 0} == json.loads(leave.sent[-1]["body"])
    assert "LeftChat" == (await poll)[1]["data"]["chat"]["state"]
