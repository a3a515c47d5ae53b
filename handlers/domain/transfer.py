"""Transfer: an agent hands a chat, or its after-work, on to another. The page shows no notification."""

from dataclasses import dataclass

from handlers.domain.agent import Agent
from handlers.domain.capabilities import Capability, State
from handlers.domain.chat import Chat, Text
from handlers.domain.contact_center import Target
from handlers.domain.departure import depart, require_a_reader, say, withdraw_invitations
from handlers.domain.events import Event, StatusChanged
from handlers.domain.routing import ask_in, serve


@dataclass(frozen=True, slots=True)
class Handover:
    """Whom the chat goes to, and the last words."""

    target: Target
    last_words: Text | None = None


def transfer(chat: Chat, agent: Agent, handover: Handover) -> list[Event]:
    """Complete the agent's chat and invite the target (decided).

    From LeftChat it is the after-work that goes on: by accepting, the target's chat is LeftChat. Where
    nobody stays, other unanswered invitations are withdrawn.
    Raises `OperationNotAllowed`, `TargetNotFound`.
    """
    chat.require(agent, Capability.TRANSFER)
    require_a_reader(chat, agent, handover.last_words)
    successor = chat.center.newcomer(chat, handover.target)
    agent.accept_operation()
    said = say(chat, agent, handover.last_words)
    completed = StatusChanged(agent, chat.id, State.COMPLETED)
    if chat.seat_of(agent).state is State.LEFT_CHAT:
        chat.give_up_seat(agent)
        left = serve(chat.center, agent)
    else:
        left = depart(chat, agent)
    if not chat.seats_in(State.CHATTING):
        left += withdraw_invitations(chat)
    return [*said, completed, *left, ask_in(chat, successor)]
