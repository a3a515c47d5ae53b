"""Leave: an agent leaves a chat.

Documented: if no other agent is in the chat, the customer's session ends and the agent keeps the chat for
after-call work (LeftChat). In a conference or consultation the chat continues without the agent (Completed).
"""

from gws_chat.domain.agent import Agent
from gws_chat.domain.capabilities import Capability, State
from gws_chat.domain.chat import Chat
from gws_chat.domain.departure import remove_from_chat, require_reader, revoke_invitations, say_farewell
from gws_chat.domain.events import Event, StatusChanged, status_changed
from gws_chat.domain.transcript import MessageText, MessageType, Visibility


def leave(chat: Chat, agent: Agent, farewell: MessageText | None) -> list[Event]:
    """Let the agent leave the chat, and return the events in delivery order.

    The farewell is added to the transcript before the departure, so that the customer still reads it.

    Raises:
        OperationNotAllowed: Leave is not among the agent's current capabilities, or nobody can read the farewell.
    """
    chat.require(agent, Capability.LEAVE)
    require_reader(chat, agent, farewell)
    reference_id = agent.next_reference_id()
    if chat.participation_of(agent).state is State.LEFT_CHAT:
        # Assumed: the Leave page lists Leave among LeftChat's capabilities, so repeating it is harmless.
        return [status_changed(chat, agent, reference_id)]
    events = say_farewell(chat, agent, farewell)
    if chat.others_chatting(agent):
        return events + leave_conference(chat, agent)
    return events + leave_alone(chat, agent, reference_id)


def leave_conference(chat: Chat, agent: Agent) -> list[Event]:
    """Complete the chat for the agent; other agents are in it. They and the customer continue (documented)."""
    return [StatusChanged(agent, chat.id, State.COMPLETED), *remove_from_chat(chat, agent)]


def leave_alone(chat: Chat, agent: Agent, reference_id: int) -> list[Event]:
    """End the customer's session; no other agent is in the chat. The agent keeps it as LeftChat (documented)."""
    participation = chat.participation_of(agent)
    chat.add_message(MessageType.PARTICIPANT_LEFT, participation.participant, Visibility.ALL)
    chat.end_customer_session()
    participation.state = State.LEFT_CHAT
    return [status_changed(chat, agent, reference_id), *revoke_invitations(chat)]
