"""`/simulation`: what a test may do to the stand-in; the original has nothing of the kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import customers, wire
from handlers.chats import perform_chat_operation
from handlers.domain.customer import view_of

if TYPE_CHECKING:
    from handlers.domain.repository import ChatRepository
    from handlers.identity import Identity
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
    read_parameters, perform = customers.OPERATIONS[wire.operation_name(body)]
    view = view_of(chats.find(id_))
    chats.add(view)
    events = perform(view, read_parameters(body))
    notifier.tell(events)
    return wire.success()


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


def move_clock(body: wire.JSON, *, simulator: Simulator) -> wire.JSON:
    simulator.advance(wire.seconds(body))
    return wire.success()
