"""What was asked and told is kept, can be looked through, and can be waited for."""

from __future__ import annotations

import asyncio

import pytest

from handlers.journal import MOST

ALONE = "0071023821aec011"
CONFERENCE = "0000Na9B26EF002X"
BODY = {"operationName": "Leave", "treatAs": "System"}


@pytest.fixture
def journal(http):
    """Ask for the journal's entries."""

    async def entries(**query):
        answer = await http.get("/simulation/journal", params=query)
        return answer.json()["entries"]

    return entries


def kinds(entries):
    return [(entry["kind"], entry["agent"]) for entry in entries]


async def test_a_request_stands_before_what_it_caused(agent, journal):
    await agent("agent1").leave(CONFERENCE)

    expected = [
        ("request", "agent1"),
        ("StatusChange", "agent1"),
        ("NewMessages", "agent2"),
        ("ParticipantsUpdated", "agent2"),
    ]
    assert expected == kinds(await journal())


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"agent": "agent2"}, [("NewMessages", "agent2"), ("ParticipantsUpdated", "agent2")]),
        ({"chat": ALONE}, [("request", "agent1"), ("StatusChange", "agent1")]),
        ({"kind": "request"}, [("request", "agent1"), ("request", "agent1")]),
        ({"kind": "NewMessages"}, [("NewMessages", "agent2")]),
        ({"kind": "notification", "agent": "agent1"}, [("StatusChange", "agent1")] * 2),
        ({"state": "LeftChat"}, [("StatusChange", "agent1")]),
        ({"after": 5}, [("StatusChange", "agent1")]),
        ({"agent": "nobody"}, []),
    ],
)
async def test_only_what_matches_is_shown(query, expected, agent, journal):
    await agent("agent1").leave(CONFERENCE)
    await agent("agent1").leave(ALONE)

    assert expected == kinds(await journal(**query))


async def test_a_notification_says_how_many_sessions_were_told(agent, journal):
    agent1 = agent("agent1")
    await agent1.leave(ALONE)
    await agent1.listen()
    await agent1.leave(ALONE)

    assert [0, 1] == [entry["sessions"] for entry in await journal(kind="StatusChange")]
    assert [1] == [entry["sessions"] for entry in await journal(sessions=1)]


async def test_what_nobody_was_there_for_is_shown_as_the_reader_would_have_been_told(agent, http):
    await agent("agent1").leave(ALONE)

    answer = await http.get("/simulation/journal?kind=StatusChange", headers={"Host": "127.0.0.1:80"})
    (entry,) = answer.json()["entries"]
    assert f"http://127.0.0.1:80/api/v2/chats/{ALONE}" == entry["notification"]["chat"]["uri"]


@pytest.mark.parametrize(
    ("path", "request_", "status", "reason"),
    [
        (
            f"/api/v2/me/chats/{ALONE}",
            {"json": BODY},
            400,
            "text: required where treatAs is given, but missing",
        ),
        (f"/api/v2/me/chats/{ALONE}", {"auth": None, "json": BODY}, 403, "Access denied"),
        ("/api/v2/nothing", {"json": {}}, 404, "path: nothing is at '/api/v2/nothing'"),
        ("/api/v2/notifications", {"json": []}, 400, "body: must be at least 1 items, not 0"),
    ],
)
async def test_a_refused_request_has_its_reason(path, request_, status, reason, agent, journal):
    await agent("agent1").request("POST", path, **request_)

    (entry,) = await journal()
    assert (path, status, reason) == (entry["path"], entry["status"], entry["statusMessage"])


async def test_polls_and_the_simulation_itself_do_not_stand_in_it(agent, http, journal):
    await agent("agent1").listen()
    await http.post("/simulation/clock", json={"advance": 0})
    await http.post("/simulation/clock", json={})

    channels = [entry["operation"] for entry in await journal()]
    assert ["/meta/handshake", "/meta/subscribe"] == channels


async def test_who_waits_is_answered_as_soon_as_it_is_told(agent, journal):
    waiting = asyncio.create_task(journal(agent="agent1", state="LeftChat", timeout=60_000))
    await asyncio.sleep(0)
    await agent("agent1").leave(ALONE)

    assert [("StatusChange", "agent1")] == kinds(await waiting)


async def test_who_waits_for_what_has_been_told_is_answered_at_once(agent, journal):
    await agent("agent1").leave(ALONE)

    assert [("StatusChange", "agent1")] == kinds(await journal(kind="StatusChange", timeout=60_000))


async def test_who_waits_is_shown_all_that_matches_and_asks_for_what_comes_after(agent, http):
    asked = http.get("/simulation/journal", params={"kind": "notification", "timeout": 60_000})
    waiting = asyncio.create_task(asked)
    await asyncio.sleep(0)
    await agent("agent1").leave(CONFERENCE)

    answer = (await waiting).json()
    assert (4, [2, 3, 4]) == (answer["position"], [entry["position"] for entry in answer["entries"]])


async def test_a_poll_that_was_refused_stands_in_it(agent, http, journal):
    await http.post("/simulation/faults", json={"effect": "error", "times": 1})

    await agent("agent1").request(
        "POST", "/api/v2/notifications", json=[{"channel": "/meta/connect", "clientId": "1"}]
    )

    (entry,) = await journal()
    assert ("/meta/connect", 500) == (entry["operation"], entry["status"])


async def test_who_waits_is_let_go_when_the_service_ends(application, journal):
    waiting = asyncio.create_task(journal(timeout=60_000))
    await asyncio.sleep(0)

    application.close()

    assert [] == await waiting


async def test_what_a_client_names_is_no_longer_than_is_good_for_a_journal(agent, journal):
    await agent("agent1").leave("x" * 5000)

    (entry,) = await journal()
    assert 259 == len(entry["chat"])


async def test_who_waits_in_vain_is_answered_with_nothing(agent, journal):
    await agent("agent1").leave(ALONE)

    assert [] == await journal(agent="agent2", timeout=1)


async def test_a_reset_empties_it_and_positions_go_on(agent, http, journal):
    await agent("agent1").leave(ALONE)
    await http.post("/simulation/reset", json={})
    assert [] == await journal()

    await agent("agent1").leave(ALONE)

    assert [3, 4] == [entry["position"] for entry in await journal()]


async def test_the_oldest_makes_room_for_the_newest(agent, journal):
    agent1 = agent("agent1")
    for _ in range(MOST + 1):
        await agent1.request("GET", "/api/v2/me", auth=None)

    entries = await journal()
    assert [2, MOST + 1] == [entries[0]["position"], entries[-1]["position"]]
