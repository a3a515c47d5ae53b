"""Routing: which agent is invited to a requested chat, and how an invitation ends."""

import pytest

from gws_chat.domain import customer
from gws_chat.domain.capabilities import State
from gws_chat.domain.chat import Target
from gws_chat.domain.events import InvitationRejected, StatusChanged
from gws_chat.domain.invitation import accept, consult, invite, reject
from gws_chat.domain.leave import leave
from gws_chat.domain.routing import expire_invitation, serve_waiting_chats
from gws_chat.domain.session import end_contact_center_session, start_contact_center_session
from gws_chat.domain.transfer import transfer
from tests.builders import CHAT_ID, CHATTING_WITH_AGENTS_CAPABILITIES, invited_event, make_center, make_chat, state_of

pytestmark = pytest.mark.assumed("routing.longest-idle", "routing.declined", "reject.others", "emulator.routing")


def request_chat(center, nickname="Ann"):
    chat, _, events = customer.request_chat(center, nickname)
    return chat, events


def to(agent):
    return Target(path=agent.path)


def completed(chat, agent):
    """The event of an agent whose first operation is Reject."""
    return StatusChanged(agent, chat.id, State.COMPLETED, reference_id=1, participants=())


def revoked(chat, agent):
    return StatusChanged(agent, chat.id, State.REVOKED)


def invited(chat, agent):
    return invited_event(agent, chat.id, chat.user_data, chat.center.invitation_timeout)


def let_expire(chat, agent):
    return expire_invitation(chat, chat.participation_of(agent))


def end_session(chat, agent):
    return end_contact_center_session(chat.center, agent)


DECLINES = [pytest.param(reject, completed, id="rejected"), pytest.param(let_expire, revoked, id="expired")]
ENDS = [*DECLINES, pytest.param(end_session, revoked, id="session ended")]


@pytest.mark.documented
def test_unavailable_agent_is_not_invited(first_agent):
    center = make_center(available=[first_agent])
    chat, _ = request_chat(center)
    end_contact_center_session(center, first_agent)
    before = state_of(chat, first_agent)

    events = serve_waiting_chats(center, first_agent)

    assert ([], before) == (events, state_of(chat, first_agent))


def test_only_the_agent_who_became_free_is_invited(first_agent, colleague):
    center = make_center(available=[first_agent, colleague])
    chat, _ = request_chat(center)
    reject(chat, first_agent)
    reject(chat, colleague)

    events = serve_waiting_chats(center, colleague)

    assert [invited(chat, colleague)] == events


def test_agent_who_became_free_is_invited_next(first_agent, colleague):
    center = make_center(available=[first_agent, colleague])
    chat, _ = request_chat(center)
    reject(chat, first_agent)
    serve_waiting_chats(center, first_agent)

    events = reject(chat, colleague)

    assert [completed(chat, colleague), invited(chat, first_agent)] == events


def test_revoked_invitation_frees_the_agent(first_agent, colleague):
    center = make_center(available=[colleague], queue_agents=[first_agent])
    waiting, _ = request_chat(center)
    reject(waiting, colleague)
    chat = make_chat(center=center, chatting=[first_agent])
    invite(chat, first_agent, to(colleague))

    events = leave(chat, first_agent, None)

    assert [revoked(chat, colleague), invited(waiting, colleague)] == events[1:]


def test_leaving_a_conference_frees_the_agent(first_agent, colleague):
    center = make_center(available=[colleague], queue_agents=[first_agent])
    conference = make_chat(center=center, chatting=[first_agent, colleague])
    waiting, _ = request_chat(center)
    reject(waiting, colleague)

    events = leave(conference, colleague, None)

    assert invited(waiting, colleague) == events[-1]


def test_after_call_work_does_not_free_the_agent(first_agent):
    center = make_center(available=[first_agent])
    busy = make_chat(center=center, chatting=[first_agent])
    waiting, _ = request_chat(center)
    reject(waiting, first_agent)

    leave(busy, first_agent, None)

    assert {waiting.id: waiting} == center.waiting_chats


@pytest.mark.documented
@pytest.mark.parametrize(("decline", "ended"), DECLINES)
def test_declined_chat_goes_to_the_next_agent(decline, ended, first_agent, colleague):
    chat, _ = request_chat(make_center(available=[first_agent, colleague]))

    events = decline(chat, first_agent)

    assert [ended(chat, first_agent), invited(chat, colleague)] == events
    assert ([], [chat]) == (chat.center.chats_of(first_agent), chat.center.chats_of(colleague))


@pytest.mark.parametrize(("decline", "ended"), DECLINES)
def test_nobody_is_invited_twice(decline, ended, first_agent, colleague):
    center = make_center(available=[first_agent, colleague])
    chat, _ = request_chat(center)
    decline(chat, first_agent)

    events = decline(chat, colleague)

    assert [ended(chat, colleague)] == events
    assert ({}, {chat.id: chat}) == (chat.participations, center.waiting_chats)


def test_simultaneously_invited_agents_are_not_reinvited(first_agent, colleague):
    chat = make_chat(center=make_center(available=[first_agent, colleague]), invited=[first_agent, colleague])

    events = reject(chat, first_agent) + reject(chat, colleague)

    assert [completed(chat, first_agent), completed(chat, colleague)] == events
    assert {} == chat.participations


def test_declining_affects_one_chat_only(first_agent):
    center = make_center(available=[first_agent])
    chat, _ = request_chat(center)
    reject(chat, first_agent)

    other, events = request_chat(center, "Ben")

    assert [invited(other, first_agent)] == events


def test_accepting_clears_earlier_declines(first_agent, colleague, expert):
    center = make_center(available=[first_agent, colleague], queue_agents=[expert])
    chat, _ = request_chat(center)
    reject(chat, first_agent)
    accept(chat, colleague, None)
    transfer(chat, colleague, to(expert))

    events = reject(chat, expert)

    assert [completed(chat, expert), invited(chat, first_agent)] == events


@pytest.mark.parametrize(("decline", "ended"), DECLINES)
def test_declined_transfer_may_return_to_its_sender(decline, ended, chat, first_agent, colleague):
    transfer(chat, first_agent, to(colleague))

    events = decline(chat, colleague)

    assert [ended(chat, colleague), invited(chat, first_agent)] == events


def test_declined_after_call_work_is_not_routed(first_agent, colleague, expert):
    center = make_center(available=[expert], queue_agents=[colleague])
    chat = make_chat(center=center, chatting=[first_agent])
    leave(chat, first_agent, None)
    transfer(chat, first_agent, to(colleague))

    events = reject(chat, colleague)

    assert [completed(chat, colleague)] == events


def test_the_next_invitation_can_expire(first_agent, colleague):
    chat, (first,) = request_chat(make_center(available=[first_agent, colleague], invitation_timeout=2.5))
    first_participation = chat.participation_of(first.agent)

    _, second = expire_invitation(chat, first_participation)
    second_participation = chat.participation_of(second.agent)

    assert [revoked(chat, colleague)] == expire_invitation(chat, second_participation)
    assert (0, 0) == (first_agent.last_reference_id, colleague.last_reference_id)


def accept_and_leave(chat, agent):
    accept(chat, agent, None)
    leave(chat, agent, None)


def reject_and_invite_again(chat, agent):
    reject(chat, agent)
    serve_waiting_chats(chat.center, agent)


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(lambda chat, agent: accept(chat, agent, None), id="accepted"),
        pytest.param(accept_and_leave, id="accepted and left"),
        pytest.param(reject, id="rejected"),
        pytest.param(reject_and_invite_again, id="invited again"),
        pytest.param(lambda chat, _: customer.complete(chat), id="customer completed"),
        pytest.param(end_session, id="session ended"),
    ],
)
def test_expiring_an_ended_invitation_has_no_effect(end, first_agent):
    chat, (event,) = request_chat(make_center(available=[first_agent], invitation_timeout=2.5))
    event_participation = chat.participation_of(event.agent)
    end(chat, first_agent)
    before = state_of(chat, first_agent)

    events = expire_invitation(chat, event_participation)

    assert ([], before) == (events, state_of(chat, first_agent))


@pytest.mark.documented
@pytest.mark.parametrize("operation", [invite, consult])
@pytest.mark.parametrize(("end", "ended"), ENDS)
def test_only_the_inviter_is_notified_of_the_end(operation, end, ended, first_agent, colleague, expert, stranger):
    """The invitation is not routed to the stranger, who is available."""
    center = make_center(available=[stranger, colleague], invitation_timeout=2.5)
    chat = make_chat(center=center, chatting=[first_agent, expert])
    operation(chat, first_agent, to(colleague))

    events = end(chat, colleague)

    assert [
        ended(chat, colleague),
        InvitationRejected(
            first_agent, CHAT_ID, State.CHATTING, CHATTING_WITH_AGENTS_CAPABILITIES, chat.participants, 1
        ),
    ] == events
    assert ([chat], []) == (center.chats_of(first_agent), center.chats_of(colleague))
    assert ([], {}) == (chat.messages, chat.declined_by)
    start_contact_center_session(center, colleague, ["chat"])
    assert [invited(chat, colleague)] == operation(chat, first_agent, to(colleague))


@pytest.mark.parametrize(("end", "ended"), ENDS)
def test_inviter_who_left_is_not_notified(end, ended, first_agent, colleague, expert):
    chat = make_chat(center=make_center(available=[colleague]), chatting=[first_agent, expert])
    invite(chat, first_agent, to(colleague))
    leave(chat, first_agent, None)

    events = end(chat, colleague)

    assert [ended(chat, colleague)] == events
