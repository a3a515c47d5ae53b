"""What is noted of a request is what a person asks of a log, and nothing that is secret."""

from __future__ import annotations

import httpx2
import pytest

from handlers.app import build
from handlers.gateway.request_log import Noted, RequestLog
from handlers.settings import Settings
from tests.agents import EXCHANGE, AgentClient

CHAT = "0071023821aec011"


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


def without_time(noted):
    assert noted.milliseconds > 0
    noted.milliseconds = 0
    return noted


async def test_an_operation_is_noted_with_its_name_its_agent_its_chat_and_its_outcome(agent1, log):
    await agent1.leave(CHAT)

    expected = Noted("POST", f"/api/v2/me/chats/{CHAT}", "Leave", "agent1", CHAT, 200, 0)
    assert [expected] == list(map(without_time, log))


async def test_a_refusal_is_noted_with_its_status_code_and_its_reason(agent1, log):
    await agent1.leave("nowhere")

    reason = "id: you have no chat 'nowhere'"
    expected = Noted("POST", "/api/v2/me/chats/nowhere", "Leave", "agent1", "nowhere", 404, 6, 0, reason)
    assert [expected] == list(map(without_time, log))


async def test_what_has_no_name_is_noted_by_the_documents(agent1, log):
    await agent1.get("/api/v2/me?fields=*")

    assert [Noted("GET", "/api/v2/me", "get_me", "agent1", None, 200, 0)] == list(map(without_time, log))


async def test_a_body_that_cannot_be_read_is_noted_by_the_documents_name_too(agent1, log):
    json = {"Content-Type": "application/json"}
    await agent1.request("POST", f"/api/v2/me/chats/{CHAT}", headers=json, content="{")

    (noted,) = log
    assert ("perform_chat_operation", "agent1", CHAT, 400) == (
        noted.operation,
        noted.agent,
        noted.chat,
        noted.status,
    )


async def test_who_is_not_known_is_not_named(http, log):
    await AgentClient(http, "agent1", "wrong").get("/api/v2/me")

    expected = Noted("GET", "/api/v2/me", status=403, status_code=20, reason="Access denied")
    assert [expected] == list(map(without_time, log))


async def test_a_customer_has_no_name(http, log):
    await http.get("/api/v2/chats/nobody", headers={"ContactCenterId": "any"})

    (noted,) = log
    assert ("get_chat_by_uri", None, "nobody") == (noted.operation, noted.agent, noted.chat)


async def test_what_is_no_operation_is_noted_without_one(http, log):
    await http.get("/openapi.yaml")

    assert [Noted("GET", "/openapi.yaml", status=200)] == list(map(without_time, log))


async def test_an_exchange_is_noted_by_its_channels(agent1, log):
    await agent1.listen()

    assert [
        Noted("POST", EXCHANGE, channel, "agent1", None, 200)
        for channel in ("/meta/handshake", "/meta/connect", "/meta/subscribe")
    ] == list(map(without_time, log))


async def test_only_what_has_a_connect_is_a_poll_wherever_that_stands(agent1, log):
    await agent1.listen()
    log.clear()
    connect = {"channel": "/meta/connect", "clientId": "", "connectionType": "long-polling"}
    others = [{"channel": "/meta/subscribe"}, {"channel": "/a"}, {"channel": "/b"}, {"channel": "/c"}]

    for messages in (connect, [*others, connect], others):
        await agent1.request("POST", EXCHANGE, json=messages)

    assert [True, True, False] == [noted.is_poll for noted in log]


async def test_a_name_that_is_none_is_noted_no_longer_than_a_line(agent1, log):
    await agent1.perform(CHAT, {"operationName": "L" * 10_000})

    (noted,) = log
    assert "L" * 256 + "..." == noted.operation


@pytest.mark.parametrize("name", [["Leave"], {"password": "secret"}, 1, None])
async def test_what_is_no_name_is_not_noted(agent1, log, name):
    await agent1.perform(CHAT, {"operationName": name})

    (noted,) = log
    assert "perform_chat_operation" == noted.operation


async def test_secrets_are_not_noted(agent1, http, log):
    await agent1.listen()
    await agent1.poll(no_longer_than=0)
    await http.get("/api/v2/me?token=sesame", headers={"X-CSRF-TOKEN": "sesame"})
    await agent1.send("/meta/disconnect")
    session = http.cookies["JSESSIONID"]

    secrets = ["secret1", "YWdlbnQ", "sesame", session, agent1.client_id, http.cookies["BAYEUX_BROWSER"]]

    assert [] == [secret for secret in secrets if secret in repr(log)]


async def test_what_fails_before_it_is_answered_is_noted_all_the_same(log):

    async def broken(*_):
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await RequestLog(broken, log.append)({"type": "http", "method": "GET", "path": "/"}, None, None)

    assert [Noted("GET", "/")] == list(map(without_time, log))
