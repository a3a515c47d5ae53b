"""What is kept with a chat: attached, updated, deleted, and the disposition."""

from functools import partial

import pytest

from handlers.domain.capabilities import DEFAULT_CAPABILITIES, Situation, State
from handlers.domain.errors import OperationNotAllowed
from handlers.domain.events import PropertiesChanged
from handlers.domain.leave import leave
from handlers.domain.user_data import (
    attach_user_data,
    delete_user_data,
    set_disposition,
    update_user_data,
)
from tests.builders import CHAT_ID, make_chat, state_of

CHATTING = DEFAULT_CAPABILITIES[Situation.CHATTING]
CHATTING_WITH_AGENTS = DEFAULT_CAPABILITIES[Situation.CHATTING_WITH_AGENTS]
CHATTING_AS_CONSULTANT = DEFAULT_CAPABILITIES[Situation.CHATTING_AS_CONSULTANT]
LEFT_CHAT = DEFAULT_CAPABILITIES[Situation.LEFT_CHAT]

BEFORE = {"tier": "gold", "orders": 3}
FOUR = {
    "AttachUserData": (
        partial(attach_user_data, user_data={"tier": "platinum", "open": True}),
        {"tier": "platinum", "orders": 3, "open": True},
    ),
    "UpdateUserData": (
        partial(update_user_data, user_data={"tier": "platinum", "open": True}),
        {"tier": "platinum", "orders": 3, "open": True},
    ),
    "DeleteUserData": (partial(delete_user_data, keys=["tier", "nothing of the kind"]), {"orders": 3}),
    "SetDisposition": (
        partial(set_disposition, disposition={"DispositionCode": "Resolved"}),
        {"tier": "gold", "orders": 3, "DispositionCode": "Resolved"},
    ),
}


def make_gold_chat(**agents):
    chat = make_chat(**agents)
    chat.user_data = dict(BEFORE)
    return chat


@pytest.mark.parametrize(("change", "after"), FOUR.values(), ids=FOUR)
class TestWhatBecomesOfIt:
    """Where each of the four makes something else of the data."""

    @pytest.mark.documented
    def test_the_chat_keeps_what_becomes_of_it(self, change, after, owner):
        chat = make_gold_chat(chatting=[owner])

        change(chat, owner)

        assert after == chat.user_data

    @pytest.mark.documented
    def test_the_agent_is_told_all_of_it_under_a_reference(self, change, after, owner):
        chat = make_gold_chat(chatting=[owner])

        events = change(chat, owner)

        assert [PropertiesChanged(owner, CHAT_ID, State.CHATTING, CHATTING, after, 1)] == events

    @pytest.mark.decided
    def test_the_other_agents_are_told_without_a_reference_what_they_may_do(
        self, change, after, owner, colleague, expert
    ):
        chat = make_gold_chat(chatting=[owner, colleague], consulting=[expert])

        events = change(chat, colleague)

        assert [
            PropertiesChanged(colleague, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS, after, 1),
            PropertiesChanged(owner, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS, after),
            PropertiesChanged(expert, CHAT_ID, State.CHATTING, CHATTING_AS_CONSULTANT, after),
        ] == events

    @pytest.mark.documented
    def test_whoever_has_left_may_do_it_though_it_is_not_listed(self, change, after, owner):
        chat = make_gold_chat(chatting=[owner])
        leave(chat, owner, None)

        events = change(chat, owner)

        assert [PropertiesChanged(owner, CHAT_ID, State.LEFT_CHAT, LEFT_CHAT, after, 2)] == events

    @pytest.mark.documented
    def test_the_chat_keeps_it_after_leaving_too(self, change, after, owner):
        chat = make_gold_chat(chatting=[owner])
        leave(chat, owner, None)

        change(chat, owner)

        assert after == chat.user_data

    @pytest.mark.decided
    def test_what_was_told_stays_when_the_data_change_again(self, change, after, owner):
        chat = make_gold_chat(chatting=[owner])
        (event,) = change(chat, owner)

        attach_user_data(chat, owner, {"orders": 4, "later": "yes"})
        delete_user_data(chat, owner, ["tier"])

        assert after == event.user_data


@pytest.mark.parametrize("change", [change for change, _ in FOUR.values()], ids=FOUR)
class TestEachOfTheFour:
    """In everything else they are alike."""

    @pytest.mark.decided
    def test_whoever_is_invited_is_not_told(self, change, owner, colleague):
        chat = make_gold_chat(chatting=[owner], invited=[colleague])

        events = change(chat, owner)

        assert [owner] == [event.agent for event in events]

    @pytest.mark.decided
    def test_the_transcript_has_nothing_of_it(self, change, owner):
        chat = make_gold_chat(chatting=[owner])

        change(chat, owner)

        assert [] == chat.messages

    @pytest.mark.decided
    @pytest.mark.parametrize("situation", ["consulting", "invited"])
    def test_neither_a_consultant_nor_whoever_is_invited_may_do_it(self, situation, change, owner, expert):
        chat = make_gold_chat(chatting=[owner], **{situation: [expert]})

        with pytest.raises(
            OperationNotAllowed, match=r"^operationName: \w+ is not allowed while the chat is"
        ):
            change(chat, expert)

    @pytest.mark.decided
    def test_nothing_has_changed_after_a_refusal(self, change, owner, expert):
        chat = make_gold_chat(chatting=[owner], consulting=[expert])
        before = state_of(chat, owner, expert)

        with pytest.raises(OperationNotAllowed):
            change(chat, expert)

        assert before == state_of(chat, owner, expert)


@pytest.mark.decided
def test_deleting_what_is_not_there_is_told_as_any_change(owner):
    chat = make_gold_chat(chatting=[owner])

    events = delete_user_data(chat, owner, ["nothing of the kind"])

    assert [PropertiesChanged(owner, CHAT_ID, State.CHATTING, CHATTING, BEFORE, 1)] == events


@pytest.mark.documented
def test_the_last_disposition_counts(owner):
    chat = make_chat(chatting=[owner])
    set_disposition(chat, owner, {"DispositionCode": "Open"})

    set_disposition(chat, owner, {"DispositionCode": "Resolved"})

    assert {"DispositionCode": "Resolved"} == chat.user_data


@pytest.mark.decided
def test_dispositions_under_different_keys_stand_beside_each_other(owner):
    chat = make_chat(chatting=[owner])
    set_disposition(chat, owner, {"DispositionCode": "Open"})

    set_disposition(chat, owner, {"Mood": "Good"})

    assert {"DispositionCode": "Open", "Mood": "Good"} == chat.user_data


@pytest.mark.decided
def test_the_data_of_another_chat_stay_as_they_are(owner):
    first, second = make_chat(chat_id="1", chatting=[owner]), make_chat(chat_id="2", chatting=[owner])
    given = {"tier": "gold"}
    attach_user_data(first, owner, given)
    attach_user_data(second, owner, given)

    update_user_data(second, owner, {"tier": "platinum"})

    assert {"tier": "gold"} == first.user_data
