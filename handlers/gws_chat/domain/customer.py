"""The operations of a customer. Agents in the chat receive events; the customer polls instead.

Each operation except RequestChat raises `OperationNotAllowed` after the customer's session has ended.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from gws_chat.domain.capabilities import CUSTOMER_CAPABILITIES, Capability, CustomerState, State
from gws_chat.domain.chat import Chat, ContactCenter, UserDataValue
from gws_chat.domain.departure import revoke_invitations
from gws_chat.domain.errors import OperationNotAllowed
from gws_chat.domain.events import Event, messages_added, participants_changed
from gws_chat.domain.routing import invite_next_agent
from gws_chat.domain.transcript import CustomerTranscript, MessageText, MessageType, Participant, Visibility
from gws_chat.domain.user_data import require_small


@dataclass(frozen=True, slots=True)
class Customer:
    """Marks a request as a customer's. It has no fields, because the chat ID is the only credential."""


def request_chat(
    center: ContactCenter, nickname: str, user_data: Mapping[str, UserDataValue] | None = None
) -> tuple[Chat, CustomerTranscript, list[Event]]:
    """Create a chat with the user data, and invite the next agent, if there is one. Raises `UserDataTooLarge`."""
    user_data = dict(user_data or {})
    require_small(user_data)
    chat = Chat(center.new_chat_id(), center.now(), center, user_data=user_data)
    transcript = chat.customer_transcript = CustomerTranscript(center.new_customer_chat_id())
    customer = chat.add_customer(nickname)
    chat.add_message(MessageType.PARTICIPANT_JOINED, customer, Visibility.ALL)
    return chat, transcript, invite_next_agent(chat)


def ensure_customer_transcript(chat: Chat) -> CustomerTranscript:
    """Return the customer's transcript. If there is none, create it from the messages visible to all."""
    if chat.customer_transcript is None:
        transcript = chat.customer_transcript = CustomerTranscript(chat.center.new_customer_chat_id())
        if chat.customer is not None:
            transcript.assign_number(chat.customer)  # "1", even if an agent wrote the first message
        for message in chat.messages:
            if message.visibility is Visibility.ALL:
                transcript.add(message)
    return chat.customer_transcript


def customer_state(chat: Chat) -> CustomerState:
    if chat.customer is None:
        return CustomerState.IDLE
    return CustomerState.CHATTING if chat.participations_in(State.CHATTING) else CustomerState.WAITING_FOR_AGENT


def customer_capabilities(chat: Chat) -> tuple[Capability, ...]:
    """Return the operations that the customer can perform now, in the order of the table."""
    return CUSTOMER_CAPABILITIES[customer_state(chat)]


def customer_participants(chat: Chat) -> tuple[Participant, ...]:
    """Return the participants that the customer sees: no consultants, and nobody after the session."""
    if chat.customer is None:
        return ()
    return tuple(each for each in chat.participants if each.visibility is Visibility.ALL)


def _send(name: Capability, message_type: MessageType, chat: Chat, text: MessageText | None = None) -> list[Event]:
    customer = require_customer(chat, name)
    return messages_added(chat, chat.add_message(message_type, customer, Visibility.ALL, text))


send_message = partial(_send, Capability.SEND_MESSAGE, MessageType.TEXT)
start_typing = partial(_send, Capability.SEND_START_TYPING_NOTIFICATION, MessageType.TYPING_STARTED)
stop_typing = partial(_send, Capability.SEND_STOP_TYPING_NOTIFICATION, MessageType.TYPING_STOPPED)


def complete(chat: Chat) -> list[Event]:
    """End the customer's session.

    Assumed: the agents in the chat stay in Chatting, without the customer. If there are none, unanswered
    invitations are revoked.
    """
    customer = require_customer(chat, Capability.COMPLETE)
    left_message = chat.add_message(MessageType.PARTICIPANT_LEFT, customer, Visibility.ALL)
    chat.end_customer_session()
    chat.center.waiting_chats.pop(chat.id, None)
    staying = chat.participations_in(State.CHATTING)
    if not staying:
        return revoke_invitations(chat)
    return [*(participants_changed(chat, each.agent) for each in staying), *messages_added(chat, left_message)]


def require_customer(chat: Chat, name: Capability) -> Participant:
    """Return the customer. Raises `OperationNotAllowed` unless the customer can perform the operation now."""
    allowed = customer_capabilities(chat)
    if chat.customer is None or name not in allowed:
        raise OperationNotAllowed(
            f"operationName: {name} is not allowed while the chat is {customer_state(chat)},"
            f" allowed: {', '.join(allowed) or 'nothing'}"
        )
    return chat.customer
