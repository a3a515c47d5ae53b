"""The emulator produces every example in both OpenAPI documents."""

import asyncio
import json
from collections.abc import Callable
from random import Random
from typing import Any

import jsonschema
import pytest

from gws_chat.app import Application, build
from gws_chat.settings import Settings
from tests.agents import AgentClient
from tests.builders import NOW
from tests.contract.examples import DOCUMENT, JSON, OPERATIONS, SCAFFOLDING, base_of, resolved
from tests.documents import IDS
from tests.fake_clock import run_tasks
from tests.service import client_of

ID = "0071023821aec011"
CHAT = f"/api/v2/me/chats/{ID}"
CHATS = "/api/v2/chats"
NOTIFICATIONS_PATH = "/api/v2/notifications"
CLIENT_ID = "3b1f6a90c2de4875a1b09c8d7e6f50412233445f"
"""The ID of the CometD client in the examples. The emulator generates it at random."""
REQUESTS = {operation_id: operation.requests for operation_id, operation in OPERATIONS.items()}
RESPONSES = {operation_id: operation.responses() for operation_id, operation in OPERATIONS.items()}
COMETD_RESPONSES = RESPONSES["exchange_messages"]
OPERATION_BY_URI = "perform_operation_by_uri", "InviteByUri"
EXAMPLES: dict[str, dict[str, dict[str, str]]] = SCAFFOLDING["examples"]
NOTIFICATIONS: dict[str, dict[str, Any]] = SCAFFOLDING["notifications"] | {
    name: {**example, "value": COMETD_RESPONSES[name]} for name, example in EXAMPLES["exchange_messages"].items()
}


def text(content: Any) -> str:
    """Return the JSON text, in which the order of the members shows."""
    return json.dumps(content)


def notifications_of(member: str) -> list[str]:
    """Name the notifications with this member: the kind of request that leads to them."""
    return [name for name, example in NOTIFICATIONS.items() if member in example]


@pytest.fixture(scope="module", params=[False, True], ids=["default", "strict"])
def shared_application(request) -> Application:
    return build(Settings(strict=request.param), now=lambda: NOW, random=Random(0))


@pytest.fixture
async def application(shared_application):
    """Reset the application for each test, which is much faster than to build it."""
    async with client_of(shared_application) as http:
        assert 200 == (await http.post("/simulation/reset", json={"seed": 0})).status_code
    return shared_application


@pytest.mark.parametrize("name", notifications_of("request"))
async def test_agent_operation_responds_and_notifies(name, agent):
    expected = NOTIFICATIONS[name]
    request = EXAMPLES["perform_chat_operation"][expected["request"]]
    accepted = RESPONSES["perform_chat_operation"][request.get("response", "Success")]
    listener, actor = agent(expected["agent"]), agent(request["agent"])
    await listener.listen()

    response = await actor.perform(request["chat"], REQUESTS["perform_chat_operation"][expected["request"]])

    assert (200, text(accepted)) == (response.status_code, text(response.json()))
    assert text(expected["value"]) == text(await listener.notifications())


@pytest.mark.parametrize("name", notifications_of("observed_request"))
async def test_observed_notifications_have_additional_members(name):
    expected = NOTIFICATIONS[name]
    request = expected["observed_request"]
    application = build(Settings(notifications="observed"), now=lambda: NOW, random=Random(0))
    async with client_of(application) as http:
        agent = AgentClient(http, expected["agent"], "secret1")
        await agent.listen()

        chat_id = EXAMPLES["perform_chat_operation"][request]["chat"]
        await agent.perform(chat_id, REQUESTS["perform_chat_operation"][request])

        assert text(expected["value"]) == text(await agent.notifications())


@pytest.fixture
def prepare(agent, customer) -> Callable:
    """Perform the steps before a customer's example, up to the one that `after` names."""
    bob, chat_id = agent("agent1"), "URF9IESAHLWIARM9"
    customer.path = f"{CHATS}/{RESPONSES['request_chat']['ChatRequested']['id']}"
    steps = {
        "requested": lambda: customer.request("POST", CHATS, json=REQUESTS["request_chat"]["RequestChat"]),
        "accepted": lambda: bob.accept(chat_id, nickname="Bob"),
        "left": lambda: bob.leave(chat_id, text="It comes tomorrow, goodbye!"),
    }

    async def perform_steps(after: str) -> None:
        names = ["nothing", *steps]
        for name in names[1 : names.index(after) + 1]:
            assert (await steps[name]()).is_success

    return perform_steps


def customer_operation(notification: dict[str, Any]) -> tuple[str, str]:
    """Return the operationId and the name of the request that leads to a notification."""
    request = notification["customer_request"]
    return "request_chat" if request == "RequestChat" else "perform_operation_by_uri", request


@pytest.mark.parametrize("name", notifications_of("customer_request"))
async def test_customer_operation_responds_and_notifies(name, prepare, agent, customer):
    expected = NOTIFICATIONS[name]
    operation_id, request = customer_operation(expected)
    example = EXAMPLES[operation_id][request]
    path = CHATS if operation_id == "request_chat" else customer.path
    listener = agent(expected["agent"])
    await prepare(example["after"])
    await listener.listen()

    response = await customer.request("POST", path, json=REQUESTS[operation_id][request])

    accepted = RESPONSES[operation_id][example.get("response", "Success")]
    assert (200, text(accepted)) == (response.status_code, text(response.json()))
    assert text(expected["value"]) == text(await listener.notifications())


@pytest.mark.parametrize("name", notifications_of("ready_request"))
async def test_ready_state_is_notified_on_its_channel(name, agent):
    request, agent1 = NOTIFICATIONS[name]["ready_request"], agent("agent1")
    requests = REQUESTS["perform_session_operation"] | REQUESTS["perform_channel_operation"]
    path = "/api/v2/me" if request in REQUESTS["perform_session_operation"] else "/api/v2/me/channels/chat"
    await agent1.listen("/v2/me/channels")

    response = await agent1.request("POST", path, json=requests[request])

    assert (200, {"statusCode": 0}) == (response.status_code, response.json())
    assert text(NOTIFICATIONS[name]["value"]) == text(await agent1.notifications())


async def test_agent_operates_by_the_chats_uri(agent):
    operation_id, name = OPERATION_BY_URI
    example = EXAMPLES[operation_id][name]
    listener = agent("agent2")
    await listener.listen()

    path = f"{CHATS}/{example['chat']}"
    response = await agent(example["agent"]).request("POST", path, json=REQUESTS[operation_id][name])

    assert (200, RESPONSES[operation_id][example["response"]]) == (response.status_code, response.json())
    assert text(NOTIFICATIONS["Invite"]["value"]) == text(await listener.notifications())


CUSTOMER_READS = [
    (operation_id, name)
    for operation_id in ("get_chat_by_uri", "list_customer_messages")
    for name in EXAMPLES[operation_id]
]


@pytest.mark.parametrize(("operation_id", "name"), CUSTOMER_READS)
async def test_customer_reads_the_chat(operation_id, name, prepare, customer):
    example = EXAMPLES[operation_id][name]
    await prepare(example["after"])

    path = f"{customer.path}/messages" if operation_id == "list_customer_messages" else customer.path
    assert text(RESPONSES[operation_id][name]) == text(await customer.get(path + example.get("query", "")))


WITHOUT_BODY = [
    ("get_me", "Agent1", ""),
    ("get_me", "Agent1", "?fields=*"),
    ("get_me", "Agent1", "?subresources=emails"),
    ("get_me", "WithAllSubresources", "?subresources=*"),
    ("list_contacts", "ContactByName", "?name=agent2"),
    ("get_contact", "Contact", "?type=User"),
    ("list_agent_states", "AgentStates", ""),
    ("list_features", "FeatureUris", ""),
    ("get_feature", "Feature", ""),
    ("list_business_attributes", "Dispositions", ""),
    ("get_version", "Version", ""),
    ("list_chats", "Addresses", ""),
    ("list_chats", "WholeChats", "?fields=*"),
    ("get_chat", "ChatAlone", ""),
    ("get_chat_by_uri", "ChatAlone", ""),
    ("get_health", "Ready", ""),
    ("clear_faults", "Success", ""),
]


@pytest.mark.parametrize(("operation_id", "name", "query"), WITHOUT_BODY)
async def test_operation_without_a_body(operation_id, name, query, agent):
    operation, example = OPERATIONS[operation_id], EXAMPLES.get(operation_id, {}).get(name, {})
    client = agent(example.get("agent", "agent1"))

    response = await client.request(operation.method, operation.path.format(id=example.get("id", ID)) + query)

    assert (200, text(RESPONSES[operation_id][name])) == (response.status_code, text(response.json()))


async def test_transcript(agent):
    example = EXAMPLES["list_messages"]["Transcript"]
    request = EXAMPLES["perform_chat_operation"][example["request"]]
    body = REQUESTS["perform_chat_operation"][example["request"]]
    await agent(request["agent"]).perform(request["chat"], body)

    response = await agent(example["agent"]).get(f"/api/v2/me/chats/{request['chat']}/messages")

    assert text(RESPONSES["list_messages"]["Transcript"]) == text(response)


POSTS = [
    (operation_id, name)
    for operation_id, operation in OPERATIONS.items()
    if operation_id in {"perform_session_operation", "perform_channel_operation"}
    or operation.path.startswith("/simulation/")
    for name in operation.requests
]


@pytest.mark.parametrize(("operation_id", "name"), POSTS)
async def test_session_and_control_operations(operation_id, name, agent, http):
    path, example = OPERATIONS[operation_id].path, EXAMPLES.get(operation_id, {}).get(name, {})
    expected = RESPONSES[operation_id][example.get("response", "Success")]
    client = agent(example["agent"]) if "agent" in example else http

    response = await client.request(
        "POST", path.format(id=ID, userName="agent1", channel="chat"), json=REQUESTS[operation_id][name]
    )

    assert (200, text(expected)) == (response.status_code, text(response.json()))


def with_client_id(replies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**reply, "clientId": CLIENT_ID} if "clientId" in reply else reply for reply in replies]


SESSION = ["Handshake", "Connect", "Subscribe", "Unsubscribe", "Disconnect"]


async def test_cometd_session(agent):
    agent1 = agent("agent1")
    replies = {}

    for name in SESSION:
        (message,) = REQUESTS["exchange_messages"][name]
        if "clientId" in message:
            message = {**message, "clientId": agent1.client_id}
        replies[name] = (await agent1.request("POST", NOTIFICATIONS_PATH, json=[message])).json()
        agent1.client_id = replies[name][0].get("clientId", agent1.client_id)

    assert {name: COMETD_RESPONSES[name] for name in SESSION} == {
        name: with_client_id(reply) for name, reply in replies.items()
    }


async def test_second_session_of_a_browser(agent, application):
    first, second = agent("agent1"), agent("agent1")
    await first.listen()
    await second.listen()
    held = asyncio.create_task(first.poll())
    await asyncio.sleep(0)  # in process, one turn of the event loop is enough for the poll to be held
    assert 1 == application.cometd.sessions.held_poll_count

    replies = await second.send("/meta/connect", id="2", connectionType="long-polling")

    held.cancel()
    assert COMETD_RESPONSES["SecondTab"] == with_client_id(replies)


async def test_rejected_cometd_messages(agent):
    agent1 = agent("agent1")

    unknown_client = await agent1.send("/meta/connect", id="6", connectionType="long-polling")
    publish = await agent1.send("/v2/me/chats", id="7", data={})

    expected = [COMETD_RESPONSES[name] for name in ("UnknownClient", "Forbidden")]
    assert expected == [unknown_client, publish]


async def test_disconnect_after_the_session_ended(agent, http):
    agent1 = agent("agent1")
    await agent1.listen()
    end = REQUESTS["perform_session_operation"]["EndSession"]
    await agent1.request("POST", "/api/v2/me", json=end)

    response = await http.post(NOTIFICATIONS_PATH, json=REQUESTS["exchange_messages"]["Disconnect"])

    assert (200, COMETD_RESPONSES["DisconnectAfterEnd"]) == (response.status_code, response.json())


def test_every_success_example_is_executed():
    requests = {
        *POSTS,
        OPERATION_BY_URI,
        *(("exchange_messages", name) for name in SESSION),
        *(("perform_chat_operation", NOTIFICATIONS[name]["request"]) for name in notifications_of("request")),
        *(customer_operation(NOTIFICATIONS[name]) for name in notifications_of("customer_request")),
    }
    rejected = ["UnknownClient", "DisconnectAfterEnd", "Forbidden"]
    cometd = [*SESSION, *EXAMPLES["exchange_messages"], "SecondTab", *rejected]
    responses = {
        *(
            (operation_id, EXAMPLES.get(operation_id, {}).get(name, {}).get("response", "Success"))
            for operation_id, name in requests
            if operation_id != "exchange_messages"
        ),
        *(("exchange_messages", name) for name in cometd),
        *((operation_id, name) for operation_id, name, _ in WITHOUT_BODY),
        *CUSTOMER_READS,
        ("list_messages", "Transcript"),
        ("get_metrics", "Started"),
        ("read_journal", "JournalOfLeave"),
        ("read_journal", "UnknownAgent"),
        ("read_journal", "JournalOfSimulation"),
        ("list_faults", "OneFaultFired"),
        ("read_state", "StateAfterLeave"),
        ("list_unknown_requests", "UnknownRequests"),
    }

    assert requests == {(operation_id, name) for operation_id, names in REQUESTS.items() for name in names}
    assert responses == {(operation_id, name) for operation_id, names in RESPONSES.items() for name in names}


def operation(name: str, **parameters: str) -> dict[str, Any]:
    return {"json": {"operationName": name, **parameters}}


def raw(content: str, media_type: str = JSON) -> dict[str, Any]:
    return {"headers": {"Content-Type": media_type}, "content": content}


def new_chat(user_name: str, chat: dict | None = None, **participation: str) -> dict[str, Any]:
    agents = [{"agent": user_name, "state": "Chatting", **participation}]
    return {"json": {"customer": "Eva", "agents": agents, **(chat or {})}}


OPERATE, REQUEST_CHAT, MESSAGES = f"POST {CHAT}", f"POST {CHATS}", f"GET {CHATS}/nobody/messages"
CREATE, FAULTS, CLOCK, RESET = (f"POST /simulation/{each}" for each in ("chats", "faults", "clock", "reset"))
CONTROL, CONTROL_CUSTOMER = f"{CREATE}/{ID}/agents/agent1", f"{CREATE}/{ID}/customer"
FORGET, OPERATE_CONFERENCE = "POST /simulation/sessions/forget", "POST /api/v2/me/chats/0000Na9B26EF002X"
CUSTOMER = "customer"
FAILURES = [
    # example, status, client, method and path, request
    ("FieldsInvalid", 400, "agent1", "GET /api/v2/me/chats?fields=id", {}),
    ("BodyMissing", 400, "agent1", OPERATE, {}),
    ("BodyNotJson", 400, "agent1", OPERATE, raw('{"operationName": Leave}')),
    ("OperationNameMissing", 400, "agent1", OPERATE, {"json": {}}),
    ("OperationUnknown", 400, "agent1", OPERATE, operation("leave")),
    ("TextMissing", 400, "agent1", OPERATE, operation("Leave", treatAs="System")),
    ("TreatAsInvalid", 400, "agent1", OPERATE, operation("Leave", text="Bye", treatAs="Loud")),
    ("TextEmpty", 400, "agent1", OPERATE, operation("Leave", text="")),
    ("UserDataTooLarge", 400, "agent1", OPERATE, operation("AttachUserData", userData={"note": "x" * 65536})),
    ("TargetMissing", 400, "agent1", OPERATE, operation("Transfer")),
    ("TargetTwice", 400, "agent1", OPERATE, operation("Transfer", queueName="support", targetPath="/users/1")),
    ("SessionOperationUnknown", 400, "agent1", "POST /api/v2/me", operation("Start")),
    ("SessionMissing", 403, "voiceonly", "POST /api/v2/me", operation("Ready")),
    ("ChannelNotFound", 404, "agent1", "POST /api/v2/me/channels/email", operation("Ready")),
    ("TargetNotAllowed", 403, "agent1", OPERATE_CONFERENCE, operation("Invite", targetPath=f"/users/{IDS['agent2']}")),
    ("TargetNotFound", 404, "agent1", OPERATE, operation("Invite", targetPath="/users/nobody")),
    ("QueueNotFound", 404, "agent1", OPERATE, operation("Transfer", queueName="sales")),
    ("ContactNotFound", 404, "agent1", "GET /api/v2/contacts/nobody", {}),
    ("FeatureNotFound", 404, "agent1", "GET /api/v2/features/nothing", {}),
    ("NicknameMissing", 400, CUSTOMER, REQUEST_CHAT, operation("RequestChat")),
    ("IndexInvalid", 400, CUSTOMER, f"{MESSAGES}?index=last", {}),
    ("IndexOutOfRange", 400, CUSTOMER, f"{MESSAGES}?index=-1", {}),
    ("CustomerChatNotFound", 404, CUSTOMER, f"GET {CHATS}/{ID}", {}),
    ("MessagesNotJson", 400, "agent1", f"POST {NOTIFICATIONS_PATH}", raw("handshake")),
    ("ChannelMissing", 400, "agent1", f"POST {NOTIFICATIONS_PATH}", {"json": [{}]}),
    ("NoMessages", 400, "agent1", f"POST {NOTIFICATIONS_PATH}", {"json": []}),
    ("AgentsMissing", 400, CUSTOMER, CREATE, {"json": {}}),
    ("AgentOfChatUnknown", 403, CUSTOMER, CREATE, new_chat("nobody")),
    ("ConsultantAlone", 403, CUSTOMER, CREATE, new_chat("agent1", role="consultant")),
    ("ChatIdTaken", 403, CUSTOMER, CREATE, new_chat("agent1", {"id": ID})),
    ("AnyChatNotFound", 404, CUSTOMER, f"{CREATE}/0000Na9B26EF009A/customer", operation("Complete")),
    ("UserNameNotFound", 404, CUSTOMER, f"{CREATE}/{ID}/agents/nobody", operation("Leave")),
    ("TimeoutOutOfRange", 400, CUSTOMER, "GET /simulation/journal?timeout=9001", {}),
    ("EffectUnknown", 400, CUSTOMER, FAULTS, {"json": {"effect": "explode"}}),
    ("SelectorUnused", 400, CUSTOMER, FAULTS, {"json": {"effect": "delay", "chat": ID}}),
    ("FaultStatusOutOfRange", 400, CUSTOMER, FAULTS, {"json": {"effect": "error", "status": 600}}),
    ("AgentNameNotFound", 404, CUSTOMER, FORGET, {"json": {"agent": "somebody"}}),
    ("AdvanceMissing", 400, CUSTOMER, CLOCK, {"json": {}}),
    ("AdvanceOutOfRange", 400, CUSTOMER, CLOCK, {"json": {"advance": -1}}),
    ("SessionsInvalid", 400, CUSTOMER, RESET, {"json": {"sessions": "restart"}}),
    ("HostNotAllowed", 403, CUSTOMER, RESET, {"headers": {"Host": "attacker.example"}, "json": {}}),
    ("OriginNotAllowed", 403, CUSTOMER, RESET, {"headers": {"Origin": "https://attacker.example"}, "json": {}}),
    ("AccessDenied", 403, "agent1", "GET /api/v2/me", {"auth": None}),
    ("FeatureRequired", 403, "voiceonly", "GET /api/v2/me/chats", {}),
    ("OperationNotAllowed", 403, "agent2", "POST /api/v2/me/chats/0000Na9B26EF004Z", operation("Leave")),
    ("ChatNotFound", 404, "agent1", "GET /api/v2/me/chats/0000Na9B26EF009A", {}),
    ("MethodNotAllowed", 405, "agent1", f"DELETE {CHAT}", {}),
    ("BodyTooLarge", 413, "agent1", OPERATE, raw(" " * 1048577)),
    ("MediaTypeUnsupported", 415, "agent1", OPERATE, raw("Leave", "text/plain")),
    ("CodingUnsupported", 415, "agent1", OPERATE, {"content": b"\x1f\x8b", "headers": {"Content-Encoding": "gzip"}}),
    ("TextMissing", 400, CUSTOMER, CONTROL, operation("Leave", treatAs="System")),
    ("CustomerOperationUnknown", 400, CUSTOMER, CONTROL_CUSTOMER, operation("Leave")),
    ("OperationNotAllowed", 403, CUSTOMER, f"{CREATE}/0000Na9B26EF004Z/agents/agent2", operation("Leave")),
    ("ChatNotFound", 404, CUSTOMER, f"{CREATE}/0000Na9B26EF009A/agents/agent1", operation("Leave")),
    ("MethodNotAllowed", 405, CUSTOMER, "DELETE /simulation/reset", {}),
    ("BodyTooLarge", 413, CUSTOMER, CONTROL, raw(" " * 1048577)),
    ("MediaTypeUnsupported", 415, CUSTOMER, CONTROL, raw("Leave", "text/plain")),
]
FAILURE_EXAMPLES = {
    (base_of(operation.document), int(status), name): value
    for operation in OPERATIONS.values()
    for status in operation.content["responses"].keys() - {"200"}
    for name, value in operation.responses(status).items()
}
"""The error examples by base path, status and name."""


def base(target: str) -> str:
    """Return the base path of the document that describes a method and path."""
    return "/simulation" if " /simulation/" in target else ""


def failure_example(name: str, status: int, target: str) -> dict[str, Any]:
    return FAILURE_EXAMPLES[base(target), status, name]


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

    assert (status, failure_example(name, status, target)) == (response.status_code, response.json())
    assert before == await state()


FAILURES_AFTER_LEAVE = [
    ("NobodyToRead", 403, OPERATE, operation("Leave", text="Anybody there?")),
    ("CustomerOperationNotAllowed", 403, CONTROL_CUSTOMER, operation("SendMessage", text="Hello?")),
]


@pytest.mark.parametrize(("name", "status", "target", "request_"), FAILURES_AFTER_LEAVE)
async def test_message_after_the_end_is_rejected(name, status, target, request_, agent):
    agent1 = agent("agent1")
    await agent1.leave(ID)

    response = await agent1.request(*target.split(), **request_)

    assert (status, failure_example(name, status, target)) == (response.status_code, response.json())


async def test_customer_operation_after_the_end_is_rejected(prepare, customer):
    await prepare("left")

    response = await customer.write("Hello?")

    expected = 403, FAILURE_EXAMPLES["", 403, "CustomerOperationNotAllowed"]
    assert expected == (response.status_code, response.json())


def test_every_failure_example_has_a_test():
    others = {
        ("", 400, "QueryUnknown"),
        ("", 400, "ParameterUnknown"),
        ("", 403, "CsrfTokenInvalid"),
        ("", 403, "CustomerOperationNotAllowed"),
        ("", 500, "InternalError"),
        ("/simulation", 500, "InternalError"),
        ("", 503, "ShuttingDown"),
        ("", 503, "TooManyChats"),
        ("/simulation", 403, "TooManyFaults"),
        ("/simulation", 403, "TooManyWaitingRequests"),
        ("/simulation", 503, "EndedByReset"),
    }
    failures = [(base(target), status, name) for name, status, _, target, _ in FAILURES]
    after_leave = [(base(target), status, name) for name, status, target, _ in FAILURES_AFTER_LEAVE]

    assert set(FAILURE_EXAMPLES) == {*failures, *after_leave, *others}


class TestNewApplication:
    """Examples that need a new application, or leave it unusable."""

    @pytest.fixture
    def application(self):
        return build(Settings(), now=lambda: NOW, random=Random(0))

    async def test_initial_metrics(self, http):
        response = await http.get("/metrics")

        (media_type,) = OPERATIONS["get_metrics"].content["responses"]["200"]["content"]
        expected = 200, media_type, RESPONSES["get_metrics"]["Started"]
        assert expected == (response.status_code, response.headers["Content-Type"], response.text)

    async def test_journal(self, agent, http):
        agent1 = agent("agent1")
        await agent1.listen()
        await agent1.leave(ID, treatAs="System")
        await agent1.leave(ID)

        response = await http.get(f"/simulation/journal?chat={ID}")

        assert RESPONSES["read_journal"]["JournalOfLeave"] == response.json()

    async def test_journal_of_an_unknown_agent(self, http):
        response = await http.get("/simulation/journal?agent=nobody")

        assert RESPONSES["read_journal"]["UnknownAgent"] == response.json()

    async def test_journal_of_the_simulation(self, http):
        await http.post(f"/simulation/chats/{ID}/agents/agent1", json={"operationName": "Leave"})

        response = await http.get("/simulation/journal?kind=simulation")

        assert RESPONSES["read_journal"]["JournalOfSimulation"] == response.json()

    async def test_state(self, agent, http):
        agent1 = agent("agent1")
        await agent1.listen()
        await agent1.leave(ID, text="Goodbye!")

        state = (await http.get(f"/simulation/state?chat={ID}")).json()

        expected = RESPONSES["read_state"]["StateAfterLeave"]
        deadline, expected_deadline = state.pop("nextDeadline"), expected.pop("nextDeadline")
        assert expected == state
        assert expected_deadline["kind"] == deadline["kind"]
        assert expected_deadline["at"] > deadline["at"]  # the timers follow real time

    async def test_faults(self, agent, http):
        expected = RESPONSES["list_faults"]["OneFaultFired"]
        for report in expected["faults"]:
            await http.post("/simulation/faults", json=report["fault"])
        await agent("agent1").leave(ID)

        response = await http.get("/simulation/faults")

        assert (200, text(expected)) == (response.status_code, text(response.json()))

    async def test_unknown_requests(self, http):
        for path in ("/api/v2/workbins", "/api/v2/groups/Team A", "/api/v2/workbins?fields=*"):
            await http.get(path)

        response = await http.get("/simulation/unknown-requests")

        expected = RESPONSES["list_unknown_requests"]["UnknownRequests"]
        assert (200, text(expected)) == (response.status_code, text(response.json()))

    async def test_shutting_down(self, http, application):
        application.cometd.close()

        response = await http.get("/health")

        assert (503, FAILURE_EXAMPLES["", 503, "ShuttingDown"]) == (response.status_code, response.json())

    async def test_too_many_chats(self, customer):
        for _ in range(5000):
            await customer.request_chat()

        response = await customer.request_chat()

        assert (503, FAILURE_EXAMPLES["", 503, "TooManyChats"]) == (response.status_code, response.json())

    async def test_too_many_faults(self, http):
        for _ in range(100):
            assert 200 == (await http.post("/simulation/faults", json={"effect": "delay"})).status_code

        response = await http.post("/simulation/faults", json={"effect": "delay"})

        expected = 403, FAILURE_EXAMPLES["/simulation", 403, "TooManyFaults"]
        assert expected == (response.status_code, response.json())

    async def test_too_many_waiting_requests(self, http, application):
        waiting = [asyncio.create_task(http.get("/simulation/journal?timeout=9000")) for _ in range(100)]
        await run_tasks()

        response = await http.get("/simulation/journal?timeout=9000")

        expected = 403, FAILURE_EXAMPLES["/simulation", 403, "TooManyWaitingRequests"]
        assert expected == (response.status_code, response.json())
        assert 200 == (await http.get("/simulation/journal")).status_code
        application.close()
        assert [200] * 100 == [(await each).status_code for each in waiting]

    async def test_advance_ended_by_a_reset(self, agent, http):
        await agent("agent1").listen()  # its expiry is a due timer, after which the advance lets other requests run
        advancing = asyncio.create_task(http.post("/simulation/clock", json={"advance": 60}))
        await asyncio.sleep(0)
        await http.post("/simulation/reset", json={})

        response = await advancing

        expected = 503, FAILURE_EXAMPLES["/simulation", 503, "EndedByReset"]
        assert expected == (response.status_code, response.json())

    @pytest.mark.parametrize("target", [OPERATE, CONTROL])
    async def test_internal_error(self, target, agent, application):
        application.scenario.chats[0].participations = None

        response = await agent("agent1").request(*target.split(), **operation("Leave"))

        assert (500, failure_example("InternalError", 500, target)) == (response.status_code, response.json())


class TestStrict:
    @pytest.fixture
    def application(self):
        return build(Settings(strict=True))

    async def test_unknown_member_is_rejected(self, agent):
        response = await agent("agent1").leave(ID, reason="tea")

        assert (400, FAILURE_EXAMPLES["", 400, "ParameterUnknown"]) == (response.status_code, response.json())

    async def test_unknown_query_parameter_is_rejected(self, http):
        response = await http.get("/health?verbose=1")

        assert (400, FAILURE_EXAMPLES["", 400, "QueryUnknown"]) == (response.status_code, response.json())


class TestCsrfProtection:
    @pytest.fixture
    def application(self):
        return build(Settings(csrf_protection=True))

    async def test_operation_without_token_is_rejected(self, agent):
        response = await agent("agent1").leave(ID)

        assert (403, FAILURE_EXAMPLES["", 403, "CsrfTokenInvalid"]) == (response.status_code, response.json())

    async def test_response_headers_match_their_schema(self, agent):
        headers = OPERATIONS["get_me"].content["responses"]["200"]["headers"]

        response = await agent("agent1").request("GET", "/api/v2/me")

        for name in ["X-CSRF-HEADER", "X-CSRF-TOKEN"]:
            schema = resolved(DOCUMENT, headers[name])["schema"]
            jsonschema.validate(response.headers[name], schema, format_checker=jsonschema.FormatChecker())
