"""User data and disposition: attach, update, delete and set."""

from functools import partial

import pytest

from gws_chat.domain.capabilities import State
from gws_chat.domain.customer import request_chat
from gws_chat.domain.errors import UserDataTooLarge
from gws_chat.domain.events import PropertiesChanged
from gws_chat.domain.leave import leave
from gws_chat.domain.user_data import attach_user_data, delete_user_data, set_disposition, update_user_data
from tests.builders import (
    CHAT_ID,
    CHATTING_AS_CONSULTANT_CAPABILITIES,
    CHATTING_CAPABILITIES,
    CHATTING_WITH_AGENTS_CAPABILITIES,
    LEFT_CHAT_CAPABILITIES,
    expect_error,
    make_center,
    make_chat,
)

BEFORE = {"tier": "gold", "orders": 3}
PLATINUM = {"tier": "platinum", "open": True}
RESOLVED = {"DispositionCode": "Resolved"}
CHANGES = {
    "AttachUserData": (partial(attach_user_data, user_data=PLATINUM), {"orders": 3, **PLATINUM}),
    "UpdateUserData": (partial(update_user_data, user_data=PLATINUM), {"orders": 3, **PLATINUM}),
    "DeleteUserData": (partial(delete_user_data, keys=["tier", "missing"]), {"orders": 3}),
    "SetDisposition": (partial(set_disposition, user_data=RESOLVED), {**BEFORE, **RESOLVED}),
}


def make_gold_chat(**agents):
    chat = make_chat(**agents)
    chat.user_data = dict(BEFORE)
    return chat


@pytest.mark.documented
@pytest.mark.assumed(
    "operations.UpdateUserData.user-data",
    "after-call-work.AttachUserData.notifications",
    "after-call-work.UpdateUserData.notifications",
    "after-call-work.DeleteUserData.notifications",
)
@pytest.mark.parametrize(("change", "after"), CHANGES.values(), ids=CHANGES)
def test_all_chatting_agents_receive_changed_data(change, after, first_agent, colleague, expert, stranger):
    chat = make_gold_chat(chatting=[first_agent, colleague], consulting=[expert], invited=[stranger])

    events = change(chat, colleague)

    assert [
        PropertiesChanged(colleague, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS_CAPABILITIES, after, 1),
        PropertiesChanged(first_agent, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS_CAPABILITIES, after),
        PropertiesChanged(expert, CHAT_ID, State.CHATTING, CHATTING_AS_CONSULTANT_CAPABILITIES, after),
    ] == events
    assert (after, []) == (chat.user_data, chat.messages)


@pytest.mark.documented
@pytest.mark.parametrize(("change", "after"), CHANGES.values(), ids=CHANGES)
def test_data_may_change_after_leave(change, after, first_agent):
    chat = make_gold_chat(chatting=[first_agent])
    leave(chat, first_agent, None)

    events = change(chat, first_agent)

    assert [PropertiesChanged(first_agent, CHAT_ID, State.LEFT_CHAT, LEFT_CHAT_CAPABILITIES, after, 2)] == events
    assert after == chat.user_data


@pytest.mark.assumed("properties.user-data")
@pytest.mark.parametrize(("change", "after"), CHANGES.values(), ids=CHANGES)
def test_later_changes_do_not_affect_earlier_events(change, after, first_agent):
    chat = make_gold_chat(chatting=[first_agent])
    (event,) = change(chat, first_agent)

    attach_user_data(chat, first_agent, {"orders": 4, "later": "yes"})
    delete_user_data(chat, first_agent, ["tier"])

    assert after == event.user_data


@pytest.mark.assumed("operations.DeleteUserData.response")
def test_deleting_a_missing_key_still_notifies(first_agent):
    chat = make_gold_chat(chatting=[first_agent])

    events = delete_user_data(chat, first_agent, ["missing"])

    assert [PropertiesChanged(first_agent, CHAT_ID, State.CHATTING, CHATTING_CAPABILITIES, BEFORE, 1)] == events


@pytest.mark.documented
@pytest.mark.assumed("after-call-work.SetDisposition.notifications")
def test_dispositions_replace_values_of_their_key(first_agent):
    chat = make_chat(chatting=[first_agent])

    set_disposition(chat, first_agent, {"DispositionCode": "Open"})
    set_disposition(chat, first_agent, {"Mood": "Good"})
    set_disposition(chat, first_agent, {"DispositionCode": "Resolved"})

    assert {"DispositionCode": "Resolved", "Mood": "Good"} == chat.user_data


@pytest.mark.assumed("properties.user-data")
def test_chats_do_not_share_user_data(first_agent):
    first, second = make_chat(chat_id="1", chatting=[first_agent]), make_chat(chat_id="2", chatting=[first_agent])
    shared = {"tier": "gold"}
    attach_user_data(first, first_agent, shared)
    attach_user_data(second, first_agent, shared)

    update_user_data(second, first_agent, {"tier": "platinum"})

    assert {"tier": "gold"} == first.user_data


@pytest.mark.assumed("errors.large-user-data")
@pytest.mark.parametrize("change", [attach_user_data, update_user_data, set_disposition])
def test_all_user_data_of_a_chat_is_limited(change, first_agent):
    chat = make_chat(chatting=[first_agent])
    change(chat, first_agent, {"first": "é" * 60_000})
    change(chat, first_agent, {"second": "\ud800" * 5_509})

    error = r"^userData: must be at most 65536 characters of JSON in the whole chat, got 65537$"
    with expect_error(chat, first_agent, match=error, error=UserDataTooLarge):
        change(chat, first_agent, {"second": "x" * 5_510})
    change(chat, first_agent, {"first": ""})


@pytest.mark.assumed("errors.large-user-data")
def test_requested_user_data_is_limited(first_agent):
    center = make_center(available=[first_agent])

    with pytest.raises(UserDataTooLarge):
        request_chat(center, "Ann", {"note": "x" * 65_536})

    assert [] == center.chats_of(first_agent)
