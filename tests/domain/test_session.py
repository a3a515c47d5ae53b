"""Contact center sessions: start and end an agent's availability."""

import pytest

from gws_chat.domain.capabilities import State
from gws_chat.domain.customer import request_chat
from gws_chat.domain.errors import FeatureRequired
from gws_chat.domain.events import StatusChanged
from gws_chat.domain.invitation import reject
from gws_chat.domain.session import end_contact_center_session, start_contact_center_session
from tests.builders import expect_error, invited_event, make_agent, make_center, make_chat

pytestmark = pytest.mark.assumed(
    "session.restart", "session.end.invitations", "session.default-channel", "emulator.routing"
)


def start_voice(center, agent):
    """Start a session without the channel chat, which ends the availability for chats."""
    agent.features |= {"api-voice"}
    return start_contact_center_session(center, agent, ["voice"])


@pytest.mark.documented
@pytest.mark.parametrize(
    ("channels", "session"),
    [
        (["voice", "chat"], ["voice", "chat"]),
        (["chat", "email", "chat"], ["chat"]),
        (["voice", "Chat"], ["voice"]),
        (["voice"], ["voice"]),
        ([], []),
    ],
    ids=str,
)
def test_session_has_the_channels_the_features_allow(channels, session):
    center, agent = make_center(), make_agent("ann", "api-multimedia-chat", "api-voice")

    start_contact_center_session(center, agent, channels)

    assert session == list(agent.ready_states)
    assert ("chat" in session) == (agent in center.available_agents)


@pytest.mark.documented
@pytest.mark.parametrize(
    ("features", "channels", "message"),
    [
        ("api-voice", ["chat"], "features: must include api-multimedia or api-multimedia-chat, got api-voice"),
        ("api-multimedia", ["voice", "email"], "features: must include api-voice, got api-multimedia"),
        ("api-multimedia", ["email", "voice"], "channels: must be chat or voice, got 'email'"),
    ],
)
def test_session_without_any_channel_is_rejected(features, channels, message):
    agent = make_agent("ann", features)

    with expect_error(make_chat(), agent, match=f"^{message}$", error=FeatureRequired):
        start_contact_center_session(make_center(), agent, channels)


@pytest.mark.parametrize("available", [["colleague"], ["first_agent", "colleague"]], ids=["start", "restart"])
def test_starting_agent_is_last_available(available, first_agent, colleague):
    agents = {"first_agent": first_agent, "colleague": colleague}
    center = make_center(available=[agents[name] for name in available])

    start_contact_center_session(center, first_agent, ["chat"])

    assert [colleague, first_agent] == list(center.available_agents)


@pytest.mark.documented
def test_only_chat_sessions_serve_waiting_customers(first_agent):
    center = make_center()
    first, second = (request_chat(center, name)[0] for name in ("Ann", "Ben"))

    without_chat = start_voice(center, first_agent)
    events = start_contact_center_session(center, first_agent, ["chat"])

    assert [] == without_chat
    assert [invited_event(first_agent, first.id), invited_event(first_agent, second.id)] == events
    assert {} == center.waiting_chats


@pytest.mark.documented
@pytest.mark.parametrize("end", [end_contact_center_session, start_voice])
def test_ended_session_passes_on_invitations(end, first_agent, colleague):
    center = make_center(available=[first_agent, colleague])
    chat, _, _ = request_chat(center, "Ann")

    events = end(center, first_agent)

    assert [StatusChanged(first_agent, chat.id, State.REVOKED), invited_event(colleague, chat.id)] == events
    assert [colleague] == list(center.available_agents)


def test_ending_without_a_session_has_no_effect(first_agent):
    assert [] == end_contact_center_session(make_center(), first_agent)


def test_all_pending_invitations_are_revoked(first_agent):
    center = make_center(available=[first_agent])
    chats = [request_chat(center, name)[0] for name in ("Ann", "Ben")]

    events = end_contact_center_session(center, first_agent)

    assert [StatusChanged(first_agent, chat.id, State.REVOKED) for chat in chats] == events
    assert {chat.id: chat for chat in chats} == center.waiting_chats


def test_ended_session_does_not_count_as_declining(first_agent, colleague):
    center = make_center(available=[first_agent, colleague])
    chat, _, _ = request_chat(center, "Ann")
    end_contact_center_session(center, first_agent)
    start_contact_center_session(center, first_agent, ["chat"])

    events = reject(chat, colleague)

    assert invited_event(first_agent, chat.id) == events[-1]


@pytest.mark.parametrize("state", [State.CHATTING, State.LEFT_CHAT])
def test_ended_session_keeps_accepted_chats(state, first_agent):
    chat = make_chat(center=make_center(available=[first_agent]), chatting=[first_agent])
    chat.participation_of(first_agent).state = state

    events = end_contact_center_session(chat.center, first_agent)

    assert ([], [chat]) == (events, chat.center.chats_of(first_agent))
