"""Faults affect only the requests and notifications that they match."""

import pytest

from gws_chat.app import build
from gws_chat.settings import SCENARIOS, Settings
from tests.service import client_of

ALONE = "0071023821aec011"
CONFERENCE = "0000Na9B26EF002X"
CHAT_PATH = f"/api/v2/me/chats/{ALONE}"


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


@pytest.mark.parametrize("path", ["/internal-api/business-attributes", "/internal-api/me/settings", "/api/v2/workbins"])
async def test_fault_affects_internal_paths_and_stubs(path):
    async with client_of(build(Settings(scenario=SCENARIOS["desktop"]))) as http:
        fault = {"effect": "error", "path": path, "agent": "agent1", "times": 1}
        await http.post("/simulation/faults", json=fault)

        statuses = [(await http.get(path, auth=("agent1", "secret1"))).status_code for _ in range(2)]

        entries = (await http.get("/simulation/journal")).json()["entries"]
    assert [500, 200] == statuses == [entry["status"] for entry in entries]


async def test_unauthenticated_request_is_rejected_before_a_fault(agent, inject):
    await inject("error")

    assert 403 == (await agent("agent1").request("GET", "/api/v2/me", auth=None)).status_code


@pytest.mark.parametrize("name", [["Leave"], {"Leave": 1}, 7, None], ids=str)
async def test_invalid_operation_name_matches_no_fault(name, agent, inject):
    await inject("error", operationName="Leave")

    assert 400 == (await agent("agent1").perform(ALONE, {"operationName": name})).status_code


@pytest.mark.parametrize(("method", "path"), [("DELETE", "faults"), ("POST", "reset")])
async def test_fault_lasts_until_it_is_cleared(method, path, agent, simulate, inject):
    await inject("error")
    assert 500 == (await agent("agent1").leave(ALONE)).status_code

    await simulate(path, method)

    assert 200 == (await agent("agent1").leave(ALONE)).status_code


@pytest.mark.parametrize(
    ("effect", "parameters", "at_once", "later"),
    [
        ("notificationDropped", {"times": 1}, [2, 3, 4], []),
        ("notificationDuplicated", {"times": 1}, [1, 1, 2, 3, 4], []),
        ("notificationReordered", {"times": 1}, [2, 1, 3, 4], []),
        ("notificationReordered", {}, [2, 1, 4, 3], []),
        ("notificationDelayed", {"times": 1, "seconds": 20}, [2, 3, 4], [1]),
    ],
    ids=["dropped", "duplicated", "reordered once", "always reordered", "delayed"],
)
async def test_fault_changes_how_notifications_are_delivered(
    effect, parameters, at_once, later, agent1, simulate, inject, reference_ids
):
    await inject(effect, agent="agent1", chat=ALONE, kind="StatusChange", **parameters)

    for _ in range(4):
        await agent1.leave(ALONE)

    assert at_once == await reference_ids(agent1)
    await simulate("clock", advance=20)
    assert later == await reference_ids(agent1)


async def test_reset_drops_delayed_notifications(agent, simulate, inject):
    agent1 = agent("agent1")
    await inject("notificationDelayed", times=1, seconds=20)
    await agent1.leave(ALONE)
    await simulate("reset")
    await agent1.listen()

    await simulate("clock", advance=20)

    assert [] == await agent1.notifications()


async def test_clearing_faults_delivers_a_reordered_notification(agent1, simulate, inject, reference_ids):
    await inject("notificationReordered", times=1)
    await agent1.leave(ALONE)
    assert [] == await agent1.notifications()

    await simulate("faults", "DELETE")

    assert [1] == await reference_ids(agent1)


async def test_delayed_notification_reaches_no_later_session(agent, simulate, inject):
    agent1 = agent("agent1")
    await inject("notificationDelayed", seconds=5)
    await agent1.leave(ALONE)
    await agent1.listen()

    await simulate("clock", advance=6)

    assert [] == await agent1.notifications()


async def test_other_agents_notifications_are_unaffected(agent, inject):
    agent2 = agent("agent2")
    await agent2.listen()
    await inject("notificationDropped", agent="agent1")

    await agent("agent1").leave(CONFERENCE)

    kinds = [each["data"]["notificationType"] for each in await agent2.notifications()]
    assert ["ParticipantsUpdated", "NewMessages"] == kinds


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ({"effect": "delay", "agent": "nobody"}, 404),
        ({"effect": "notificationDropped", "agent": "nobody"}, 404),
        ({"effect": "notificationDropped", "chat": "nowhere"}, 404),
        ({"effect": "delay", "kind": "StatusChange"}, 400),
        ({"effect": "dropRequest", "seconds": 1}, 400),
        ({"effect": "notificationDropped", "operationName": "Leave"}, 400),
        ({"effect": "cometdError", "path": "/api/v2/*"}, 400),
        ({"effect": "cometdError", "error": 404}, 400),
        ({"effect": "error", "operationName": "Leve"}, 400),
        *(({"effect": "error", "path": path}, 400) for path in ("", "/health", "/simulation/*", "/nowhere", "/api/v2")),
    ],
    ids=str,
)
async def test_fault_that_cannot_apply_is_rejected(fault, status, http, simulate):
    assert status == (await http.post("/simulation/faults", json=fault)).status_code
    assert [] == (await simulate("faults", "GET"))["faults"]


@pytest.mark.parametrize("name", ["agent", "chat"])
async def test_error_of_a_fault_names_its_member(name, http):
    fault = {"effect": "notificationDropped", name: "x"}

    response = await http.post("/simulation/faults", json=fault)

    assert response.json()["statusMessage"].startswith(f"{name}: must be the ")


@pytest.mark.parametrize("path", ["*", "/api/*", "/?pi/v2/me", "/internal-api/*", "/[ai]*"])
async def test_path_of_a_fault_may_have_wildcards(path, http):
    assert 200 == (await http.post("/simulation/faults", json={"effect": "error", "path": path})).status_code


async def test_listed_faults_count_how_often_each_fired(agent, inject, simulate):
    async def reports():
        return [(each["fired"], each["isActive"]) for each in (await simulate("faults", "GET"))["faults"]]

    await inject("error", times=2)
    await inject("notificationDuplicated")
    await inject("notificationDropped")
    for _ in range(3):
        await agent("agent1").leave(ALONE)
    assert [(2, False), (1, True), (0, True)] == await reports()

    await simulate("faults", "DELETE")
    assert [(2, False), (1, False), (0, False)] == await reports()
    await simulate("reset")
    assert [] == await reports()
