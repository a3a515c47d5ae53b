"""Events reach their agents after the answer, in order, and what they set a time for happens then."""

import json

import pytest

from handlers import wire
from handlers.domain.capabilities import State
from handlers.domain.events import Deadline, StatusChanged
from handlers.notifier import Notifier, Publisher
from tests.builders import make_agent

URL = "http://localhost:8080/api/v2"


class Post:
    """Keeps what was published, and what waits for the answer or for its time."""

    def __init__(self):
        self.published = []
        self.waiting = []
        self.timers = []
        self.deaf = set()
        self.journal = []

    def listens(self, agent_id):
        return agent_id not in self.deaf

    def publish(self, agent_id, channel, text):
        self.published.append((agent_id, channel, json.loads(text)))
        return 2

    def deliver(self, event, document):
        Publisher(self.publish, self.told).deliver(event, document)

    def told(self, event, document, sessions):
        self.journal.append((event, document, sessions))

    def later(self, seconds, action):
        self.timers.append((seconds, action))

    def answer(self):
        for action in self.waiting:
            action()


@pytest.fixture
def post():
    return Post()


@pytest.fixture
def notifier(post):
    notifier = Notifier(post.listens, post.deliver, post.waiting.append, post.later)
    notifier.reached_by(make_agent("ann"), URL)
    notifier.reached_by(make_agent("ben"), URL)
    return notifier


def completed(user_name, chat_id="1"):
    return StatusChanged(make_agent(user_name), chat_id, State.COMPLETED)


def test_nothing_is_published_before_the_answer(post, notifier):
    notifier.tell([completed("ann")])

    assert [] == post.published


def test_nothing_is_made_for_an_agent_who_does_not_listen(post, notifier):
    post.deaf = {"id-of-ann"}
    notifier.tell([completed("ann"), completed("ben")])

    post.answer()

    assert ["id-of-ben"] == [agent_id for agent_id, _, _ in post.published]


def test_an_event_is_published_to_its_agent_as_its_document(post, notifier):
    event = completed("ann")
    notifier.tell([event])

    post.answer()

    assert [("id-of-ann", "/v2/me/chats", wire.notification(event, URL))] == post.published


def test_an_event_is_published_in_the_shape_that_was_chosen(post):
    def write(event, external_url):
        return {event.chat_id: external_url}

    notifier = Notifier(post.listens, post.deliver, post.waiting.append, post.later, write)
    notifier.reached_by(make_agent("ann"), URL)
    notifier.tell([completed("ann", "1")])

    post.answer()

    assert [("id-of-ann", "/v2/me/chats", {"1": URL})] == post.published


def test_what_was_published_is_told_with_the_number_of_sessions_it_was_for(post, notifier):
    event = completed("ann")
    notifier.tell([event])

    post.answer()

    assert [(event, wire.notification(event, URL), 2)] == post.journal


def test_what_nobody_is_there_for_is_told_of_without_a_document(post):
    notifier = Notifier(post.listens, post.deliver, post.waiting.append, post.later, delivers_missed=True)
    post.deaf.add("id-of-ben")
    event = completed("ben")
    notifier.tell([event])

    post.answer()

    assert ([(event, None, 0)], []) == (post.journal, post.published)


def test_events_are_published_in_the_order_in_which_they_happened(post, notifier):
    notifier.tell([completed("ann", "1"), completed("ben", "1")])
    notifier.tell([completed("ann", "2")])

    post.answer()

    assert [("id-of-ann", "1"), ("id-of-ben", "1"), ("id-of-ann", "2")] == [
        (agent_id, document["chat"]["id"]) for agent_id, _, document in post.published
    ]


@pytest.mark.decided
def test_an_agent_is_given_addresses_as_it_addresses_the_service_itself(post, notifier):
    notifier.reached_by(make_agent("ann"), "http://one/api/v2")
    notifier.tell([completed("ann"), completed("ben")])
    notifier.reached_by(make_agent("ann"), "http://two/api/v2")
    notifier.tell([completed("ann")])

    post.answer()

    assert ["http://one/api/v2/chats/1", f"{URL}/chats/1", "http://two/api/v2/chats/1"] == [
        document["chat"]["uri"] for _, _, document in post.published
    ]


def test_without_events_nothing_waits(post, notifier):
    notifier.tell([])

    assert [] == post.waiting


def invited(user_name, *later, seconds=2.5):
    """An invitation after whose time these events happen."""
    return StatusChanged(
        make_agent(user_name), "1", State.INVITED, (), deadline=Deadline(seconds, lambda: list(later))
    )


def test_without_a_deadline_nothing_waits_for_its_time(post, notifier):
    notifier.tell([completed("ann")])

    assert [] == post.timers


def test_a_deadline_is_waited_for_as_long_as_it_says(post, notifier):
    notifier.tell([invited("ann"), invited("ben", seconds=7)])

    assert [2.5, 7] == [seconds for seconds, _ in post.timers]


def test_nothing_happens_before_its_time(post, notifier):
    notifier.tell([invited("ann", completed("ann"))])

    post.answer()

    assert ["Invited"] == [document["chat"]["state"] for _, _, document in post.published]


def test_what_happens_at_its_time_is_told_like_the_rest(post, notifier):
    event = completed("ann")
    notifier.tell([invited("ann", event)])
    ((_, pass_by),) = post.timers

    pass_by()
    post.answer()

    assert ("id-of-ann", "/v2/me/chats", wire.notification(event, URL)) == post.published[-1]


def test_what_happens_at_its_time_waits_for_its_turn_like_the_rest(post, notifier):
    notifier.tell([invited("ann", completed("ann"))])
    post.waiting.clear()
    ((_, pass_by),) = post.timers

    pass_by()

    assert ([], 1) == (post.published, len(post.waiting))


def test_an_invitation_that_follows_has_its_own_deadline(post, notifier):
    notifier.tell([invited("ann", invited("ben", seconds=7))])
    ((_, pass_by),) = post.timers

    pass_by()

    assert [2.5, 7] == [seconds for seconds, _ in post.timers]


def test_where_the_deadline_has_become_pointless_nobody_is_told(post, notifier):
    notifier.tell([invited("ann")])
    post.waiting.clear()
    ((_, pass_by),) = post.timers

    pass_by()

    assert [] == post.waiting
