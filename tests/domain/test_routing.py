"""Who is asked in where a customer has nobody, and how an invitation ends that is not accepted."""

import pytest

from handlers.domain import customer
from handlers.domain.capabilities import DEFAULT_CAPABILITIES, Situation, State
from handlers.domain.chat import Invitation, Seat
from handlers.domain.complete import Completion, complete
from handlers.domain.contact_center import Target
from handlers.domain.customer import ChatRequest
from handlers.domain.events import InvitationRejected, StatusChanged
from handlers.domain.invitation import accept, consult, invite, reject
from handlers.domain.leave import leave
from handlers.domain.remove import Removal, remove_participant
from handlers.domain.routing import ask_in, expire, offer, serve
from handlers.domain.session import end_session, start_session
from handlers.domain.transfer import Handover, transfer
from tests.builders import CHAT_ID, make_center, make_chat, state_of

INVITED = DEFAULT_CAPABILITIES[Situation.INVITED]
CHATTING = DEFAULT_CAPABILITIES[Situation.CHATTING]


def request(center, nickname="Ann"):
    view, events = customer.request_chat(center, ChatRequest(nickname))
    return view.chat, events


def completed(chat, agent):
    """The event of an agent who rejected, as its first operation."""
    return StatusChanged(agent, chat.id, State.COMPLETED, reference_id=1, participants=())


def revoked(chat, agent):
    return StatusChanged(agent, chat.id, State.REVOKED)


def invited(chat, agent):
    return StatusChanged(agent, chat.id, State.INVITED, INVITED)


class TestOffering:
    """Inviting the longest idle agent."""

    def test_it_is_told_of_the_invitation(self, owner):
        chat = make_chat(center=make_center(line=[owner]))

        assert [invited(chat, owner)] == offer(chat)

    def test_it_was_asked_by_nobody_and_is_no_consultant(self, owner):
        chat = make_chat(center=make_center(line=[owner]))

        offer(chat)

        seat = chat.seat_of(owner)
        assert seat == Seat(owner, seat.participant_id, "owner", State.INVITED)

    @pytest.mark.decided
    def test_with_nobody_in_line_the_customer_waits(self):
        center = make_center()
        chat = make_chat(center=center)

        assert [] == offer(chat)
        assert {CHAT_ID: chat} == center.waiting

    def test_a_customer_to_whom_somebody_is_invited_waits_no_longer(self, owner):
        center = make_center()
        chat = make_chat(center=center)
        offer(chat)
        center.enter_line(owner)

        offer(chat)

        assert {} == center.waiting

    @pytest.mark.decided
    def test_requests_go_round_the_agents_who_are_free(self, owner, colleague, expert):
        center = make_center(line=[owner, colleague, expert])

        chats = [request(center)[0] for _ in range(4)]

        assert [["owner"], ["colleague"], ["expert"], ["owner"]] == [
            [seat.agent.user_name for seat in chat.seats.values()] for chat in chats
        ]


class TestServing:
    """An agent becomes free while customers wait."""

    @pytest.mark.documented
    def test_customers_are_served_in_the_order_of_their_requests(self, owner):
        center = make_center(elsewhere=[owner])
        first, second = request(center)[0], request(center)[0]

        events = start_session(center, owner, ["chat"])

        assert [invited(first, owner), invited(second, owner)] == events

    def test_nobody_waits_afterwards(self, owner):
        center = make_center(elsewhere=[owner])
        request(center)

        start_session(center, owner, ["chat"])

        assert {} == center.waiting

    def test_an_agent_who_is_not_in_line_serves_nobody(self, owner):
        center = make_center(line=[owner])
        chat, _ = request(center)
        end_session(center, owner)
        before = state_of(chat, owner)

        assert [] == serve(center, owner)
        assert before == state_of(chat, owner)

    @pytest.mark.decided
    def test_only_who_has_become_free_is_asked_again(self, owner, colleague):
        center = make_center(line=[owner, colleague])
        chat, _ = request(center)
        reject(chat, owner)
        reject(chat, colleague)

        assert [invited(chat, colleague)] == serve(center, colleague)

    @pytest.mark.decided
    def test_who_has_become_free_while_another_was_asked_is_asked_after_it(self, owner, colleague):
        center = make_center(line=[owner, colleague])
        chat, _ = request(center)
        reject(chat, owner)
        serve(center, owner)

        assert invited(chat, owner) == reject(chat, colleague)[-1]

    @pytest.mark.decided
    def test_an_agent_whose_invitation_is_withdrawn_serves_who_waits(self, owner, colleague):
        center = make_center(line=[colleague], elsewhere=[owner])
        waiting, _ = request(center)
        reject(waiting, colleague)
        chat = make_chat(center=center, chatting=[owner])
        invite(chat, owner, Target(path=colleague.path))

        events = leave(chat, owner, None)

        assert [revoked(chat, colleague), invited(waiting, colleague)] == events[1:]

    def test_where_nobody_waits_nobody_is_invited(self, owner):
        assert [] == serve(make_center(line=[owner]), owner)

    @pytest.mark.decided
    def test_an_agent_is_asked_again_once_it_has_become_free(self, owner):
        center = make_center(line=[owner])
        chat, _ = request(center)
        reject(chat, owner)

        assert [invited(chat, owner)] == serve(center, owner)

    @pytest.mark.decided
    @pytest.mark.parametrize(
        "go",
        [
            pytest.param(lambda chat, agent, _: complete(chat, agent, Completion()), id="by Complete"),
            pytest.param(
                lambda chat, agent, other: transfer(chat, agent, Handover(Target(path=other.path))),
                id="by Transfer",
            ),
        ],
    )
    def test_an_agent_whose_chat_has_ended_serves_who_waits(self, go, owner, colleague):
        center = make_center(line=[owner], elsewhere=[colleague])
        busy = make_chat(center=center, chatting=[owner])
        chat, _ = request(center)
        reject(chat, owner)

        events = go(busy, owner, colleague)

        assert invited(chat, owner) in events

    @pytest.mark.decided
    @pytest.mark.parametrize(
        "go",
        [
            pytest.param(lambda chat, _, agent: leave(chat, agent, None), id="by Leave"),
            pytest.param(lambda chat, _, agent: complete(chat, agent, Completion()), id="by Complete"),
            pytest.param(
                lambda chat, other, agent: remove_participant(chat, other, Removal(agent.path)),
                id="by being removed",
            ),
        ],
    )
    def test_an_agent_who_is_out_of_a_conference_serves_who_waits(self, go, owner, colleague):
        center = make_center(line=[colleague], elsewhere=[owner])
        conference = make_chat(center=center, chatting=[owner, colleague])
        chat, _ = request(center)
        reject(chat, colleague)

        events = go(conference, owner, colleague)

        assert invited(chat, colleague) == events[-1]

    @pytest.mark.decided
    def test_an_agent_with_after_work_is_not_free_yet(self, owner):
        center = make_center(line=[owner])
        busy = make_chat(center=center, chatting=[owner])
        chat, _ = request(center)
        reject(chat, owner)

        leave(busy, owner, None)

        assert {chat.id: chat} == center.waiting

    @pytest.mark.decided
    @pytest.mark.parametrize(
        "go",
        [
            pytest.param(lambda chat, agent, _: complete(chat, agent, Completion()), id="completed"),
            pytest.param(
                lambda chat, agent, other: transfer(chat, agent, Handover(Target(path=other.path))),
                id="handed on",
            ),
        ],
    )
    def test_an_agent_whose_after_work_is_done_serves_who_waits(self, go, owner, colleague):
        center = make_center(line=[owner], elsewhere=[colleague])
        busy = make_chat(center=center, chatting=[owner])
        chat, _ = request(center)
        reject(chat, owner)
        leave(busy, owner, None)

        events = go(busy, owner, colleague)

        assert invited(chat, owner) in events


class TestTurningDown:
    """A requested chat whose invitation is not accepted."""

    @pytest.mark.documented
    def test_who_rejects_is_told_and_then_the_next_is_invited(self, owner, colleague):
        chat, _ = request(make_center(line=[owner, colleague]))

        events = reject(chat, owner)

        assert [completed(chat, owner), invited(chat, colleague)] == events

    @pytest.mark.documented
    def test_who_does_not_answer_is_told_and_then_the_next_is_invited(self, owner, colleague):
        chat, _ = request(make_center(line=[owner, colleague]))

        events = expire(chat, chat.seat_of(owner))

        assert [revoked(chat, owner), invited(chat, colleague)] == events

    @pytest.mark.decided
    @pytest.mark.parametrize(
        "turn_down",
        [reject, lambda chat, agent: expire(chat, chat.seat_of(agent))],
        ids=["rejected", "unanswered"],
    )
    def test_nobody_is_asked_twice(self, turn_down, owner, colleague):
        center = make_center(line=[owner, colleague])
        chat, _ = request(center)
        turn_down(chat, owner)

        turn_down(chat, colleague)

        assert ({}, {chat.id: chat}) == (chat.seats, center.waiting)

    @pytest.mark.decided
    def test_nobody_is_asked_twice_where_several_were_asked_at_once(self, owner, colleague):
        chat = make_chat(center=make_center(line=[owner, colleague]), invited=[owner, colleague])
        reject(chat, owner)

        reject(chat, colleague)

        assert {} == chat.seats

    def test_the_chat_is_gone_from_the_list_of_whoever_turned_it_down(self, owner, colleague):
        chat, _ = request(make_center(line=[owner, colleague]))

        reject(chat, owner)

        assert ({}, {chat.id: chat}) == (owner.chats, colleague.chats)

    @pytest.mark.decided
    def test_who_turned_down_one_chat_is_asked_into_another(self, owner):
        center = make_center(line=[owner])
        chat, _ = request(center)
        reject(chat, owner)

        other, events = request(center, "Ben")

        assert [invited(other, owner)] == events

    @pytest.mark.decided
    def test_who_turned_the_chat_down_is_asked_again_once_another_was_in_it(self, owner, colleague, expert):
        center = make_center(line=[owner, colleague], elsewhere=[expert])
        chat, _ = request(center)
        reject(chat, owner)
        accept(chat, colleague, None)
        transfer(chat, colleague, Handover(Target(path=expert.path)))

        events = reject(chat, expert)

        assert [completed(chat, expert), invited(chat, owner)] == events

    @pytest.mark.decided
    def test_a_transfer_that_is_rejected_goes_to_the_longest_idle(self, owner, colleague, expert):
        center = make_center(line=[expert], elsewhere=[colleague])
        chat = make_chat(center=center, chatting=[owner])
        transfer(chat, owner, Handover(Target(path=colleague.path)))

        events = reject(chat, colleague)

        assert [completed(chat, colleague), invited(chat, expert)] == events

    @pytest.mark.decided
    def test_after_work_that_is_rejected_goes_to_nobody(self, owner, colleague, expert):
        center = make_center(line=[expert], elsewhere=[colleague])
        chat = make_chat(center=center, chatting=[owner])
        leave(chat, owner, None)
        transfer(chat, owner, Handover(Target(path=colleague.path)))

        assert [completed(chat, colleague)] == reject(chat, colleague)

    @pytest.mark.decided
    def test_a_chat_to_which_another_is_invited_goes_to_nobody_else(self, owner, colleague, expert):
        chat = make_chat(center=make_center(line=[expert]), invited=[owner, colleague])

        assert [completed(chat, owner)] == reject(chat, owner)

    @pytest.mark.decided
    def test_a_chat_of_the_scenario_goes_to_the_next_too(self, owner, colleague):
        chat = make_chat(center=make_center(line=[colleague]), invited=[owner])

        assert [completed(chat, owner), invited(chat, colleague)] == reject(chat, owner)


@pytest.mark.decided
class TestExpiry:
    """The deadline of an invitation."""

    @pytest.mark.parametrize("seconds", [None, 2.5])
    def test_an_invitation_is_good_for_as_long_as_the_contact_centre_says(self, seconds, owner):
        chat = make_chat(center=make_center(line=[owner], timeout=seconds))

        event = ask_in(chat, owner)

        assert seconds == (event.deadline and event.deadline.seconds)

    def test_when_it_passes_the_invitation_is_revoked(self, owner):
        chat, (event,) = request(make_center(line=[owner], timeout=2.5))

        assert [revoked(chat, owner)] == event.deadline.pass_by()

    def test_the_next_invitation_has_a_deadline_of_its_own(self, owner, colleague):
        chat, (event,) = request(make_center(line=[owner, colleague], timeout=2.5))
        _, following = event.deadline.pass_by()

        assert [revoked(chat, colleague)] == following.deadline.pass_by()

    @pytest.mark.parametrize(
        "answer",
        [
            pytest.param(lambda chat, agent: accept(chat, agent, None), id="accepted"),
            pytest.param(reject, id="rejected"),
            pytest.param(lambda chat, _: customer.complete(chat.customer_view), id="withdrawn"),
            pytest.param(lambda chat, agent: end_session(chat.center, agent), id="revoked"),
        ],
    )
    def test_after_an_answer_nothing_happens(self, answer, owner):
        chat, (event,) = request(make_center(line=[owner], timeout=2.5))
        answer(chat, owner)
        before = state_of(chat, owner)

        assert [] == event.deadline.pass_by()
        assert before == state_of(chat, owner)

    def test_after_accepting_and_leaving_nothing_happens(self, owner):
        chat, (event,) = request(make_center(line=[owner], timeout=2.5))
        accept(chat, owner, None)
        leave(chat, owner, None)

        assert [] == event.deadline.pass_by()

    def test_the_deadline_of_an_older_invitation_leaves_a_newer_one_of_the_same_agent_alone(self, owner):
        center = make_center(line=[owner], timeout=2.5)
        chat, (event,) = request(center)
        reject(chat, owner)
        serve(center, owner)
        before = state_of(chat, owner)

        assert [] == event.deadline.pass_by()
        assert before == state_of(chat, owner)

    @pytest.mark.parametrize("ask", [invite, consult])
    def test_an_agent_who_invited_is_told_that_it_did_not_succeed(self, ask, owner, colleague):
        center = make_center(elsewhere=[colleague], timeout=2.5)
        chat = make_chat(center=center, chatting=[owner])
        (event,) = ask(chat, owner, Target(path=colleague.path))

        assert [
            revoked(chat, colleague),
            InvitationRejected(owner, CHAT_ID, State.CHATTING, CHATTING, chat.participants, 1),
        ] == event.deadline.pass_by()

    def test_an_inviter_who_has_gone_is_not_told(self, owner, colleague, expert):
        center = make_center(elsewhere=[colleague], timeout=2.5)
        chat = make_chat(center=center, chatting=[owner, expert])
        (event,) = invite(chat, owner, Target(path=colleague.path))
        leave(chat, owner, None)

        assert [revoked(chat, colleague)] == event.deadline.pass_by()

    def test_a_transfer_that_nobody_answers_goes_to_the_longest_idle(self, owner, colleague, expert):
        center = make_center(line=[expert], elsewhere=[colleague], timeout=2.5)
        chat = make_chat(center=center, chatting=[owner])
        event = transfer(chat, owner, Handover(Target(path=colleague.path)))[-1]

        assert [revoked(chat, colleague), invited(chat, expert)] == event.deadline.pass_by()

    def test_it_is_none_of_the_agents_counted_operations(self, owner):
        _, (event,) = request(make_center(line=[owner], timeout=2.5))

        event.deadline.pass_by()

        assert 0 == owner.operations_accepted


@pytest.mark.parametrize("as_consultant", [False, True])
def test_whoever_is_asked_in_has_a_seat_as_it_was_asked_for(as_consultant, owner, colleague):
    chat = make_chat(chatting=[owner], elsewhere=[colleague])
    invitation = Invitation(owner, 7)

    ask_in(chat, colleague, as_consultant=as_consultant, invitation=invitation)

    seat = chat.seat_of(colleague)
    assert seat == Seat(colleague, seat.participant_id, "colleague", State.INVITED, as_consultant, invitation)
