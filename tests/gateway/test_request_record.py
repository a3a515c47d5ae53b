"""A record contains operation, agent, chat and outcome of a request, and no secrets."""

import pytest

from gws_chat.app import build
from gws_chat.gateway.request_record import RequestRecord
from gws_chat.settings import Settings
from tests.agents import COMETD_PATH, AgentClient

CHAT = "0071023821aec011"
PATH = f"/api/v2/me/chats/{CHAT}"


@pytest.fixture
def records():
    """Return the list of the records that the application's observer receives."""
    return []


@pytest.fixture
def application(records):
    return build(Settings(), observers=[records.append])


@pytest.fixture
def agent1(http):
    return AgentClient(http, "agent1", "secret1")


def without_duration(record):
    assert record.milliseconds > 0
    record.milliseconds = 0
    return record


async def test_each_request_is_recorded_with_its_outcome(http, agent1, records):
    json = {"Content-Type": "application/json"}

    await agent1.leave(CHAT)
    await agent1.leave("nowhere")
    await agent1.get("/api/v2/me?fields=*")
    await agent1.request("POST", PATH, headers=json, content="{")
    http.cookies.clear()
    await AgentClient(http, "agent1", "wrong").get("/api/v2/me")
    await http.get("/api/v2/chats/nobody", headers={"ContactCenterId": "any"})
    await http.get("/openapi.yaml")

    no_chat = "id: must be the ID of one of your chats, got 'nowhere'"
    no_customer = "id: must be the ID of a chat, got 'nobody'"
    not_json = "body: must be JSON, expecting property name enclosed in double quotes at line 1 column 2"
    nowhere, nobody = "/api/v2/me/chats/nowhere", "/api/v2/chats/nobody"
    assert [
        RequestRecord("POST", PATH, "Leave", "agent1", CHAT, 200, 0),
        RequestRecord("POST", nowhere, "Leave", "agent1", "nowhere", 404, 6, 0, no_chat),
        RequestRecord("GET", "/api/v2/me", "get_me", "agent1", None, 200, 0),
        RequestRecord("POST", PATH, "perform_chat_operation", "agent1", CHAT, 400, 2, 0, not_json),
        RequestRecord("GET", "/api/v2/me", status=403, status_code=20, reason="Access denied"),
        RequestRecord("GET", nobody, "get_chat_by_uri", None, "nobody", 404, 6, 0, no_customer),
        RequestRecord("GET", "/openapi.yaml", status=200),
    ] == list(map(without_duration, records))


@pytest.mark.parametrize(
    ("path", "chat"),
    [
        (PATH, CHAT),
        (f"{PATH}/messages", CHAT),
        (f"/api/v2/chats/{CHAT}", CHAT),
        ("/api/v2/contacts/1", None),
        ("/api/v2/features/api-voice", None),
    ],
)
async def test_only_ids_of_chats_are_recorded(path, chat, agent1, records):
    await agent1.get(path)

    assert [chat] == [record.chat for record in records]


async def test_cometd_requests_are_recorded_by_their_channels(agent1, records):
    await agent1.listen()

    assert [
        RequestRecord("POST", COMETD_PATH, channel, "agent1", None, 200)
        for channel in ("/meta/handshake", "/meta/connect", "/meta/subscribe")
    ] == list(map(without_duration, records))


async def test_request_with_a_connect_is_a_poll(agent1, records):
    await agent1.listen()
    records.clear()
    connect = {"channel": "/meta/connect", "clientId": "", "connectionType": "long-polling"}
    others = [{"channel": "/meta/subscribe"}, {"channel": "/a"}, {"channel": "/b"}, {"channel": "/c"}]

    for messages in (connect, [*others, connect], others):
        await agent1.request("POST", COMETD_PATH, json=messages)

    assert [True, True, False] == [record.is_poll for record in records]


@pytest.mark.parametrize(
    ("name", "recorded"),
    [
        pytest.param("L" * 10_000, "L" * 256 + "...", id="long"),
        pytest.param(["Leave"], "perform_chat_operation", id="array"),
        pytest.param({"password": "secret"}, "perform_chat_operation", id="object"),
        pytest.param(None, "perform_chat_operation", id="null"),
    ],
)
async def test_invalid_operation_name_is_shortened_or_omitted(agent1, records, name, recorded):
    await agent1.perform(CHAT, {"operationName": name})

    assert [recorded] == [record.operation for record in records]


@pytest.mark.parametrize(
    ("query", "body", "ignored"),
    [
        pytest.param(
            "?_=1&{}", {"operationName": "Leave", "mobileSession": "x"}, ("_", "{}", "mobileSession"), id="both"
        ),
        pytest.param("", {"operationName": "SendMessage", "txt": "x"}, ("txt",), id="rejected request"),
        pytest.param("", {"operationName": "leave", "txt": "x"}, (), id="unknown operation"),
        pytest.param("", {"operationName": "Leave", "x" * 300: 1}, ("x" * 256 + "...",), id="long name"),
        pytest.param(
            "",
            {"operationName": "Leave", **{f"x{n}": 1 for n in range(25)}},
            tuple(f"x{n}" for n in range(20)),
            id="many",
        ),
        pytest.param("", {"operationName": "AttachUserData", "userData": {"x": 1}}, (), id="user data"),
    ],
)
async def test_names_of_ignored_parameters_are_recorded(agent1, records, query, body, ignored):
    await agent1.request("POST", PATH + query, json=body)

    assert [ignored] == [record.ignored for record in records]


async def test_secrets_are_not_recorded(agent1, http, records):
    await agent1.listen()
    await agent1.poll(timeout=0)
    await http.get("/api/v2/me?token=sesame", headers={"X-CSRF-TOKEN": "sesame"})
    await agent1.send("/meta/disconnect")

    cookies = http.cookies["JSESSIONID"], http.cookies["BAYEUX_BROWSER"]
    secrets = ["secret1", "YWdlbnQ", "sesame", agent1.client_id, *cookies]
    assert [] == [secret for secret in secrets if secret in repr(records)]
