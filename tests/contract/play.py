"""What the state machines play with: agents' requests as the schemas permit them, and the service."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import httpx2
from hypothesis import strategies as st

from handlers.app import build
from handlers.chats import OPERATIONS
from handlers.settings import Settings
from tests.agents import AgentClient
from tests.customers import CustomerClient

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from pathlib import Path

    JSON = dict[str, Any]
    # by user name and chat id: each agent's own view of its chats
    View = dict[str, dict[str, JSON]]

T = TypeVar("T")
AGENTS = ("agent1", "agent2", "agent3", "agent4")
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

AFTER_WORK = {"AttachUserData", "UpdateUserData", "DeleteUserData", "SetDisposition"}
FOCUS = {"InFocus", "SetInFocus"}
WORDS = st.sampled_from(["Hello", "Grüße", "☕ \n"])
WRITTEN = st.fixed_dictionaries(
    {"text": WORDS},
    optional={
        "messageType": st.sampled_from(["Text", "Handover"]),
        "treatAs": st.sampled_from(["Normal", "System"]),
    },
)
LAST_WORDS = st.just({}) | WRITTEN
AGENT = st.fixed_dictionaries({"targetPath": st.sampled_from([*AGENTS, "nobody"])}) | st.fixed_dictionaries(
    {"targetUri": st.sampled_from(AGENTS)}
)
QUEUE = st.fixed_dictionaries({"queueName": st.sampled_from(["support", "nowhere"])})
TARGET = AGENT | AGENT | QUEUE
KEYS = st.sampled_from(["tier", "order", "DispositionCode"])
USER_DATA = st.fixed_dictionaries({"userData": st.dictionaries(KEYS, WORDS | st.integers(-9, 9), min_size=1)})
PARAMETERS: dict[str, tuple[st.SearchStrategy[JSON], ...]] = {
    "Accept": (st.fixed_dictionaries({}, optional={"nickname": WORDS}),),
    "Leave": (LAST_WORDS,),
    "Complete": (LAST_WORDS, st.just({}) | QUEUE),
    "Transfer": (LAST_WORDS, TARGET),
    "Invite": (TARGET,),
    "Consult": (TARGET,),
    "RemoveParticipantFromConference": (LAST_WORDS, AGENT),
    "SendMessage": (WRITTEN,),
    "SendToAgents": (st.fixed_dictionaries({"text": WORDS}),),
    "SendCustomNoticeToAgents": (st.fixed_dictionaries({"noticeText": WORDS}),),
    "AttachUserData": (USER_DATA,),
    "UpdateUserData": (USER_DATA,),
    "DeleteUserData": (st.fixed_dictionaries({"keys": st.lists(KEYS, min_size=1, max_size=2)}),),
    "SetDisposition": (st.fixed_dictionaries({"disposition": WORDS}, optional={"dispositionKey": KEYS}),),
}
# what changes who is in a chat, without which most rules have nothing to say
COMING_AND_GOING = ("Invite", "Consult", "Complete", "Accept", "RemoveParticipantFromConference", "Transfer")
# where what an operation names, or who is there to read, decides, too
CONDITIONAL = {"text", "queueName", "targetPath", "targetUri"}
# but not for these, whose text is what they are for
TO_OTHERS = {"SendMessage", "SendToAgents"}


def body_of(name: str) -> st.SearchStrategy[JSON]:
    def joined(parts: Iterable[JSON]) -> JSON:
        return {"operationName": name} | {key: value for part in parts for key, value in part.items()}

    return st.tuples(*PARAMETERS.get(name, ())).map(joined)


BODIES = {str(name): body_of(str(name)) for name in OPERATIONS}


def permitted(chat: JSON) -> set[str]:
    """Name what may be done in a chat that a client sees so."""
    names = set(chat["capabilities"])
    if names & FOCUS:
        names |= FOCUS
    return names | AFTER_WORK if chat["state"] == "LeftChat" else names


def bodies_in(chat: JSON) -> st.SearchStrategy[JSON]:
    """Draw what may be done in a chat, half of the time what changes who is in it."""
    names = permitted(chat)
    some = [name for name in BODIES if name in names]
    moves = [name for name in COMING_AND_GOING if name in names]
    return (st.sampled_from(moves or some) | st.sampled_from(some)).flatmap(BODIES.get)


def chat_of(notification: JSON) -> str:
    if "chat" in notification:
        return notification["chat"]["id"]
    return notification["chatPath"].removeprefix("/chats/")


@dataclass(frozen=True)
class Told:
    """A notification, and who got it."""

    user_name: str
    notification: JSON

    @property
    def chat_id(self) -> str:
        return chat_of(self.notification)

    @property
    def lines(self) -> list[JSON]:
        return self.notification.get("messages", [])

    @property
    def state(self) -> str | None:
        """The state that the chat came into, if that is what is told."""
        is_status = self.notification["notificationType"] == "StatusChange"
        return self.notification["chat"]["state"] if is_status else None


class Timers:
    """Rings when it is told to, whatever has been set."""

    def __init__(self) -> None:
        self._set: list[Callable[[], object]] = []

    def time(self) -> float:
        return 0

    def call_later(self, _: float, callback: Callable[..., object], *arguments: object) -> Timers:
        self._set.append(partial(callback, *arguments))
        return self

    def cancel(self) -> None:
        """Nothing that rings here minds that it comes too late."""

    async def ring(self) -> None:
        ringing, self._set = self._set, []
        for callback in ringing:
            callback()


class Service:
    """The application with its agents, each of whom listens; awaited from the outside."""

    def __init__(self, scenario: Path, user_names: Iterable[str]) -> None:
        self._runner = asyncio.Runner()
        self._timers = Timers()
        self._application = build(Settings(scenario=scenario), clock=lambda: NOW, timers=self._timers)
        transport = httpx2.ASGITransport(self._application.asgi)
        self._http = httpx2.AsyncClient(transport=transport, base_url="http://localhost:8080")
        self._agents = {name: AgentClient(self._http, name, "secret") for name in user_names}
        self._paths = {agent.user_name: agent.path for agent, _ in self._application.scenario.accounts}
        self.user_names = {agent.id: agent.user_name for agent, _ in self._application.scenario.accounts}
        for agent in self._agents.values():
            self._runner.run(agent.listen("/v2/me/*"))

    def close(self) -> None:
        self._runner.run(self._http.aclose())
        self._runner.close()

    def perform(self, user_name: str, chat_id: str, body: JSON) -> httpx2.Response:
        return self._runner.run(self._agents[user_name].perform(chat_id, self._addressed(body)))

    def get(self, user_name: str, path: str) -> JSON:
        return self._runner.run(self._agents[user_name].get(path))

    def told(self) -> list[Told]:
        return [
            Told(name, message["data"])
            for name, agent in self._agents.items()
            for message in self._runner.run(agent.told())
        ]

    def view(self) -> View:
        lists = {name: self.get(name, "/api/v2/me/chats?fields=*")["chats"] for name in self._agents}
        return {name: {chat["id"]: chat for chat in chats} for name, chats in lists.items()}

    def find(self, chat_id: str) -> dict[str, JSON]:
        answers = {name: self.get(name, f"/api/v2/me/chats/{chat_id}") for name in self._agents}
        return {name: answer["chat"] for name, answer in answers.items() if answer["statusCode"] == 0}

    def transcript(self, user_name: str, chat_id: str) -> list[JSON]:
        return self.get(user_name, f"/api/v2/me/chats/{chat_id}/messages")["messages"]

    def with_customer(self) -> set[str]:
        """Name the chats whose customer's session is open, which no agent can ask for after Complete."""
        return {chat.id for chat in self._application.scenario.chats if chat.customer is not None}

    def work(self, user_name: str, operation: str) -> None:
        request = self._agents[user_name].request
        self._runner.run(request("POST", "/api/v2/me", json={"operationName": operation}))

    def request_chat(self, nickname: str) -> CustomerClient:
        customer = CustomerClient(self._http)
        self._runner.run(customer.request_chat(nickname))
        return customer

    def wait(self, asked: Awaitable[T]) -> T:
        """Return what a customer's client awaits."""
        return self._runner.run(asked)

    def pass_time(self) -> None:
        """Let everything come to its time, an unanswered invitation too."""
        self._runner.run(self._timers.ring())

    def waiting(self) -> set[str]:
        """Name the chats whose customers have nobody, which no agent can ask for."""
        return set(self._application.scenario.center.waiting)

    def _addressed(self, body: JSON) -> JSON:
        """Put the address of an agent where its name stands: an example is read by names."""
        hosts = {"targetPath": "", "targetUri": "http://elsewhere.example/api/v2"}
        return {
            key: hosts[key] + self._paths.get(value, f"/users/{value}") if key in hosts else value
            for key, value in body.items()
        }
