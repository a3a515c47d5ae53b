"""The contact-center session of an agent, and its ready states."""

from collections.abc import Collection

from gws_chat.domain.agent import Agent, ReadyState
from gws_chat.domain.capabilities import State
from gws_chat.domain.chat import ContactCenter
from gws_chat.domain.errors import ChannelNotFound, FeatureRequired, OperationNotAllowed, shorten
from gws_chat.domain.events import Event, ReadyStatesSet, StatusChanged
from gws_chat.domain.routing import end_invitation, serve_waiting_chats


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
            f"channel: must be a channel of your session, {' or '.join(earlier)}, got {shorten(channel)!r}"
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
