"""The contact-centre session of an agent: whether customers' chats are offered to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.domain.capabilities import State
from handlers.domain.events import StatusChanged
from handlers.domain.routing import serve, turn_down

if TYPE_CHECKING:
    from collections.abc import Collection

    from handlers.domain.agent import Agent
    from handlers.domain.contact_center import ContactCenter
    from handlers.domain.events import Event

CHAT_CHANNEL = "chat"


def start_session(center: ContactCenter, agent: Agent, channels: Collection[str]) -> list[Event]:
    """Make the agent available on these channels, and on no others any more.

    Decided: who starts anew counts as having been idle for the shortest time.
    """
    if CHAT_CHANNEL not in channels:
        return end_session(center, agent)
    center.leave_line(agent)
    center.enter_line(agent)
    return serve(center, agent)


def end_session(center: ContactCenter, agent: Agent, _: Collection[str] = ()) -> list[Event]:
    """Make the agent unavailable. Decided: what it has not answered is Revoked, and goes to the next."""
    center.leave_line(agent)
    invited = [chat for chat in agent.chats.values() if chat.seat_of(agent).state is State.INVITED]
    return [
        event for chat in invited for event in turn_down(chat, StatusChanged(agent, chat.id, State.REVOKED))
    ]
