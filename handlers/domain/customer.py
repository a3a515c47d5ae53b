"""What a customer does. The agents in the chat are told of it; the customer is told nothing, but asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from handlers.domain.capabilities import Capability, State
from handlers.domain.chat import Chat, MessageType, Visibility
from handlers.domain.conversation import TYPING
from handlers.domain.customer_view import CustomerView
from handlers.domain.departure import withdraw_invitations
from handlers.domain.errors import OperationNotAllowed
from handlers.domain.events import messages_written, participants_changed
from handlers.domain.routing import offer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from handlers.domain.chat import Participant, Text, UserDataValue
    from handlers.domain.contact_center import ContactCenter
    from handlers.domain.events import Event


@dataclass(frozen=True, slots=True)
class Customer:
    """Whoever comes by the customers' door. Which chat is whose, only the chat's id tells."""


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """Who asks for a chat, and what is attached to it from the start."""

    nickname: str
    user_data: Mapping[str, UserDataValue] = field(default_factory=dict)


def request_chat(center: ContactCenter, request: ChatRequest) -> tuple[CustomerView, list[Event]]:
    """Open a chat, and invite the longest idle agent."""
    chat = Chat(center.new_interaction_id(), center.clock(), center, user_data=dict(request.user_data))
    view = chat.customer_view = CustomerView(center.new_customer_id(), chat)
    customer = chat.welcome_customer(request.nickname)
    chat.write(MessageType.PARTICIPANT_JOINED, customer, Visibility.ALL)
    return view, offer(chat)


def view_of(chat: Chat) -> CustomerView:
    """Return the chat as its customer sees it, also where nobody has played the customer before."""
    if chat.customer_view is None:
        chat.customer_view = CustomerView(chat.center.new_customer_id(), chat)
        if chat.customer is not None:
            chat.customer_view.participant_id(chat.customer)
        for message in chat.messages:
            if message.visibility is Visibility.ALL:
                chat.customer_view.see(message)
    return chat.customer_view


def send_message(view: CustomerView, text: Text) -> list[Event]:
    """Write to the agents. Raises `OperationNotAllowed`."""
    customer, chat = _require(view, Capability.SEND_MESSAGE), view.chat
    return messages_written(chat, chat.write(MessageType.TEXT, customer, Visibility.ALL, text))


def typing_notification(capability: Capability) -> Callable[[CustomerView, None], list[Event]]:
    """Return the operation that tells that the customer begins or ends to type."""
    kind, visibility = TYPING[capability]

    def notify(view: CustomerView, _: None) -> list[Event]:
        customer, chat = _require(view, capability), view.chat
        return messages_written(chat, chat.message(kind, customer, visibility))

    return notify


def complete(view: CustomerView, _: None = None) -> list[Event]:
    """End the customer's session.

    The chat of an agent in it stays Chatting, without the customer; an invitation is withdrawn where nobody
    is in the chat (decided). Raises `OperationNotAllowed`.
    """
    customer, chat = _require(view, Capability.COMPLETE), view.chat
    left = chat.write(MessageType.PARTICIPANT_LEFT, customer, Visibility.ALL)
    chat.end_customer_session()
    chat.center.waiting.pop(chat.id, None)
    staying = chat.seats_in(State.CHATTING)
    if not staying:
        return withdraw_invitations(chat)
    told = messages_written(chat, left)
    return [*told, *(participants_changed(chat, seat.agent) for seat in staying)]


def _require(view: CustomerView, name: Capability) -> Participant:
    """Return the customer. Raises `OperationNotAllowed` unless the operation is open to it now."""
    customer, open_now = view.chat.customer, view.capabilities
    if customer is None or name not in open_now:
        raise OperationNotAllowed(
            f"operationName: {name} is not allowed while the chat is {view.state},"
            f" allowed: {', '.join(open_now) or 'nothing'}"
        )
    return customer
