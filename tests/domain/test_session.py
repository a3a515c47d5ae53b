"""Contact center sessions: start and end an agent's availability."""

import pytest

from handlers.domain.capabilities import State
from handlers.domain.contact_center import Target
from handlers.domain.customer import ChatRequest, request_chat
from handlers.domain.events import InvitationRejected, StatusChanged
from handlers.domain.invitation import invite, reject
from handlers.domain.session import end_session, start_session
from tests.builders import CHAT_ID, CHATTING, INVITED, make_agent, make_center, make_chat


def start_voice(center, agent):
    """Start a session without the channel chat, which ends the availability for chats."""
    return start_session(center, agent, ["voice"])


@pytest.mark.documented
@pytest.mark.decided
@pytest.mark.parametrize(
    ("channels", "available"),
    [(["voice", "chat"], True), ([], False), (["voice"], False), (["Chat"], False)],
    ids=str,
)
def test_channel_chat_makes_agents_available(channels, available, owner):
    center = make_center()

    start_session(center, owner, channels)

    assert available == (owner in center.line)


def test_agent_without_feature_is_not_available():
    center = make_center()

    start_session(center, make_agent("voice", "api-voice"), ["chat"])

    assert [] == list(center.line)


@pytest.mark.decided
@pytest.mark.parametrize("available", [["colleague"], ["owner", "colleague"]], ids=["start", "restart"])
def test_starting_agent_is_last_available(available, owner, colleague):
    agents = {"owner": owner, "colleague": colleague}
    center = make_center(line=[agents[name] for name in available])

    start_session(center, owner, ["chat"])

    assert [colleague, owner] == list(center.line)


@pytest.mark.documented
@pytest.mark.decided
def test_only_chat_sessions_serve_waiting_customers(owner):
    center = make_center()
    view, _ = request_chat(center, ChatRequest("Ann"))

    without_chat = start_voice(center, owner)
    events = start_session(center, owner, ["chat"])

    assert [] == without_chat
    assert [StatusChanged(owner, view.chat.id, State.INVITED, INVITED)] == events


@pytest.mark.documented
@pytest.mark.decided
@pytest.mark.parametrize("end", [end_session, start_voice])
def test_ended_session_passes_on_invitations(end, owner, colleague):
    center = make_center(line=[owner, colleague])
    view, _ = request_chat(center, ChatRequest("Ann"))

    events = end(center, owner)

    assert [
        StatusChanged(owner, view.chat.id, State.REVOKED),
        StatusChanged(colleague, view.chat.id, State.INVITED, INVITED),
    ] == events
    assert [colleague] == list(center.line)


@pytest.mark.decided
def test_ending_without_a_session_has_no_effect(owner):
    assert [] == end_session(make_center(), owner)


@pytest.mark.decided
def test_all_pending_invitations_are_revoked(owner):
    center = make_center(line=[owner])
    chats = [request_chat(center, ChatRequest(name))[0].chat for name in ("Ann", "Ben")]

    events = end_session(center, owner)

    assert [StatusChanged(owner, chat.id, State.REVOKED) for chat in chats] == events
    assert {chat.id: chat for chat in chats} == center.waiting


@pytest.mark.decided
def test_returning_agent_is_invited_again(owner):
    center = make_center(line=[owner])
    view, _ = request_chat(center, ChatRequest("Ann"))
    end_session(center, owner)

    events = start_session(center, owner, ["chat"])

    assert [StatusChanged(owner, view.chat.id, State.INVITED, INVITED)] == events


@pytest.mark.decided
def test_ended_session_does_not_count_as_declining(owner, colleague):
    center = make_center(line=[owner, colleague])
    view, _ = request_chat(center, ChatRequest("Ann"))
    end_session(center, owner)
    start_session(center, owner, ["chat"])

    events = reject(view.chat, colleague)

    assert StatusChanged(owner, view.chat.id, State.INVITED, INVITED) == events[-1]


@pytest.mark.decided
def test_inviter_is_notified_of_the_ended_session(owner, colleague):
    chat = make_chat(center=make_center(line=[colleague]), chatting=[owner])
    invite(chat, owner, Target(path=colleague.path))

    events = end_session(chat.center, colleague)

    assert [
        StatusChanged(colleague, CHAT_ID, State.REVOKED),
        InvitationRejected(owner, CHAT_ID, State.CHATTING, CHATTING, chat.participants, 1),
    ] == events


@pytest.mark.decided
@pytest.mark.parametrize("state", [State.CHATTING, State.LEFT_CHAT])
def test_ended_session_keeps_accepted_chats(state, owner):
    chat = make_chat(center=make_center(line=[owner]), chatting=[owner])
    chat.seat_of(owner).state = state

    events = end_session(chat.center, owner)

    assert ([], {CHAT_ID: chat}) == (events, owner.chats)
