"""Complete: an agent finishes a chat."""

from gws_chat.domain.agent import Agent
from gws_chat.domain.capabilities import Capability, State
from gws_chat.domain.chat import Chat
from gws_chat.domain.departure import remove_from_chat, require_reader, revoke_invitations, say_farewell
from gws_chat.domain.events import Event, StatusChanged
from gws_chat.domain.routing import serve_waiting_chats
from gws_chat.domain.transcript import MessageText, MessageType, Visibility


def complete(chat: Chat, agent: Agent, farewell: MessageText | None = None, queue: str | None = None) -> list[Event]:
    """Complete the chat for the agent.

    If no other agent is in it, this ends the customer's session (documented); otherwise the others continue (assumed).
    `queue` is checked and otherwise ignored.
    """
    chat.require(agent, Capability.COMPLETE)
    require_reader(chat, agent, farewell)
    if queue is not None:
        chat.center.agents_in(queue)
    agent.next_reference_id()
    events = say_farewell(chat, agent, farewell)
    events.append(StatusChanged(agent, chat.id, State.COMPLETED))
    if chat.others_chatting(agent):
        return events + remove_from_chat(chat, agent)
    participation = chat.participation_of(agent)
    if participation.state is State.CHATTING:
        chat.add_message(MessageType.PARTICIPANT_LEFT, participation.participant, Visibility.ALL)
    chat.end_customer_session()
    chat.remove_agent(agent)
    return [*events, *revoke_invitations(chat), *serve_waiting_chats(chat.center, agent)]
