"""`/simulation`: what a test may do to the stand-in; the original has nothing of the kind."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from handlers import wire
from handlers.chats import perform_chat_operation
from handlers.customers import perform_customer_operation
from handlers.domain.customer import view_of
from handlers.faults import Fault
from handlers.journal import Wanted

if TYPE_CHECKING:
    from handlers.domain.repository import ChatRepository
    from handlers.faults import Faults
    from handlers.identity import Identity
    from handlers.journal import Journal
    from handlers.notifier import Notifier
    from handlers.simulator import Simulator


def reset(body: wire.JSON, *, simulator: Simulator) -> wire.JSON:
    simulator.reset(wire.seed(body), keeps_sessions=wire.keeps_sessions(body))
    return wire.success()


def create_chat(body: wire.JSON, *, notifier: Notifier, simulator: Simulator) -> wire.JSON:
    view, events = simulator.create_chat(wire.new_chat(body))
    notifier.tell(events)
    return wire.chat_made(view)


def act_as_customer(id_: str, body: wire.JSON, *, chats: ChatRepository, notifier: Notifier) -> wire.JSON:
    view = view_of(chats.find(id_))
    chats.add(view)
    return perform_customer_operation(view.id, body, chats=chats, notifier=notifier)


def act_as_agent(
    id_: str,
    user_name: str,
    body: wire.JSON,
    *,
    chats: ChatRepository,
    identity: Identity,
    notifier: Notifier,
) -> wire.JSON:
    agent = identity.by_name(user_name)
    return perform_chat_operation(id_, body, agent, chats=chats, notifier=notifier)


def add_fault(body: wire.JSON, *, faults: Faults) -> wire.JSON:
    faults.add(Fault(**wire.fault(body)))
    return wire.success()


def clear_faults(*, faults: Faults) -> wire.JSON:
    faults.clear()
    return wire.success()


def forget_sessions(body: wire.JSON, *, simulator: Simulator) -> wire.JSON:
    simulator.forget_sessions(wire.user_name(body))
    return wire.success()


async def read_journal(  # noqa: PLR0913 - the document's parameters
    external_url: str,
    after: int = 0,
    agent: str | None = None,
    chat: str | None = None,
    kind: str | None = None,
    state: str | None = None,
    sessions: int = 0,
    timeout: int = 0,  # noqa: ASYNC109 - the document's parameter
    *,
    journal: Journal,
) -> bytes:
    """Answer when something matches, or the time is up; the answer is JSON in UTF-8 already."""
    entries = await journal.matching(Wanted(after, agent, chat, kind, state, sessions), timeout / 1000)
    document_of = partial(journal.document_of, external_url=external_url)
    return json.dumps(wire.journal(entries, journal.position, document_of)).encode()


def move_clock(body: wire.JSON, *, simulator: Simulator) -> wire.JSON:
    simulator.advance(wire.seconds(body))
    return wire.success()
