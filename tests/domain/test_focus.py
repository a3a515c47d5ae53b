"""InFocus and SetInFocus: two names of one operation."""

import pytest

from gws_chat.domain.capabilities import DEFAULT_CAPABILITIES, Capability, Situation
from gws_chat.domain.conversation import in_focus, set_in_focus
from tests.builders import expect_error, make_chat, state_of

pytestmark = pytest.mark.assumed("operations.SetInFocus.response", "operations.SetInFocus.notifications")


def test_focus_only_counts_as_an_operation(first_agent, colleague):
    chat = make_chat(chatting=[first_agent, colleague])
    before = state_of(chat, colleague)

    events = set_in_focus(chat, first_agent)

    assert ([], before, 1) == (events, state_of(chat, colleague), first_agent.last_reference_id)


@pytest.mark.parametrize("listed", [Capability.IN_FOCUS, Capability.SET_IN_FOCUS])
def test_either_listed_name_allows_both(listed, first_agent):
    chat = make_chat(chatting=[first_agent], capabilities={**DEFAULT_CAPABILITIES, Situation.CHATTING: (listed,)})

    assert [] == in_focus(chat, first_agent) + set_in_focus(chat, first_agent)


@pytest.mark.parametrize(("operation", "name"), [(in_focus, "InFocus"), (set_in_focus, "SetInFocus")])
def test_rejection_names_the_requested_operation(operation, name, first_agent):
    chat = make_chat(chatting=[first_agent], capabilities={**DEFAULT_CAPABILITIES, Situation.CHATTING: ()})

    match = rf"^operationName: {name} is not allowed while the chat is Chatting, allowed: nothing$"
    with expect_error(chat, first_agent, match=match):
        operation(chat, first_agent)
