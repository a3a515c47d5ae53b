"""Invite and Consult, and their replies Accept and Reject."""

import pytest

from handlers.domain.capabilities import State
from handlers.domain.chat import Invitation, MessageType, Participant, Seat, Text, Visibility
from handlers.domain.contact_center import Target
from handlers.domain.errors import OperationNotAllowed, TargetNotFound
from handlers.domain.events import InvitationRejected, MessagesWritten, ParticipantsChanged, StatusChanged
from handlers.domain.invitation import accept, consult, invite, reject
from handlers.domain.leave import leave
from tests.builders import (
    CHAT_ID,
    CHATTING,
    CHATTING_AS_CONSULTANT,
    CHATTING_WITH_AGENTS,
    INVITED,
    LEFT_CHAT,
    expect_error,
    joined,
    make_center,
    make_chat,
)


def at(agent):
    return Target(path=agent.path)


@pytest.mark.documented
@pytest.mark.decided
@pytest.mark.parametrize(("ask", "as_consultant"), [(invite, False), (consult, True)])
def test_only_the_invited_agent_is_notified(ask, as_consultant, owner, colleague, expert):
    chat = make_chat(chatting=[owner, expert], elsewhere=[colleague])
    participants = chat.participants

    events = ask(chat, owner, at(colleague))

    assert [StatusChanged(colleague, CHAT_ID, State.INVITED, INVITED)] == events
    assert ({CHAT_ID: chat}, participants, []) == (colleague.chats, chat.participants, chat.messages)
    assert (1, 0) == (owner.operations_accepted, colleague.operations_accepted)
    seat, invitation = chat.seat_of(colleague), Invitation(owner, 1)
    assert Seat(colleague, seat.participant_id, "colleague", State.INVITED, as_consultant, invitation) == seat


@pytest.mark.decided
def test_queue_provides_the_first_free_agent(owner, colleague, expert):
    chat = make_chat(chatting=[owner], elsewhere=[colleague, expert])

    events = [event for _ in range(2) for event in invite(chat, owner, Target(queue="support"))]

    assert [colleague, expert] == [event.agent for event in events]


@pytest.mark.decided
@pytest.mark.parametrize("ask", [invite, consult])
@pytest.mark.parametrize(
    ("target", "error", "message"),
    [
        pytest.param(
            Target(path="/users/nobody"),
            TargetNotFound,
            r"^target: there is no agent at '/users/nobody'$",
            id="unknown",
        ),
        pytest.param(
            Target(path="/users/id-of-colleague"),
            OperationNotAllowed,
            r"^target: colleague is in the chat already, or has no feature for chats$",
            id="already invited",
        ),
    ],
)
def test_invalid_target_is_rejected(ask, target, error, message, owner, colleague):
    chat = make_chat(chatting=[owner], invited=[colleague])

    with expect_error(chat, owner, colleague, match=message, error=error):
        ask(chat, owner, target)


@pytest.mark.decided
@pytest.mark.parametrize("ask", [invite, consult])
@pytest.mark.parametrize("role", ["consulting", "invited"])
def test_inviting_is_rejected_for_other_roles(ask, role, owner, colleague, expert):
    chat = make_chat(chatting=[owner], elsewhere=[colleague], **{role: [expert]})

    with expect_error(
        chat, owner, colleague, expert, match=rf"^operationName: {ask.__name__.title()} is not allowed"
    ):
        ask(chat, expert, at(colleague))


@pytest.mark.decided
@pytest.mark.parametrize("ask", [invite, consult])
def test_agent_who_left_cannot_invite(ask, owner, colleague):
    chat = make_chat(chatting=[owner], elsewhere=[colleague])
    leave(chat, owner, None)

    with expect_error(chat, owner, colleague, match=r"while the chat is LeftChat"):
        ask(chat, owner, at(colleague))


@pytest.mark.documented
@pytest.mark.decided
def test_accept_starts_a_conference(owner, colleague, expert, stranger):
    chat = make_chat(chatting=[owner, expert], invited=[stranger], elsewhere=[colleague])
    customer, host, other = chat.participants
    invite(chat, owner, at(colleague))
    newcomer = Participant(chat.seat_of(colleague).participant_id, "colleague", colleague, Visibility.ALL)
    everybody = (customer, host, other, newcomer)
    history = (
        chat.write(MessageType.TEXT, host, Visibility.ALL, Text("Hello")),
        chat.write(MessageType.TEXT, host, Visibility.AGENTS, Text("Mind the tone")),
    )
    arrival = joined(3, newcomer)

    events = accept(chat, colleague, None)

    # The reference ID of the invitation is for the inviter only.
    assert [
        StatusChanged(colleague, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS, 1, participants=()),
        ParticipantsChanged(colleague, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS, everybody),
        MessagesWritten(colleague, CHAT_ID, (*history, arrival)),
        ParticipantsChanged(owner, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS, everybody, 1),
        MessagesWritten(owner, CHAT_ID, (arrival,)),
        ParticipantsChanged(expert, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS, everybody),
        MessagesWritten(expert, CHAT_ID, (arrival,)),
    ] == events
    assert (everybody, [*history, arrival]) == (chat.participants, chat.messages)


@pytest.mark.documented
@pytest.mark.decided
def test_accept_starts_a_consultation(owner, expert):
    chat = make_chat(chatting=[owner], elsewhere=[expert])
    customer, host = chat.participants
    consult(chat, owner, at(expert))
    consultant = Participant(chat.seat_of(expert).participant_id, "expert", expert, Visibility.AGENTS)
    everybody = (customer, host, consultant)
    arrival = joined(1, consultant, Visibility.AGENTS)

    events = accept(chat, expert, None)

    assert [
        StatusChanged(expert, CHAT_ID, State.CHATTING, CHATTING_AS_CONSULTANT, 1, participants=()),
        ParticipantsChanged(expert, CHAT_ID, State.CHATTING, CHATTING_AS_CONSULTANT, everybody),
        MessagesWritten(expert, CHAT_ID, (arrival,)),
        ParticipantsChanged(owner, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS, everybody, 1),
        MessagesWritten(owner, CHAT_ID, (arrival,)),
    ] == events
    assert (everybody, [arrival]) == (chat.participants, chat.messages)


@pytest.mark.decided
def test_accept_without_other_agents(colleague):
    chat = make_chat(invited=[colleague])

    events = accept(chat, colleague, None)

    everybody = chat.participants
    assert [
        StatusChanged(colleague, CHAT_ID, State.CHATTING, CHATTING, 1, participants=()),
        ParticipantsChanged(colleague, CHAT_ID, State.CHATTING, CHATTING, everybody),
        MessagesWritten(colleague, CHAT_ID, (joined(1, everybody[1]),)),
    ] == events


@pytest.mark.documented
def test_accept_shows_the_nickname_everywhere(owner, colleague):
    chat = make_chat(chatting=[owner], invited=[colleague])

    events = accept(chat, colleague, "Bob")

    assert {"Bob"} == {
        *(message.sender.nickname for message in chat.messages),
        *(each.participants[2].nickname for each in events if isinstance(each, ParticipantsChanged)),
    }


@pytest.mark.decided
def test_history_is_a_copy(owner, colleague):
    chat = make_chat(chatting=[owner], invited=[colleague])
    events = accept(chat, colleague, None)

    chat.write(MessageType.TEXT, chat.seat_of(owner).participant, Visibility.ALL, Text("Hello"))

    assert 1 == len(events[2].messages)


@pytest.mark.decided
def test_each_invitation_has_its_reference_id(owner, colleague, expert):
    chat = make_chat(chatting=[owner], elsewhere=[colleague, expert])
    invite(chat, owner, at(colleague))
    invite(chat, owner, at(expert))

    events = accept(chat, expert, None) + accept(chat, colleague, None)

    assert [2, 1] == [
        event.reference_id
        for event in events
        if isinstance(event, ParticipantsChanged) and event.agent is owner
    ]


@pytest.mark.decided
@pytest.mark.parametrize(
    ("reply", "notified"),
    [
        pytest.param(accept, ["colleague", "colleague", "colleague", "expert", "expert"], id="Accept"),
        pytest.param(reject, ["colleague"], id="Reject"),
    ],
)
def test_inviter_who_left_is_not_notified(reply, notified, owner, colleague, expert):
    chat = make_chat(chatting=[owner, expert], elsewhere=[colleague])
    invite(chat, owner, at(colleague))
    leave(chat, owner, None)

    events = reply(chat, colleague, None)

    assert notified == [event.agent.user_name for event in events]


@pytest.mark.decided
def test_agents_invite_and_accept_without_a_customer(owner, colleague):
    chat = make_chat(customer=None, chatting=[owner], elsewhere=[colleague])
    invite(chat, owner, at(colleague))
    host, newcomer = chat.seat_of(owner).participant, chat.seat_of(colleague).participant

    accept(chat, colleague, None)

    assert (host, newcomer) == chat.participants


@pytest.mark.decided
def test_accept_of_an_ended_chat_is_after_work(colleague):
    chat = make_chat(customer=None, invited=[colleague])

    events = accept(chat, colleague, None)

    assert [StatusChanged(colleague, CHAT_ID, State.LEFT_CHAT, LEFT_CHAT, 1)] == events
    assert ((), [], {CHAT_ID: chat}) == (chat.participants, chat.messages, colleague.chats)


@pytest.mark.documented
@pytest.mark.decided
@pytest.mark.parametrize("ask", [invite, consult])
def test_reject_notifies_the_inviter_only(ask, owner, colleague, expert):
    chat = make_chat(chatting=[owner, expert], elsewhere=[colleague])
    ask(chat, owner, at(colleague))

    events = reject(chat, colleague)

    assert [
        StatusChanged(colleague, CHAT_ID, State.COMPLETED, reference_id=1, participants=()),
        InvitationRejected(owner, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS, chat.participants, 1),
    ] == events
    assert ({CHAT_ID: chat}, {}, []) == (owner.chats, colleague.chats, chat.messages)
    assert [StatusChanged(colleague, CHAT_ID, State.INVITED, INVITED)] == ask(chat, owner, at(colleague))


@pytest.mark.decided
def test_reject_without_an_inviter(owner, colleague):
    chat = make_chat(chatting=[owner], invited=[colleague])

    events = reject(chat, colleague)

    assert [colleague] == [event.agent for event in events]


@pytest.mark.decided
def test_rejected_invite_is_not_routed(owner, colleague, expert):
    chat = make_chat(center=make_center(line=[expert, colleague]), chatting=[owner])
    invite(chat, owner, at(colleague))

    events = reject(chat, colleague)

    assert [colleague, owner] == [event.agent for event in events]
    assert {} == chat.turned_down


@pytest.mark.decided
@pytest.mark.parametrize("reply", [accept, reject])
def test_reply_without_an_invitation_is_rejected(reply, owner, colleague):
    chat = make_chat(chatting=[owner], invited=[colleague])

    with expect_error(
        chat,
        owner,
        colleague,
        match=rf"^operationName: {reply.__name__.title()} is not allowed while the chat is Chatting, ",
    ):
        reply(chat, owner, None)
