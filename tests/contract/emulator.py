"""The emulator in process, for the state machines."""

import asyncio
from collections import Counter
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import jsonschema_rs

from gws_chat.app import build
from gws_chat.settings import Settings
from tests.agents import AgentClient
from tests.builders import NOW
from tests.contract.examples import DOCUMENT, resolved
from tests.customers import CustomerClient
from tests.fake_clock import FakeClock
from tests.service import client_of

T = TypeVar("T")
JSON = dict[str, Any]
View = dict[str, dict[str, JSON]]
"""By user name and chat ID: each agent's own view of its chats."""


OPTIONAL = {
    name: [
        parameter
        for parameter, schema in resolved(DOCUMENT, {"$ref": reference})["properties"].items()
        if resolved(DOCUMENT, schema).get("nullable", False)
    ]
    for name, reference in DOCUMENT["components"]["schemas"]["ChatOperation"]["discriminator"]["mapping"].items()
}
"""The optional parameters of each operation."""


def validator(message_type: str) -> jsonschema_rs.Draft4Validator:
    """Return the validator of a type of notification."""
    components = DOCUMENT["components"]
    schema = {**components["schemas"][message_type], "components": components}
    return jsonschema_rs.Draft4Validator(schema, validate_formats=True)


@dataclass(frozen=True)
class Notification:
    """A notification and the agent who received it."""

    user_name: str
    content: JSON

    @property
    def chat_id(self) -> str:
        if "chat" in self.content:
            return self.content["chat"]["id"]
        return self.content["chatPath"].removeprefix("/chats/")

    @property
    def messages(self) -> list[JSON]:
        return self.content.get("messages", [])

    @property
    def state(self) -> str | None:
        """The new state of the chat if the notification is a status change."""
        is_status = self.content["notificationType"] == "StatusChange"
        return self.content["chat"]["state"] if is_status else None


class Emulator:
    """The application in process and its agents, all of them listening. Methods block.

    Agents send null for each optional parameter that is not given and, unless the application is strict, an unknown
    one. `accepted` counts the accepted operations of all runs by name.
    """

    def __init__(self, scenario: Path, user_names: Iterable[str], *, strict: bool = False) -> None:
        self._runner = asyncio.Runner()
        self._timers = FakeClock()
        self._unknown = {} if strict else {"mobileSession": True}
        settings = Settings(scenario=scenario, strict=strict, max_interval=1e6)  # sessions never expire
        application = build(settings, now=lambda: NOW, timer_clock=self._timers)
        self._http = client_of(application)
        self._validators = {name: validator(name) for name in ("ChatStateChangeMessage", "MessageLogUpdated")}
        self.accepted: Counter[str] = Counter()
        self._agents = {name: AgentClient(self._http, name, "secret") for name in user_names}
        self._scenario = application.scenario
        self._paths = {agent.user_name: agent.path for agent, _ in self._scenario.accounts}
        self.user_names = {agent.id: agent.user_name for agent, _ in self._scenario.accounts}
        self.reset()

    def reset(self) -> None:
        """Return to the initial state, with the same IDs each time, and let all agents listen."""
        assert self.wait(self._http.post("/simulation/reset", json={"seed": 0})).is_success
        for agent in self._agents.values():
            self.wait(agent.listen("/v2/me/*"))

    def close(self) -> None:
        self.wait(self._http.aclose())
        self._runner.close()

    def wait(self, awaited: Coroutine[Any, Any, T]) -> T:
        # Runner.run installs a signal handler for each call, which costs as much as a request.
        return self._runner.get_loop().run_until_complete(awaited)

    def perform(self, user_name: str, chat_id: str, body: JSON) -> httpx2.Response:
        nulls = dict.fromkeys(OPTIONAL[body["operationName"]])
        return self.wait(self._agents[user_name].perform(chat_id, {**self._unknown, **nulls, **self._addressed(body)}))

    def get(self, user_name: str, path: str) -> JSON:
        return self.wait(self._agents[user_name].get(path))

    def notifications(self) -> list[Notification]:
        """Return the notifications on chats that the agents have received since the last call.

        They match their schema.
        """
        received = [
            Notification(name, message["data"])
            for name, agent in self._agents.items()
            for message in self.wait(agent.notifications())
            if message["channel"] == "/v2/me/chats"
        ]
        for each in received:
            self._validators[each.content["messageType"]].validate(each.content)
        return received

    def view(self) -> View:
        lists = {name: self.get(name, "/api/v2/me/chats?fields=*")["chats"] for name in self._agents}
        return {name: {chat["id"]: chat for chat in chats} for name, chats in lists.items()}

    def find(self, chat_id: str) -> dict[str, JSON]:
        """Return the chat by user name, for each agent who can read it."""
        responses = {name: self.get(name, f"/api/v2/me/chats/{chat_id}") for name in self._agents}
        return {name: response["chat"] for name, response in responses.items() if response["statusCode"] == 0}

    def transcript(self, user_name: str, chat_id: str) -> list[JSON]:
        return self.get(user_name, f"/api/v2/me/chats/{chat_id}/messages")["messages"]

    def with_customer(self) -> set[str]:
        """Name the chats whose customer session is open; after Complete no agent can read that."""
        return {chat.id for chat in self._scenario.chats if chat.customer is not None}

    def waiting(self) -> set[str]:
        """Name the chats that wait for an agent; no agent can read this."""
        return set(self._scenario.center.waiting_chats)

    def perform_session_operation(self, user_name: str, operation: str) -> httpx2.Response:
        """Perform an operation on the agent's session. The end also ends CometD sessions, so listen again."""
        agent = self._agents[user_name]
        response = self.wait(agent.request("POST", "/api/v2/me", json={"operationName": operation}))
        if operation == "EndContactCenterSession":
            self.wait(agent.listen("/v2/me/*"))
        return response

    def request_chat(self, nickname: str) -> CustomerClient:
        customer = CustomerClient(self._http)
        self.wait(customer.request_chat(nickname))
        return customer

    def expire_invitations(self) -> None:
        """Advance the clock until all invitations expire that are open now."""
        self.wait(self._timers.advance(self._scenario.center.invitation_timeout))

    def _addressed(self, body: JSON) -> JSON:
        """Replace an agent's name by its address; hypothesis prints failing requests with names."""
        prefixes = {"targetPath": "", "targetUri": "http://elsewhere.example/api/v2"}
        return {
            key: prefixes[key] + self._paths.get(value, f"/users/{value}") if key in prefixes else value
            for key, value in body.items()
        }
