"""RemoveParticipantFromConference: notifications, transcript and errors."""

import pytest

from handlers.domain.capabilities import State
from handlers.domain.chat import Message, MessageType, Text, Visibility
from handlers.domain.errors import TargetNotFound
from handlers.domain.events import MessagesWritten, ParticipantsChanged, StatusChanged
from handlers.domain.leave import leave
from handlers.domain.remove import Removal, remove_participant
from tests.builders import (
    CHAT_ID,
    CHATTING,
    CHATTING_WITH_AGENTS,
    NOW,
    expect_error,
    left,
    make_chat,
    text_message,
)

THANKS = Text("Thank you, I go on alone.")


def notice_of(index, sender, removed):
    text = Text(f"REMOVE_PARTICIPANT_FROM_CONFERENCE{removed.id}")
    return Message(index, MessageType.NOTICE, sender, Visibility.AGENTS, NOW, text)


@pytest.mark.documented
@pytest.mark.decided
def test_removal_is_announced_by_a_notice(owner, colleague, expert, stranger):
    chat = make_chat(chatting=[owner, colleague, expert], invited=[stranger])
    customer, remover, removed, third = chat.participants
    remaining = (customer, remover, third)
    notice, departure = notice_of(1, remover, colleague), left(2, removed)

    events = remove_participant(chat, owner, Removal(colleague.path))

    assert [
        MessagesWritten(owner, CHAT_ID, (notice,)),
        MessagesWritten(colleague, CHAT_ID, (notice,)),
        MessagesWritten(expert, CHAT_ID, (notice,)),
        StatusChanged(colleague, CHAT_ID, State.COMPLETED),
        MessagesWritten(owner, CHAT_ID, (departure,)),
        ParticipantsChanged(owner, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS, remaining),
        MessagesWritten(expert, CHAT_ID, (departure,)),
        ParticipantsChanged(expert, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS, remaining),
    ] == events
    assert [notice, departure] == chat.messages
    assert ({CHAT_ID: chat}, {}) == (owner.chats, colleague.chats)
    assert (1, 0) == (owner.operations_accepted, colleague.operations_accepted)


@pytest.mark.decided
def test_text_precedes_the_removal_notice(owner, colleague):
    chat = make_chat(chatting=[owner, colleague])
    customer, removed, remover = chat.participants
    text, notice = text_message(1, remover, THANKS), notice_of(2, remover, owner)

    events = remove_participant(chat, colleague, Removal(owner.path, THANKS))

    assert [
        MessagesWritten(owner, CHAT_ID, (text,)),
        MessagesWritten(colleague, CHAT_ID, (text,)),
        MessagesWritten(owner, CHAT_ID, (notice,)),
        MessagesWritten(colleague, CHAT_ID, (notice,)),
        StatusChanged(owner, CHAT_ID, State.COMPLETED),
        MessagesWritten(colleague, CHAT_ID, (left(3, removed),)),
        ParticipantsChanged(colleague, CHAT_ID, State.CHATTING, CHATTING, (customer, remover)),
    ] == events
    assert [text, notice, left(3, removed)] == chat.messages


@pytest.mark.decided
def test_agents_read_the_text_without_a_customer(owner, colleague):
    chat = make_chat(customer=None, chatting=[owner, colleague])
    remover = chat.seat_of(owner).participant

    remove_participant(chat, owner, Removal(colleague.path, THANKS))

    assert text_message(1, remover, THANKS) == chat.messages[0]


@pytest.mark.decided
def test_removed_consultant_departs_for_agents_only(owner, expert):
    chat = make_chat(chatting=[owner], consulting=[expert])
    _, remover, removed = chat.participants

    remove_participant(chat, owner, Removal(expert.path))

    assert [notice_of(1, remover, expert), left(2, removed, Visibility.AGENTS)] == chat.messages


@pytest.mark.decided
@pytest.mark.parametrize(
    ("path", "message"),
    [
        pytest.param("/users/nobody", r"^target: there is no agent at '/users/nobody'$", id="unknown"),
        *(
            pytest.param(
                f"/users/id-of-{name}", rf"^target: {name} is not another agent of this conference$", id=name
            )
            for name in ("owner", "expert", "stranger")
        ),
    ],
)
def test_only_other_chatting_agents_are_removable(path, message, owner, colleague, expert, stranger):
    chat = make_chat(chatting=[owner, colleague], invited=[expert], elsewhere=[stranger])

    with expect_error(chat, owner, colleague, expert, stranger, match=message, error=TargetNotFound):
        remove_participant(chat, owner, Removal(path, THANKS))


@pytest.mark.documented
def test_consultant_cannot_remove(owner, expert):
    chat = make_chat(chatting=[owner], consulting=[expert])

    with expect_error(
        chat, owner, expert, match=r"^operationName: RemoveParticipantFromConference is not allowed"
    ):
        remove_participant(chat, expert, Removal(owner.path, THANKS))


@pytest.mark.decided
def test_agent_alone_cannot_remove(owner, colleague):
    chat = make_chat(chatting=[owner], invited=[colleague])

    with expect_error(chat, owner, colleague, match=r"while the chat is Chatting, allowed: "):
        remove_participant(chat, owner, Removal(colleague.path))


@pytest.mark.decided
def test_agent_who_left_cannot_remove(owner):
    chat = make_chat(chatting=[owner])
    leave(chat, owner, None)

    with expect_error(chat, owner, match=r"while the chat is LeftChat, allowed: "):
        remove_participant(chat, owner, Removal(owner.path))
