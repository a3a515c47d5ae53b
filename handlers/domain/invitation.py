"""Invite and Consult ask another agent in; Accept and Reject are the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.domain.capabilities import Capability, State
from handlers.domain.chat import Invitation, MessageType
from handlers.domain.events import MessagesWritten, StatusChanged, participants_changed, status_changed
from handlers.domain.routing import ask_in, turn_down

if TYPE_CHECKING:
    from handlers.domain.agent import Agent
    from handlers.domain.chat import Chat
    from handlers.domain.contact_center import Target
    from handlers.domain.events import Event


def invite(chat: Chat, agent: Agent, target: Target) -> list[Event]:
    """Ask another agent into a conference; the customer will see it.

    Raises `OperationNotAllowed`, `TargetNotFound`.
    """
    chat.require(agent, Capability.INVITE)
    return _invited(chat, agent, target, as_consultant=False)


def consult(chat: Chat, agent: Agent, target: Target) -> list[Event]:
    """Ask another agent for advice; the customer sees neither it nor its messages.

    Raises `OperationNotAllowed`, `TargetNotFound`.
    """
    chat.require(agent, Capability.CONSULT)
    return _invited(chat, agent, target, as_consultant=True)


def _invited(chat: Chat, agent: Agent, target: Target, *, as_consultant: bool) -> list[Event]:
    newcomer = chat.center.newcomer(chat, target)
    invitation = Invitation(agent, agent.accept_operation())
    return [ask_in(chat, newcomer, as_consultant=as_consultant, invitation=invitation)]


def accept(chat: Chat, agent: Agent, nickname: str | None) -> list[Event]:
    """Let the agent join, under `nickname` if there is one.

    The events come in the order of the vendor's samples: the agent's own state, with no participants
    yet, then these, then the whole history; the others are told of the participants, then of the
    joining. Who invited has the `referenceId` of that invitation in it (decided).
    Decided: where the session is over, there is nothing to join but after-work, in LeftChat.
    Raises `OperationNotAllowed`.
    """
    chat.require(agent, Capability.ACCEPT)
    reference_id = agent.accept_operation()
    seat = chat.seat_of(agent)
    seat.nickname = nickname or seat.nickname
    if chat.is_over:
        seat.state = State.LEFT_CHAT
        return [status_changed(chat, agent, reference_id)]
    chat.join(seat)
    chat.turned_down.clear()
    joined = chat.write(MessageType.PARTICIPANT_JOINED, seat.participant, seat.participant.visibility)
    told: list[Event] = [
        StatusChanged(agent, chat.id, seat.state, chat.capabilities_of(agent), reference_id, participants=()),
        participants_changed(chat, agent),
        MessagesWritten(agent, chat.id, tuple(chat.messages)),
    ]
    for other in chat.others_chatting(agent):
        invited = seat.invitation is not None and seat.invitation.agent is other.agent
        cause = seat.invitation.reference_id if seat.invitation and invited else None
        told += [
            participants_changed(chat, other.agent, cause),
            MessagesWritten(other.agent, chat.id, (joined,)),
        ]
    return told


def reject(chat: Chat, agent: Agent, _: None = None) -> list[Event]:
    """Let the agent stay out: its chat is Completed, with the members of the page's sample.

    Raises `OperationNotAllowed`.
    """
    chat.require(agent, Capability.REJECT)
    reference_id = agent.accept_operation()
    return turn_down(
        chat, StatusChanged(agent, chat.id, State.COMPLETED, None, reference_id, participants=())
    )
