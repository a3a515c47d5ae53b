"""The request log records operation, agent, chat and outcome of each request, and no secrets."""

from __future__ import annotations

import httpx2
import pytest

from handlers.app import build
from handlers.gateway.request_log import Noted, RequestLog
from handlers.settings import Settings
from tests.agents import EXCHANGE, AgentClient

CHAT = "0071023821aec011"
PATH = f"/api/v2/me/chats/{CHAT}"


@pytest.fixture
def log():
    return []


@pytest.fixture
async def http(log):
    application = build(Settings(), log=log.append)
    transport = httpx2.ASGITransport(application.asgi)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8080") as client:
        yield client


@pytest.fixture
def agent1(http):
    return AgentClient(http, "agent1", "secret1")


def without_duration(record):
    assert record.milliseconds > 0
    record.milliseconds = 0
    return record


async def test_each_request_is_recorded_with_its_outcome(http, agent1, log):
    json = {"Content-Type": "application/json"}

    await agent1.leave(CHAT)
    await agent1.leave("nowhere")
    await agent1.get("/api/v2/me?fields=*")
    await agent1.request("POST", PATH, headers=json, content="{")
    http.cookies.clear()
    await AgentClient(http, "agent1", "wrong").get("/api/v2/me")
    await http.get("/api/v2/chats/nobody", headers={"ContactCenterId": "any"})
    await http.get("/openapi.yaml")

    no_chat, no_customer = "id: you have no chat 'nowhere'", "id: there is no chat 'nobody'"
    not_json = "body: not JSON, expecting property name enclosed in double quotes at line 1 column 2"
    nowhere, nobody = "/api/v2/me/chats/nowhere", "/api/v2/chats/nobody"
    assert [
        Noted("POST", PATH, "Leave", "agent1", CHAT, 200, 0),
        Noted("POST", nowhere, "Leave", "agent1", "nowhere", 404, 6, 0, no_chat),
        Noted("GET", "/api/v2/me", "get_me", "agent1", None, 200, 0),
        Noted("POST", PATH, "perform_chat_operation", "agent1", CHAT, 400, 2, 0, not_json),
        Noted("GET", "/api/v2/me", status=403, status_code=20, reason="Access denied"),
        Noted("GET", nobody, "get_chat_by_uri", None, "nobody", 404, 6, 0, no_customer),
        Noted("GET", "/openapi.yaml", status=200),
    ] == list(map(without_duration, log))


async def test_cometd_requests_are_recorded_by_their_channels(agent1, log):
    await agent1.listen()

    assert [
        Noted("POST", EXCHANGE, channel, "agent1", None, 200)
        for channel in ("/meta/handshake", "/meta/connect", "/meta/subscribe")
    ] == list(map(without_duration, log))


async def test_request_with_a_connect_is_a_poll(agent1, log):
    await agent1.listen()
    log.clear()
    connect = {"channel": "/meta/connect", "clientId": "", "connectionType": "long-polling"}
    others = [{"channel": "/meta/subscribe"}, {"channel": "/a"}, {"channel": "/b"}, {"channel": "/c"}]

    for messages in (connect, [*others, connect], others):
        await agent1.request("POST", EXCHANGE, json=messages)

    assert [True, True, False] == [record.is_poll for record in log]


@pytest.mark.parametrize(
    ("name", "recorded"),
    [
        pytest.param("L" * 10_000, "L" * 256 + "...", id="long"),
        pytest.param(["Leave"], "perform_chat_operation", id="array"),
        pytest.param({"password": "secret"}, "perform_chat_operation", id="object"),
        pytest.param(1, "perform_chat_operation", id="number"),
        pytest.param(None, "perform_chat_operation", id="null"),
    ],
)
async def test_invalid_operation_name_is_clipped_or_not_recorded(agent1, log, name, recorded):
    await agent1.perform(CHAT, {"operationName": name})

    assert [recorded] == [record.operation for record in log]


async def test_secrets_are_not_recorded(agent1, http, log):
    await agent1.listen()
    await agent1.poll(no_longer_than=0)
    await http.get("/api/v2/me?token=sesame", headers={"X-CSRF-TOKEN": "sesame"})
    await agent1.send("/meta/disconnect")

    cookies = http.cookies["JSESSIONID"], http.cookies["BAYEUX_BROWSER"]
    secrets = ["secret1", "YWdlbnQ", "sesame", agent1.client_id, *cookies]
    assert [] == [secret for secret in secrets if secret in repr(log)]


async def test_request_that_fails_without_a_response_is_recorded(log):
    async def broken(*_):
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await RequestLog(broken, log.append)({"type": "http", "method": "GET", "path": "/"}, None, None)

    assert [Noted("GET", "/")] == list(map(without_duration, log))
