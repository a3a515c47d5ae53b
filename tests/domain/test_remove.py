"""RemoveParticipantFromConference: notifications, transcript and errors."""

from dataclasses import replace

import pytest

from gws_chat.domain.capabilities import State
from gws_chat.domain.errors import TargetNotFound
from gws_chat.domain.events import MessagesAdded, ParticipantsChanged, StatusChanged
from gws_chat.domain.remove import remove_participant
from gws_chat.domain.transcript import MessageText, MessageType, Visibility
from tests.builders import (
    CHAT_ID,
    CHATTING_CAPABILITIES,
    CHATTING_WITH_AGENTS_CAPABILITIES,
    expect_error,
    left_message,
    make_chat,
    text_message,
)

pytestmark = pytest.mark.assumed("remove.notifications", "remove.others")

THANKS = MessageText("Thank you, I go on alone.")


def notice_of(index, sender, removed):
    text = MessageText(f"REMOVE_PARTICIPANT_FROM_CONFERENCE{removed.id}")
    return replace(text_message(index, sender, text, Visibility.AGENTS), type=MessageType.NOTICE)


@pytest.mark.documented
@pytest.mark.assumed("remove.notifications")
def test_removal_updates_the_chat_before_the_notice(first_agent, colleague, expert, stranger):
    chat = make_chat(chatting=[first_agent, colleague, expert], invited=[stranger])
    chat.user_data["tier"] = "gold"
    customer, remover, removed, third = chat.participants
    remaining = (customer, remover, third)
    notice, departure = notice_of(1, remover, colleague), left_message(2, removed)

    def participants_changed(agent):
        changed = ParticipantsChanged(agent, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS_CAPABILITIES, remaining)
        return replace(changed, user_data={"tier": "gold"})

    events = remove_participant(chat, first_agent, colleague.path)

    assert [
        MessagesAdded(colleague, CHAT_ID, (notice,)),
        StatusChanged(colleague, CHAT_ID, State.COMPLETED),
        participants_changed(first_agent),
        MessagesAdded(first_agent, CHAT_ID, (notice,)),
        MessagesAdded(first_agent, CHAT_ID, (departure,)),
        participants_changed(expert),
        MessagesAdded(expert, CHAT_ID, (notice,)),
        MessagesAdded(expert, CHAT_ID, (departure,)),
    ] == events
    assert [notice, departure] == chat.messages
    assert ([chat], []) == (chat.center.chats_of(first_agent), chat.center.chats_of(colleague))
    assert (1, 0) == (first_agent.last_reference_id, colleague.last_reference_id)


def test_text_precedes_the_removal_notice(first_agent, colleague):
    chat = make_chat(chatting=[first_agent, colleague])
    customer, removed, remover = chat.participants
    text, notice = text_message(1, remover, THANKS), notice_of(2, remover, first_agent)

    events = remove_participant(chat, colleague, first_agent.path, THANKS)

    assert [
        MessagesAdded(first_agent, CHAT_ID, (text,)),
        MessagesAdded(colleague, CHAT_ID, (text,)),
        MessagesAdded(first_agent, CHAT_ID, (notice,)),
        StatusChanged(first_agent, CHAT_ID, State.COMPLETED),
        ParticipantsChanged(
            colleague, CHAT_ID, State.CHATTING, CHATTING_CAPABILITIES, (customer, remover), user_data={}
        ),
        MessagesAdded(colleague, CHAT_ID, (notice,)),
        MessagesAdded(colleague, CHAT_ID, (left_message(3, removed),)),
    ] == events
    assert [text, notice, left_message(3, removed)] == chat.messages


def test_removed_consultant_departs_for_agents_only(first_agent, expert):
    chat = make_chat(chatting=[first_agent], consulting=[expert])
    _, remover, removed = chat.participants

    remove_participant(chat, first_agent, expert.path)

    assert [notice_of(1, remover, expert), left_message(2, removed, Visibility.AGENTS)] == chat.messages


@pytest.mark.parametrize(
    ("path", "message"),
    [
        pytest.param("/users/nobody", r"^target: must be the path of an agent, got '/users/nobody'$", id="unknown"),
        *(
            pytest.param(
                f"/users/id-of-{name}", rf"^target: must be another agent in this conference, got {name}$", id=name
            )
            for name in ("first_agent", "expert", "stranger")
        ),
    ],
)
def test_only_other_chatting_agents_are_removable(path, message, first_agent, colleague, expert, stranger):
    chat = make_chat(chatting=[first_agent, colleague], invited=[expert], queue_agents=[stranger])

    with expect_error(chat, first_agent, colleague, expert, stranger, match=message, error=TargetNotFound):
        remove_participant(chat, first_agent, path, THANKS)
