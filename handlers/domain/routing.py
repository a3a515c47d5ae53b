"""Routing: who is asked in where a customer has nobody, and how an invitation ends that is not accepted."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from handlers.domain.capabilities import State
from handlers.domain.events import Deadline, StatusChanged, invitation_rejected

if TYPE_CHECKING:
    from handlers.domain.agent import Agent
    from handlers.domain.chat import Chat, Invitation, Seat
    from handlers.domain.contact_center import ContactCenter
    from handlers.domain.events import Event


def offer(chat: Chat) -> list[Event]:
    """Invite the longest idle agent. With nobody there the customer waits for `serve`."""
    agent = chat.center.longest_idle(chat)
    if agent is None:
        chat.center.waiting[chat.id] = chat
        return []
    chat.center.waiting.pop(chat.id, None)
    return [ask_in(chat, agent)]


def serve(center: ContactCenter, agent: Agent) -> list[Event]:
    """Offer what waits to an agent who has become free, also what it turned down before (decided)."""
    if agent not in center.line:
        return []
    agent.times_free += 1
    return [event for chat in list(center.waiting.values()) for event in offer(chat)]


def ask_in(
    chat: Chat, agent: Agent, *, as_consultant: bool = False, invitation: Invitation | None = None
) -> Event:
    """Invite an agent, for as long as an invitation may stay unanswered."""
    return invited(
        chat, chat.take_seat(agent, State.INVITED, as_consultant=as_consultant, invitation=invitation)
    )


def invited(chat: Chat, seat: Seat) -> Event:
    """The event of an agent who has been invited just now."""
    seconds = chat.center.invitation_timeout
    deadline = None if seconds is None else Deadline(seconds, partial(expire, chat, seat))
    return StatusChanged(
        seat.agent, chat.id, State.INVITED, chat.capabilities_of(seat.agent), deadline=deadline
    )


def expire(chat: Chat, seat: Seat) -> list[Event]:
    """Revoke an invitation that is still unanswered."""
    if chat.seats.get(seat.agent.id) is not seat or seat.state is not State.INVITED:
        return []
    return turn_down(chat, StatusChanged(seat.agent, chat.id, State.REVOKED))


def turn_down(chat: Chat, ended: StatusChanged) -> list[Event]:
    """End an invitation, as `ended` tells whom it was for.

    Decided: an agent who invited is told that this did not succeed, by the vendor's notification for that.
    Documented: a chat in which nobody else is goes to another agent.
    """
    agent = ended.agent
    invitation = chat.seat_of(agent).invitation
    chat.give_up_seat(agent)
    told: list[Event] = [ended]
    if invitation is not None:
        if invitation.agent in [seat.agent for seat in chat.seats_in(State.CHATTING)]:
            told.append(invitation_rejected(chat, invitation))
    elif agent in chat.center.line:  # who has gone may be asked again when it comes back
        chat.turned_down[agent] = agent.times_free
    if chat.customer is not None and not chat.seats:
        told += offer(chat)
    return told
