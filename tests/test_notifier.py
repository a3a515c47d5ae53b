"""The notifier publishes events after the response, in order, and passes deadlines at their time."""

import json

import pytest

from handlers import wire
from handlers.domain.capabilities import State
from handlers.domain.events import Deadline, StatusChanged
from handlers.notifier import Notifier, Publisher
from tests.builders import make_agent

URL = "http://localhost:8080/api/v2"


class Recorder:
    """Records what is published and journaled, and keeps deferred actions until they are run."""

    def __init__(self):
        self.published = []
        self.journal = []
        self.deferred = []
        self.timers = []
        self.without_session = set()

    def notifier(self, *options, **keywords):
        notifier = Notifier(
            self.listens, self.deliver, self.deferred.append, self.schedule, *options, **keywords
        )
        for user_name in ("ann", "ben"):
            notifier.reached_by(make_agent(user_name), URL)
        return notifier

    def listens(self, agent_id):
        return agent_id not in self.without_session

    def publish(self, agent_id, channel, text):
        self.published.append((agent_id, channel, json.loads(text)))
        return 2

    def deliver(self, event, document):
        Publisher(self.publish, lambda *entry: self.journal.append(entry)).deliver(event, document)

    def schedule(self, seconds, action):
        self.timers.append((seconds, action))

    def respond(self):
        """Run the actions that wait for the response."""
        while self.deferred:
            self.deferred.pop(0)()


@pytest.fixture
def recorder():
    return Recorder()


@pytest.fixture
def notifier(recorder):
    return recorder.notifier()


def completed(user_name, chat_id="1"):
    return StatusChanged(make_agent(user_name), chat_id, State.COMPLETED)


def invited(user_name, *later, seconds=2.5):
    """Return an invitation whose deadline causes the later events."""
    return StatusChanged(
        make_agent(user_name), "1", State.INVITED, (), deadline=Deadline(seconds, lambda: list(later))
    )


def test_event_is_published_and_journaled_after_the_response(recorder, notifier):
    event = completed("ann")
    document = wire.notification(event, URL)

    notifier.tell([event])
    assert ([], [], []) == (recorder.published, recorder.journal, recorder.timers)
    recorder.respond()

    assert [("id-of-ann", "/v2/me/chats", document)] == recorder.published
    assert [(event, document, 2)] == recorder.journal


@pytest.mark.parametrize("delivers_missed", [False, True])
def test_event_without_a_session_is_not_published(recorder, delivers_missed):
    notifier = recorder.notifier(delivers_missed=delivers_missed)
    recorder.without_session.add("id-of-ann")
    event = completed("ann")

    notifier.tell([event, completed("ben")])
    recorder.respond()

    assert ["id-of-ben"] == [agent_id for agent_id, _, _ in recorder.published]
    assert ([(event, None, 0)] if delivers_missed else []) == recorder.journal[:-1]


def test_event_is_published_in_the_configured_format(recorder):
    notifier = recorder.notifier(lambda event, external_url: {event.chat_id: external_url})

    notifier.tell([completed("ann", "1")])
    recorder.respond()

    assert [("id-of-ann", "/v2/me/chats", {"1": URL})] == recorder.published


def test_events_are_published_in_order(recorder, notifier):
    notifier.tell([completed("ann", "1"), completed("ben", "1")])
    notifier.tell([])
    notifier.tell([completed("ann", "2")])
    assert 3 == len(recorder.deferred)
    recorder.respond()

    assert [("id-of-ann", "1"), ("id-of-ben", "1"), ("id-of-ann", "2")] == [
        (agent_id, document["chat"]["id"]) for agent_id, _, document in recorder.published
    ]


@pytest.mark.decided
def test_addresses_start_with_the_url_the_agent_used(recorder, notifier):
    notifier.reached_by(make_agent("ann"), "http://one/api/v2")
    notifier.tell([completed("ann"), completed("ben")])
    notifier.reached_by(make_agent("ann"), "http://two/api/v2")
    notifier.tell([completed("ann")])
    recorder.respond()

    assert ["http://one/api/v2/chats/1", f"{URL}/chats/1", "http://two/api/v2/chats/1"] == [
        document["chat"]["uri"] for _, _, document in recorder.published
    ]


def test_deadline_publishes_its_events_after_the_response(recorder, notifier):
    event = completed("ann")
    notifier.tell([invited("ann", event, invited("ben", seconds=9)), invited("ben", seconds=7)])
    recorder.respond()
    assert ["Invited", "Invited"] == [document["chat"]["state"] for _, _, document in recorder.published]
    (first, pass_first), (second, pass_second) = recorder.timers
    assert (2.5, 7) == (first, second)

    pass_first()
    assert 2 == len(recorder.published)
    recorder.respond()

    assert ("id-of-ann", "/v2/me/chats", wire.notification(event, URL)) == recorder.published[2]
    assert [2.5, 7, 9] == [seconds for seconds, _ in recorder.timers]
    pass_second()  # its deadline causes no event
    assert [] == recorder.deferred
