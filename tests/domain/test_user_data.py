"""User data and disposition: attach, update, delete and set."""

from functools import partial

import pytest

from handlers.domain.capabilities import State
from handlers.domain.events import PropertiesChanged
from handlers.domain.leave import leave
from handlers.domain.user_data import attach_user_data, delete_user_data, set_disposition, update_user_data
from tests.builders import (
    CHAT_ID,
    CHATTING,
    CHATTING_AS_CONSULTANT,
    CHATTING_WITH_AGENTS,
    LEFT_CHAT,
    expect_error,
    make_chat,
)

BEFORE = {"tier": "gold", "orders": 3}
CHANGES = {
    "AttachUserData": (
        partial(attach_user_data, user_data={"tier": "platinum", "open": True}),
        {"tier": "platinum", "orders": 3, "open": True},
    ),
    "UpdateUserData": (
        partial(update_user_data, user_data={"tier": "platinum", "open": True}),
        {"tier": "platinum", "orders": 3, "open": True},
    ),
    "DeleteUserData": (partial(delete_user_data, keys=["tier", "missing"]), {"orders": 3}),
    "SetDisposition": (
        partial(set_disposition, disposition={"DispositionCode": "Resolved"}),
        {"tier": "gold", "orders": 3, "DispositionCode": "Resolved"},
    ),
}


def make_gold_chat(**agents):
    chat = make_chat(**agents)
    chat.user_data = dict(BEFORE)
    return chat


@pytest.mark.documented
@pytest.mark.decided
@pytest.mark.parametrize(("change", "after"), CHANGES.values(), ids=CHANGES)
def test_all_chatting_agents_receive_changed_data(change, after, owner, colleague, expert, stranger):
    chat = make_gold_chat(chatting=[owner, colleague], consulting=[expert], invited=[stranger])

    events = change(chat, colleague)

    assert [
        PropertiesChanged(colleague, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS, after, 1),
        PropertiesChanged(owner, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS, after),
        PropertiesChanged(expert, CHAT_ID, State.CHATTING, CHATTING_AS_CONSULTANT, after),
    ] == events
    assert (after, []) == (chat.user_data, chat.messages)


@pytest.mark.documented
@pytest.mark.parametrize(("change", "after"), CHANGES.values(), ids=CHANGES)
def test_data_may_change_after_leave(change, after, owner):
    chat = make_gold_chat(chatting=[owner])
    leave(chat, owner, None)

    events = change(chat, owner)

    assert [PropertiesChanged(owner, CHAT_ID, State.LEFT_CHAT, LEFT_CHAT, after, 2)] == events
    assert after == chat.user_data


@pytest.mark.decided
@pytest.mark.parametrize(("change", "after"), CHANGES.values(), ids=CHANGES)
def test_later_changes_do_not_affect_earlier_events(change, after, owner):
    chat = make_gold_chat(chatting=[owner])
    (event,) = change(chat, owner)

    attach_user_data(chat, owner, {"orders": 4, "later": "yes"})
    delete_user_data(chat, owner, ["tier"])

    assert after == event.user_data


@pytest.mark.decided
@pytest.mark.parametrize("role", ["consulting", "invited"])
@pytest.mark.parametrize(("name", "change"), [(name, change) for name, (change, _) in CHANGES.items()])
def test_data_change_is_rejected_for_other_roles(role, name, change, owner, expert):
    chat = make_gold_chat(chatting=[owner], **{role: [expert]})

    with expect_error(chat, owner, expert, match=rf"^operationName: {name} is not allowed while the chat is"):
        change(chat, expert)


@pytest.mark.decided
def test_deleting_a_missing_key_still_notifies(owner):
    chat = make_gold_chat(chatting=[owner])

    events = delete_user_data(chat, owner, ["missing"])

    assert [PropertiesChanged(owner, CHAT_ID, State.CHATTING, CHATTING, BEFORE, 1)] == events


@pytest.mark.documented
@pytest.mark.decided
def test_dispositions_replace_values_of_their_key(owner):
    chat = make_chat(chatting=[owner])

    set_disposition(chat, owner, {"DispositionCode": "Open"})
    set_disposition(chat, owner, {"Mood": "Good"})
    set_disposition(chat, owner, {"DispositionCode": "Resolved"})

    assert {"DispositionCode": "Resolved", "Mood": "Good"} == chat.user_data


@pytest.mark.decided
def test_chats_do_not_share_user_data(owner):
    first, second = make_chat(chat_id="1", chatting=[owner]), make_chat(chat_id="2", chatting=[owner])
    shared = {"tier": "gold"}
    attach_user_data(first, owner, shared)
    attach_user_data(second, owner, shared)

    update_user_data(second, owner, {"tier": "platinum"})

    assert {"tier": "gold"} == first.user_data
