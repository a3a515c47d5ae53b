"""What goes wrong on demand, and nothing else."""

from __future__ import annotations

import asyncio

import httpx2
import pytest

from handlers.gateway import provoking
from tests.agents import AgentClient

ALONE = "0071023821aec011"
CONFERENCE = "0000Na9B26EF002X"


@pytest.fixture
def provoke(http):
    async def add(effect, **parameters):
        answer = await http.post("/simulation/faults", json={"effect": effect, **parameters})
        assert 200 == answer.status_code, answer.text

    return add


def references(told):
    return [each["data"]["referenceId"] for each in told]


async def test_an_error_is_answered_as_often_as_it_was_wished_and_nothing_changes(agent, provoke):
    await provoke("error", times=2, status=503, statusCode=4, statusMessage="not available")

    answers = [await agent("agent1").leave(ALONE) for _ in range(3)]

    assert [503, 503, 200] == [answer.status_code for answer in answers]
    assert {"statusCode": 4, "statusMessage": "not available"} == answers[0].json()


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ({"agent": "agent1"}, 500),
        ({"agent": "agent2"}, 200),
        ({"operationName": "Leave"}, 500),
        ({"operationName": "Complete"}, 200),
        ({"path": f"/api/v2/me/chats/{ALONE}"}, 500),
        ({"path": "/api/v2/me/*"}, 500),
        ({"path": "/api/v2/chats/*"}, 200),
    ],
)
async def test_it_hits_what_matches(wanted, status, agent, provoke):
    await provoke("error", **wanted)

    assert status == (await agent("agent1").leave(ALONE)).status_code


async def test_who_is_not_known_is_refused_for_that(agent, provoke):
    await provoke("error")

    assert 403 == (await agent("agent1").request("GET", "/api/v2/me", auth=None)).status_code


@pytest.mark.parametrize("path", ["faults", "reset"])
async def test_it_lasts_until_it_is_cleared(path, http, agent, provoke):
    await provoke("error")
    assert 500 == (await agent("agent1").leave(ALONE)).status_code

    await http.request("DELETE" if path == "faults" else "POST", f"/simulation/{path}", json={})

    assert 200 == (await agent("agent1").leave(ALONE)).status_code


async def test_an_error_stands_in_the_journal(http, agent, provoke):
    await provoke("error", statusMessage="not available")
    await agent("agent1").leave(ALONE)

    (entry,) = (await http.get("/simulation/journal")).json()["entries"]
    assert (500, "not available") == (entry["status"], entry["statusMessage"])


async def test_a_delay_holds_the_request_back(agent, provoke):
    agent1 = agent("agent1")
    await provoke("delay", operationName="Leave", seconds=60)

    leaving = asyncio.create_task(agent("agent1").leave(ALONE))
    await asyncio.sleep(0)  # in process the request goes as far as it can in one turn

    assert "Chatting" == (await agent1.get(f"/api/v2/me/chats/{ALONE}"))["chat"]["state"]
    assert not leaving.done()
    leaving.cancel()


async def test_a_body_that_pauses_is_not_waited_for_though_there_are_faults(
    application, provoke, monkeypatch
):
    await provoke("error", agent="agent2")
    monkeypatch.setattr(provoking, "BODY_PATIENCE", 0.01)
    statuses = []

    async def receive():
        if statuses.count("asked"):
            await asyncio.Future()
        statuses.append("asked")
        return {"type": "http.request", "body": b"{", "more_body": True}

    async def send(message):
        statuses.append(message.get("status"))

    credentials = b"Basic YWdlbnQxOnNlY3JldDE="
    scope = {
        "type": "http",
        "method": "POST",
        "path": f"/api/v2/me/chats/{ALONE}",
        "query_string": b"",
        "headers": [(b"authorization", credentials), (b"content-type", b"application/json")],
    }
    await application.asgi(scope, receive, send)

    assert 400 in statuses


async def test_a_request_that_was_held_back_is_performed(agent, provoke):
    await provoke("delay", seconds=0.01)

    assert 200 == (await agent("agent1").leave(ALONE)).status_code


async def test_a_notification_may_come_before_the_answer(agent, provoke):
    agent1, other = agent("agent1"), agent("agent1")
    await agent1.listen()
    await provoke("notifyFirst", seconds=60, operationName="Leave")

    leaving = asyncio.create_task(other.leave(ALONE))
    told = await agent1.poll()

    assert ["LeftChat"] == [each["data"]["chat"]["state"] for each in told if "data" in each]
    assert not leaving.done()
    leaving.cancel()


@pytest.mark.parametrize(
    ("effect", "expected"),
    [
        ("notifyNever", [2, 3]),
        ("notifyTwice", [1, 1, 2, 3]),
        ("notifySwapped", [2, 1, 3]),
        ("notifyLate", [2, 3]),
    ],
)
async def test_a_notification_goes_wrong_as_wished(effect, expected, agent, provoke):
    agent1 = agent("agent1")
    await agent1.listen()
    await provoke(effect, agent="agent1", chat=ALONE, kind="StatusChange", times=1, seconds=60)

    for _ in range(3):
        await agent1.leave(ALONE)

    assert expected == references(await agent1.told())


async def test_what_is_late_is_told_when_its_time_has_come(http, agent, provoke):
    agent1 = agent("agent1")
    await agent1.listen()
    await provoke("notifyLate", times=1, seconds=20)
    await agent1.leave(ALONE)
    assert [] == await agent1.told()

    await http.post("/simulation/clock", json={"advance": 20})

    assert [1] == references(await agent1.told())


async def test_what_is_late_is_not_told_after_a_reset(http, agent, provoke):
    agent1 = agent("agent1")
    await provoke("notifyLate", times=1, seconds=20)
    await agent1.leave(ALONE)
    await http.post("/simulation/reset", json={})
    await agent1.listen()

    await http.post("/simulation/clock", json={"advance": 20})

    assert [] == await agent1.told()


async def test_who_is_always_told_in_the_wrong_order_is_told_everything(agent, provoke):
    agent1 = agent("agent1")
    await agent1.listen()
    await provoke("notifySwapped")

    for _ in range(4):
        await agent1.leave(ALONE)

    assert [2, 1, 4, 3] == references(await agent1.told())


async def test_what_was_delayed_is_not_performed_after_a_reset(http, agent, provoke):
    await provoke("delay", seconds=0.05)
    leaving = asyncio.create_task(agent("agent1").leave(ALONE))
    await asyncio.sleep(0)  # in process the request goes as far as it can in one turn

    await http.post("/simulation/reset", json={})

    assert "a reset came before it was performed" == (await leaving).json()["statusMessage"]
    assert "Chatting" == (await agent("agent1").get(f"/api/v2/me/chats/{ALONE}"))["chat"]["state"]


async def test_what_is_held_back_is_told_when_the_faults_are_cleared(http, agent, provoke):
    agent1 = agent("agent1")
    await agent1.listen()
    await provoke("notifySwapped", times=1)
    await agent1.leave(ALONE)
    assert [] == await agent1.told()

    await http.delete("/simulation/faults")

    assert [1] == references(await agent1.told())


async def test_what_goes_wrong_for_one_agent_is_right_for_the_other(agent, provoke):
    agent2 = agent("agent2")
    await agent2.listen()
    await provoke("notifyNever", agent="agent1")

    await agent("agent1").leave(CONFERENCE)

    assert ["NewMessages", "ParticipantsUpdated"] == [
        each["data"]["notificationType"] for each in await agent2.told()
    ]


async def test_a_session_that_is_forgotten_is_unknown_at_once(http, agent, application):
    agent1, agent2 = agent("agent1"), agent("agent2")
    await agent1.listen()
    await agent2.listen()
    polling = asyncio.create_task(agent1.poll())
    await asyncio.sleep(0)  # in process the poll goes as far as it can in one turn
    assert 1 == application.cometd.parked

    await http.post("/simulation/sessions/forget", json={"agent": "agent1"})

    (reply,) = await polling
    assert ("402::Unknown client", "handshake") == (reply["error"], reply["advice"]["reconnect"])
    assert [True] == [reply["successful"] for reply in await agent2.poll(no_longer_than=0)]


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
@pytest.mark.parametrize(("effect", "state"), [("drop", "Chatting"), ("dropAnswer", "LeftChat")])
async def test_a_connection_is_dropped_before_or_after_the_request_was_performed(
    server, effect, state, serve
):
    service = serve(server)
    async with httpx2.AsyncClient(base_url=service.url) as http:
        agent1 = AgentClient(http, "agent1", "secret1")
        await http.post("/simulation/faults", json={"effect": effect, "times": 1})

        with pytest.raises(httpx2.TransportError):
            await agent1.leave(ALONE)

        assert state == (await agent1.get(f"/api/v2/me/chats/{ALONE}"))["chat"]["state"]


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
async def test_a_refusal_is_dropped_as_any_answer_and_what_comes_later_is_not(server, serve):
    service = serve(server)
    async with httpx2.AsyncClient(base_url=service.url) as http:
        agent1 = AgentClient(http, "agent1", "secret1")
        await http.post("/simulation/faults", json={"effect": "dropAnswer", "times": 1, "seconds": 0.1})

        with pytest.raises(httpx2.TransportError):
            await agent1.leave("nowhere")

        assert 404 == (await agent1.leave("nowhere")).status_code
    service.end()
    assert "Traceback" not in service.output


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
async def test_a_poll_is_closed_while_it_is_held_and_the_next_one_is_told_everything(server, serve):
    service = serve(server)
    async with httpx2.AsyncClient(base_url=service.url) as http:
        agent1 = AgentClient(http, "agent1", "secret1")
        await agent1.listen()
        fault = {"effect": "dropAnswer", "times": 1, "seconds": 0.2, "path": "/api/v2/notifications"}
        await http.post("/simulation/faults", json=fault)

        with pytest.raises(httpx2.TransportError):
            await agent1.poll()

        await agent1.leave(ALONE)
        assert [1] == references(await agent1.told())
