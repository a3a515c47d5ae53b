"""Leave: an agent leaves a chat.

The vendor's page: alone, this ends the chat for the customer, and the agent may still update user
data and set the disposition; in a conference or consultation the session stays open for the
customer. What the page leaves open is marked as decided.
"""

from handlers.domain.agent import Agent
from handlers.domain.capabilities import Capability, State
from handlers.domain.chat import Chat, MessageType, Seat, Text, Visibility
from handlers.domain.errors import OperationNotAllowed
from handlers.domain.events import (
    Event,
    MessagesWritten,
    StatusChanged,
    participants_changed,
    status_changed,
)


def leave(chat: Chat, agent: Agent, farewell: Text | None) -> list[Event]:
    """Make the agent leave, after saying `farewell` if there is one.

    Returns what happened, in the order in which the agents are to be told.
    Raises `OperationNotAllowed` when Leave is not open to the agent, or nobody is there to read
    the farewell.
    """
    chat.require(agent, Capability.LEAVE)
    if farewell is not None:
        _require_a_reader(chat, agent)
    reference_id = agent.accept_operation()
    if chat.seat_of(agent).state is State.LEFT_CHAT:  # decided: the page lists Leave there, so it is harmless
        return [status_changed(chat, agent, reference_id)]
    said = _say(chat, agent, farewell) if farewell else []
    if chat.others_chatting(agent):
        return said + _leave_to_the_others(chat, agent)
    return said + _leave_alone(chat, agent, reference_id)


def _require_a_reader(chat: Chat, agent: Agent) -> None:
    """Decided: with nobody there to read it, a text is refused rather than lost."""
    others = chat.others_chatting(agent)
    if chat.seat_of(agent).state is State.LEFT_CHAT or (chat.customer is None and not others):
        raise OperationNotAllowed("text: nobody is left in the chat to read it, leave without text")


def _say(chat: Chat, agent: Agent, farewell: Text) -> list[Event]:
    """The farewell stands in the transcript before the leaving does, so that it is still read."""
    sender = chat.seat_of(agent).participant
    message = chat.write(MessageType.TEXT, sender, sender.visibility, farewell)
    return [MessagesWritten(seat.agent, chat.id, (message,)) for seat in chat.seats_in(State.CHATTING)]


def _leave_alone(chat: Chat, agent: Agent, reference_id: int) -> list[Event]:
    """Documented: the customer's session ends, the agent's chat stays for after-work.

    Decided: an invitation nobody has answered is withdrawn, since there is nothing to join.
    """
    seat = chat.seat_of(agent)
    chat.write(MessageType.PARTICIPANT_LEFT, seat.participant, Visibility.ALL)
    chat.end_customer_session()
    seat.state = State.LEFT_CHAT
    left: list[Event] = [status_changed(chat, agent, reference_id)]
    return left + [_revoke(chat, invited) for invited in chat.seats_in(State.INVITED)]


def _leave_to_the_others(chat: Chat, agent: Agent) -> list[Event]:
    """Documented: the agent's chat is completed, for the others and the customer it goes on."""
    leaver = chat.seat_of(agent).participant
    chat.give_up_seat(agent)
    message = chat.write(MessageType.PARTICIPANT_LEFT, leaver, leaver.visibility)
    staying = chat.seats_in(State.CHATTING)
    if all(seat.is_consultant for seat in staying):
        _promote(staying[0])
    told: list[Event] = [StatusChanged(agent, chat.id, State.COMPLETED)]
    for seat in staying:
        told += [
            MessagesWritten(seat.agent, chat.id, (message,)),
            participants_changed(chat, seat.agent),
        ]
    return told


def _promote(consultant: Seat) -> None:
    """Decided: the customer must not be left with an agent nobody sees."""
    consultant.is_consultant = False


def _revoke(chat: Chat, invited: Seat) -> StatusChanged:
    chat.give_up_seat(invited.agent)
    return StatusChanged(invited.agent, chat.id, State.REVOKED)
