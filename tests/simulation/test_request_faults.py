"""Each effect of a fault on a request."""

import asyncio

import httpx2
import pytest

from gws_chat.gateway import body
from tests.agents import AgentClient

ALONE = "0071023821aec011"
CHAT_PATH = f"/api/v2/me/chats/{ALONE}"


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


async def test_error_precedes_the_validation_of_the_body(agent, inject):
    await inject("error", operationName="Leave")

    assert 500 == (await agent("agent1").leave(ALONE, text="")).status_code


async def test_error_response_does_not_wait_for_notifications(agent, inject):
    await inject("notificationBeforeResponse", seconds=60)

    assert 403 == (await agent("agent1").accept(ALONE)).status_code


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (401, ("401::Unauthorized", "handshake")),
        (402, ("402::Unknown client", "handshake")),
        (403, ("403::forbidden", "none")),
    ],
)
async def test_cometd_messages_can_be_rejected(error, expected, agent1, inject, journal):
    await inject("cometdError", channel="/meta/connect", error=error, times=1)
    (subscribed,) = await agent1.send("/meta/subscribe", subscription="/v2/me/chats")
    await agent1.leave(ALONE)

    (rejected,) = await agent1.poll()

    assert (True, False) == (subscribed["successful"], rejected["successful"])
    assert expected == (rejected["error"], rejected["advice"]["reconnect"])
    entry = (await journal(kind="request"))[-1]
    assert ("/meta/connect", 200, "cometdError") == (entry["operation"], entry["status"], entry["fault"])
    assert 1 == len(await agent1.notifications())


async def test_denied_handshake_has_its_text(agent, inject):
    await inject("cometdError", error=403)

    (rejected,) = await agent("agent1").send("/meta/handshake")

    assert "403::Handshake denied" == rejected["error"]


async def test_cometd_error_finds_each_message_of_a_request(agent1, inject):
    await inject("cometdError", channel="/meta/unsubscribe")
    channels = ["/meta/subscribe", "/a", "/b", "/c", "/meta/unsubscribe"]
    messages = [{"channel": each, "clientId": agent1.client_id} for each in channels]

    response = await agent1.request("POST", "/api/v2/notifications", json=messages)

    assert ["401::Unauthorized"] * 5 == [each["error"] for each in response.json()]


async def test_cometd_error_affects_no_other_requests(agent, inject):
    await inject("cometdError")

    assert 200 == (await agent("agent1").leave(ALONE)).status_code


async def test_dropped_request_has_no_status_in_the_journal(agent, inject, journal):
    await inject("dropRequest", times=1)
    await inject("dropResponse", times=1)
    for _ in range(3):
        await agent("agent1").leave(ALONE)

    assert [("dropRequest", None, None), ("dropResponse", None, None), (None, 200, '{"statusCode":0}')] == [
        (entry.get("fault"), entry.get("status"), entry.get("responseBody")) for entry in await journal(kind="request")
    ]


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


async def test_advance_ends_a_delay_that_is_due(agent, simulate, inject):
    await inject("delay", operationName="Leave", seconds=60)
    leaving = asyncio.create_task(agent("agent1").leave(ALONE))
    await asyncio.sleep(0)  # in process, the request reaches its first wait within one turn

    await simulate("clock", advance=59)
    assert "Chatting" == await state_of_chat(agent("agent1"))
    await simulate("clock", advance=1)

    assert "LeftChat" == await state_of_chat(agent("agent1"))
    assert 200 == (await leaving).status_code


@pytest.mark.parametrize(("effect", "state"), [("delay", "Chatting"), ("notificationBeforeResponse", "LeftChat")])
async def test_reset_rejects_a_delayed_request_at_once(effect, state, agent, simulate, inject, journal):
    await inject(effect, operationName="Leave", seconds=60)
    leaving = asyncio.create_task(agent("agent1").leave(ALONE))
    await asyncio.sleep(0)  # in process, the request reaches its first wait within one turn
    assert state == await state_of_chat(agent("agent1"))

    await simulate("reset")

    response = await leaving
    assert (503, 4) == (response.status_code, response.json()["statusCode"])
    assert [] == await journal()
    assert "Chatting" == await state_of_chat(agent("agent1"))


async def test_incomplete_body_is_rejected_before_a_fault(agent, inject, monkeypatch):
    await inject("error")
    monkeypatch.setattr(body, "BODY_PAUSE", 0.01)

    async def incomplete():
        yield b"{"
        await asyncio.Event().wait()

    headers = {"Content-Type": "application/json"}
    response = await agent("agent1").request("POST", CHAT_PATH, content=incomplete(), headers=headers)

    assert 400 == response.status_code


async def test_notification_can_precede_the_response(agent, inject):
    listener = agent("agent1")
    await listener.listen()
    await inject("notificationBeforeResponse", seconds=60, operationName="Leave")

    leaving = asyncio.create_task(agent("agent1").leave(ALONE))
    messages = await listener.poll()

    assert ["LeftChat"] == [each["data"]["chat"]["state"] for each in messages if "data" in each]
    assert not leaving.done()
    leaving.cancel()


@pytest.fixture(params=["uvicorn", "flask"])
def service(request, serve):
    return serve(request.param)


@pytest.fixture
async def remote_agent(service):
    """agent1 of a service with real connections."""
    async with httpx2.AsyncClient(base_url=service.url) as http:
        yield AgentClient(http, "agent1", "secret1")


async def leave_without_response(agent, chat_id, effect):
    """Leave a chat while a fault closes the connection."""
    await agent.http.post("/simulation/faults", json={"effect": effect, "times": 1})

    with pytest.raises(httpx2.TransportError):
        await agent.leave(chat_id)


async def test_drop_faults_close_the_connection(service, remote_agent):
    for effect, state in (("dropRequest", "Chatting"), ("dropResponse", "LeftChat")):
        await leave_without_response(remote_agent, ALONE, effect)

        assert state == await state_of_chat(remote_agent)

    await leave_without_response(remote_agent, "nowhere", "dropResponse")

    assert 404 == (await remote_agent.leave("nowhere")).status_code
    service.end()
    assert "Traceback" not in service.output


async def test_journal_marks_a_client_that_gave_up(remote_agent):
    http = remote_agent.http
    await http.post("/simulation/faults", json={"effect": "delay", "seconds": 60, "times": 1})
    with pytest.raises(httpx2.ReadTimeout):
        await remote_agent.request("POST", CHAT_PATH, json={"operationName": "Leave"}, timeout=0.3)

    async def entry_after(change):
        params = {"kind": "request", "changedAfter": change, "timeout": 9000}
        journal = (await http.get("/simulation/journal", params=params)).json()
        return journal["change"], journal["entries"][0]

    change, entry = await entry_after(1)
    assert (True, None) == (entry["clientGaveUp"], entry.get("status"))
    await http.post("/simulation/clock", json={"advance": 60})
    _, entry = await entry_after(change)
    assert (True, 200) == (entry["clientGaveUp"], entry["status"])


async def test_closed_poll_loses_no_notification(remote_agent, reference_ids):
    await remote_agent.listen()
    await remote_agent.http.post("/simulation/faults", json={"effect": "closePoll", "seconds": 0.2})

    assert "Chatting" == await state_of_chat(remote_agent)
    with pytest.raises(httpx2.TransportError):
        await remote_agent.poll()

    await remote_agent.http.delete("/simulation/faults")
    await remote_agent.leave(ALONE)
    assert [1] == await reference_ids(remote_agent)


@pytest.mark.parametrize(
    ("effect", "parameters"),
    [("closePoll", {"seconds": 60}), ("dropResponse", {}), ("notificationBeforeResponse", {"seconds": 60})],
    ids=["closePoll", "dropResponse", "notificationBeforeResponse"],
)
async def test_fault_of_a_held_poll_ends_at_a_reset(effect, parameters, remote_agent):
    http = remote_agent.http
    await remote_agent.listen()
    await http.post("/simulation/faults", json={"effect": effect, **parameters})
    polling = asyncio.create_task(remote_agent.poll())
    while "gws_chat_held_polls 1.0" not in (await http.get("/metrics")).text:
        pass
    await http.post("/simulation/reset", json={"sessions": "keep"})

    await remote_agent.leave(ALONE)

    assert ["LeftChat"] == [each["data"]["chat"]["state"] for each in await polling if "data" in each]
