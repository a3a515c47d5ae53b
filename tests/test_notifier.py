"""Events reach their agents after the answer, in order."""

import json

import pytest

from handlers import wire
from handlers.domain.capabilities import State
from handlers.domain.events import StatusChanged
from handlers.notifier import Notifier
from tests.builders import make_agent

URL = "http://localhost:8080/api/v2"


class Post:
    """Keeps what was published, and what waits for the answer."""

    def __init__(self):
        self.published = []
        self.waiting = []

    def publish(self, agent_id, channel, text):
        self.published.append((agent_id, channel, json.loads(text)))

    def answer(self):
        for action in self.waiting:
            action()


@pytest.fixture
def post():
    return Post()


@pytest.fixture
def notifier(post):
    return Notifier(post.publish, post.waiting.append)


def completed(user_name, chat_id="1"):
    return StatusChanged(make_agent(user_name), chat_id, State.COMPLETED)


def test_nothing_is_published_before_the_answer(post, notifier):
    notifier.tell([completed("ann")], URL)

    assert [] == post.published


def test_an_event_is_published_to_its_agent_as_its_document(post, notifier):
    event = completed("ann")
    notifier.tell([event], URL)

    post.answer()

    assert [("id-of-ann", "/v2/me/chats", wire.notification(event, URL))] == post.published


def test_events_are_published_in_the_order_in_which_they_happened(post, notifier):
    notifier.tell([completed("ann", "1"), completed("ben", "1")], URL)
    notifier.tell([completed("ann", "2")], URL)

    post.answer()

    assert [("id-of-ann", "1"), ("id-of-ben", "1"), ("id-of-ann", "2")] == [
        (agent_id, document["chat"]["id"]) for agent_id, _, document in post.published
    ]


def test_each_event_gives_out_the_address_by_which_its_request_came(post, notifier):
    notifier.tell([completed("ann")], "http://one/api/v2")
    notifier.tell([completed("ann")], "http://two/api/v2")

    post.answer()

    assert ["http://one/api/v2/chats/1", "http://two/api/v2/chats/1"] == [
        document["chat"]["uri"] for _, _, document in post.published
    ]


def test_without_events_nothing_waits(post, notifier):
    notifier.tell([], URL)

    assert [] == post.waiting
