"""Routing: invites agents who are Ready to waiting chats, and ends invitations that are not accepted."""

from collections.abc import Collection
from dataclasses import replace

from gws_chat.domain.agent import Agent, ReadyState
from gws_chat.domain.capabilities import State
from gws_chat.domain.chat import Chat, ContactCenter
from gws_chat.domain.errors import MAX_VALUE_LENGTH, ChannelNotFound, FeatureRequired, OperationNotAllowed
from gws_chat.domain.events import Event, ReadyStatesSet, StatusChanged, invitation_rejected, status_changed
from gws_chat.domain.participation import Participation, SentInvitation


def invite_longest_idle_agent(chat: Chat) -> list[Event]:
    """Invite the agent who has been idle longest; if there is none, let the chat wait."""
    agent = chat.center.longest_idle_agent(chat)
    if agent is None:
        chat.center.waiting_chats[chat.id] = chat
        return []
    chat.center.waiting_chats.pop(chat.id, None)
    return [invite_agent(chat, agent)]


def serve_waiting_chats(center: ContactCenter, agent: Agent) -> list[Event]:
    """Count that the agent became available, and route the waiting chats. Do nothing if the agent is unavailable.

    Because of the count, chats that the agent declined are offered to it again (assumed).
    """
    if agent not in center.available_agents:
        return []
    agent.availability_count += 1
    waiting_chats = list(center.waiting_chats.values())
    return [event for chat in waiting_chats for event in invite_longest_idle_agent(chat)]


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
        events += invite_longest_idle_agent(chat)
    return events


def start_contact_center_session(center: ContactCenter, agent: Agent, channels: Collection[str]) -> list[Event]:
    """Start a session with those channels that the account can have, in the state that the scenario says.

    Without the channel chat, the agent's invitations are revoked. Assumed: if the agent is available
    already, its idle time starts again.

    Raises `FeatureRequired` if the account can have none of the channels (documented: an error of one of them).
    """
    obstacles = {each: agent.obstacle_to(each) for each in channels}
    possible = [channel for channel, obstacle in obstacles.items() if obstacle is None]
    if obstacles and not possible:
        raise FeatureRequired(next(iter(obstacles.values())))
    events = [] if "chat" in possible else end_contact_center_session(center, agent)
    agent.ready_states = dict.fromkeys(possible, center.session_state)
    return events + _update_availability(center, agent)


def set_ready_state(center: ContactCenter, agent: Agent, state: ReadyState, channel: str | None = None) -> list[Event]:
    """Set the state of one channel of the session, or of all.

    Documented: an agent is invited only while Ready on the channel chat. Assumed: its open invitations stay
    open, and if chat stays Ready, its idle time continues.

    Raises `OperationNotAllowed` without a session, and `ChannelNotFound` (both assumed).
    """
    earlier = agent.ready_states
    if not earlier:
        raise OperationNotAllowed(f"operationName: {state} is not allowed without a contact-center session")
    if channel is not None and channel not in earlier:
        raise ChannelNotFound(
            f"channel: must be a channel of your session, {' or '.join(earlier)}, got {channel[:MAX_VALUE_LENGTH]!r}"
        )
    changed = dict.fromkeys(earlier if channel is None else [channel], state)
    agent.ready_states = earlier | changed
    is_same = agent.ready_states.get("chat") is earlier.get("chat")
    return [ReadyStatesSet(agent, changed), *([] if is_same else _update_availability(center, agent))]


def end_contact_center_session(center: ContactCenter, agent: Agent) -> list[Event]:
    """Make the agent unavailable. Assumed: its invitations are revoked, and their chats routed to others."""
    agent.ready_states = {}
    center.make_unavailable(agent)
    events: list[Event] = []
    for chat in center.chats_of(agent):
        if chat.participation_of(agent).state is State.INVITED:
            events += end_invitation(chat, agent, StatusChanged(agent, chat.id, State.REVOKED))
    return events


def _update_availability(center: ContactCenter, agent: Agent) -> list[Event]:
    """Make the agent available if it is Ready on the channel chat, or else unavailable. Route the waiting chats."""
    if agent.is_ready_for_chats:
        center.make_available(agent)
    else:
        center.make_unavailable(agent)
    return serve_waiting_chats(center, agent)
