"""The emulator produces every example in openapi.yaml."""

import asyncio
from collections.abc import Callable
from random import Random
from typing import Any

import jsonschema
import pytest

from gws_chat.app import Application, build
from gws_chat.gateway.openapi import load_document
from gws_chat.settings import DEMO, Settings
from tests.agents import AgentClient
from tests.builders import NOW
from tests.contract.examples import JSON, Example, examples_of, resolved
from tests.documents import IDS
from tests.service import client_of

DOCUMENT = load_document()
PATHS = DOCUMENT["paths"]
ID = "0071023821aec011"
CHAT = f"/api/v2/me/chats/{ID}"
CHATS = "/api/v2/chats"
NOTIFICATIONS = "/api/v2/notifications"
CLIENT_ID = "3b1f6a90c2de4875a1b09c8d7e6f50412233445f"
"""The ID of the CometD client in the examples. The emulator generates it at random."""


def named(holder: dict) -> dict[str, Example]:
    return {example.name: example for example in examples_of(DOCUMENT, holder, "")}


def requests(path: str) -> dict[str, Example]:
    return named(PATHS[path]["post"]["requestBody"]["content"][JSON])


def responses(path: str, method: str = "post") -> dict[str, Example]:
    return named(PATHS[path][method]["responses"]["200"]["content"][JSON])


def with_extension(examples: dict[str, Example], extension: str) -> dict[str, Example]:
    return {name: example for name, example in examples.items() if extension in example.extensions}


@pytest.fixture(scope="module")
def shared_application() -> Application:
    return build(Settings(), now=lambda: NOW, random=Random(0))


@pytest.fixture
async def application(shared_application):
    """Reset the application for each test, which is much faster than to build it."""
    async with client_of(shared_application) as http:
        assert 200 == (await http.post("/simulation/reset", json={"seed": 0})).status_code
    return shared_application


COMETD_RESPONSES = responses(NOTIFICATIONS)
OPERATION_EXAMPLES = requests("/api/v2/me/chats/{id}")
NOTIFICATION_EXAMPLES = with_extension(COMETD_RESPONSES, "x-story")


@pytest.mark.parametrize("name", NOTIFICATION_EXAMPLES)
async def test_agent_operation_responds_and_notifies(name, agent):
    expected = NOTIFICATION_EXAMPLES[name]
    story = OPERATION_EXAMPLES[expected.extensions["x-story"]]
    accepted = responses("/api/v2/me/chats/{id}")[story.extensions.get("x-answer", "Taken")]
    listener, actor = agent(expected.extensions["x-agent"]), agent(story.extensions["x-agent"])
    await listener.listen()

    response = await actor.perform(story.extensions["x-chat"], story.value)

    assert (200, accepted.value) == (response.status_code, response.json())
    assert expected.value == await listener.notifications()


OBSERVED_EXAMPLES = with_extension(COMETD_RESPONSES, "x-observed-story")


@pytest.mark.parametrize("name", OBSERVED_EXAMPLES)
async def test_observed_notifications_have_additional_members(name, tmp_path):
    story = OPERATION_EXAMPLES[OBSERVED_EXAMPLES[name].extensions["x-observed-story"]]
    scenario = tmp_path / "observed.yaml"
    scenario.write_text(f"{DEMO.read_text(encoding='utf-8')}\nnotifications: observed\n", encoding="utf-8")
    application = build(Settings(scenario=scenario), now=lambda: NOW, random=Random(0))
    async with client_of(application) as http:
        agent = AgentClient(http, OBSERVED_EXAMPLES[name].extensions["x-agent"], "secret1")
        await agent.listen()

        await agent.perform(story.extensions["x-chat"], story.value)

        assert OBSERVED_EXAMPLES[name].value == await agent.notifications()


CUSTOMER_OPERATION_EXAMPLES = requests(CHATS) | requests("/api/v2/chats/{id}")
CUSTOMER_RESPONSES = responses(CHATS) | responses("/api/v2/chats/{id}")
CUSTOMER_NOTIFICATION_EXAMPLES = with_extension(COMETD_RESPONSES, "x-customer-story")
CUSTOMER_READ_EXAMPLES = {
    (query, name): example
    for query, path in [("", "/api/v2/chats/{id}"), ("/messages?index=3", "/api/v2/chats/{id}/messages")]
    for name, example in with_extension(responses(path, "get"), "x-after").items()
}


@pytest.fixture
def prepare(agent, customer) -> Callable:
    """Perform the steps before a customer's example, up to the one that `x-after` names."""
    bob, chat_id = agent("agent1"), "URF9IESAHLWIARM9"
    customer.path = f"{CHATS}/{CUSTOMER_RESPONSES['ChatRequested'].value['id']}"
    steps = {
        "requested": lambda: customer.request("POST", CHATS, json=CUSTOMER_OPERATION_EXAMPLES["RequestChat"].value),
        "accepted": lambda: bob.accept(chat_id, nickname="Bob"),
        "left": lambda: bob.leave(chat_id, text="It comes tomorrow, goodbye!"),
    }

    async def perform_steps(example: Example) -> None:
        names = ["nothing", *steps]
        for name in names[1 : names.index(example.extensions["x-after"]) + 1]:
            assert (await steps[name]()).is_success

    return perform_steps


@pytest.mark.parametrize("name", CUSTOMER_NOTIFICATION_EXAMPLES)
async def test_customer_operation_responds_and_notifies(name, prepare, agent, customer):
    expected = CUSTOMER_NOTIFICATION_EXAMPLES[name]
    operation = expected.extensions["x-customer-story"]
    path, response_name = (CHATS, "ChatRequested") if operation == "RequestChat" else (customer.path, "Taken")
    listener = agent(expected.extensions["x-agent"])
    await prepare(CUSTOMER_OPERATION_EXAMPLES[operation])
    await listener.listen()

    response = await customer.request("POST", path, json=CUSTOMER_OPERATION_EXAMPLES[operation].value)

    assert (200, CUSTOMER_RESPONSES[response_name].value) == (response.status_code, response.json())
    assert expected.value == await listener.notifications()


def test_every_operation_example_has_a_notification():
    expected = {each.extensions["x-story"] for each in NOTIFICATION_EXAMPLES.values()}
    of_customers = {each.extensions["x-customer-story"] for each in CUSTOMER_NOTIFICATION_EXAMPLES.values()}

    assert (expected, of_customers) == (set(OPERATION_EXAMPLES), set(CUSTOMER_OPERATION_EXAMPLES))


@pytest.mark.parametrize(("query", "name"), CUSTOMER_READ_EXAMPLES)
async def test_customer_reads_the_chat(query, name, prepare, customer):
    await prepare(CUSTOMER_READ_EXAMPLES[query, name])

    assert CUSTOMER_READ_EXAMPLES[query, name].value == await customer.get(customer.path + query)


@pytest.mark.parametrize(
    ("path", "query", "name"),
    [
        ("/api/v2/me", "", "Agent1"),
        ("/api/v2/me", "?fields=*", "Agent1"),
        ("/api/v2/me", "?subresources=*", "Agent3WithSubresources"),
        ("/api/v2/me/chats", "", "Addresses"),
        ("/api/v2/me/chats", "?fields=*", "InFull"),
        ("/api/v2/me/chats/{id}", "", "Alone"),
        ("/api/v2/chats/{id}", "", "ChatAlone"),
        ("/health", "", "Ready"),
    ],
)
async def test_get(path, query, name, agent):
    example = responses(path, "get")[name]
    reader = agent(example.extensions.get("x-agent", "agent1"))

    response = await reader.request("GET", path.replace("{id}", ID) + query)

    assert (200, example.value) == (response.status_code, response.json())


async def test_transcript(agent):
    example = responses("/api/v2/me/chats/{id}/messages", "get")["Transcript"]
    story = OPERATION_EXAMPLES[example.extensions["x-story"]]
    chat_id = story.extensions["x-chat"]
    await agent(story.extensions["x-agent"]).perform(chat_id, story.value)

    response = await agent(example.extensions["x-agent"]).get(f"/api/v2/me/chats/{chat_id}/messages")

    assert example.value == response


OTHER_POSTS = {
    (path, name): example
    for path, item in PATHS.items()
    if path == "/api/v2/me" or (path.startswith("/simulation/") and "post" in item)
    for name, example in requests(path).items()
}


@pytest.mark.parametrize(("path", "name"), OTHER_POSTS)
async def test_session_and_control_operations(path, name, agent, http):
    example = OTHER_POSTS[path, name]
    expected = responses(path)[example.extensions.get("x-answer", "Taken")].value
    client = agent(example.extensions["x-agent"]) if "x-agent" in example.extensions else http

    response = await client.request("POST", path.format(id=ID, userName="agent1"), json=example.value)

    assert (200, expected) == (response.status_code, response.json())


def with_client_id(replies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**reply, "clientId": CLIENT_ID} if "clientId" in reply else reply for reply in replies]


@pytest.mark.parametrize(
    "names",
    [
        ["Handshake", "Connect", "Subscribe", "Unsubscribe", "Disconnect"],
        ["HandshakeWithAcknowledgement", "ConnectWithAcknowledgement"],
    ],
    ids=["plain", "acknowledgement"],
)
async def test_cometd_session(agent, names):
    agent1 = agent("agent1")
    replies = {}

    for name in names:
        (message,) = requests(NOTIFICATIONS)[name].value
        if "clientId" in message:
            message = {**message, "clientId": agent1.client_id}
        replies[name] = (await agent1.request("POST", NOTIFICATIONS, json=[message])).json()
        agent1.client_id = replies[name][0].get("clientId", agent1.client_id)

    assert {name: COMETD_RESPONSES[name].value for name in names} == {
        name: with_client_id(reply) for name, reply in replies.items()
    }


async def test_second_session_of_a_browser(agent, application):
    first, second = agent("agent1"), agent("agent1")
    await first.listen()
    await second.listen()
    held = asyncio.create_task(first.poll())
    await asyncio.sleep(0)  # in process, one turn of the event loop is enough for the poll to be held
    assert 1 == application.cometd.held_poll_count

    replies = await second.send("/meta/connect", id="2", connectionType="long-polling")

    held.cancel()
    assert COMETD_RESPONSES["SecondTab"].value == with_client_id(replies)


async def test_rejected_cometd_messages(agent):
    agent1 = agent("agent1")

    unknown_client = await agent1.send("/meta/connect", id="6", connectionType="long-polling")
    publish = await agent1.send("/v2/me/chats", id="7", data={})

    assert [COMETD_RESPONSES["UnknownClient"].value, COMETD_RESPONSES["Forbidden"].value] == [unknown_client, publish]


def operation(name: str, **parameters: str) -> dict[str, Any]:
    return {"json": {"operationName": name, **parameters}}


def raw(content: str, media_type: str = JSON) -> dict[str, Any]:
    return {"headers": {"Content-Type": media_type}, "content": content}


def new_chat(user_name: str, chat: dict | None = None, **participation: str) -> dict[str, Any]:
    agents = [{"agent": user_name, "state": "Chatting", **participation}]
    return {"json": {"customer": "Eva", "agents": agents, **(chat or {})}}


OPERATE, REQUEST_CHAT, MESSAGES = f"POST {CHAT}", f"POST {CHATS}", f"GET {CHATS}/nobody/messages"
CREATE, FAULTS, CLOCK, RESET = (f"POST /simulation/{each}" for each in ("chats", "faults", "clock", "reset"))
FORGET, OPERATE_CONFERENCE = "POST /simulation/sessions/forget", "POST /api/v2/me/chats/0000Na9B26EF002X"
CUSTOMER = "customer"
FAILURES = [
    # example, status, client, method and path, request
    ("FieldsInvalid", 400, "agent1", "GET /api/v2/me/chats?fields=id", {}),
    ("QueryUnknown", 400, "agent1", "GET /health?verbose=1", {}),
    ("BodyMissing", 400, "agent1", OPERATE, {}),
    ("BodyNotJson", 400, "agent1", OPERATE, raw('{"operationName": Leave}')),
    ("OperationNameMissing", 400, "agent1", OPERATE, {"json": {}}),
    ("OperationUnknown", 400, "agent1", OPERATE, operation("leave")),
    ("ParameterUnknown", 400, "agent1", OPERATE, operation("Leave", reason="tea")),
    ("TextMissing", 400, "agent1", OPERATE, operation("Leave", treatAs="System")),
    ("TreatAsInvalid", 400, "agent1", OPERATE, operation("Leave", text="Bye", treatAs="Loud")),
    ("TextEmpty", 400, "agent1", OPERATE, operation("Leave", text="")),
    ("TargetMissing", 400, "agent1", OPERATE, operation("Transfer")),
    ("TargetTwice", 400, "agent1", OPERATE, operation("Transfer", queueName="support", targetPath="/users/1")),
    ("SessionOperationUnknown", 400, "agent1", "POST /api/v2/me", operation("Start")),
    ("TargetNotAllowed", 403, "agent1", OPERATE_CONFERENCE, operation("Invite", targetPath=f"/users/{IDS['agent2']}")),
    ("TargetNotFound", 404, "agent1", OPERATE, operation("Invite", targetPath="/users/nobody")),
    ("QueueNotFound", 404, "agent1", OPERATE, operation("Transfer", queueName="sales")),
    ("NicknameMissing", 400, CUSTOMER, REQUEST_CHAT, operation("RequestChat")),
    ("CustomerOperationUnknown", 400, CUSTOMER, f"POST {CHATS}/nobody", operation("Leave")),
    ("IndexInvalid", 400, CUSTOMER, f"{MESSAGES}?index=last", {}),
    ("IndexOutOfRange", 400, CUSTOMER, f"{MESSAGES}?index=-1", {}),
    ("CustomerChatNotFound", 404, CUSTOMER, f"GET {CHATS}/{ID}", {}),
    ("ExchangeNotJson", 400, "agent1", f"POST {NOTIFICATIONS}", raw("handshake")),
    ("ChannelMissing", 400, "agent1", f"POST {NOTIFICATIONS}", {"json": [{}]}),
    ("NoMessages", 400, "agent1", f"POST {NOTIFICATIONS}", {"json": []}),
    ("AgentsMissing", 400, CUSTOMER, CREATE, {"json": {}}),
    ("AgentOfChatUnknown", 403, CUSTOMER, CREATE, new_chat("nobody")),
    ("ConsultantAlone", 403, CUSTOMER, CREATE, new_chat("agent1", role="consultant")),
    ("ChatIdTaken", 403, CUSTOMER, CREATE, new_chat("agent1", {"id": ID})),
    ("AnyChatNotFound", 404, CUSTOMER, f"{CREATE}/0000Na9B26EF009A/customer", operation("Complete")),
    ("UserNameNotFound", 404, CUSTOMER, f"{CREATE}/{ID}/agents/nobody", operation("Leave")),
    ("TimeoutOutOfRange", 400, CUSTOMER, "GET /simulation/journal?timeout=60001", {}),
    ("EffectUnknown", 400, CUSTOMER, FAULTS, {"json": {"effect": "explode"}}),
    ("FaultStatusOutOfRange", 400, CUSTOMER, FAULTS, {"json": {"effect": "error", "status": 600}}),
    ("AgentNameNotFound", 404, CUSTOMER, FORGET, {"json": {"agent": "somebody"}}),
    ("AdvanceMissing", 400, CUSTOMER, CLOCK, {"json": {}}),
    ("AdvanceOutOfRange", 400, CUSTOMER, CLOCK, {"json": {"advance": -1}}),
    ("SessionsInvalid", 400, CUSTOMER, RESET, {"json": {"sessions": "restart"}}),
    ("HostForeign", 403, CUSTOMER, RESET, {"headers": {"Host": "attacker.example"}, "json": {}}),
    ("OriginForeign", 403, CUSTOMER, RESET, {"headers": {"Origin": "https://attacker.example"}, "json": {}}),
    ("AccessDenied", 403, "agent1", "GET /api/v2/me", {"auth": None}),
    ("FeatureRequired", 403, "voiceonly", "GET /api/v2/me/chats", {}),
    ("OperationNotAllowed", 403, "agent2", "POST /api/v2/me/chats/0000Na9B26EF004Z", operation("Leave")),
    ("PathUnknown", 404, "agent1", "GET /api/v2/you", {}),
    ("ChatNotFound", 404, "agent1", "GET /api/v2/me/chats/0000Na9B26EF009A", {}),
    ("MethodNotAllowed", 405, "agent1", f"DELETE {CHAT}", {}),
    ("BodyTooLarge", 413, "agent1", OPERATE, raw(" " * 1048577)),
    ("MediaTypeUnsupported", 415, "agent1", OPERATE, raw("Leave", "text/plain")),
]
FAILURE_EXAMPLES = {
    name: resolved(DOCUMENT, example)["value"]
    for response in DOCUMENT["components"]["responses"].values()
    for name, example in response["content"][JSON]["examples"].items()
}


@pytest.mark.parametrize(
    ("name", "status", "client", "target", "request_"), FAILURES, ids=[name for name, *_ in FAILURES]
)
async def test_failure_responds_and_changes_nothing(name, status, client, target, request_, agent, customer):
    async def state() -> list[Any]:
        return [
            await agent("agent1").get("/api/v2/me/chats?fields=*"),
            await agent("agent2").get("/api/v2/me/chats?fields=*"),
            await agent("agent1").get("/api/v2/me/chats/0000Na9B26EF002X/messages"),
        ]

    sender = customer if client == CUSTOMER else agent(client)
    before = await state()
    sender.http.cookies.clear()  # without credentials, the session cookie would identify the agent

    response = await sender.request(*target.split(), **request_)

    assert (status, FAILURE_EXAMPLES[name]) == (response.status_code, response.json())
    assert before == await state()


async def test_farewell_nobody_reads_is_rejected(agent):
    agent1 = agent("agent1")
    await agent1.leave(ID)

    response = await agent1.leave(ID, text="Anybody there?")

    assert (403, FAILURE_EXAMPLES["NobodyToRead"]) == (response.status_code, response.json())


async def test_customer_operation_after_the_end_is_rejected(prepare, customer):
    await prepare(CUSTOMER_READ_EXAMPLES["", "CustomerLeft"])

    response = await customer.write("Hello?")

    assert (403, FAILURE_EXAMPLES["CustomerOperationNotAllowed"]) == (response.status_code, response.json())


def test_every_failure_example_has_a_test():
    others = "CsrfTokenInvalid NobodyToRead CustomerOperationNotAllowed InternalError Closing"

    assert set(FAILURE_EXAMPLES) == {name for name, *_ in FAILURES} | set(others.split())


class TestNewApplication:
    """Examples that need a new application, or leave it unusable."""

    @pytest.fixture
    def application(self):
        return build(Settings(), now=lambda: NOW, random=Random(0))

    async def test_initial_metrics(self, http):
        response = await http.get("/metrics")

        ((media_type, content),) = PATHS["/metrics"]["get"]["responses"]["200"]["content"].items()
        expected = 200, media_type, named(content)["Started"].value
        assert expected == (response.status_code, response.headers["Content-Type"], response.text)

    async def test_journal(self, agent, http):
        agent1 = agent("agent1")
        await agent1.listen()
        await agent1.leave(ID, treatAs="System")
        await agent1.leave(ID)

        response = await http.get("/simulation/journal")

        assert responses("/simulation/journal", "get")["JournalOfLeave"].value == response.json()

    async def test_closing(self, http, application):
        application.cometd.close()

        response = await http.get("/health")

        assert (503, FAILURE_EXAMPLES["Closing"]) == (response.status_code, response.json())

    async def test_internal_error(self, agent, application):
        application.scenario.chats[0].participations = None

        response = await agent("agent1").request("GET", CHAT)

        assert (500, FAILURE_EXAMPLES["InternalError"]) == (response.status_code, response.json())


class TestCsrfProtection:
    @pytest.fixture
    def application(self):
        return build(Settings(csrf_protection=True))

    async def test_operation_without_token_is_rejected(self, agent):
        response = await agent("agent1").leave(ID)

        assert (403, FAILURE_EXAMPLES["CsrfTokenInvalid"]) == (response.status_code, response.json())

    async def test_response_headers_match_their_schema(self, agent):
        headers = PATHS["/api/v2/me"]["get"]["responses"]["200"]["headers"]

        response = await agent("agent1").request("GET", "/api/v2/me")

        for name in ["X-CSRF-HEADER", "X-CSRF-TOKEN"]:
            schema = resolved(DOCUMENT, headers[name])["schema"]
            jsonschema.validate(response.headers[name], schema, format_checker=jsonschema.FormatChecker())
