"""An invitation that is not answered in time is revoked."""

import pytest

from gws_chat.api.invitation_timeout import start_timer_if_invitation
from gws_chat.domain.capabilities import State
from gws_chat.domain.events import StatusChanged
from gws_chat.domain.invitation import accept, reject
from gws_chat.domain.repository import ChatRepository
from gws_chat.domain.routing import invite_agent
from gws_chat.gateway.notification_queue import NotificationQueue
from tests.builders import make_agent, make_center, make_chat


@pytest.fixture
def timers():
    """Return the list of the timers that are set: seconds and action of each."""
    return []


def fire(timers):
    for _, action in timers:
        action()


@pytest.fixture
def delivered():
    return []


@pytest.fixture
def ann():
    return make_agent("ann")


@pytest.fixture
def chat(ann):
    return make_chat(center=make_center(queue_agents=[ann], invitation_timeout=2.5))


@pytest.fixture
def start_timer(chat, timers, delivered):
    chats, events = ChatRepository([chat]), NotificationQueue(lambda event: event, delivered.append)
    return lambda event: start_timer_if_invitation(event, chats, lambda *timer: timers.append(timer), events)


async def test_an_unanswered_invitation_is_revoked_in_time(start_timer, timers, delivered, chat, ann):
    start_timer(invite_agent(chat, ann))
    scheduled = [seconds for seconds, _ in timers]

    fire(timers)

    assert [2.5] == scheduled
    assert [StatusChanged(ann, chat.id, State.REVOKED)] == delivered


@pytest.mark.parametrize("answer", [lambda chat, agent: accept(chat, agent, None), reject], ids=["Accept", "Reject"])
async def test_an_answered_invitation_does_not_expire(start_timer, timers, delivered, chat, ann, answer):
    start_timer(invite_agent(chat, ann))
    answer(chat, ann)

    fire(timers)

    assert [] == delivered


async def test_a_second_invitation_has_its_own_timer(start_timer, timers, delivered, chat, ann):
    start_timer(invite_agent(chat, ann))
    reject(chat, ann)
    invite_agent(chat, ann)

    fire(timers)

    assert [] == delivered
    assert State.INVITED is chat.participation_of(ann).state


def test_an_invitation_without_a_time_out_starts_no_timer(start_timer, timers, chat, ann):
    chat.center.invitation_timeout = None

    start_timer(invite_agent(chat, ann))

    assert [] == timers
