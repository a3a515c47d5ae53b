"""How an agent goes out of a chat, whichever operation made it go."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from handlers.domain.capabilities import State
from handlers.domain.chat import MessageType
from handlers.domain.errors import OperationNotAllowed
from handlers.domain.events import MessagesWritten, StatusChanged, messages_written, participants_changed
from handlers.domain.routing import serve

if TYPE_CHECKING:
    from handlers.domain.agent import Agent
    from handlers.domain.chat import Chat, Text
    from handlers.domain.events import Event


def require_a_reader(chat: Chat, agent: Agent, last_words: Text | None) -> None:
    """Raise `OperationNotAllowed` if a text would be lost: nobody is there to read it (decided)."""
    if last_words is not None and chat.customer is None and not chat.others_chatting(agent):
        raise OperationNotAllowed("text: nobody is left in the chat to read it, send none")


def say(chat: Chat, agent: Agent, last_words: Text | None) -> list[Event]:
    """Write the text into the transcript before the going is, so that it is still read."""
    if last_words is None:
        return []
    sender = chat.seat_of(agent).participant
    return messages_written(chat, chat.write(MessageType.TEXT, sender, sender.visibility, last_words))


def depart(chat: Chat, agent: Agent) -> list[Event]:
    """Take the agent out of the chat and tell those who stay; the agent is free for a customer who waits.

    Decided: where only consultants stay, the one longest there becomes the chat's agent, so that the
    customer is not left with somebody nobody sees. To the customer that is one who joins.
    """
    leaver = chat.seat_of(agent).participant
    chat.give_up_seat(agent)
    message = chat.write(MessageType.PARTICIPANT_LEFT, leaver, leaver.visibility)
    staying = chat.seats_in(State.CHATTING)
    if staying and all(seat.is_consultant for seat in staying):
        staying[0].is_consultant = False
        promoted = staying[0].participant
        chat.show_customer(replace(message, type=MessageType.PARTICIPANT_JOINED, sender=promoted))
    told: list[Event] = []
    for seat in staying:
        told += [
            MessagesWritten(seat.agent, chat.id, (message,)),
            participants_changed(chat, seat.agent),
        ]
    return told + serve(chat.center, agent)


def withdraw_invitations(chat: Chat) -> list[Event]:
    """Revoke what nobody has answered: there is nothing to join any more (decided)."""
    told: list[Event] = []
    for seat in chat.seats_in(State.INVITED):
        chat.give_up_seat(seat.agent)
        told += [StatusChanged(seat.agent, chat.id, State.REVOKED), *serve(chat.center, seat.agent)]
    return told
