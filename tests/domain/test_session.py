"""Starting and ending work: whom customers' chats are offered to."""

import pytest

from handlers.domain.capabilities import DEFAULT_CAPABILITIES, Situation, State
from handlers.domain.contact_center import Target
from handlers.domain.customer import ChatRequest, request_chat
from handlers.domain.events import InvitationRejected, StatusChanged
from handlers.domain.invitation import invite, reject
from handlers.domain.session import end_session, start_session
from tests.builders import CHAT_ID, make_agent, make_center, make_chat

INVITED = DEFAULT_CAPABILITIES[Situation.INVITED]
CHATTING = DEFAULT_CAPABILITIES[Situation.CHATTING]


class TestStarting:
    """StartContactCenterSession."""

    @pytest.mark.documented
    def test_with_the_channel_chat_the_agent_is_in_line(self, owner):
        center = make_center()

        start_session(center, owner, ["voice", "chat"])

        assert [owner] == list(center.line)

    @pytest.mark.decided
    @pytest.mark.parametrize("channels", [[], ["voice"], ["Chat"]])
    def test_without_the_channel_chat_it_is_not(self, channels, owner):
        center = make_center()

        start_session(center, owner, channels)

        assert [] == list(center.line)

    @pytest.mark.decided
    def test_on_other_channels_only_it_is_in_line_no_more(self, owner):
        center = make_center(line=[owner])

        start_session(center, owner, ["voice"])

        assert [] == list(center.line)

    @pytest.mark.documented
    @pytest.mark.decided
    def test_on_other_channels_only_what_is_unanswered_is_revoked(self, owner, colleague):
        center = make_center(line=[owner, colleague])
        view, _ = request_chat(center, ChatRequest("Ann"))

        events = start_session(center, owner, ["voice"])

        assert [
            StatusChanged(owner, view.chat.id, State.REVOKED),
            StatusChanged(colleague, view.chat.id, State.INVITED, INVITED),
        ] == events

    def test_without_the_feature_it_is_not_in_line(self):
        center = make_center()

        start_session(center, make_agent("voice", "api-voice"), ["chat"])

        assert [] == list(center.line)

    @pytest.mark.decided
    def test_who_comes_stands_behind_those_who_are_there(self, owner, colleague):
        center = make_center(line=[colleague])

        start_session(center, owner, ["chat"])

        assert [colleague, owner] == list(center.line)

    @pytest.mark.decided
    def test_who_starts_anew_stands_at_the_end(self, owner, colleague):
        center = make_center(line=[owner, colleague])

        start_session(center, owner, ["chat"])

        assert [colleague, owner] == list(center.line)

    @pytest.mark.documented
    def test_who_waits_is_served(self, owner):
        center = make_center()
        view, _ = request_chat(center, ChatRequest("Ann"))

        events = start_session(center, owner, ["chat"])

        assert [StatusChanged(owner, view.chat.id, State.INVITED, INVITED)] == events

    @pytest.mark.decided
    def test_on_other_channels_nobody_is_served(self, owner):
        center = make_center()
        request_chat(center, ChatRequest("Ann"))

        assert [] == start_session(center, owner, ["voice"])


@pytest.mark.decided
class TestEnding:
    """EndContactCenterSession."""

    def test_the_agent_is_in_line_no_more(self, owner, colleague):
        center = make_center(line=[owner, colleague])

        end_session(center, owner)

        assert [colleague] == list(center.line)

    def test_ending_what_was_not_started_is_no_fault(self, owner):
        assert [] == end_session(make_center(), owner)

    def test_what_is_unanswered_is_revoked_and_offered_to_the_next(self, owner, colleague):
        center = make_center(line=[owner, colleague])
        view, _ = request_chat(center, ChatRequest("Ann"))

        events = end_session(center, owner)

        assert [
            StatusChanged(owner, view.chat.id, State.REVOKED),
            StatusChanged(colleague, view.chat.id, State.INVITED, INVITED),
        ] == events

    def test_everything_that_is_unanswered_is_revoked_in_its_order(self, owner):
        center = make_center(line=[owner])
        views = [request_chat(center, ChatRequest(name))[0] for name in ("Ann", "Ben")]

        events = end_session(center, owner)

        assert [StatusChanged(owner, view.chat.id, State.REVOKED) for view in views] == events

    def test_with_nobody_else_in_line_the_customer_waits(self, owner):
        center = make_center(line=[owner])
        view, _ = request_chat(center, ChatRequest("Ann"))

        end_session(center, owner)

        assert {view.chat.id: view.chat} == center.waiting

    def test_who_comes_back_is_asked_again(self, owner):
        center = make_center(line=[owner])
        view, _ = request_chat(center, ChatRequest("Ann"))
        end_session(center, owner)

        events = start_session(center, owner, ["chat"])

        assert [StatusChanged(owner, view.chat.id, State.INVITED, INVITED)] == events

    @pytest.mark.decided
    def test_who_went_without_an_answer_has_turned_nothing_down(self, owner, colleague):
        center = make_center(line=[owner, colleague])
        view, _ = request_chat(center, ChatRequest("Ann"))
        end_session(center, owner)
        start_session(center, owner, ["chat"])

        events = reject(view.chat, colleague)

        assert StatusChanged(owner, view.chat.id, State.INVITED, INVITED) == events[-1]

    def test_whoever_invited_the_agent_is_told(self, owner, colleague):
        center = make_center(line=[colleague])
        chat = make_chat(center=center, chatting=[owner])
        invite(chat, owner, Target(path=colleague.path))

        events = end_session(center, colleague)

        assert [
            StatusChanged(colleague, CHAT_ID, State.REVOKED),
            InvitationRejected(owner, CHAT_ID, State.CHATTING, CHATTING, chat.participants, 1),
        ] == events

    @pytest.mark.parametrize("state", [State.CHATTING, State.LEFT_CHAT])
    def test_the_chats_in_which_the_agent_is_stay(self, state, owner):
        center = make_center(line=[owner])
        chat = make_chat(center=center, chatting=[owner])
        chat.seat_of(owner).state = state

        assert [] == end_session(center, owner)
        assert {CHAT_ID: chat} == owner.chats
