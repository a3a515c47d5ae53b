"""`/api/v2/chats`: the customers' door, and a chat by the `uri` that its agents are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import wire
from handlers.domain import customer
from handlers.domain.agent import Agent
from handlers.domain.capabilities import Capability
from handlers.domain.customer import Customer

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from handlers.domain.contact_center import ContactCenter
    from handlers.domain.customer_view import CustomerView
    from handlers.domain.events import Event
    from handlers.domain.repository import ChatRepository
    from handlers.notifier import Notifier

OPERATIONS: dict[str, tuple[Callable[[wire.JSON], Any], Callable[[CustomerView, Any], list[Event]]]] = {
    "SendMessage": (wire.text, customer.send_message),
    "SendStartTypingNotification": (
        wire.nothing,
        customer.typing_notification(Capability.SEND_START_TYPING_NOTIFICATION),
    ),
    "SendStopTypingNotification": (
        wire.nothing,
        customer.typing_notification(Capability.SEND_STOP_TYPING_NOTIFICATION),
    ),
    "Complete": (wire.nothing, customer.complete),
}
"""By `operationName`: what reads its parameters, and the rule that performs it."""


def request_chat(
    body: wire.JSON, *, center: ContactCenter, chats: ChatRepository, notifier: Notifier
) -> wire.JSON:
    view, events = customer.request_chat(center, wire.chat_request(body))
    chats.add(view)
    notifier.tell(events)
    return wire.requested(view)


def perform_customer_operation(
    id_: str, body: wire.JSON, *, chats: ChatRepository, notifier: Notifier
) -> wire.JSON:
    read_parameters, perform = OPERATIONS[wire.operation_name(body)]
    view = chats.seen_by_customer(id_)
    events = perform(view, read_parameters(body))
    notifier.tell(events)
    return wire.success()


def get_chat_by_uri(
    id_: str, user: Agent | Customer, external_url: str, *, chats: ChatRepository
) -> wire.JSON:
    return SHOWN_TO[type(user)](id_, user, external_url, chats)


def list_customer_messages(id_: str, index: int = 1, *, chats: ChatRepository) -> wire.JSON:
    return wire.customer_messages(chats.seen_by_customer(id_), index)


def _show_to_agent(id_: str, user: Agent, external_url: str, chats: ChatRepository) -> wire.JSON:
    return wire.chat(chats.chat_of(user, id_), user, external_url)


def _show_to_customer(id_: str, _: Customer, __: str, chats: ChatRepository) -> wire.JSON:
    return wire.customer_chat(chats.seen_by_customer(id_))


SHOWN_TO: dict[type, Callable[..., wire.JSON]] = {Agent: _show_to_agent, Customer: _show_to_customer}
"""By who asks: an id of the one kind finds nothing for the other."""
