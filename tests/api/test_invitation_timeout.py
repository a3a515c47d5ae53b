"""An invitation that is not answered in time is revoked. Which invitations expire is tested in domain/test_routing."""

import pytest

from gws_chat.api.invitation_timeout import start_timer_if_invitation
from gws_chat.domain.capabilities import State
from gws_chat.domain.events import StatusChanged
from gws_chat.domain.invitation import reject
from gws_chat.domain.repository import ChatRepository
from gws_chat.domain.routing import invite_agent
from gws_chat.gateway.notification_queue import NotificationQueue
from tests.builders import make_agent, make_center, make_chat


@pytest.fixture
def ann():
    return make_agent("ann")


@pytest.fixture
def chat(ann):
    return make_chat(center=make_center(queue_agents=[ann], invitation_timeout=2.5))


@pytest.fixture
def delivered():
    return []


@pytest.fixture
def start_timers(chat, delivered):
    """Start the timers of events and return them: seconds and action of each."""

    def start(*events):
        timers, queue = [], NotificationQueue(lambda event, _: event, delivered.append)
        for event in events:
            start_timer_if_invitation(event, ChatRepository([chat]), lambda *timer: timers.append(timer), queue)
        return timers

    return start


async def test_an_unanswered_invitation_is_revoked_in_time(start_timers, delivered, chat, ann):
    [(seconds, expire)] = start_timers(invite_agent(chat, ann))

    expire()

    assert (2.5, [StatusChanged(ann, chat.id, State.REVOKED)]) == (seconds, delivered)


async def test_a_second_invitation_has_its_own_timer(start_timers, delivered, chat, ann):
    [(_, expire)] = start_timers(invite_agent(chat, ann))
    reject(chat, ann)
    invite_agent(chat, ann)

    expire()

    assert ([], State.INVITED) == (delivered, chat.participation_of(ann).state)


def test_other_events_start_no_timer(start_timers, chat, ann):
    chat.center.invitation_timeout = None

    assert [] == start_timers(invite_agent(chat, ann), StatusChanged(ann, chat.id, State.REVOKED))
