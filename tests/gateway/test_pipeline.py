"""Notifications of an operation are delivered after its response is sent, and held polls keep no request."""

import asyncio
import gc
import json

from gws_chat.gateway import notification_queue
from gws_chat.gateway.request import Request
from tests.fake_clock import run_tasks

BASIC = b"Basic YWdlbnQxOnNlY3JldDE="
LEAVE = {
    "type": "http",
    "scheme": "http",
    "method": "POST",
    "path": "/api/v2/me/chats/0071023821aec011",
    "query_string": b"",
    "headers": [(b"content-type", b"application/json"), (b"content-length", b"26"), (b"authorization", BASIC)],
}


async def test_notification_waits_until_the_response_is_sent(agent, application, monkeypatch):
    monkeypatch.setattr(notification_queue, "RESPONSE_TIMEOUT", 3600)
    listener = agent("agent1")
    await listener.listen()
    poll = asyncio.create_task(listener.poll())
    client_reads, sent = asyncio.Event(), []

    async def receive():
        return {"type": "http.request", "body": b'{"operationName": "Leave"}'}

    async def send(message):
        await client_reads.wait()
        sent.append(message)

    operation = asyncio.create_task(application.asgi(LEAVE, receive, send))
    await run_tasks()
    assert (1, (0, 0), []) == (
        application.cometd.sessions.held_poll_count,
        application.cometd.sessions.queue_totals,
        sent,
    )

    client_reads.set()
    await operation

    assert {"statusCode": 0} == json.loads(sent[-1]["body"])
    assert "LeftChat" == (await poll)[1]["data"]["chat"]["state"]


async def test_held_poll_does_not_keep_its_request(agent, application):
    listener = agent("agent1")
    await listener.listen()
    poll = asyncio.create_task(listener.poll())
    await run_tasks()
    gc.collect()  # free the requests of other tests

    assert (1, []) == (
        application.cometd.sessions.held_poll_count,
        [each for each in gc.get_objects() if isinstance(each, Request)],
    )

    await listener.leave("0071023821aec011")
    await poll
