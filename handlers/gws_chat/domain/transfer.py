"""Transfer: an agent hands a chat, or its after-call work, to another agent."""

from gws_chat.domain.agent import Agent
from gws_chat.domain.capabilities import Capability, State
from gws_chat.domain.chat import Chat, Target
from gws_chat.domain.departure import remove_from_chat, require_reader, revoke_invitations, say_farewell
from gws_chat.domain.events import Event, StatusChanged
from gws_chat.domain.routing import invite_agent, serve_waiting_chats
from gws_chat.domain.transcript import MessageText


def transfer(chat: Chat, agent: Agent, target: Target, farewell: MessageText | None = None) -> list[Event]:
    """Complete the chat for the agent and invite the target. Raises errors of `resolve_target`.

    From LeftChat the after-call work is transferred: when the target accepts, its chat is in LeftChat. If no
    agent stays in the chat, other unanswered invitations are revoked. The vendor's Transfer page shows no
    notification, so the events are assumed.
    """
    chat.require(agent, Capability.TRANSFER)
    require_reader(chat, agent, farewell)
    successor = chat.center.resolve_target(chat, target)
    agent.next_reference_id()
    events = say_farewell(chat, agent, farewell)
    events.append(StatusChanged(agent, chat.id, State.COMPLETED))
    if chat.participation_of(agent).state is State.LEFT_CHAT:
        chat.remove_agent(agent)
        events += serve_waiting_chats(chat.center, agent)
    else:
        events += remove_from_chat(chat, agent)
    if not chat.participations_in(State.CHATTING):
        events += revoke_invitations(chat)
    return [*events, invite_agent(chat, successor)]
