"""The emulator and the requests that the state machines draw."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import httpx2
import jsonschema_rs
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from handlers.app import build
from handlers.chats import OPERATIONS
from handlers.settings import Settings
from tests.agents import AgentClient
from tests.builders import NOW
from tests.customers import CustomerClient

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable
    from pathlib import Path

T = TypeVar("T")
JSON = dict[str, Any]
View = dict[str, dict[str, JSON]]
"""By user name and chat id: each agent's own view of its chats."""
AGENTS = ("agent1", "agent2", "agent3", "agent4")

AFTER_CALL_WORK = {"AttachUserData", "UpdateUserData", "DeleteUserData", "SetDisposition"}
FOCUS = {"InFocus", "SetInFocus"}
WORDS = st.sampled_from(["Hello", "Grüße", "☕ \n"])
MESSAGE = st.fixed_dictionaries(
    {"text": WORDS},
    optional={
        "messageType": st.sampled_from(["Text", "Handover"]),
        "treatAs": st.sampled_from(["Normal", "System"]),
    },
)
FAREWELL = st.just({}) | MESSAGE
AGENT = st.fixed_dictionaries({"targetPath": st.sampled_from([*AGENTS, "nobody"])}) | st.fixed_dictionaries(
    {"targetUri": st.sampled_from(AGENTS)}
)
QUEUE = st.fixed_dictionaries({"queueName": st.sampled_from(["support", "nowhere"])})
TARGET = AGENT | AGENT | QUEUE
KEYS = st.sampled_from(["tier", "order", "DispositionCode"])
USER_DATA = st.fixed_dictionaries({"userData": st.dictionaries(KEYS, WORDS | st.integers(-9, 9), min_size=1)})
PARAMETERS: dict[str, tuple[st.SearchStrategy[JSON], ...]] = {
    "Accept": (st.fixed_dictionaries({}, optional={"nickname": WORDS}),),
    "Leave": (FAREWELL,),
    "Complete": (FAREWELL, st.just({}) | QUEUE),
    "Transfer": (FAREWELL, TARGET),
    "Invite": (TARGET,),
    "Consult": (TARGET,),
    "RemoveParticipantFromConference": (FAREWELL, AGENT),
    "SendMessage": (MESSAGE,),
    "SendToAgents": (st.fixed_dictionaries({"text": WORDS}),),
    "SendCustomNoticeToAgents": (st.fixed_dictionaries({"noticeText": WORDS}),),
    "AttachUserData": (USER_DATA,),
    "UpdateUserData": (USER_DATA,),
    "DeleteUserData": (st.fixed_dictionaries({"keys": st.lists(KEYS, min_size=1, max_size=2)}),),
    "SetDisposition": (st.fixed_dictionaries({"disposition": WORDS}, optional={"dispositionKey": KEYS}),),
}
# These change who is in a chat. Without them most rules are never exercised.
MOVES = ("Invite", "Consult", "Complete", "Accept", "RemoveParticipantFromConference", "Transfer")

# By state: the operation that brings an agent closer to the end of the chat.
WAY_OUT = {"Invited": "Reject", "Chatting": "Leave", "LeftChat": "Complete"}


def body_of(name: str) -> st.SearchStrategy[JSON]:
    def joined(parts: Iterable[JSON]) -> JSON:
        return {"operationName": name} | {key: value for part in parts for key, value in part.items()}

    return st.tuples(*PARAMETERS.get(name, ())).map(joined)


BODIES = {str(name): body_of(str(name)) for name in OPERATIONS}


def permitted(chat: JSON) -> set[str]:
    """Name the operations that the emulator accepts for a chat as an agent sees it."""
    names = set(chat["capabilities"])
    if names & FOCUS:
        names |= FOCUS
    return names | AFTER_CALL_WORK if chat["state"] == "LeftChat" else names


def bodies_in(chat: JSON) -> st.SearchStrategy[JSON]:
    """Draw a permitted operation; half of the draws change who is in the chat."""
    names = permitted(chat)
    some = [name for name in BODIES if name in names]
    moves = [name for name in MOVES if name in names]
    return (st.sampled_from(moves or some) | st.sampled_from(some)).flatmap(BODIES.get)


def settings_for(examples: int) -> settings:
    """Return the settings of a state machine; STATE_MACHINE_EXAMPLES overrides the number of examples."""
    return settings(
        max_examples=int(os.environ.get("STATE_MACHINE_EXAMPLES", examples)),
        stateful_step_count=30,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=[HealthCheck.too_slow],  # each step makes a dozen requests
    )


def validators(document: JSON) -> dict[str, jsonschema_rs.Draft4Validator]:
    """Return the validator of each type of notification."""
    schemas = document["components"]["schemas"]
    return {
        name: jsonschema_rs.Draft4Validator(
            {**schemas[name], "components": document["components"]}, validate_formats=True
        )
        for name in ("ChatStateChangeMessage", "MessageLogUpdated")
    }


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


class Timers:
    """Timers that fire when the test says so, whatever their delay."""

    def __init__(self) -> None:
        self.pending: list[Callable[[], object]] = []

    def time(self) -> float:
        return 0

    def call_later(self, _: float, callback: Callable[..., object], *arguments: object) -> Timers:
        self.pending.append(partial(callback, *arguments))
        return self

    def cancel(self) -> None:
        """Do nothing: the emulator ignores a cancelled timer that fires."""

    async def fire(self) -> None:
        firing, self.pending = self.pending, []
        for callback in firing:
            callback()


class Service:
    """The application in process and its agents, all of them listening. Methods block."""

    def __init__(self, scenario: Path, user_names: Iterable[str]) -> None:
        self._runner = asyncio.Runner()
        self._timers = Timers()
        application = build(Settings(scenario=scenario), clock=lambda: NOW, timers=self._timers)
        transport = httpx2.ASGITransport(application.asgi)
        self._http = httpx2.AsyncClient(transport=transport, base_url="http://localhost:8080")
        self._agents = {name: AgentClient(self._http, name, "secret") for name in user_names}
        self._scenario = application.scenario
        self._paths = {agent.user_name: agent.path for agent, _ in self._scenario.accounts}
        self.user_names = {agent.id: agent.user_name for agent, _ in self._scenario.accounts}
        self.reset()

    def reset(self) -> None:
        """Return to the initial state, with the same ids each time, and let all agents listen."""
        self._timers.pending.clear()
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
        return self.wait(self._agents[user_name].perform(chat_id, self._addressed(body)))

    def get(self, user_name: str, path: str) -> JSON:
        return self.wait(self._agents[user_name].get(path))

    def notifications(self) -> list[Notification]:
        """Return what the agents have received since the last call."""
        return [
            Notification(name, message["data"])
            for name, agent in self._agents.items()
            for message in self.wait(agent.told())
        ]

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
        """Name the chats whose customer session is open; after Complete no agent can ask for that."""
        return {chat.id for chat in self._scenario.chats if chat.customer is not None}

    def waiting(self) -> set[str]:
        """Name the chats that wait for an agent; no agent can ask for them."""
        return set(self._scenario.center.waiting)

    def work(self, user_name: str, operation: str) -> None:
        request = self._agents[user_name].request
        self.wait(request("POST", "/api/v2/me", json={"operationName": operation}))

    def request_chat(self, nickname: str) -> CustomerClient:
        customer = CustomerClient(self._http)
        self.wait(customer.request_chat(nickname))
        return customer

    def fire_timers(self) -> None:
        """Let everything that is scheduled happen, such as the expiry of an invitation."""
        self.wait(self._timers.fire())

    def _addressed(self, body: JSON) -> JSON:
        """Replace an agent's name by its address; examples are printed with names."""
        prefixes = {"targetPath": "", "targetUri": "http://elsewhere.example/api/v2"}
        return {
            key: prefixes[key] + self._paths.get(value, f"/users/{value}") if key in prefixes else value
            for key, value in body.items()
        }
