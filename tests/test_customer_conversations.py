"""Three clients at once: a customer who polls and two agents who listen, from RequestChat to Complete.

Each is compared in full and in order with what it was told, or has seen.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import pytest

from tests.customers import CustomerClient
from tests.documents import (
    CHATTING,
    CHATTING_AS_CONSULTANT,
    CHATTING_WITH_AGENTS,
    LEFT_CHAT,
    customer,
    message,
    new_messages,
    participant,
    seen_message,
    seen_participant,
    state_change,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.agents import AgentClient

PATIENCE = 20
"""Seconds: a net for what does not come; what does ends the wait."""
CHAT = "URF9IESAHLWIARM9"
EVA = customer("Eva", "69F3F2B179F8CD7E")
BOB = participant("agent1", "001B42EB95E1CF6F", nickname="Bob")
SEEN_EVA, SEEN_BOB, SEEN_ZOE = (
    seen_participant(name, number) for number, name in enumerate(["Eva", "Bob", "Zoe"], 1)
)
INVITED = state_change("StatusChange", CHAT, {"state": "Invited", "capabilities": ["Accept", "Reject"]})


class Loop:
    """Something that a client does again and again in the background, and what came of it so far."""

    def __init__(self) -> None:
        self.found: list[Any] = []
        self._news = asyncio.Condition()

    async def __aenter__(self):
        self._task = asyncio.create_task(self._again_and_again())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(is_so)

    async def _again_and_again(self) -> None:
        while True:
            found = await self._once()
            async with self._news:
                self.found += found
                self._news.notify_all()
            await asyncio.sleep(0)  # give way: in process nothing is ever waited for

    async def _once(self) -> list[Any]:
        raise NotImplementedError


class Listening(Loop):
    """An agent's desktop: it holds polls, and hears."""

    def __init__(self, agent: AgentClient) -> None:
        super().__init__()
        self.agent = agent

    async def hears(self, count: int) -> list[Any]:
        """Return the next notifications, as many as are expected."""
        await self.until(lambda: len(self.found) >= count)
        heard, self.found = self.found[:count], self.found[count:]
        return heard

    async def _once(self) -> list[Any]:
        return [each["data"] for each in await self.agent.poll() if not each["channel"].startswith("/meta/")]


class Polling(Loop):
    """A customer's page: it asks for the messages since the last one, and for the chat."""

    def __init__(self, client: CustomerClient) -> None:
        super().__init__()
        self.client = client
        self.chats: list[Any] = []

    async def sees(self, state: str, *participants: Any) -> None:
        await self.until(lambda: (state, list(participants)) == self.chats[-1])

    async def _once(self) -> list[Any]:
        messages = await self.client.messages(len(self.found) + 1)
        chat = await self.client.chat()
        seen = chat["state"], chat["participants"]
        if self.chats[-1:] != [seen]:
            self.chats.append(seen)
        return messages


@pytest.fixture
async def begun(http, agent):
    """Eva has requested a chat and written; agent1 has accepted it as Bob, agent2 listens."""
    async with AsyncExitStack() as running:
        agents = [agent("agent1"), agent("agent2")]
        for each in agents:
            await each.listen("/v2/me/chats")
        bob, zoe = [await running.enter_async_context(Listening(each)) for each in agents]
        client = CustomerClient(http)
        await client.request_chat("Eva")
        eva = await running.enter_async_context(Polling(client))
        await eva.until(lambda: bool(eva.chats))
        assert [INVITED] == await bob.hears(1)
        await client.write("Is anybody there?")
        await bob.agent.accept(CHAT, nickname="Bob")
        accepted = {"state": "Chatting", "capabilities": CHATTING, "participants": [EVA, BOB]}
        assert [
            state_change("StatusChange", CHAT, {**accepted, "participants": []}, 1),
            state_change("ParticipantsUpdated", CHAT, accepted),
            new_messages(
                CHAT,
                message(1, "ParticipantJoined", EVA),
                message(2, "Text", EVA, text="Is anybody there?"),
                message(3, "ParticipantJoined", BOB),
            ),
        ] == await bob.hears(3)
        await eva.sees("Chatting", SEEN_EVA, SEEN_BOB)
        yield eva, bob, zoe
        # nobody has heard anything beyond what the story says
        assert [] == bob.found
        assert [] == zoe.found


BEGINNING = (
    seen_message(1, "ParticipantJoined", SEEN_EVA),
    seen_message(2, "Text", SEEN_EVA, text="Is anybody there?"),
    seen_message(3, "ParticipantJoined", SEEN_BOB),
)


async def joined(bob: Listening, zoe: Listening, how: Callable[..., Awaitable[Any]], index: int) -> Any:
    """Have Bob ask agent2 in, who accepts as Zoe; return Zoe as the agents see her."""
    is_consultant = how.__name__ == "consult"
    visibility = "Agents" if is_consultant else "All"
    eyes = participant("agent2", "56799769A3CAB263", nickname="Zoe", visibility=visibility)
    await how(CHAT, zoe.agent)
    assert [INVITED] == await zoe.hears(1)
    await zoe.agent.accept(CHAT, nickname="Zoe")
    history = [
        message(1, "ParticipantJoined", EVA),
        message(2, "Text", EVA, text="Is anybody there?"),
        message(3, "ParticipantJoined", BOB),
    ]
    came = message(index, "ParticipantJoined", eyes, visibility)
    as_host = {
        "state": "Chatting",
        "capabilities": CHATTING_WITH_AGENTS,
        "participants": [EVA, BOB, eyes],
    }
    as_guest = as_host | {"capabilities": CHATTING_AS_CONSULTANT if is_consultant else CHATTING_WITH_AGENTS}
    assert [
        state_change("ParticipantsUpdated", CHAT, as_host, 2),
        new_messages(CHAT, came),
    ] == await bob.hears(2)
    assert [
        state_change("StatusChange", CHAT, {**as_guest, "participants": []}, 1),
        state_change("ParticipantsUpdated", CHAT, as_guest),
        new_messages(CHAT, *history, came),
    ] == await zoe.hears(3)
    return eyes


async def finishes(zoe: Listening, reference: int) -> None:
    """Have Zoe, who has left the chat, set the disposition and complete it."""
    await zoe.agent.set_disposition(CHAT, "Resolved")
    await zoe.agent.complete(CHAT)
    after_work = {
        "state": "LeftChat",
        "capabilities": LEFT_CHAT,
        "userData": {"DispositionCode": "Resolved"},
    }
    assert [
        state_change("PropertiesUpdated", CHAT, after_work, reference),
        state_change("StatusChange", CHAT, {"state": "Completed"}),
    ] == await zoe.hears(2)


@pytest.mark.documented
async def test_the_conversation_of_the_leave_page(begun):
    eva, bob, zoe = begun
    eyes = await joined(bob, zoe, bob.agent.invite, 4)
    await eva.sees("Chatting", SEEN_EVA, SEEN_BOB, SEEN_ZOE)

    # Bob leaves a conference: the session is still open for the customer
    await bob.agent.leave(CHAT, text="Zoe goes on.")

    handover = new_messages(CHAT, message(5, "Text", BOB, text="Zoe goes on."))
    alone = {"state": "Chatting", "capabilities": CHATTING, "participants": [EVA, eyes]}
    assert [handover, state_change("StatusChange", CHAT, {"state": "Completed"})] == await bob.hears(2)
    assert [
        handover,
        new_messages(CHAT, message(6, "ParticipantLeft", BOB)),
        state_change("ParticipantsUpdated", CHAT, alone),
    ] == await zoe.hears(3)
    await eva.sees("Chatting", SEEN_EVA, SEEN_ZOE)

    # Zoe leaves alone: the session ends for the customer
    await zoe.agent.leave(CHAT, text="Goodbye!")

    assert [
        new_messages(CHAT, message(7, "Text", eyes, text="Goodbye!")),
        state_change("StatusChange", CHAT, {"state": "LeftChat", "capabilities": LEFT_CHAT}, 2),
    ] == await zoe.hears(2)
    await eva.sees("Idle")
    await finishes(zoe, 3)
    assert [
        *BEGINNING,
        seen_message(4, "ParticipantJoined", SEEN_ZOE),
        seen_message(5, "Text", SEEN_BOB, text="Zoe goes on."),
        seen_message(6, "ParticipantLeft", SEEN_BOB),
        seen_message(7, "Text", SEEN_ZOE, text="Goodbye!"),
        seen_message(8, "ParticipantLeft", SEEN_ZOE),
    ] == eva.found
    assert ["WaitingForAgent", "Chatting", "Chatting", "Chatting", "Idle"] == [
        state for state, _ in eva.chats
    ]


@pytest.mark.decided
async def test_the_conversation_with_a_consultation(begun):
    eva, bob, zoe = begun
    await joined(bob, zoe, bob.agent.consult, 4)
    consultant = participant("agent2", "56799769A3CAB263", nickname="Zoe", visibility="Agents")
    promoted = participant("agent2", "56799769A3CAB263", nickname="Zoe")

    # Zoe advises Bob, who writes to the customer
    await zoe.agent.send_to_agents(CHAT, "Offer a refund.")
    await bob.agent.perform(CHAT, {"operationName": "SendMessage", "text": "We refund it."})

    written = [
        new_messages(CHAT, message(5, "Text", consultant, "Agents", text="Offer a refund.")),
        new_messages(CHAT, message(6, "Text", BOB, text="We refund it.")),
    ]
    assert written == await bob.hears(2)
    assert written == await zoe.hears(2)
    await eva.until(lambda: len(eva.found) == len(BEGINNING) + 1)

    # Bob leaves: Zoe is the chat's agent now, whom the customer comes to see
    await bob.agent.leave(CHAT)

    assert [state_change("StatusChange", CHAT, {"state": "Completed"})] == await bob.hears(1)
    alone = {"state": "Chatting", "capabilities": CHATTING, "participants": [EVA, promoted]}
    assert [
        new_messages(CHAT, message(7, "ParticipantLeft", BOB)),
        state_change("ParticipantsUpdated", CHAT, alone),
    ] == await zoe.hears(2)
    await eva.sees("Chatting", SEEN_EVA, SEEN_ZOE)

    # Zoe leaves alone: the session ends for the customer
    await zoe.agent.leave(CHAT)

    assert [
        state_change("StatusChange", CHAT, {"state": "LeftChat", "capabilities": LEFT_CHAT}, 3)
    ] == await zoe.hears(1)
    await eva.sees("Idle")
    await finishes(zoe, 4)
    assert [
        *BEGINNING,
        seen_message(4, "Text", SEEN_BOB, text="We refund it."),
        seen_message(5, "ParticipantLeft", SEEN_BOB),
        seen_message(6, "ParticipantJoined", SEEN_ZOE),
        seen_message(7, "ParticipantLeft", SEEN_ZOE),
    ] == eva.found
    assert [
        ("WaitingForAgent", [SEEN_EVA]),
        ("Chatting", [SEEN_EVA, SEEN_BOB]),
        ("Chatting", [SEEN_EVA, SEEN_ZOE]),
        ("Idle", []),
    ] == eva.chats


@pytest.mark.decided
async def test_the_conversation_in_which_the_customer_leaves_first(begun):
    eva, bob, zoe = begun
    eyes = await joined(bob, zoe, bob.agent.invite, 4)
    await eva.sees("Chatting", SEEN_EVA, SEEN_BOB, SEEN_ZOE)

    # Eva goes: the agents stay, without her
    await eva.client.complete()

    among_themselves = {
        "state": "Chatting",
        "capabilities": CHATTING_WITH_AGENTS,
        "participants": [BOB, eyes],
    }
    gone = [
        new_messages(CHAT, message(5, "ParticipantLeft", EVA)),
        state_change("ParticipantsUpdated", CHAT, among_themselves),
    ]
    assert gone == await bob.hears(2)
    assert gone == await zoe.hears(2)
    await eva.sees("Idle")

    # Bob leaves, then Zoe; nothing of that is for the customer
    await bob.agent.leave(CHAT)
    await zoe.agent.leave(CHAT)

    assert [state_change("StatusChange", CHAT, {"state": "Completed"})] == await bob.hears(1)
    alone = {"state": "Chatting", "capabilities": CHATTING, "participants": [eyes]}
    assert [
        new_messages(CHAT, message(6, "ParticipantLeft", BOB)),
        state_change("ParticipantsUpdated", CHAT, alone),
        state_change("StatusChange", CHAT, {"state": "LeftChat", "capabilities": LEFT_CHAT}, 2),
    ] == await zoe.hears(3)
    await finishes(zoe, 3)
    assert [
        *BEGINNING,
        seen_message(4, "ParticipantJoined", SEEN_ZOE),
        seen_message(5, "ParticipantLeft", SEEN_EVA),
    ] == eva.found
