"""The journal keeps recent requests and notifications, for tests to query and wait for."""

import asyncio
import json

import httpx2
import pytest

from gws_chat.simulation.journal import MAX_BYTES, MAX_ENTRIES, MAX_WAITING
from tests.raw_http import TIMEOUT, RawConnection, request

ALONE = "0071023821aec011"
CONFERENCE = "0000Na9B26EF002X"
CHAT_PATH = f"/api/v2/me/chats/{ALONE}"
COMETD_PATH = "/api/v2/notifications"
ENTRIES = [
    ("request", "agent1"),
    ("StatusChange", "agent1"),
    ("ParticipantsUpdated", "agent2"),
    ("NewMessages", "agent2"),
    ("request", "agent1"),
    ("StatusChange", "agent1"),
]


def positions(entries):
    return [entry["position"] for entry in entries]


async def start_waiting(waiting):
    """Start a request and return its task. In process, it reaches its first wait within one turn."""
    task = asyncio.create_task(waiting)
    await asyncio.sleep(0)
    return task


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, [1, 2, 3, 4, 5, 6]),
        ({"agent": "agent2"}, [3, 4]),
        ({"chat": ALONE}, [5, 6]),
        ({"kind": "request"}, [1, 5]),
        ({"kind": "NewMessages"}, [4]),
        ({"kind": "notification", "agent": "agent1"}, [2, 6]),
        ({"state": "LeftChat"}, [6]),
        ({"after": 5}, [6]),
        ({"agent": "nobody"}, []),
    ],
    ids=str,
)
async def test_query_returns_matching_entries_in_order(query, expected, agent, journal):
    await agent("agent1").leave(CONFERENCE)
    await agent("agent1").leave(ALONE)

    assert [(position, *ENTRIES[position - 1]) for position in expected] == [
        (entry["position"], entry["kind"], entry["agent"]) for entry in await journal(**query)
    ]


async def test_ready_states_are_recorded_and_affected_by_faults(agent, inject, journal):
    agent1, kind = agent("agent1"), "ChannelStateChangeMessageV2"
    await agent1.listen("/v2/me/channels")
    await inject("notificationDropped", kind=kind, times=1)
    await inject("notificationDropped", chat=ALONE)

    for state in ("NotReady", "Ready"):
        await agent1.request("POST", "/api/v2/me", json={"operationName": state})

    (entry,) = await journal(kind=kind)
    (notification,) = await agent1.notifications()
    assert ("agent1", 1, notification["data"]) == (entry["agent"], entry["sessions"], entry["notification"])
    assert "chat" not in entry


async def test_request_lists_ignored_names(agent, journal):
    await agent("agent1").leave(ALONE, mobileSession="yes")
    await agent("agent2").leave(CONFERENCE)

    entries = await journal(kind="request")

    assert [["mobileSession"], None] == [entry.get("ignored") for entry in entries]


async def test_notification_counts_the_notified_sessions(agent, journal):
    agent1 = agent("agent1")
    await agent1.leave(ALONE)
    await agent1.listen()
    await agent1.leave(ALONE)

    assert [0, 1] == [entry["sessions"] for entry in await journal(kind="StatusChange")]
    assert [1] == [entry["sessions"] for entry in await journal(sessions=1)]


async def test_undelivered_notification_uses_the_readers_address(agent, http):
    await agent("agent1").leave(ALONE)

    response = await http.get("/simulation/journal?kind=StatusChange", headers={"Host": "127.0.0.1:80"})

    (entry,) = response.json()["entries"]
    assert f"http://127.0.0.1:80/api/v2/chats/{ALONE}" == entry["notification"]["chat"]["uri"]


async def test_rejected_request_has_its_reason(agent, journal):
    await agent("agent1").leave(ALONE, treatAs="System")

    (entry,) = await journal()
    reason = "text: required together with treatAs, but missing"
    assert (CHAT_PATH, 400, reason) == (entry["path"], entry["status"], entry["statusMessage"])


async def test_successful_polls_and_simulation_requests_are_left_out(agent1, http, simulate, journal):
    await simulate("clock", advance=0)
    await http.post("/simulation/clock", json={})
    await simulate("faults", effect="error", times=1)
    await agent1.request("POST", COMETD_PATH, json=[{"channel": "/meta/connect", "clientId": "1"}])

    assert [("/meta/handshake", 200), ("/meta/subscribe", 200), ("/meta/connect", 500)] == [
        (entry["operation"], entry["status"]) for entry in await journal()
    ]


async def test_simulation_requests_and_unknown_paths_are_outside_the_api(http, simulate, journal):
    await simulate("clock", advance=0)
    await simulate("state", "GET")
    await http.post("/simulation/clock", json={})
    await http.get("/api/v3/me?fields=*", auth=("agent1", "secret1"))
    await http.get("/openapi.yaml")

    assert [] == await journal()
    assert [
        ("simulation", "/simulation/clock", 200, None, None),
        ("simulation", "/simulation/clock", 400, None, None),
        ("request", "/api/v3/me", 404, "agent1", "fields=*"),
    ] == [
        (each["kind"], each["path"], each["status"], each.get("agent"), each.get("query"))
        for each in await journal(outsideApi="true")
    ]


async def test_unsuccessful_cometd_replies_have_their_error(agent, journal):
    for channel in ("/meta/subscribe", "/meta/connect"):
        message = {"channel": channel, "clientId": "1", "subscription": "/v2/me/chats"}
        await agent("agent1").request("POST", COMETD_PATH, json=[message])

    assert [("/meta/subscribe", "402::Unknown client"), ("/meta/connect", "402::Unknown client")] == [
        (each["operation"], each["cometdError"]) for each in await journal()
    ]


async def test_unknown_path_starts_no_login(http):
    response = await http.get("/api/v2/workbins", auth=("agent1", "secret1"))

    assert (404, None) == (response.status_code, response.headers.get("Set-Cookie"))


async def test_reset_ends_a_wait_and_is_counted(http, simulate):
    waiting = await start_waiting(http.get("/simulation/journal?timeout=9000"))

    await simulate("reset")

    body = (await waiting).json()
    assert (1, []) == (body["resets"], body["entries"])


async def test_full_journal_counts_the_dropped_entries(agent, http, simulate):
    for _ in range(MAX_ENTRIES + 3):
        await agent("agent1").request("GET", "/api/v2/me", auth=None)
    assert 3 == (await http.get("/simulation/journal?kind=Error")).json()["dropped"]

    await simulate("reset")

    assert 0 == (await http.get("/simulation/journal")).json()["dropped"]


async def test_request_has_an_entry_while_it_is_delayed(agent, inject, simulate, journal):
    await inject("delay", seconds=60)
    leaving = await start_waiting(agent("agent1").leave(ALONE))

    (entry,) = await journal()
    assert ("Leave", None) == (entry["operation"], entry.get("status"))
    await simulate("clock", advance=60)

    changed = await journal(changedAfter=entry["change"])
    assert [(2, 200), (4, None)] == [(each["position"], each.get("status")) for each in changed]
    assert 200 == (await leaving).status_code


async def test_wait_returns_a_changed_entry(agent, inject, simulate, journal):
    await inject("delay", seconds=60)
    leaving = await start_waiting(agent("agent1").leave(CONFERENCE))
    waiting = await start_waiting(journal(changedAfter=3, timeout=9000))

    await simulate("clock", advance=60)

    assert [(2, 5)] == [(each["position"], each["change"]) for each in await waiting if each["kind"] == "request"]
    assert 200 == (await leaving).status_code


async def test_notification_names_the_request_that_caused_it(agent, simulate, journal):
    await agent("agent2").get("/api/v2/me")
    await agent("agent1").leave(CONFERENCE)
    await simulate(f"chats/{ALONE}/customer", operationName="Complete")

    assert [2, 2, 2, 6, 6] == [each.get("cause") for each in await journal(kind="notification")]


async def test_notification_has_the_times_at_which_it_was_sent(agent, journal):
    first, second = agent("agent1"), agent("agent1")
    await first.listen()
    await second.listen()
    await first.leave(ALONE)
    assert [[]] == [each["sentAt"] for each in await journal(kind="notification")]

    await first.poll()

    (entry,) = await journal(kind="notification")
    assert (2, 1) == (entry["sessions"], len(entry["sentAt"]))


async def test_wait_returns_a_notification_that_was_sent(agent1, http, journal):
    await agent1.leave(ALONE)
    change = (await http.get("/simulation/state")).json()["change"]
    waiting = await start_waiting(journal(changedAfter=change, timeout=9000))

    await agent1.notifications()

    assert ["StatusChange"] == [each["kind"] for each in await waiting]


async def test_bodies_are_shown_without_credentials(agent1, journal):
    await agent1.leave(ALONE)
    await agent1.request("POST", "/api/v2/me/chats/1", content="{", headers={"Content-Type": "application/json"})

    handshake, _, leave, broken = await journal(kind="request")

    assert agent1.client_id not in handshake["responseBody"]
    assert "***" == json.loads(handshake["responseBody"])[0]["clientId"]
    assert ('{"operationName":"Leave"}', '{"statusCode":0}') == (leave["requestBody"], leave["responseBody"])
    assert "{" == broken["requestBody"]


async def test_body_of_a_form_is_shown_as_messages(agent1, journal):
    message = {"channel": "/meta/subscribe", "clientId": agent1.client_id, "subscription": "/v2/me/chats"}
    await agent1.request("POST", COMETD_PATH, data={"message": json.dumps(message)})

    entry = (await journal())[-1]

    assert [message | {"clientId": "***"}] == json.loads(entry["requestBody"])


async def test_wait_returns_all_matches_and_the_position(agent, http):
    query = {"kind": "notification", "timeout": 9000}
    waiting = await start_waiting(http.get("/simulation/journal", params=query))

    await agent("agent1").leave(CONFERENCE)

    body = (await waiting).json()
    assert (4, [2, 3, 4]) == (body["position"], positions(body["entries"]))


async def test_other_requests_run_while_the_journal_is_read(agent, http, journal):
    for _ in range(100):
        await agent("agent1").get("/api/v2/me")
    reading = await start_waiting(journal())

    assert 200 == (await http.get("/health")).status_code
    assert not reading.done()
    assert 100 == len(await reading)


async def test_wait_returns_past_matches_or_times_out(agent, journal):
    await agent("agent1").leave(ALONE)

    assert [2] == positions(await journal(kind="StatusChange", timeout=9000))
    assert [] == await journal(agent="agent2", timeout=1)


async def test_wait_ends_empty_when_the_service_stops(application, journal):
    waiting = await start_waiting(journal(timeout=9000))

    application.close()

    assert [] == await waiting


async def test_reset_ends_a_wait_without_entries(agent, simulate, journal):
    waiting = await start_waiting(journal(timeout=9000))

    await simulate("reset")
    await agent("agent1").leave(ALONE)

    assert [] == await waiting


async def test_entry_after_a_reset_ends_no_earlier_wait(agent, simulate, journal):
    waiting = await start_waiting(journal(timeout=9000))

    await asyncio.gather(simulate("reset"), agent("agent1").leave(ALONE))

    assert [] == await waiting


async def test_long_chat_ids_are_shortened(agent, journal):
    await agent("agent1").leave("x" * 5000)

    (entry,) = await journal()
    assert 259 == len(entry["chat"])


async def test_reset_removes_entries_but_positions_continue(agent, simulate, journal):
    await agent("agent1").leave(ALONE)
    await simulate("reset")
    assert [] == await journal()

    await agent("agent1").leave(ALONE)

    assert [4, 5] == positions(await journal())


async def test_full_journal_drops_the_oldest_entry(agent, journal):
    for _ in range(MAX_ENTRIES + 1):
        await agent("agent1").request("GET", "/api/v2/me", auth=None)

    assert list(range(2, MAX_ENTRIES + 2)) == positions(await journal())


@pytest.mark.parametrize("is_listening", [True, False])
async def test_large_entries_drop_the_oldest_ones(is_listening, agent, http):
    agent1, updates = agent("agent1"), 170
    for number in range(updates):
        if is_listening:
            await agent1.listen()  # a new session each time, so that no queue gets full
        user_data = {"note": "\U0001f600" * 30_000, "number": number}
        await agent1.perform(ALONE, {"operationName": "UpdateUserData", "userData": user_data})

    response = await http.get("/simulation/journal")

    updated = [entry for entry in response.json()["entries"] if entry["kind"] == "PropertiesUpdated"]
    numbers = [entry["notification"]["chat"]["userData"]["number"] for entry in updated]
    assert list(range(updates - len(numbers), updates)) == numbers
    assert 0.9 * MAX_BYTES < len(response.content) < MAX_BYTES


async def test_newest_entry_stays_whatever_its_size(agent, journal, simulate):
    chat_id = (await simulate("chats", agents=[{"agent": "agent1", "state": "Invited"}], customer="Eva"))["id"]
    for _ in range(70):
        await simulate(f"chats/{chat_id}/customer", operationName="SendMessage", text="\U0001f600" * 64_000)

    await agent("agent1").accept(chat_id)

    assert ["NewMessages"] == [entry["kind"] for entry in await journal()]


@pytest.mark.parametrize("gives_up", [True, False])
async def test_client_that_sent_half_a_body_gave_up(gives_up, serve):
    """Under uvicorn only: Flask's server does not report the disconnect."""
    service = serve("uvicorn")
    headers = "Content-Type: application/json", "Content-Length: 9"
    connection = await RawConnection.sending(
        service.port, request("POST", CHAT_PATH, *headers, body=b"{", user="agent1")
    )
    if gives_up:
        await connection.close()

    async with httpx2.AsyncClient(base_url=service.url) as http:
        (entry,) = (await http.get("/simulation/journal?kind=request&timeout=9000")).json()["entries"]

    assert (400, gives_up or None) == (entry["status"], entry.get("clientGaveUp"))
    await connection.close()


async def test_disconnected_clients_stop_waiting(serve):
    """Under uvicorn only: Flask's server needs a thread for each of them, and notices disconnects as of held polls."""
    service = serve("uvicorn")

    async def repeat_until(status, seconds=TIMEOUT):
        async with asyncio.timeout(seconds), httpx2.AsyncClient(base_url=service.url) as http:
            while status != (await http.get("/simulation/journal?timeout=1")).status_code:
                pass

    wait = request("GET", "/simulation/journal?timeout=9000")
    waiting = [await RawConnection.sending(service.port, wait) for _ in range(MAX_WAITING)]
    await repeat_until(403)

    for each in waiting:
        await each.close()

    await repeat_until(200, seconds=5)  # the clients would wait for nine
