"""Routing: which agent is invited to a requested chat, and how an invitation ends."""

import pytest

from handlers.domain import customer
from handlers.domain.capabilities import State
from handlers.domain.chat import Seat
from handlers.domain.contact_center import Target
from handlers.domain.customer import ChatRequest
from handlers.domain.events import InvitationRejected, StatusChanged
from handlers.domain.invitation import accept, consult, invite, reject
from handlers.domain.leave import leave
from handlers.domain.routing import ask_in, expire, offer, serve
from handlers.domain.session import end_session, start_session
from handlers.domain.transfer import Handover, transfer
from tests.builders import CHAT_ID, CHATTING, INVITED, make_center, make_chat, state_of


def request(center, nickname="Ann"):
    view, events = customer.request_chat(center, ChatRequest(nickname))
    return view.chat, events


def to(agent):
    return Target(path=agent.path)


def completed(chat, agent):
    """The event of an agent who rejects, as the first operation."""
    return StatusChanged(agent, chat.id, State.COMPLETED, reference_id=1, participants=())


def revoked(chat, agent):
    return StatusChanged(agent, chat.id, State.REVOKED)


def invited(chat, agent):
    return StatusChanged(agent, chat.id, State.INVITED, INVITED)


def expire_invitation(chat, agent):
    return expire(chat, chat.seat_of(agent))


DECLINES = [
    pytest.param(reject, completed, id="rejected"),
    pytest.param(expire_invitation, revoked, id="expired"),
]


@pytest.mark.decided
def test_chat_waits_until_an_agent_is_available(owner):
    center = make_center()
    chat = make_chat(center=center)

    assert [] == offer(chat)
    assert {CHAT_ID: chat} == center.waiting

    center.enter_line(owner)

    assert [invited(chat, owner)] == offer(chat)
    assert {} == center.waiting
    seat = chat.seat_of(owner)
    assert Seat(owner, seat.participant_id, "owner", State.INVITED) == seat


@pytest.mark.decided
def test_requests_rotate_over_available_agents(owner, colleague, expert):
    center = make_center(line=[owner, colleague, expert])

    chats = [request(center)[0] for _ in range(4)]

    assert [["owner"], ["colleague"], ["expert"], ["owner"]] == [
        [seat.agent.user_name for seat in chat.seats.values()] for chat in chats
    ]


@pytest.mark.documented
def test_waiting_chats_are_served_in_order(owner):
    center = make_center(elsewhere=[owner])
    first, second = request(center)[0], request(center)[0]

    events = start_session(center, owner, ["chat"])

    assert [invited(first, owner), invited(second, owner)] == events
    assert {} == center.waiting


def test_unavailable_agent_serves_nobody(owner):
    center = make_center(line=[owner])
    chat, _ = request(center)
    end_session(center, owner)
    before = state_of(chat, owner)

    events = serve(center, owner)

    assert ([], before) == (events, state_of(chat, owner))


@pytest.mark.decided
def test_only_the_freed_agent_is_invited_again(owner, colleague):
    center = make_center(line=[owner, colleague])
    chat, _ = request(center)
    reject(chat, owner)
    reject(chat, colleague)

    events = serve(center, colleague)

    assert [invited(chat, colleague)] == events


@pytest.mark.decided
def test_agent_freed_meanwhile_is_invited_next(owner, colleague):
    center = make_center(line=[owner, colleague])
    chat, _ = request(center)
    reject(chat, owner)
    serve(center, owner)

    events = reject(chat, colleague)

    assert [completed(chat, colleague), invited(chat, owner)] == events


@pytest.mark.decided
def test_withdrawn_invitation_frees_the_agent(owner, colleague):
    center = make_center(line=[colleague], elsewhere=[owner])
    waiting, _ = request(center)
    reject(waiting, colleague)
    chat = make_chat(center=center, chatting=[owner])
    invite(chat, owner, to(colleague))

    events = leave(chat, owner, None)

    assert [revoked(chat, colleague), invited(waiting, colleague)] == events[1:]


@pytest.mark.decided
def test_leaving_a_conference_frees_the_agent(owner, colleague):
    center = make_center(line=[colleague], elsewhere=[owner])
    conference = make_chat(center=center, chatting=[owner, colleague])
    waiting, _ = request(center)
    reject(waiting, colleague)

    events = leave(conference, colleague, None)

    assert invited(waiting, colleague) == events[-1]


@pytest.mark.decided
def test_agent_with_after_work_is_not_free(owner):
    center = make_center(line=[owner])
    busy = make_chat(center=center, chatting=[owner])
    waiting, _ = request(center)
    reject(waiting, owner)

    leave(busy, owner, None)

    assert {waiting.id: waiting} == center.waiting


@pytest.mark.documented
@pytest.mark.decided
@pytest.mark.parametrize(("decline", "ended"), DECLINES)
def test_declined_chat_goes_to_the_next_agent(decline, ended, owner, colleague):
    chat, _ = request(make_center(line=[owner, colleague]))

    events = decline(chat, owner)

    assert [ended(chat, owner), invited(chat, colleague)] == events
    assert ({}, {chat.id: chat}) == (owner.chats, colleague.chats)


@pytest.mark.decided
@pytest.mark.parametrize(("decline", "ended"), DECLINES)
def test_nobody_is_invited_twice(decline, ended, owner, colleague):
    center = make_center(line=[owner, colleague])
    chat, _ = request(center)
    decline(chat, owner)

    events = decline(chat, colleague)

    assert [ended(chat, colleague)] == events
    assert ({}, {chat.id: chat}) == (chat.seats, center.waiting)


@pytest.mark.decided
def test_simultaneously_invited_agents_are_not_reinvited(owner, colleague):
    chat = make_chat(center=make_center(line=[owner, colleague]), invited=[owner, colleague])

    events = reject(chat, owner) + reject(chat, colleague)

    assert [completed(chat, owner), completed(chat, colleague)] == events
    assert {} == chat.seats


@pytest.mark.decided
def test_declining_affects_one_chat_only(owner):
    center = make_center(line=[owner])
    chat, _ = request(center)
    reject(chat, owner)

    other, events = request(center, "Ben")

    assert [invited(other, owner)] == events


@pytest.mark.decided
def test_accepted_chat_may_return_to_decliners(owner, colleague, expert):
    center = make_center(line=[owner, colleague], elsewhere=[expert])
    chat, _ = request(center)
    reject(chat, owner)
    accept(chat, colleague, None)
    transfer(chat, colleague, Handover(to(expert)))

    events = reject(chat, expert)

    assert [completed(chat, expert), invited(chat, owner)] == events


@pytest.mark.decided
@pytest.mark.parametrize(("decline", "ended"), DECLINES)
def test_declined_transfer_goes_to_the_longest_idle(decline, ended, owner, colleague, expert):
    center = make_center(line=[expert], elsewhere=[colleague])
    chat = make_chat(center=center, chatting=[owner])
    transfer(chat, owner, Handover(to(colleague)))

    events = decline(chat, colleague)

    assert [ended(chat, colleague), invited(chat, expert)] == events


@pytest.mark.decided
def test_declined_after_work_goes_to_nobody(owner, colleague, expert):
    center = make_center(line=[expert], elsewhere=[colleague])
    chat = make_chat(center=center, chatting=[owner])
    leave(chat, owner, None)
    transfer(chat, owner, Handover(to(colleague)))

    events = reject(chat, colleague)

    assert [completed(chat, colleague)] == events


@pytest.mark.decided
@pytest.mark.parametrize("seconds", [None, 2.5])
def test_invitation_has_the_configured_deadline(seconds, owner):
    chat = make_chat(center=make_center(line=[owner], timeout=seconds))

    event = ask_in(chat, owner)

    assert seconds == (event.deadline and event.deadline.seconds)


@pytest.mark.decided
def test_each_invitation_expires_at_its_deadline(owner, colleague):
    chat, (first,) = request(make_center(line=[owner, colleague], timeout=2.5))

    _, second = first.deadline.pass_by()

    assert [revoked(chat, colleague)] == second.deadline.pass_by()
    assert (0, 0) == (owner.operations_accepted, colleague.operations_accepted)


def accept_and_leave(chat, agent):
    accept(chat, agent, None)
    leave(chat, agent, None)


def reject_and_invite_again(chat, agent):
    reject(chat, agent)
    serve(chat.center, agent)


@pytest.mark.decided
@pytest.mark.parametrize(
    "end",
    [
        pytest.param(lambda chat, agent: accept(chat, agent, None), id="accepted"),
        pytest.param(accept_and_leave, id="accepted and left"),
        pytest.param(reject, id="rejected"),
        pytest.param(reject_and_invite_again, id="invited again"),
        pytest.param(lambda chat, _: customer.complete(chat.customer_view), id="withdrawn"),
        pytest.param(lambda chat, agent: end_session(chat.center, agent), id="revoked"),
    ],
)
def test_deadline_of_an_ended_invitation_has_no_effect(end, owner):
    chat, (event,) = request(make_center(line=[owner], timeout=2.5))
    end(chat, owner)
    before = state_of(chat, owner)

    events = event.deadline.pass_by()

    assert ([], before) == (events, state_of(chat, owner))


@pytest.mark.decided
@pytest.mark.parametrize("ask", [invite, consult])
def test_inviter_is_notified_of_expiry(ask, owner, colleague):
    center = make_center(elsewhere=[colleague], timeout=2.5)
    chat = make_chat(center=center, chatting=[owner])
    (event,) = ask(chat, owner, to(colleague))

    events = event.deadline.pass_by()

    assert [
        revoked(chat, colleague),
        InvitationRejected(owner, CHAT_ID, State.CHATTING, CHATTING, chat.participants, 1),
    ] == events
    assert [invited(chat, colleague)] == ask(chat, owner, to(colleague))


@pytest.mark.decided
def test_inviter_who_left_is_not_notified_of_expiry(owner, colleague, expert):
    center = make_center(elsewhere=[colleague], timeout=2.5)
    chat = make_chat(center=center, chatting=[owner, expert])
    (event,) = invite(chat, owner, to(colleague))
    leave(chat, owner, None)

    events = event.deadline.pass_by()

    assert [revoked(chat, colleague)] == events
