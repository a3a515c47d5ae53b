"""Complete: an agent is done with a chat. The vendor's page: it also ends the customer's session."""

from dataclasses import dataclass

from handlers.domain.agent import Agent
from handlers.domain.capabilities import Capability, State
from handlers.domain.chat import Chat, MessageType, Text, Visibility
from handlers.domain.departure import depart, require_a_reader, say, withdraw_invitations
from handlers.domain.events import Event, StatusChanged
from handlers.domain.routing import serve


@dataclass(frozen=True, slots=True)
class Completion:
    """The last words, and the queue the chat is filed under."""

    last_words: Text | None = None
    queue: str | None = None


def complete(chat: Chat, agent: Agent, completion: Completion) -> list[Event]:
    """Make the agent's chat Completed.

    Decided: in a conference or consultation the others go on, as after Leave. A queue must exist, and
    is only a place to file the chat in: nobody is asked in.
    Raises `OperationNotAllowed`, `TargetNotFound`.
    """
    chat.require(agent, Capability.COMPLETE)
    require_a_reader(chat, agent, completion.last_words)
    if completion.queue is not None:
        chat.center.agents_in(completion.queue)
    agent.accept_operation()
    said = say(chat, agent, completion.last_words)
    completed = StatusChanged(agent, chat.id, State.COMPLETED)
    if chat.others_chatting(agent):
        return [*said, completed, *depart(chat, agent)]
    seat = chat.seat_of(agent)
    if seat.state is State.CHATTING:
        chat.write(MessageType.PARTICIPANT_LEFT, seat.participant, Visibility.ALL)
    chat.end_customer_session()
    chat.give_up_seat(agent)
    return [*said, completed, *withdraw_invitations(chat), *serve(chat.center, agent)]
