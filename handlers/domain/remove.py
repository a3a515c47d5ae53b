"""RemoveParticipantFromConference: an agent sends another out."""

from dataclasses import dataclass

from handlers.domain.agent import Agent
from handlers.domain.capabilities import Capability, State
from handlers.domain.chat import Chat, MessageType, Text, Visibility
from handlers.domain.departure import depart, require_a_reader, say
from handlers.domain.errors import TargetNotFound
from handlers.domain.events import Event, StatusChanged, messages_written


@dataclass(frozen=True, slots=True)
class Removal:
    """Who is to go, by path, and what is said before."""

    path: str
    words: Text | None = None


def remove_participant(chat: Chat, agent: Agent, removal: Removal) -> list[Event]:
    """Send another agent out of the conference or consultation; its chat is Completed.

    Documented: the agents are first told by a Notice that names who is removed.
    Raises `OperationNotAllowed`, `TargetNotFound` if nobody else in the conference is at that path.
    """
    chat.require(agent, Capability.REMOVE_PARTICIPANT_FROM_CONFERENCE)
    removed = chat.center.agent_at(removal.path)
    if removed not in [seat.agent for seat in chat.others_chatting(agent)]:
        raise TargetNotFound(f"target: {removed.user_name} is not another agent of this conference")
    require_a_reader(chat, agent, removal.words)
    agent.accept_operation()
    said = say(chat, agent, removal.words)
    notice = chat.write(
        MessageType.NOTICE,
        chat.seat_of(agent).participant,
        Visibility.AGENTS,
        Text(f"REMOVE_PARTICIPANT_FROM_CONFERENCE{removed.id}"),
    )
    noticed = messages_written(chat, notice)
    return [*said, *noticed, StatusChanged(removed, chat.id, State.COMPLETED), *depart(chat, removed)]
