"""Every example in the document happens: the stories are played, the failures are provoked."""

from __future__ import annotations

import asyncio
from random import Random
from typing import TYPE_CHECKING, Any

import httpx2
import jsonschema
import pytest
import yaml

from handlers.app import build, document_path
from handlers.settings import DEMO, Settings
from tests.agents import AgentClient
from tests.builders import NOW
from tests.contract.examples import Example, examples_of, resolved

if TYPE_CHECKING:
    from tests.customers import CustomerClient

DOCUMENT = yaml.safe_load(document_path().read_text(encoding="utf-8"))
OPERATE = DOCUMENT["paths"]["/api/v2/me/chats/{id}"]
EXCHANGE = DOCUMENT["paths"]["/api/v2/notifications"]["post"]
JSON = "application/json"
CHAT = "/api/v2/me/chats/0071023821aec011"
CHATS = "/api/v2/chats"
NOTIFICATIONS = "/api/v2/notifications"


def named(holder: dict) -> dict[str, Example]:
    return {example.name: example for example in examples_of(DOCUMENT, holder, "")}


STORIES = named(OPERATE["post"]["requestBody"]["content"][JSON])
ANSWERS = named(EXCHANGE["responses"]["200"]["content"][JSON])
TOLD = {name: example for name, example in ANSWERS.items() if "x-story" in example.extensions}


@pytest.mark.parametrize("name", STORIES)
async def test_a_story_is_answered_as_the_document_says(name, agent):
    story = STORIES[name]

    answer = await agent(story.extensions["x-agent"]).perform(story.extensions["x-chat"], story.value)

    answers = named(OPERATE["post"]["responses"]["200"]["content"][JSON])
    taken = answers[story.extensions.get("x-answer", "Taken")]
    assert (200, taken.value) == (answer.status_code, answer.json())


@pytest.mark.parametrize("name", TOLD)
async def test_a_story_is_told_as_the_document_says(name, agent):
    told = TOLD[name]
    story = STORIES[told.extensions["x-story"]]
    listener, actor = agent(told.extensions["x-agent"]), agent(story.extensions["x-agent"])
    await listener.listen()

    await actor.perform(story.extensions["x-chat"], story.value)

    assert told.value == await listener.told()


EXTENDED = {name: example for name, example in ANSWERS.items() if "x-extended-story" in example.extensions}


@pytest.mark.parametrize("name", EXTENDED)
async def test_a_story_is_told_as_the_document_says_where_notifications_are_extended(name, tmp_path):
    told = EXTENDED[name]
    story = STORIES[told.extensions["x-extended-story"]]
    scenario = tmp_path / "extended.yaml"
    scenario.write_text(f"{DEMO.read_text(encoding='utf-8')}\nnotifications: extended\n", encoding="utf-8")
    application = build(Settings(scenario=scenario), clock=lambda: NOW, random=Random(0))
    transport = httpx2.ASGITransport(application.asgi)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8080") as http:
        agent = AgentClient(http, told.extensions["x-agent"], "secret1")
        await agent.listen()

        await agent.perform(story.extensions["x-chat"], story.value)

        assert told.value == await agent.told()


def test_every_story_is_told():
    assert set(STORIES) == {example.extensions["x-story"] for example in TOLD.values()}


CUSTOMER = DOCUMENT["paths"]["/api/v2/chats/{id}"]
MESSAGES = DOCUMENT["paths"]["/api/v2/chats/{id}/messages"]["get"]
REQUEST = DOCUMENT["paths"]["/api/v2/chats"]["post"]
CUSTOMER_STORIES = {
    **named(REQUEST["requestBody"]["content"][JSON]),
    **named(CUSTOMER["post"]["requestBody"]["content"][JSON]),
}
CUSTOMER_ANSWERS = {
    **named(REQUEST["responses"]["200"]["content"][JSON]),
    **named(CUSTOMER["post"]["responses"]["200"]["content"][JSON]),
}
CUSTOMER_TOLD = {
    name: example for name, example in ANSWERS.items() if "x-customer-story" in example.extensions
}
CHAT_OF_CUSTOMER = "URF9IESAHLWIARM9"


@pytest.fixture
def beginning(agent, customer):
    """Bring a customer's story to where it begins."""
    bob = agent("agent1")
    steps = {
        "nothing": [],
        "requested": [lambda: customer.request("POST", CHATS, json=CUSTOMER_STORIES["RequestChat"].value)],
        "accepted": [lambda: bob.accept(CHAT_OF_CUSTOMER, nickname="Bob")],
        "left": [lambda: bob.leave(CHAT_OF_CUSTOMER, text="It comes tomorrow, goodbye!")],
    }

    async def begin(example: Example) -> None:
        customer.path = f"{CHATS}/{CUSTOMER_ANSWERS['ChatRequested'].value['id']}"
        for name, actions in steps.items():
            for action in actions:
                assert (await action()).is_success
            if name == example.extensions["x-after"]:
                return

    return begin


@pytest.mark.parametrize("name", CUSTOMER_STORIES)
async def test_a_customers_story_is_answered_as_the_document_says(name, beginning, customer):
    story = CUSTOMER_STORIES[name]
    await beginning(story)

    answer = await customer.request("POST", path_of(name, customer), json=story.value)

    expected = CUSTOMER_ANSWERS["ChatRequested" if name == "RequestChat" else "Taken"]
    assert (200, expected.value) == (answer.status_code, answer.json())


@pytest.mark.parametrize("name", CUSTOMER_TOLD)
async def test_a_customers_story_is_told_as_the_document_says(name, beginning, agent, customer):
    told = CUSTOMER_TOLD[name]
    story = CUSTOMER_STORIES[told.extensions["x-customer-story"]]
    listener = agent(told.extensions["x-agent"])
    await beginning(story)
    await listener.listen()

    await customer.request("POST", path_of(told.extensions["x-customer-story"], customer), json=story.value)

    assert told.value == await listener.told()


def test_every_story_of_a_customer_is_told():
    assert set(CUSTOMER_STORIES) == {
        example.extensions["x-customer-story"] for example in CUSTOMER_TOLD.values()
    }


CUSTOMER_GETS = {
    **{
        ("", name): each for name, each in named(CUSTOMER["get"]["responses"]["200"]["content"][JSON]).items()
    },
    **{
        ("/messages?index=3", name): each
        for name, each in named(MESSAGES["responses"]["200"]["content"][JSON]).items()
    },
}


@pytest.mark.parametrize(
    ("query", "name"), [key for key, each in CUSTOMER_GETS.items() if "x-after" in each.extensions]
)
async def test_a_customers_get_is_answered_as_the_document_says(query, name, beginning, customer):
    example = CUSTOMER_GETS[query, name]
    await beginning(example)

    assert example.value == await customer.get(customer.path + query)


def path_of(name: str, customer: CustomerClient) -> str:
    return CHATS if name == "RequestChat" else customer.path


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
async def test_a_get_is_answered_as_the_document_says(path, query, name, agent):
    example = named(DOCUMENT["paths"][path]["get"]["responses"]["200"]["content"][JSON])[name]
    reader = agent(example.extensions.get("x-agent", "agent1"))

    answer = await reader.request("GET", path.replace("{id}", "0071023821aec011") + query)

    assert (200, example.value) == (answer.status_code, answer.json())


async def test_a_transcript_is_answered_as_the_document_says(agent):
    path = "/api/v2/me/chats/{id}/messages"
    example = named(DOCUMENT["paths"][path]["get"]["responses"]["200"]["content"][JSON])["Transcript"]
    story = STORIES[example.extensions["x-story"]]
    await agent(story.extensions["x-agent"]).perform(story.extensions["x-chat"], story.value)

    answer = await agent(example.extensions["x-agent"]).get(path.replace("{id}", story.extensions["x-chat"]))

    assert example.value == answer


CONTROLS = {
    (path, name): (example, named(item["post"]["responses"]["200"]["content"][JSON]))
    for path, item in DOCUMENT["paths"].items()
    if path.startswith("/simulation/") and "post" in item
    for name, example in named(item["post"]["requestBody"]["content"][JSON]).items()
}


@pytest.mark.parametrize(("path", "name"), CONTROLS)
async def test_a_control_of_the_simulation_is_answered_as_the_document_says(path, name, http):
    example, answers = CONTROLS[path, name]

    answer = await http.post(path.format(id="0071023821aec011", userName="agent1"), json=example.value)

    expected = answers[example.extensions.get("x-answer", "Taken")].value
    assert (200, expected) == (answer.status_code, answer.json())


async def test_the_journal_is_as_the_document_says(agent, http):
    operation = DOCUMENT["paths"]["/simulation/journal"]["get"]
    agent1 = agent("agent1")
    await agent1.listen()
    await agent1.perform("0071023821aec011", {"operationName": "Leave", "treatAs": "System"})
    await agent1.leave("0071023821aec011")

    answer = await http.get("/simulation/journal")

    assert named(operation["responses"]["200"]["content"][JSON])["JournalOfLeave"].value == answer.json()


@pytest.mark.parametrize("name", ["StartSession", "EndSession"])
async def test_a_session_operation_is_answered_as_the_document_says(name, agent):
    post = DOCUMENT["paths"]["/api/v2/me"]["post"]
    story = named(post["requestBody"]["content"][JSON])[name]

    answer = await agent(story.extensions["x-agent"]).request("POST", "/api/v2/me", json=story.value)

    assert named(post["responses"]["200"]["content"][JSON])["Taken"].value == answer.json()


@pytest.mark.parametrize(
    "names",
    [
        ["Handshake", "Connect", "Subscribe", "Unsubscribe", "Disconnect"],
        ["HandshakeWithAcknowledgement", "ConnectWithAcknowledgement"],
    ],
    ids=["plain", "with acknowledgement"],
)
async def test_a_session_goes_as_the_document_says(agent, names):
    requests = named(EXCHANGE["requestBody"]["content"][JSON])
    agent1 = agent("agent1")
    answers = {}

    for name in names:
        (message,) = requests[name].value
        if "clientId" in message:
            message = {**message, "clientId": agent1.client_id}
        answers[name] = (await agent1.request("POST", NOTIFICATIONS, json=[message])).json()
        agent1.client_id = answers[name][0].get("clientId", agent1.client_id)

    for name, answer in answers.items():
        assert ANSWERS[name].value == with_client_id(answer, "3b1f6a90c2de4875a1b09c8d7e6f50412233445f")


async def test_the_second_session_of_a_browser_is_advised_as_the_document_says(agent, application):
    first, second = agent("agent1"), agent("agent1")
    await first.listen()
    await second.listen()
    held = asyncio.create_task(first.poll())
    await asyncio.sleep(0)  # in process the poll goes as far as it can in one turn
    assert 1 == application.cometd.parked

    answer = await second.send("/meta/connect", id="2", connectionType="long-polling")

    held.cancel()
    assert ANSWERS["SecondTab"].value == with_client_id(answer, "3b1f6a90c2de4875a1b09c8d7e6f50412233445f")


async def test_an_unknown_client_is_advised_as_the_document_says(agent):
    answer = await agent("agent1").send("/meta/connect", id="6", connectionType="long-polling")

    assert ANSWERS["UnknownClient"].value == answer


async def test_a_client_that_publishes_is_refused_as_the_document_says(agent):
    answer = await agent("agent1").send("/v2/me/chats", id="7", data={})

    assert ANSWERS["Forbidden"].value == answer


def with_client_id(replies: list[dict[str, Any]], client_id: str) -> list[dict[str, Any]]:
    return [{**reply, "clientId": client_id} if "clientId" in reply else reply for reply in replies]


def new_chat(user_name: str, **seat: str) -> dict[str, Any]:
    return {"customer": "Eva", "agents": [{"agent": user_name, "state": "Chatting", **seat}]}


POST_JSON = {"headers": {"Content-Type": JSON}}
FAILURES: dict[str, tuple[int, str, str, str, dict[str, Any]]] = {
    # example: status, agent (a customer where there is none), method, path, request
    "FieldsInvalid": (400, "agent1", "GET", "/api/v2/me/chats?fields=id", {}),
    "QueryUnknown": (400, "agent1", "GET", "/health?verbose=1", {}),
    "BodyMissing": (400, "agent1", "POST", CHAT, {}),
    "BodyNotJson": (400, "agent1", "POST", CHAT, {**POST_JSON, "content": '{"operationName": Leave}'}),
    "OperationNameMissing": (400, "agent1", "POST", CHAT, {"json": {}}),
    "OperationUnknown": (400, "agent1", "POST", CHAT, {"json": {"operationName": "leave"}}),
    "ParameterUnknown": (400, "agent1", "POST", CHAT, {"json": {"operationName": "Leave", "reason": "tea"}}),
    "TextMissing": (400, "agent1", "POST", CHAT, {"json": {"operationName": "Leave", "treatAs": "System"}}),
    "TreatAsInvalid": (
        400,
        "agent1",
        "POST",
        CHAT,
        {"json": {"operationName": "Leave", "text": "Bye", "treatAs": "Loud"}},
    ),
    "TextEmpty": (400, "agent1", "POST", CHAT, {"json": {"operationName": "Leave", "text": ""}}),
    "TargetMissing": (400, "agent1", "POST", CHAT, {"json": {"operationName": "Transfer"}}),
    "TargetTwice": (
        400,
        "agent1",
        "POST",
        CHAT,
        {"json": {"operationName": "Transfer", "queueName": "support", "targetPath": "/users/nobody"}},
    ),
    "SessionOperationUnknown": (400, "agent1", "POST", "/api/v2/me", {"json": {"operationName": "Start"}}),
    "TargetNotAllowed": (
        403,
        "agent1",
        "POST",
        "/api/v2/me/chats/0000Na9B26EF002X",
        {"json": {"operationName": "Invite", "targetPath": "/users/518f41959d145de48ee6f5f2738c5ac0"}},
    ),
    "TargetNotFound": (
        404,
        "agent1",
        "POST",
        CHAT,
        {"json": {"operationName": "Invite", "targetPath": "/users/nobody"}},
    ),
    "QueueNotFound": (
        404,
        "agent1",
        "POST",
        CHAT,
        {"json": {"operationName": "Transfer", "queueName": "sales"}},
    ),
    "NicknameMissing": (400, "", "POST", CHATS, {"json": {"operationName": "RequestChat"}}),
    "CustomerOperationUnknown": (400, "", "POST", f"{CHATS}/nobody", {"json": {"operationName": "Leave"}}),
    "IndexInvalid": (400, "", "GET", f"{CHATS}/nobody/messages?index=last", {}),
    "IndexOutOfRange": (400, "", "GET", f"{CHATS}/nobody/messages?index=-1", {}),
    "CustomerChatNotFound": (404, "", "GET", f"{CHATS}/0071023821aec011", {}),
    "ExchangeNotJson": (400, "agent1", "POST", NOTIFICATIONS, {**POST_JSON, "content": "handshake"}),
    "ChannelMissing": (400, "agent1", "POST", NOTIFICATIONS, {"json": [{}]}),
    "NoMessages": (400, "agent1", "POST", NOTIFICATIONS, {"json": []}),
    "AgentsMissing": (400, "", "POST", "/simulation/chats", {"json": {}}),
    "AgentOfChatUnknown": (403, "", "POST", "/simulation/chats", {"json": new_chat("nobody")}),
    "ConsultantAlone": (
        403,
        "",
        "POST",
        "/simulation/chats",
        {"json": new_chat("agent1", role="consultant")},
    ),
    "ChatIdTaken": (
        403,
        "",
        "POST",
        "/simulation/chats",
        {"json": {**new_chat("agent1"), "id": "0071023821aec011"}},
    ),
    "AnyChatNotFound": (
        404,
        "",
        "POST",
        "/simulation/chats/0000Na9B26EF009A/customer",
        {"json": {"operationName": "Complete"}},
    ),
    "UserNameNotFound": (
        404,
        "",
        "POST",
        "/simulation/chats/0071023821aec011/agents/nobody",
        {"json": {"operationName": "Leave"}},
    ),
    "TimeoutOutOfRange": (400, "", "GET", "/simulation/journal?timeout=60001", {}),
    "EffectUnknown": (400, "", "POST", "/simulation/faults", {"json": {"effect": "explode"}}),
    "FaultStatusOutOfRange": (
        400,
        "",
        "POST",
        "/simulation/faults",
        {"json": {"effect": "error", "status": 600}},
    ),
    "AgentNameNotFound": (404, "", "POST", "/simulation/sessions/forget", {"json": {"agent": "somebody"}}),
    "AdvanceMissing": (400, "", "POST", "/simulation/clock", {"json": {}}),
    "SessionsInvalid": (400, "", "POST", "/simulation/reset", {"json": {"sessions": "restart"}}),
    "AdvanceOutOfRange": (400, "", "POST", "/simulation/clock", {"json": {"advance": -1}}),
    "HostForeign": (
        403,
        "",
        "POST",
        "/simulation/reset",
        {"headers": {"Host": "attacker.example"}, "json": {}},
    ),
    "OriginForeign": (
        403,
        "",
        "POST",
        "/simulation/reset",
        {"headers": {"Origin": "https://attacker.example"}, "json": {}},
    ),
    "AccessDenied": (403, "agent1", "GET", "/api/v2/me", {"auth": None}),
    "FeatureRequired": (403, "voiceonly", "GET", "/api/v2/me/chats", {}),
    "OperationNotAllowed": (
        403,
        "agent2",
        "POST",
        "/api/v2/me/chats/0000Na9B26EF004Z",
        {"json": {"operationName": "Leave"}},
    ),
    "PathUnknown": (404, "agent1", "GET", "/api/v2/you", {}),
    "ChatNotFound": (404, "agent1", "GET", "/api/v2/me/chats/0000Na9B26EF009A", {}),
    "MethodNotAllowed": (405, "agent1", "DELETE", CHAT, {}),
    "BodyTooLarge": (413, "agent1", "POST", CHAT, {**POST_JSON, "content": b" " * 1048577}),
    "MediaTypeUnsupported": (
        415,
        "agent1",
        "POST",
        CHAT,
        {"headers": {"Content-Type": "text/plain"}, "content": "Leave"},
    ),
}


@pytest.mark.parametrize("name", FAILURES)
async def test_a_failure_is_answered_as_the_document_says(name, agent, customer):
    status, user_name, method, path, request = FAILURES[name]
    client = agent(user_name) if user_name else customer

    answer = await client.request(method, path, **request)

    assert (status, failure_examples()[name]) == (answer.status_code, answer.json())


STATE = (
    ("agent1", "/api/v2/me/chats?fields=*"),
    ("agent2", "/api/v2/me/chats?fields=*"),
    ("agent1", "/api/v2/me/chats/0000Na9B26EF002X/messages"),
)


@pytest.mark.parametrize("name", FAILURES)
async def test_after_a_failure_nothing_has_changed(name, agent, customer):
    _, user_name, method, path, request = FAILURES[name]
    client = agent(user_name) if user_name else customer
    before = [await agent(reader).get(address) for reader, address in STATE]

    await client.request(method, path, **request)

    assert before == [await agent(reader).get(address) for reader, address in STATE]


async def test_a_text_that_nobody_reads_is_refused_as_the_document_says(agent):
    agent1 = agent("agent1")
    await agent1.leave("0071023821aec011")

    answer = await agent1.leave("0071023821aec011", text="Anybody there?")

    assert (403, failure_examples()["NobodyToRead"]) == (answer.status_code, answer.json())


async def test_what_a_customer_does_after_the_end_is_refused_as_the_document_says(beginning, customer):
    await beginning(CUSTOMER_GETS["", "CustomerLeft"])

    answer = await customer.write("Hello?")

    assert (403, failure_examples()["CustomerOperationNotAllowed"]) == (answer.status_code, answer.json())


class TestWithCsrfProtection:
    """Where the setting is on."""

    @pytest.fixture
    def application(self):
        return build(Settings(csrf_protection=True))

    @pytest.mark.parametrize("path", ["/api/v2/me", CHAT])
    async def test_an_operation_without_the_token_is_refused_as_the_document_says(self, agent, path):
        answer = await agent("agent1").request("POST", path, json={"operationName": "Leave"})

        assert (403, failure_examples()["CsrfTokenInvalid"]) == (answer.status_code, answer.json())

    async def test_the_headers_of_an_answer_are_as_the_document_says(self, agent):
        headers = DOCUMENT["paths"]["/api/v2/me"]["get"]["responses"]["200"]["headers"]

        answer = await agent("agent1").request("GET", "/api/v2/me")

        for name in ["X-CSRF-HEADER", "X-CSRF-TOKEN"]:
            schema = resolved(DOCUMENT, headers[name])["schema"]
            jsonschema.validate(answer.headers[name], schema, format_checker=jsonschema.FormatChecker())


async def test_a_service_that_is_closing_says_so_as_the_document_says(http, application):
    application.cometd.close()

    answer = await http.get("/health")

    assert (503, failure_examples()["Closing"]) == (answer.status_code, answer.json())


async def test_the_figures_at_the_beginning_are_as_the_document_says(http):
    answer = await http.get("/metrics")

    ((media_type, content),) = DOCUMENT["paths"]["/metrics"]["get"]["responses"]["200"]["content"].items()
    assert (200, media_type) == (answer.status_code, answer.headers["Content-Type"])
    assert named(content)["Started"].value == answer.text


async def test_what_is_unforeseen_is_answered_as_the_document_says(agent, application):
    application.scenario.chats[0].seats = None

    answer = await agent("agent1").request("GET", CHAT)

    assert (500, failure_examples()["InternalError"]) == (answer.status_code, answer.json())


def test_every_failure_in_the_document_is_provoked():
    provoked = {
        *FAILURES,
        "CsrfTokenInvalid",
        "NobodyToRead",
        "CustomerOperationNotAllowed",
        "InternalError",
        "Closing",
    }

    assert set(failure_examples()) == provoked


def failure_examples() -> dict[str, Any]:
    return {
        name: resolved(DOCUMENT, example)["value"]
        for response in DOCUMENT["components"]["responses"].values()
        for name, example in response["content"][JSON]["examples"].items()
    }
