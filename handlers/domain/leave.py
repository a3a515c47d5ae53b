"""Leave: an agent leaves a chat.

The vendor's page: alone, this ends the chat for the customer, and the agent may still update user
data and set the disposition; in a conference or consultation the session stays open for the
customer. What the page leaves open is marked as decided.
"""

from handlers.domain.agent import Agent
from handlers.domain.capabilities import Capability, State
from handlers.domain.chat import Chat, MessageType, Text, Visibility
from handlers.domain.departure import depart, require_a_reader, say, withdraw_invitations
from handlers.domain.events import Event, StatusChanged, status_changed


def leave(chat: Chat, agent: Agent, farewell: Text | None) -> list[Event]:
    """Make the agent leave, after saying `farewell` if there is one.

    Returns what happened, in the order in which the agents are to be told.
    Raises `OperationNotAllowed` when Leave is not open to the agent, or nobody is there to read
    the farewell.
    """
    chat.require(agent, Capability.LEAVE)
    require_a_reader(chat, agent, farewell)
    reference_id = agent.accept_operation()
    if chat.seat_of(agent).state is State.LEFT_CHAT:  # decided: the page lists Leave there, so it is harmless
        return [status_changed(chat, agent, reference_id)]
    said = say(chat, agent, farewell)
    if chat.others_chatting(agent):
        return said + _leave_to_the_others(chat, agent)
    return said + _leave_alone(chat, agent, reference_id)


def _leave_alone(chat: Chat, agent: Agent, reference_id: int) -> list[Event]:
    """Documented: the customer's session ends, the agent's chat stays for after-work."""
    seat = chat.seat_of(agent)
    chat.write(MessageType.PARTICIPANT_LEFT, seat.participant, Visibility.ALL)
    chat.end_customer_session()
    seat.state = State.LEFT_CHAT
    return [status_changed(chat, agent, reference_id), *withdraw_invitations(chat)]


def _leave_to_the_others(chat: Chat, agent: Agent) -> list[Event]:
    """Documented: the agent's chat is completed, for the others and the customer it goes on."""
    return [StatusChanged(agent, chat.id, State.COMPLETED), *depart(chat, agent)]
