"""Invite and Consult invite another agent. Accept and Reject answer an invitation.

Each function raises `OperationNotAllowed` unless the operation is among the agent's current capabilities. Invite and
Consult raise it if nobody in the target can join, and `TargetNotFound` if the target is unknown or not Ready.
"""

from dataclasses import replace

from gws_chat.domain.agent import Agent
from gws_chat.domain.capabilities import Capability, State
from gws_chat.domain.chat import Chat, Target
from gws_chat.domain.events import Event, MessagesAdded, StatusChanged, participants_changed, status_changed
from gws_chat.domain.participation import SentInvitation
from gws_chat.domain.routing import end_invitation, invite_agent
from gws_chat.domain.transcript import MessageType


def invite(chat: Chat, agent: Agent, target: Target) -> list[Event]:
    """Invite another agent to a conference. The customer sees that agent."""
    return _invite(Capability.INVITE, chat, agent, target, as_consultant=False)


def consult(chat: Chat, agent: Agent, target: Target) -> list[Event]:
    """Invite another agent as a consultant. The customer sees neither the consultant nor its messages."""
    return _invite(Capability.CONSULT, chat, agent, target, as_consultant=True)


def _invite(capability: Capability, chat: Chat, agent: Agent, target: Target, *, as_consultant: bool) -> list[Event]:
    chat.require(agent, capability)
    invitee = chat.center.resolve_target(chat, target)
    sent = SentInvitation(agent, agent.next_reference_id())
    return [invite_agent(chat, invitee, as_consultant=as_consultant, sent_invitation=sent)]


def accept(chat: Chat, agent: Agent, nickname: str | None) -> list[Event]:
    """Let the agent join the chat, under the nickname if there is one.

    The order of the events is that of the vendor's samples. Assumed: the agent who sent the invitation
    receives its `referenceId` with the participants. Assumed: if the customer's session has ended and no agent
    is in the chat, the agent gets the after-call work, in LeftChat.
    """
    chat.require(agent, Capability.ACCEPT)
    reference_id = agent.next_reference_id()
    participation = chat.participation_of(agent)
    participation.nickname = nickname or participation.nickname
    if chat.customer is None and not chat.participations_in(State.CHATTING):
        participation.state = State.LEFT_CHAT
        return [status_changed(chat, agent, reference_id)]
    chat.join(participation)
    chat.declined_by.clear()
    sender = participation.participant
    joined = chat.add_message(MessageType.PARTICIPANT_JOINED, sender, sender.visibility)
    events: list[Event] = [
        # The vendor's sample has an empty list. Clients need `user_data` (observed).
        replace(status_changed(chat, agent, reference_id), participants=(), user_data=chat.user_data),
        participants_changed(chat, agent),
        MessagesAdded(agent, chat.id, tuple(chat.messages)),
    ]
    sent = participation.sent_invitation
    for other in chat.others_chatting(agent):
        sent_id = sent.reference_id if sent and sent.agent is other.agent else None
        events += [participants_changed(chat, other.agent, sent_id), MessagesAdded(other.agent, chat.id, (joined,))]
    return events


def reject(chat: Chat, agent: Agent) -> list[Event]:
    """Decline the invitation. The event has the same fields as the sample on the vendor's Reject page."""
    chat.require(agent, Capability.REJECT)
    reference_id = agent.next_reference_id()
    completed = StatusChanged(agent, chat.id, State.COMPLETED, reference_id=reference_id, participants=())
    return end_invitation(chat, agent, completed)
