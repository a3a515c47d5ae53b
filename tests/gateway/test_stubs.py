"""Stubs respond to agents' requests for paths that are not emulated. Other such requests are counted and logged."""

import logging
from urllib.parse import unquote

import pytest
import yaml

from gws_chat.app import build
from gws_chat.gateway.stubs import MAX_PATH_LENGTH, MAX_UNKNOWN_REQUESTS, UnknownRequests
from gws_chat.scenario import ScenarioError
from gws_chat.settings import Settings
from tests.agents import AgentClient
from tests.service import client_of

GROUPS = "/api/v2/groups"
CREATED = {"method": "POST", "path": GROUPS, "status": 201, "body": [None, "é"]}
TSERVER = {"method": "GET", "path": "/api/v2/me/devices/{id}/settings/{name}", "body": {"statusCode": 0, "tserver": []}}
EMPTY = {"method": "DELETE", "path": GROUPS, "status": 204}
STUBS = [
    {"method": "GET", "path": GROUPS},
    {"method": "GET", "path": GROUPS, "status": 500},
    CREATED,
    TSERVER,
    EMPTY,
    {"method": "GET", "path": "/api/v2/a.b/Team%20A", "body": "text"},
]
ACCESS_DENIED = 403, {"statusCode": 20, "statusMessage": "Access denied"}


@pytest.fixture
def build_with(tmp_path):
    """Create the service with the stubs in the demo."""

    def build_service(stubs, **settings):
        path = tmp_path / "scenario.yaml"
        path.write_text(yaml.safe_dump({"extends": "demo", "stubs": stubs}), "utf-8")
        return build(Settings(scenario=path, **settings))

    return build_service


@pytest.fixture
def application(build_with):
    return build_with(STUBS)


@pytest.fixture
def unknown_requests(http):
    """Return the unknown requests with their counts."""

    async def read():
        response = await http.get("/simulation/unknown-requests")
        return [(each["method"], each["path"], each["count"]) for each in response.json()["requests"]]

    return read


async def test_stub_below_the_cometd_path_is_no_reply(build_with):
    path = "/api/v2/notifications/archive/1"
    application = build_with([{"method": "GET", "path": path, "body": {"successful": False}}])

    async with client_of(application) as http:
        response = await http.get(path, auth=("agent1", "secret1"))
        entries = (await http.get("/simulation/journal")).json()["entries"]

    assert (200, {"successful": False}) == (response.status_code, response.json())
    assert [("stub", False)] == [(entry["operation"], "cometdError" in entry) for entry in entries]


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [
        ("GET", GROUPS, 200, {"statusCode": 0}),
        ("GET", f"{GROUPS}/?type=dispositions&fields=*", 200, {"statusCode": 0}),
        ("POST", GROUPS, 201, CREATED["body"]),
        ("GET", "/api/v2/me/devices/1/settings/tserver", 200, TSERVER["body"]),
        ("GET", "/api/v2/a.b/Team%20A", 200, "text"),
    ],
)
async def test_stub_responds_to_an_agent(method, path, status, body, agent):
    response = await agent("agent1").request(method, path)

    assert (status, body) == (response.status_code, response.json())
    assert ("application/json", "no-store") == (response.headers["Content-Type"], response.headers["Cache-Control"])


async def test_stub_with_status_204_has_no_body(agent):
    response = await agent("agent1").request("DELETE", GROUPS)

    assert (204, b"") == (response.status_code, response.content)


async def test_head_receives_the_stub_of_get(agent):
    response = await agent("agent1").request("HEAD", GROUPS)

    assert 200 == response.status_code


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", GROUPS),
        ("GET", f"{GROUPS}/1"),
        ("GET", "/api/v2/me/devices/settings/tserver"),
        ("GET", "/api/v2/me/devices/1/2/settings/tserver"),
        ("GET", "/api/v2/axb/Team%20A"),
    ],
)
async def test_another_method_or_path_is_unknown(method, path, agent):
    response = await agent("agent1").request(method, path)

    assert (404, 6) == (response.status_code, response.json()["statusCode"])


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic eDp5"}, {"ContactCenterId": "any"}], ids=str)
async def test_stub_needs_the_credentials_of_an_agent(headers, http, unknown_requests):
    response = await http.get(GROUPS, headers=headers)

    assert ACCESS_DENIED == (response.status_code, response.json())
    assert [] == await unknown_requests()


async def test_stub_sets_and_accepts_the_session_cookie(agent, http):
    assert "JSESSIONID" in (await agent("agent1").request("GET", GROUPS)).cookies

    response = await http.get(GROUPS)

    assert 200 == response.status_code


async def test_stub_obeys_csrf_protection(build_with):
    async with client_of(build_with(STUBS, csrf_protection=True)) as http:
        agent = AgentClient(http, "agent1", "secret1")
        token = (await agent.request("GET", GROUPS)).headers["X-CSRF-TOKEN"]

        responses = [await agent.request("POST", GROUPS, headers=headers) for headers in ({}, {"X-CSRF-TOKEN": token})]

    assert [403, 201] == [response.status_code for response in responses]


async def test_stub_responds_with_the_simulation_off(build_with):
    async with client_of(build_with(STUBS, simulation=False)) as http:
        response = await AgentClient(http, "agent1", "secret1").request("GET", GROUPS)

    assert 200 == response.status_code


async def test_stubbed_request_is_recorded_as_stub(agent, http):
    await agent("agent1").request("GET", GROUPS)

    (entry,) = (await http.get("/simulation/journal")).json()["entries"]
    assert ("stub", "agent1", 200) == (entry["operation"], entry["agent"], entry["status"])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v2/me"),
        ("POST", "/api/v2/me/chats/{any}"),
        ("GET", "/api/v2/chats/1"),
        ("POST", "/simulation/reset"),
        ("GET", "/api/v2/m%65"),
        ("GET", "/%61pi/v2%2Fme"),
        ("GET", "/openapi.yaml"),
        ("GET", "/ui"),
        ("GET", "/console/agent%2Ejs"),
    ],
)
def test_stub_for_an_operation_or_file_is_rejected(method, path, build_with):
    with pytest.raises(ScenarioError) as raised:
        build_with([CREATED, {"method": method, "path": path}])

    rule = "must not be an operation of openapi.yaml or a file"
    assert str(raised.value).endswith(f"scenario.yaml: stubs[1]: {rule}, got {method} {unquote(path)!r}")


async def test_stub_never_replaces_an_operation_or_file(build_with):
    stubs = [{"method": "GET", "path": path, "status": 500} for path in ("/api/v2/{name}", "/{name}")]
    async with client_of(build_with(stubs)) as http:
        agent = AgentClient(http, "agent1", "secret1")

        responses = [await agent.request("GET", path) for path in ("/api/v2/me", "/openapi.yaml", "/api/v2/other")]

    assert [200, 200, 500] == [response.status_code for response in responses]


@pytest.mark.parametrize(("method", "path"), [("POST", "/api/v2/contacts"), ("DELETE", "/api/v2/me/chats/{id}")])
async def test_stub_adds_a_method_to_a_path(method, path, build_with):
    async with client_of(build_with([{"method": method, "path": path, "status": 201}])) as http:
        agent = AgentClient(http, "agent1", "secret1")

        responses = [await agent.request(each, path) for each in (method, "PATCH")]

    assert [201, 405] == [response.status_code for response in responses]


async def test_unknown_requests_are_counted_by_method_and_path(http, unknown_requests):
    for method, path in [
        ("GET", "/api/v2/workbins?fields=*"),
        ("HEAD", "/api/v2/workbins/"),
        ("POST", "/api/v2/workbins"),
        ("OPTIONS", "/api/v2/workbins"),
        ("PUT", "/api/v2/me"),
        ("GET", "/api/v2/Team A"),
        ("POST", "/ui/"),
    ]:
        await http.request(method, path)

    assert [
        ("GET", "/api/v2/workbins", 2),
        ("POST", "/api/v2/workbins", 1),
        ("PUT", "/api/v2/me", 1),
        ("GET", "/api/v2/Team%20A", 1),
    ] == await unknown_requests()


async def test_reset_empties_the_unknown_requests(http, unknown_requests):
    await http.get("/nowhere")

    await http.post("/simulation/reset", json={})

    assert [] == await unknown_requests()


async def test_reset_keeps_the_stubs(agent, http):
    await http.post("/simulation/reset", json={})

    assert {"statusCode": 0} == await agent("agent1").get(GROUPS)


@pytest.mark.parametrize("path", ["/api/v2/workbins", "/a b\n'{x}: #\x7f\u202eé\ud800", "/" + "x" * 1000])
def test_hint_is_logged_once_and_is_valid_yaml(path, caplog):
    caplog.set_level(logging.WARNING)
    unknown = UnknownRequests()

    unknown.add("GET", path)
    unknown.clear()
    unknown.add("GET", path)

    (message,) = caplog.messages
    assert message.isprintable()
    ((method, encoded),) = unknown.counts
    stub = {"method": method, "path": encoded, "body": {"statusCode": 0}}
    assert {"stubs": [stub]} == yaml.safe_load(message.partition("add to the scenario: ")[2])


async def test_stub_of_the_hint_responds(http, caplog, build_with):
    path = "/api/v2/Team%20%7BA%7D"
    caplog.set_level(logging.WARNING)
    await http.get(path)
    stubs = yaml.safe_load(caplog.messages[0].partition("add to the scenario: ")[2])["stubs"]

    async with client_of(build_with(stubs)) as other:
        response = await AgentClient(other, "agent1", "secret1").request("GET", path)

    assert 200 == response.status_code


def test_only_the_first_thousand_unknown_requests_are_kept(caplog):
    caplog.set_level(logging.WARNING)
    unknown = UnknownRequests()

    for number in (*range(MAX_UNKNOWN_REQUESTS + 1), 0):
        unknown.add("GET", f"/{number}")

    assert (1000, 1000, 2) == (len(unknown.counts), len(caplog.messages), unknown.counts["GET", "/0"])
    assert ("GET", "/1000") not in unknown.counts


def test_long_paths_are_counted_separately():
    unknown = UnknownRequests()

    for name in "ab":
        unknown.add("GET", "/" + "x" * 300 + name)

    assert [1, 1] == list(unknown.counts.values())


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "*"), ("GET", ""), ("GET", "/"), ("GET", "//a"), ("GET", "/a/"), ("TRACE", "/a"), ("GET", "/é" * 400)],
)
def test_requests_without_possible_stub_are_left_out(method, path, caplog):
    unknown = UnknownRequests()

    unknown.add(method, path)

    assert ({}, []) == (unknown.counts, caplog.messages)


def test_paths_of_the_greatest_length_are_kept():
    unknown = UnknownRequests()

    for length in (MAX_PATH_LENGTH, MAX_PATH_LENGTH + 1):
        unknown.add("GET", "/".ljust(length, "x"))

    assert [MAX_PATH_LENGTH] == [len(path) for _, path in unknown.counts]


def test_memory_of_logged_requests_is_bounded(caplog):
    caplog.set_level(logging.WARNING)
    unknown = UnknownRequests()

    for number in range(MAX_UNKNOWN_REQUESTS + 1):
        unknown.add("GET", f"/{number}")
        unknown.clear()

    assert MAX_UNKNOWN_REQUESTS == len(caplog.messages)
