"""RemoveParticipantFromConference: an agent removes another agent from a chat."""

from gws_chat.domain.agent import Agent
from gws_chat.domain.capabilities import Capability, State
from gws_chat.domain.chat import Chat
from gws_chat.domain.departure import remove_from_chat, require_reader, say_farewell
from gws_chat.domain.errors import TargetNotFound
from gws_chat.domain.events import Event, MessagesAdded, StatusChanged
from gws_chat.domain.transcript import MessageText, MessageType, Visibility


def remove_participant(chat: Chat, agent: Agent, path: str, farewell: MessageText | None = None) -> list[Event]:
    """Remove the agent with this path from a conference or consultation. The chat of that agent is Completed.

    Documented: the agents receive a Notice that names the removed agent.
    """
    chat.require(agent, Capability.REMOVE_PARTICIPANT_FROM_CONFERENCE)
    removed = chat.center.agent_at(path)
    if removed not in [other.agent for other in chat.others_chatting(agent)]:
        raise TargetNotFound(f"target: must be another agent in this conference, got {removed.user_name}")
    require_reader(chat, agent, farewell)
    agent.next_reference_id()
    events = say_farewell(chat, agent, farewell)
    sender = chat.participation_of(agent).participant
    text = MessageText(f"REMOVE_PARTICIPANT_FROM_CONFERENCE{removed.id}")
    notice = chat.add_message(MessageType.NOTICE, sender, Visibility.AGENTS, text)
    events += [MessagesAdded(removed, chat.id, (notice,)), StatusChanged(removed, chat.id, State.COMPLETED)]
    return events + remove_from_chat(chat, removed, notice)
