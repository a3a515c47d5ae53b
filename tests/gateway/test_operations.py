"""Notifications of an operation are delivered after its response was sent."""

import asyncio
import base64
import json

from handlers.gateway import after_answer


class SlowConnection:
    """A Leave whose client accepts the response only after `accepts` is set."""

    def __init__(self, chat_id, user):
        path = f"/api/v2/me/chats/{chat_id}"
        self.accepts = asyncio.Event()
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
                (b"authorization", b"Basic " + base64.b64encode(user.encode())),
            ],
        }

    async def receive(self):
        return {"type": "http.request", "body": b'{"operationName": "Leave"}'}

    async def send(self, message):
        await self.accepts.wait()
        self.sent.append(message)


async def test_notification_waits_until_the_response_was_sent(agent, application, monkeypatch):
    monkeypatch.setattr(after_answer, "PATIENCE", 3600)  # the slow response is not given up
    listener = agent("agent1")
    await listener.listen()
    poll = asyncio.create_task(listener.poll())
    leave = SlowConnection("0071023821aec011", "agent1:secret1")
    operation = asyncio.create_task(application.asgi(leave.scope, leave.receive, leave.send))
    for _ in range(10):
        await asyncio.sleep(0)
    assert (1, (0, 0), []) == (application.cometd.parked, application.cometd.queued, leave.sent)

    leave.accepts.set()
    await operation

    assert {"statusCode": 0} == json.loads(leave.sent[-1]["body"])
    assert "LeftChat" == (await poll)[1]["data"]["chat"]["state"]
