"""Routing: invites agents who are Ready to waiting chats, and ends invitations that are not accepted."""

from dataclasses import replace

from gws_chat.domain.agent import Agent
from gws_chat.domain.capabilities import State
from gws_chat.domain.chat import Chat, ContactCenter
from gws_chat.domain.events import Event, StatusChanged, invitation_rejected, status_changed
from gws_chat.domain.participation import Participation, SentInvitation


def invite_next_agent(chat: Chat) -> list[Event]:
    """Invite the next agent, see `ContactCenter.next_agent`. If there is none, let the chat wait."""
    agent = chat.center.next_agent(chat)
    if agent is None:
        chat.center.waiting_chats[chat.id] = chat
        return []
    chat.center.waiting_chats.pop(chat.id, None)
    return [invite_agent(chat, agent)]


def serve_waiting_chats(center: ContactCenter, agent: Agent) -> list[Event]:
    """If the agent is available, count that it became so, and route all waiting chats.

    Because of the count, chats that the agent declined are offered to it again (assumed).
    """
    if agent not in center.available_agents:
        return []
    agent.availability_count += 1
    waiting_chats = list(center.waiting_chats.values())
    return [event for chat in waiting_chats for event in invite_next_agent(chat)]


def invite_agent(
    chat: Chat, agent: Agent, *, as_consultant: bool = False, sent_invitation: SentInvitation | None = None
) -> Event:
    """Add the agent to the chat in state Invited."""
    participation = chat.add_agent(agent, State.INVITED, as_consultant=as_consultant, sent_invitation=sent_invitation)
    return invited(chat, participation)


def invited(chat: Chat, participation: Participation) -> Event:
    """Return the event for an agent who has just been invited."""
    current, timeout = status_changed(chat, participation.agent, None), chat.center.invitation_timeout
    return replace(current, user_data=chat.user_data, received_at=chat.received_at, expires_in=timeout)


def expire_invitation(chat: Chat, participation: Participation) -> list[Event]:
    """Revoke the invitation, unless the agent has answered it or `participation` is of an earlier invitation."""
    agent = participation.agent
    if chat.participations.get(agent.id) is not participation or participation.state is not State.INVITED:
        return []
    return end_invitation(chat, agent, StatusChanged(agent, chat.id, State.REVOKED))


def end_invitation(chat: Chat, agent: Agent, event: StatusChanged) -> list[Event]:
    """Remove an invited agent who did not accept. `event` is the event for that agent.

    Documented: a chat without agents is routed to the next agent.
    Assumed: an agent who sent the invitation receives InvitationRejected.
    """
    sent = chat.participation_of(agent).sent_invitation
    chat.remove_agent(agent)
    events: list[Event] = [event]
    if sent is not None:
        if sent.agent in [each.agent for each in chat.participations_in(State.CHATTING)]:
            events.append(invitation_rejected(chat, sent))
    elif agent in chat.center.available_agents:
        # An agent who has ended its session or is not Ready is not recorded: it may be invited after its return.
        chat.declined_by[agent] = agent.availability_count
    if chat.customer is not None and not chat.participations:
        events += invite_next_agent(chat)
    return events
