"""Ready states: agents are invited only while Ready on the channel chat."""

import pytest

from gws_chat.domain.agent import ReadyState
from gws_chat.domain.capabilities import State
from gws_chat.domain.chat import Target
from gws_chat.domain.customer import request_chat
from gws_chat.domain.errors import ChannelNotFound, OperationNotAllowed, TargetNotFound
from gws_chat.domain.events import ReadyStatesSet
from gws_chat.domain.invitation import consult, invite, reject
from gws_chat.domain.session import end_contact_center_session, set_ready_state, start_contact_center_session
from gws_chat.domain.transfer import transfer
from tests.builders import expect_error, invited_event, make_center, make_chat

READY, NOT_READY, AFTER_CALL_WORK = ReadyState
CHANNELS = ["voice", "chat"]


@pytest.fixture
def first_agent(first_agent):
    first_agent.features |= {"api-voice"}
    return first_agent


@pytest.fixture
def center(first_agent):
    """Return a contact center in which the agent has a session with both channels."""
    center = make_center()
    start_contact_center_session(center, first_agent, CHANNELS)
    return center


def states(voice, chat):
    return {"voice": voice, "chat": chat}


@pytest.mark.parametrize("state", [READY, NOT_READY])
def test_session_starts_in_the_scenarios_state(state, first_agent):
    center = make_center()
    center.session_state = state

    events = start_contact_center_session(center, first_agent, CHANNELS)

    assert ([], states(state, state)) == (events, first_agent.ready_states)
    assert (state is READY) == (first_agent in center.available_agents)


@pytest.mark.documented
@pytest.mark.parametrize("state", ReadyState)
def test_state_of_all_channels_is_set(state, center, first_agent):
    events = set_ready_state(center, first_agent, state)

    assert [ReadyStatesSet(first_agent, states(state, state))] == events
    assert states(state, state) == first_agent.ready_states
    assert (state is READY) == (first_agent in center.available_agents)


@pytest.mark.documented
def test_state_of_one_channel_is_set(center, first_agent):
    events = set_ready_state(center, first_agent, NOT_READY, "voice")

    assert [ReadyStatesSet(first_agent, {"voice": NOT_READY})] == events
    assert states(NOT_READY, READY) == first_agent.ready_states
    assert [first_agent] == list(center.available_agents)


@pytest.mark.documented
@pytest.mark.parametrize("state", [NOT_READY, AFTER_CALL_WORK])
def test_agent_who_is_not_ready_is_not_invited(state, center, first_agent):
    set_ready_state(center, first_agent, state, "chat")

    chat, _, events = request_chat(center, "Ann")

    assert ([], {chat.id: chat}) == (events, center.waiting_chats)


@pytest.mark.assumed("emulator.routing")
@pytest.mark.parametrize("channel", ["chat", None])
def test_becoming_ready_serves_waiting_chats(channel, center, first_agent):
    set_ready_state(center, first_agent, NOT_READY)
    chat, _, _ = request_chat(center, "Ann")

    assert 1 == len(set_ready_state(center, first_agent, READY, "voice"))
    _, *invitations = set_ready_state(center, first_agent, READY, channel)

    assert [invited_event(first_agent, chat.id)] == invitations


@pytest.mark.assumed("emulator.routing")
def test_staying_ready_changes_no_idle_time(center, first_agent, colleague):
    start_contact_center_session(center, colleague, ["chat"])
    chat, _, _ = request_chat(center, "Ann")
    reject(chat, first_agent)
    reject(chat, colleague)
    before = list(center.available_agents)

    events = set_ready_state(center, first_agent, READY)

    assert [ReadyStatesSet(first_agent, states(READY, READY))] == events
    assert before == list(center.available_agents)


@pytest.mark.assumed("session.not-ready.invitations")
def test_open_invitations_stay_open(center, first_agent):
    chat, _, _ = request_chat(center, "Ann")

    events = set_ready_state(center, first_agent, NOT_READY)

    assert 1 == len(events)
    assert State.INVITED is chat.participation_of(first_agent).state


@pytest.mark.assumed("routing.declined")
def test_declining_while_not_ready_lets_the_chat_wait(center, first_agent):
    chat, _, _ = request_chat(center, "Ann")
    set_ready_state(center, first_agent, NOT_READY)
    reject(chat, first_agent)

    _, *invitations = set_ready_state(center, first_agent, READY)

    assert [invited_event(first_agent, chat.id)] == invitations


def transfer_to(chat, agent, target):
    return transfer(chat, agent, target)


NOT_READY_ON_CHAT = [
    pytest.param({"chat": NOT_READY, "voice": READY}, id="NotReady"),
    pytest.param({"chat": AFTER_CALL_WORK}, id="after-call work"),
    pytest.param({"voice": READY}, id="without the channel"),
    pytest.param({}, id="without a session"),
]


@pytest.mark.documented
@pytest.mark.assumed("errors.target-not-ready")
@pytest.mark.parametrize("states", NOT_READY_ON_CHAT)
@pytest.mark.parametrize("operation", [invite, consult, transfer_to])
def test_target_must_be_ready_for_chats(operation, states, first_agent, colleague):
    chat = make_chat(chatting=[colleague], queue_agents=[first_agent])
    first_agent.ready_states = states

    message = "^target: must be Ready on the channel chat, first_agent is not$"
    with expect_error(chat, first_agent, colleague, match=message, error=TargetNotFound):
        operation(chat, colleague, Target(path=first_agent.path))


@pytest.mark.documented
@pytest.mark.parametrize("states", NOT_READY_ON_CHAT)
def test_queue_skips_agents_not_ready(states, first_agent, colleague, expert):
    chat = make_chat(chatting=[colleague], queue_agents=[first_agent, expert])
    first_agent.ready_states = states

    assert [invited_event(expert)] == invite(chat, colleague, Target(queue="support"))


@pytest.mark.assumed("emulator.queues")
def test_queue_of_agents_not_ready_is_rejected(first_agent, colleague):
    chat = make_chat(chatting=[colleague], queue_agents=[first_agent])
    first_agent.ready_states = {}

    message = "^queueName: no agent can join: first_agent is not Ready on the channel chat$"
    with expect_error(chat, first_agent, colleague, match=message):
        invite(chat, colleague, Target(queue="support"))


@pytest.mark.assumed("session.end.ready")
@pytest.mark.parametrize("channel", [None, "chat"])
def test_state_needs_a_session(channel, center, first_agent):
    end_contact_center_session(center, first_agent)

    assert {} == first_agent.ready_states
    message = "^operationName: Ready is not allowed without a contact-center session$"
    with expect_error(make_chat(center=center), first_agent, match=message, error=OperationNotAllowed):
        set_ready_state(center, first_agent, READY, channel)


@pytest.mark.assumed("errors.no-session-channel")
def test_channel_must_be_one_of_the_session(center, first_agent):
    message = "^channel: must be a channel of your session, voice or chat, got 'email'$"
    with expect_error(make_chat(center=center), first_agent, match=message, error=ChannelNotFound):
        set_ready_state(center, first_agent, READY, "email")
