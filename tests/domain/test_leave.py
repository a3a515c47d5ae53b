"""Leave in each situation, with and without a farewell."""

import pytest

from handlers.domain.capabilities import State
from handlers.domain.chat import Participant, Seat, Text, TreatAs, Visibility
from handlers.domain.errors import ChatNotFound, OperationNotAllowed
from handlers.domain.events import MessagesWritten, ParticipantsChanged, StatusChanged
from handlers.domain.leave import leave
from handlers.domain.repository import InMemoryChatRepository
from tests.builders import (
    CHAT_ID,
    CHATTING,
    CHATTING_AS_CONSULTANT,
    CHATTING_WITH_AGENTS,
    LEFT_CHAT,
    expect_error,
    left,
    make_agent,
    make_chat,
    state_of,
    text_message,
)

GOODBYE = Text("Moved to mail.", "Handover", TreatAs.SYSTEM)
NO_READER = r"^text: nobody is left in the chat to read it"


@pytest.mark.documented
def test_leave_alone_ends_the_customer_session(owner):
    chat = make_chat(chatting=[owner])
    chat.user_data = {"tier": "gold"}
    leaver = chat.seat_of(owner).participant

    events = leave(chat, owner, None)

    assert [StatusChanged(owner, CHAT_ID, State.LEFT_CHAT, LEFT_CHAT, 1)] == events
    assert (None, ()) == (chat.customer, chat.participants)
    assert ([left(1, leaver)], {"tier": "gold"}) == (chat.messages, chat.user_data)
    assert (State.LEFT_CHAT, {CHAT_ID: chat}) == (chat.seat_of(owner).state, owner.chats)


@pytest.mark.documented
def test_leave_conference_continues_for_the_others(owner, colleague, expert):
    chat = make_chat(chatting=[owner, colleague, expert])
    customer, first, leaver, third = chat.participants
    remaining = (customer, first, third)
    farewell, departure = text_message(1, leaver, GOODBYE), left(2, leaver)

    events = leave(chat, colleague, GOODBYE)

    assert [
        *(MessagesWritten(agent, CHAT_ID, (farewell,)) for agent in (owner, colleague, expert)),
        StatusChanged(colleague, CHAT_ID, State.COMPLETED),
        MessagesWritten(owner, CHAT_ID, (departure,)),
        ParticipantsChanged(owner, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS, remaining),
        MessagesWritten(expert, CHAT_ID, (departure,)),
        ParticipantsChanged(expert, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS, remaining),
    ] == events
    assert (remaining, [farewell, departure]) == (chat.participants, chat.messages)
    assert ({CHAT_ID: chat}, {}, {CHAT_ID: chat}) == (owner.chats, colleague.chats, expert.chats)


@pytest.mark.documented
def test_leave_conference_of_two_leaves_one_alone(owner, colleague):
    chat = make_chat(chatting=[owner, colleague])
    customer, leaver, remaining = chat.participants

    events = leave(chat, owner, None)

    assert [
        StatusChanged(owner, CHAT_ID, State.COMPLETED),
        MessagesWritten(colleague, CHAT_ID, (left(1, leaver),)),
        ParticipantsChanged(colleague, CHAT_ID, State.CHATTING, CHATTING, (customer, remaining)),
    ] == events


@pytest.mark.decided
@pytest.mark.parametrize("as_consultant", [False, True], ids=["conference", "consultation"])
def test_last_agent_leaves_alone(as_consultant, owner, colleague):
    chat = make_chat(chatting=[owner])
    chat.take_seat(colleague, State.CHATTING, as_consultant=as_consultant)
    leave(chat, colleague, None)

    events = leave(chat, owner, None)

    assert [StatusChanged(owner, CHAT_ID, State.LEFT_CHAT, LEFT_CHAT, 1)] == events
    assert chat.customer is None


@pytest.mark.decided
def test_leave_conference_keeps_pending_invitation(owner, colleague, expert):
    chat = make_chat(chatting=[owner, colleague], invited=[expert])
    invitation = Seat(expert, chat.seat_of(expert).participant_id, "expert", State.INVITED)

    events = leave(chat, owner, None)

    assert [owner, colleague, colleague] == [event.agent for event in events]
    assert invitation == chat.seat_of(expert)


@pytest.mark.decided
def test_consultant_beside_an_agent_is_not_promoted(owner, colleague, expert):
    chat = make_chat(chatting=[owner, colleague], consulting=[expert])
    customer, _, remaining, consultant = chat.participants

    leave(chat, owner, None)

    assert (customer, remaining, consultant) == chat.participants


@pytest.mark.documented
def test_consultant_leaves_unnoticed_by_the_customer(owner, expert):
    chat = make_chat(chatting=[owner], consulting=[expert])
    customer, remaining, leaver = chat.participants
    farewell = text_message(1, leaver, GOODBYE, Visibility.AGENTS)
    departure = left(2, leaver, Visibility.AGENTS)

    events = leave(chat, expert, GOODBYE)

    assert [
        MessagesWritten(owner, CHAT_ID, (farewell,)),
        MessagesWritten(expert, CHAT_ID, (farewell,)),
        StatusChanged(expert, CHAT_ID, State.COMPLETED),
        MessagesWritten(owner, CHAT_ID, (departure,)),
        ParticipantsChanged(owner, CHAT_ID, State.CHATTING, CHATTING, (customer, remaining)),
    ] == events
    assert ((customer, remaining), [farewell, departure]) == (chat.participants, chat.messages)
    assert ({CHAT_ID: chat}, {}) == (owner.chats, expert.chats)


@pytest.mark.documented
@pytest.mark.decided
def test_leave_to_a_consultant_promotes_the_consultant(owner, expert):
    chat = make_chat(chatting=[owner], consulting=[expert])
    customer, leaver, consultant = chat.participants
    promoted = Participant(consultant.id, "expert", expert, Visibility.ALL)
    farewell = text_message(1, leaver, GOODBYE)

    events = leave(chat, owner, GOODBYE)

    assert [
        MessagesWritten(owner, CHAT_ID, (farewell,)),
        MessagesWritten(expert, CHAT_ID, (farewell,)),
        StatusChanged(owner, CHAT_ID, State.COMPLETED),
        MessagesWritten(expert, CHAT_ID, (left(2, leaver),)),
        ParticipantsChanged(expert, CHAT_ID, State.CHATTING, CHATTING, (customer, promoted)),
    ] == events
    assert (customer, promoted) == chat.participants


@pytest.mark.decided
def test_only_the_longest_present_consultant_is_promoted(owner, colleague, expert):
    chat = make_chat(chatting=[owner], consulting=[expert, colleague])
    customer, _, first, second = chat.participants

    events = leave(chat, owner, None)

    assert (customer, Participant(first.id, "expert", expert, Visibility.ALL), second) == chat.participants
    assert [(expert, CHATTING_WITH_AGENTS), (colleague, CHATTING_AS_CONSULTANT)] == [
        (event.agent, event.capabilities) for event in events if isinstance(event, ParticipantsChanged)
    ]


@pytest.mark.decided
@pytest.mark.parametrize("role", ["invited", "invited_to_consult"])
def test_leave_alone_revokes_pending_invitations(role, owner, colleague, expert):
    chat = make_chat(chatting=[owner], **{role: [colleague, expert]})

    events = leave(chat, owner, None)

    assert [
        StatusChanged(owner, CHAT_ID, State.LEFT_CHAT, LEFT_CHAT, 1),
        StatusChanged(colleague, CHAT_ID, State.REVOKED),
        StatusChanged(expert, CHAT_ID, State.REVOKED),
    ] == events
    assert ({CHAT_ID: chat}, {}, {}) == (owner.chats, colleague.chats, expert.chats)
    assert chat.customer is None


@pytest.mark.decided
def test_leave_without_a_customer_keeps_after_work(owner):
    chat = make_chat(customer=None, chatting=[owner])

    events = leave(chat, owner, None)

    assert [StatusChanged(owner, CHAT_ID, State.LEFT_CHAT, LEFT_CHAT, 1)] == events


@pytest.mark.decided
def test_repeated_leave_only_repeats_the_notification(owner):
    chat = make_chat(chatting=[owner])
    leave(chat, owner, None)
    before = state_of(chat)

    events = leave(chat, owner, None)

    assert [StatusChanged(owner, CHAT_ID, State.LEFT_CHAT, LEFT_CHAT, 2)] == events
    assert before == state_of(chat)


@pytest.mark.decided
@pytest.mark.parametrize("farewell", [None, GOODBYE], ids=["without text", "with text"])
def test_leave_while_invited_is_rejected(farewell, owner, colleague):
    chat = make_chat(chatting=[owner], invited=[colleague])

    with expect_error(
        chat,
        owner,
        colleague,
        match=r"^operationName: Leave is not allowed while the chat is Invited, allowed: Accept, Reject$",
    ):
        leave(chat, colleague, farewell)


def completed_chat(agent):
    chat = make_chat(chatting=[agent, make_agent("other")])
    leave(chat, agent, None)
    return [chat]


def revoked_chat(agent):
    other = make_agent("other")
    chat = make_chat(chatting=[other], invited=[agent])
    leave(chat, other, None)
    return [chat]


@pytest.mark.decided
@pytest.mark.parametrize(
    "make_chats",
    [
        pytest.param(completed_chat, id="Completed"),
        pytest.param(revoked_chat, id="Revoked"),
        pytest.param(lambda _: [], id="unknown"),
        pytest.param(lambda _: [make_chat(chatting=[make_agent("other")])], id="another agent's"),
    ],
)
def test_absent_chats_are_reported_alike(make_chats, owner):
    repository = InMemoryChatRepository(make_chats(owner))

    with pytest.raises(ChatNotFound, match=rf"^id: you have no chat '{CHAT_ID}'$"):
        repository.chat_of(owner, CHAT_ID)


@pytest.mark.decided
def test_reference_id_counts_accepted_operations_per_agent(owner, colleague):
    without_reader = make_chat(chat_id="1", customer=None, chatting=[owner])
    with pytest.raises(OperationNotAllowed):
        leave(without_reader, owner, GOODBYE)
    leave(make_chat(chat_id="2", chatting=[colleague]), colleague, None)
    leave(make_chat(chat_id="3", chatting=[owner, colleague]), owner, None)

    (event,) = leave(make_chat(chat_id="4", chatting=[owner]), owner, None)

    assert 2 == event.reference_id


def test_farewell_precedes_the_departure(owner, colleague):
    chat = make_chat(chatting=[owner], invited=[colleague])
    leaver = chat.seat_of(owner).participant

    events = leave(chat, owner, GOODBYE)

    assert [
        MessagesWritten(owner, CHAT_ID, (text_message(1, leaver, GOODBYE),)),
        StatusChanged(owner, CHAT_ID, State.LEFT_CHAT, LEFT_CHAT, 1),
        StatusChanged(colleague, CHAT_ID, State.REVOKED),
    ] == events
    assert [text_message(1, leaver, GOODBYE), left(2, leaver)] == chat.messages


@pytest.mark.decided
def test_agents_read_a_farewell_without_a_customer(owner, colleague):
    chat = make_chat(customer=None, chatting=[owner, colleague])
    leaver = chat.seat_of(owner).participant

    leave(chat, owner, GOODBYE)

    assert [text_message(1, leaver, GOODBYE), left(2, leaver)] == chat.messages


@pytest.mark.decided
def test_farewell_without_a_reader_is_rejected(owner, colleague):
    chat = make_chat(customer=None, chatting=[owner], invited=[colleague], seen=True)

    with expect_error(chat, owner, colleague, match=NO_READER):
        leave(chat, owner, GOODBYE)


@pytest.mark.decided
def test_farewell_after_leaving_is_rejected(owner):
    chat = make_chat(chatting=[owner])
    leave(chat, owner, None)

    with expect_error(chat, owner, match=NO_READER):
        leave(chat, owner, GOODBYE)
