"""Notifications are delivered after the response to their request, in the order of their events."""

import asyncio

import pytest

from gws_chat.gateway import notification_queue
from gws_chat.gateway.notification_queue import NotificationQueue


def upper(event, _):
    return event.upper()


@pytest.fixture
def delivered():
    return []


@pytest.fixture
def queue(delivered):
    return NotificationQueue(upper, delivered.append)


async def test_notifications_are_created_when_events_happen(delivered):
    happened = []
    queue = NotificationQueue(lambda event, _: happened.append(event), delivered.append)

    queue.add(["event"])

    assert (["event"], []) == (happened, delivered)


async def test_events_are_delivered_once_after_their_response(queue, delivered):
    batch = queue.add(["a", "b"])
    before = list(delivered)

    queue.release(batch)
    queue.release(batch)

    assert ([], ["A", "B"]) == (before, delivered)


async def test_a_later_response_does_not_overtake_an_earlier_one(queue, delivered):
    first, second = queue.add(["first"]), queue.add(["second"])

    queue.release(second)
    before = list(delivered)
    queue.release(first)

    assert ([], ["FIRST", "SECOND"]) == (before, delivered)


async def test_a_request_without_events_delays_nobody(queue, delivered):
    queue.add([])

    queue.release(queue.add(["second"]))

    assert ["SECOND"] == delivered


async def test_events_of_a_timer_wait_for_earlier_requests(queue, delivered):
    request = queue.add(["request"])

    queue.add_without_response(["timer"])
    before = list(delivered)
    queue.release(request)

    assert ([], ["REQUEST", "TIMER"]) == (before, delivered)


async def test_events_of_a_timer_are_delivered_at_once_without_requests(queue, delivered):
    queue.add_without_response(["timer"])

    assert ["TIMER"] == delivered


async def test_release_all_delivers_every_batch_in_order(queue, delivered):
    queue.add(["first"])
    queue.add(["second"])

    queue.release_all()

    assert ["FIRST", "SECOND"] == delivered


async def test_cleared_queue_delivers_only_later_events(queue, delivered):
    earlier = queue.add(["earlier"])
    queue.clear()

    queue.release(queue.add(["later"]))
    queue.release(earlier)

    assert ["LATER"] == delivered


async def test_an_unsent_response_delays_events_for_a_limited_time(monkeypatch):
    monkeypatch.setattr(notification_queue, "RESPONSE_TIMEOUT", 0.001)
    delivered, complete = [], asyncio.Event()

    def deliver(event):
        delivered.append(event)
        if event == "SECOND":
            complete.set()

    queue = NotificationQueue(upper, deliver)
    unsent = queue.add(["unsent"])
    queue.release(queue.add(["second"]))
    async with asyncio.timeout(10):
        await complete.wait()

    queue.release(unsent)

    assert ["UNSENT", "SECOND"] == delivered


async def test_each_unsent_response_has_its_own_limit(monkeypatch):
    complete = asyncio.Event()
    queue = NotificationQueue(upper, lambda _: complete.set())
    monkeypatch.setattr(notification_queue, "RESPONSE_TIMEOUT", 0.001)
    queue.add(["dropped"])
    queue.clear()

    monkeypatch.setattr(notification_queue, "RESPONSE_TIMEOUT", 0.02)
    queue.add(["unsent"])

    async with asyncio.timeout(10):
        await complete.wait()
