"""Injected faults affect the matching requests and notifications, and nothing else."""

from __future__ import annotations

import asyncio

import httpx2
import pytest

from handlers.gateway import provoking
from tests.agents import AgentClient

ALONE = "0071023821aec011"
CONFERENCE = "0000Na9B26EF002X"
CHAT_PATH = f"/api/v2/me/chats/{ALONE}"


@pytest.fixture
def inject(simulate):
    return lambda effect, **parameters: simulate("faults", effect=effect, **parameters)


async def reference_ids(agent):
    return [each["data"]["referenceId"] for each in await agent.told()]


async def state_of_chat(agent):
    response = await agent.get(CHAT_PATH)
    return response["chat"]["state"]


async def test_error_replaces_the_given_number_of_responses(agent, inject, journal):
    await inject("error", times=2, status=503, statusCode=4, statusMessage="not available")

    responses = [await agent("agent1").leave(ALONE) for _ in range(3)]

    assert [503, 503, 200] == [response.status_code for response in responses]
    assert {"statusCode": 4, "statusMessage": "not available"} == responses[0].json()
    assert [(503, "not available"), (503, "not available"), (200, None)] == [
        (entry["status"], entry.get("statusMessage")) for entry in await journal(kind="request")
    ]
    assert 1 == len(await journal(kind="notification"))


@pytest.mark.parametrize(
    ("conditions", "status"),
    [
        ({"agent": "agent1"}, 500),
        ({"agent": "agent2"}, 200),
        ({"operationName": "Leave"}, 500),
        ({"operationName": "Complete"}, 200),
        ({"path": CHAT_PATH}, 500),
        ({"path": "/api/v2/me/*"}, 500),
        ({"path": "/api/v2/chats/*"}, 200),
    ],
    ids=str,
)
async def test_fault_affects_only_matching_requests(conditions, status, agent, inject):
    await inject("error", **conditions)

    assert status == (await agent("agent1").leave(ALONE)).status_code


async def test_unauthenticated_request_is_rejected_before_a_fault(agent, inject):
    await inject("error")

    assert 403 == (await agent("agent1").request("GET", "/api/v2/me", auth=None)).status_code


@pytest.mark.parametrize(("method", "path"), [("DELETE", "faults"), ("POST", "reset")])
async def test_fault_lasts_until_it_is_cleared(method, path, agent, simulate, inject):
    await inject("error")
    assert 500 == (await agent("agent1").leave(ALONE)).status_code

    await simulate(path, method)

    assert 200 == (await agent("agent1").leave(ALONE)).status_code


async def test_delayed_request_is_performed_later(agent, inject):
    agent1 = agent("agent1")
    await inject("delay", operationName="Leave", seconds=60, times=1)
    await inject("delay", operationName="Leave", seconds=0.01)

    leaving = asyncio.create_task(agent1.leave(ALONE))
    await asyncio.sleep(0)  # in process, the request reaches its first wait within one turn

    assert "Chatting" == await state_of_chat(agent1)
    assert not leaving.done()
    leaving.cancel()
    assert 200 == (await agent1.leave(ALONE)).status_code


async def test_delayed_request_is_rejected_after_a_reset(agent, simulate, inject):
    await inject("delay", operationName="Leave", seconds=0.2)
    leaving = asyncio.create_task(agent("agent1").leave(ALONE))
    await asyncio.sleep(0)  # in process, the request reaches its first wait within one turn

    await simulate("reset")

    assert "a reset came before it was performed" == (await leaving).json()["statusMessage"]
    assert "Chatting" == await state_of_chat(agent("agent1"))


async def test_incomplete_body_is_rejected_although_faults_exist(application, inject, monkeypatch):
    await inject("error", agent="agent2")
    monkeypatch.setattr(provoking, "BODY_PATIENCE", 0.01)
    chunks = [{"type": "http.request", "body": b"{", "more_body": True}]
    statuses = []

    async def receive():
        return chunks.pop() if chunks else await asyncio.Future()

    async def send(message):
        statuses.append(message.get("status"))

    headers = {b"authorization": b"Basic YWdlbnQxOnNlY3JldDE=", b"content-type": b"application/json"}
    scope = {"type": "http", "method": "POST", "path": CHAT_PATH, "query_string": b""}
    await application.asgi({**scope, "headers": list(headers.items())}, receive, send)

    assert 400 in statuses


async def test_notification_can_precede_the_response(agent, inject):
    listener = agent("agent1")
    await listener.listen()
    await inject("notifyFirst", seconds=60, operationName="Leave")

    leaving = asyncio.create_task(agent("agent1").leave(ALONE))
    messages = await listener.poll()

    assert ["LeftChat"] == [each["data"]["chat"]["state"] for each in messages if "data" in each]
    assert not leaving.done()
    leaving.cancel()


@pytest.mark.parametrize(
    ("effect", "parameters", "at_once", "later"),
    [
        ("notifyNever", {"times": 1}, [2, 3, 4], []),
        ("notifyTwice", {"times": 1}, [1, 1, 2, 3, 4], []),
        ("notifySwapped", {"times": 1}, [2, 1, 3, 4], []),
        ("notifySwapped", {}, [2, 1, 4, 3], []),
        ("notifyLate", {"times": 1, "seconds": 20}, [2, 3, 4], [1]),
    ],
    ids=["never", "twice", "swapped once", "always swapped", "late"],
)
async def test_fault_changes_how_notifications_are_delivered(
    effect, parameters, at_once, later, agent, simulate, inject
):
    agent1 = agent("agent1")
    await agent1.listen()
    await inject(effect, agent="agent1", chat=ALONE, kind="StatusChange", **parameters)

    for _ in range(4):
        await agent1.leave(ALONE)

    assert at_once == await reference_ids(agent1)
    await simulate("clock", advance=20)
    assert later == await reference_ids(agent1)


async def test_reset_discards_late_notifications(agent, simulate, inject):
    agent1 = agent("agent1")
    await inject("notifyLate", times=1, seconds=20)
    await agent1.leave(ALONE)
    await simulate("reset")
    await agent1.listen()

    await simulate("clock", advance=20)

    assert [] == await agent1.told()


async def test_clearing_faults_releases_a_withheld_notification(agent, simulate, inject):
    agent1 = agent("agent1")
    await agent1.listen()
    await inject("notifySwapped", times=1)
    await agent1.leave(ALONE)
    assert [] == await agent1.told()

    await simulate("faults", "DELETE")

    assert [1] == await reference_ids(agent1)


async def test_other_agents_notifications_are_unaffected(agent, inject):
    agent2 = agent("agent2")
    await agent2.listen()
    await inject("notifyNever", agent="agent1")

    await agent("agent1").leave(CONFERENCE)

    kinds = [each["data"]["notificationType"] for each in await agent2.told()]
    assert ["NewMessages", "ParticipantsUpdated"] == kinds


async def test_forgotten_session_is_unknown_at_once(agent, simulate, hold_poll):
    agent1, agent2 = agent("agent1"), agent("agent2")
    await agent1.listen()
    await agent2.listen()
    polling = await hold_poll(agent1)

    await simulate("sessions/forget", agent="agent1")

    (reply,) = await polling
    assert ("402::Unknown client", "handshake") == (reply["error"], reply["advice"]["reconnect"])
    assert [True] == [reply["successful"] for reply in await agent2.poll(no_longer_than=0)]


@pytest.fixture(params=["uvicorn", "flask"])
def service(request, serve):
    return serve(request.param)


@pytest.fixture
async def remote_agent(service):
    """agent1 of a service with real connections."""
    async with httpx2.AsyncClient(base_url=service.url) as http:
        yield AgentClient(http, "agent1", "secret1")


async def drop_once(agent, request, **fault):
    """Send a request whose connection is dropped by a fault."""
    await agent.http.post("/simulation/faults", json={"times": 1, **fault})

    with pytest.raises(httpx2.TransportError):
        await request()


async def test_connection_drops_before_or_after_the_request(service, remote_agent):
    agent1 = remote_agent
    for effect, state in (("drop", "Chatting"), ("dropAnswer", "LeftChat")):
        await drop_once(agent1, lambda: agent1.leave(ALONE), effect=effect)

        assert state == await state_of_chat(agent1)

    await drop_once(agent1, lambda: agent1.leave("nowhere"), effect="dropAnswer", seconds=0.1)

    assert 404 == (await agent1.leave("nowhere")).status_code
    service.end()
    assert "Traceback" not in service.output


async def test_dropped_held_poll_loses_no_notification(remote_agent):
    await remote_agent.listen()
    poll = {"path": "/api/v2/notifications", "seconds": 0.2}
    await drop_once(remote_agent, remote_agent.poll, effect="dropAnswer", **poll)

    await remote_agent.leave(ALONE)

    assert [1] == await reference_ids(remote_agent)
