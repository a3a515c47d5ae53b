"""InFocus and SetInFocus: one operation by two names."""

import pytest

from handlers.domain.capabilities import DEFAULT_CAPABILITIES, Capability, Situation
from handlers.domain.errors import OperationNotAllowed
from handlers.domain.focus import set_in_focus
from handlers.domain.leave import leave
from tests.builders import make_chat, state_of

pytestmark = pytest.mark.decided


def test_nobody_is_told(owner, colleague):
    chat = make_chat(chatting=[owner, colleague])

    assert [] == set_in_focus(chat, owner, None)


def test_the_chat_does_not_change(owner):
    chat = make_chat(chatting=[owner])
    before = state_of(chat)

    set_in_focus(chat, owner, None)

    assert before == state_of(chat)


def test_it_is_one_of_the_agents_counted_operations(owner):
    chat = make_chat(chatting=[owner])

    set_in_focus(chat, owner, None)

    assert 1 == owner.operations_accepted


def test_it_is_open_to_a_consultant(owner, expert):
    chat = make_chat(chatting=[owner], consulting=[expert])

    assert [] == set_in_focus(chat, expert, None)


def test_it_is_open_to_whoever_has_left(owner):
    chat = make_chat(chatting=[owner])
    leave(chat, owner, None)

    assert [] == set_in_focus(chat, owner, None)


@pytest.mark.parametrize("listed", [Capability.IN_FOCUS, Capability.SET_IN_FOCUS])
def test_it_is_open_where_either_name_is_listed(listed, owner):
    chat = make_chat(chatting=[owner], table={**DEFAULT_CAPABILITIES, Situation.CHATTING: (listed,)})

    assert [] == set_in_focus(chat, owner, None)


def test_it_is_refused_where_neither_name_is_listed(owner):
    chat = make_chat(chatting=[owner], table={**DEFAULT_CAPABILITIES, Situation.CHATTING: ()})

    with pytest.raises(
        OperationNotAllowed,
        match=r"^operationName: SetInFocus is not allowed while the chat is Chatting, allowed: nothing$",
    ):
        set_in_focus(chat, owner, None)


def test_nothing_has_changed_after_a_refusal(colleague):
    chat = make_chat(invited=[colleague])
    before = state_of(chat, colleague)

    with pytest.raises(OperationNotAllowed):
        set_in_focus(chat, colleague, None)

    assert before == state_of(chat, colleague)
