"""InFocus and SetInFocus: two names of one operation."""

import pytest

from handlers.domain.capabilities import DEFAULT_CAPABILITIES, Capability, Situation
from handlers.domain.focus import set_in_focus
from handlers.domain.leave import leave
from tests.builders import expect_error, make_chat, state_of

pytestmark = pytest.mark.decided


def test_focus_only_counts_as_an_operation(owner, colleague):
    chat = make_chat(chatting=[owner, colleague])
    before = state_of(chat, colleague)

    events = set_in_focus(chat, owner, None)

    assert ([], before, 1) == (events, state_of(chat, colleague), owner.operations_accepted)


def test_consultant_may_set_focus(owner, expert):
    chat = make_chat(chatting=[owner], consulting=[expert])

    assert [] == set_in_focus(chat, expert, None)


def test_agent_who_left_may_set_focus(owner):
    chat = make_chat(chatting=[owner])
    leave(chat, owner, None)

    assert [] == set_in_focus(chat, owner, None)


@pytest.mark.parametrize("listed", [Capability.IN_FOCUS, Capability.SET_IN_FOCUS])
def test_either_listed_name_allows_focus(listed, owner):
    chat = make_chat(chatting=[owner], table={**DEFAULT_CAPABILITIES, Situation.CHATTING: (listed,)})

    assert [] == set_in_focus(chat, owner, None)


def test_focus_is_rejected_if_unlisted(owner):
    chat = make_chat(chatting=[owner], table={**DEFAULT_CAPABILITIES, Situation.CHATTING: ()})

    with expect_error(
        chat,
        owner,
        match=r"^operationName: SetInFocus is not allowed while the chat is Chatting, allowed: nothing$",
    ):
        set_in_focus(chat, owner, None)
