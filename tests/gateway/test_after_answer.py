"""What was deferred is done after its answer, in the order in which it came about."""

import asyncio

import pytest

from handlers.gateway import after_answer
from handlers.gateway.after_answer import AfterAnswer


@pytest.fixture
def done():
    return []


@pytest.fixture
def queue():
    return AfterAnswer()


@pytest.fixture
def request_of(queue, done):
    """Handle a request that defers what is named, and return it before its answer is written."""

    def handle(*names):
        for name in names:
            queue.defer(lambda name=name: done.append(name))
        return queue.collect()

    return handle


async def test_nothing_is_done_before_the_answer_was_written(request_of, done):
    request_of("a")

    assert [] == done


async def test_what_a_request_deferred_is_done_in_its_order_once_its_answer_was_written(
    queue, request_of, done
):
    request = request_of("a", "b")

    queue.written(request)

    assert ["a", "b"] == done


async def test_it_is_done_once_however_often_the_answer_is_said_to_be_written(queue, request_of, done):
    request = request_of("a")

    queue.written(request)
    queue.written(request)

    assert ["a"] == done


async def test_a_later_request_whose_answer_is_written_first_waits_for_the_earlier(queue, request_of, done):
    request_of("first")
    second = request_of("second")

    queue.written(second)

    assert [] == done


async def test_the_order_is_kept_when_the_second_answer_is_written_first(queue, request_of, done):
    first, second = request_of("first"), request_of("second")

    queue.written(second)
    queue.written(first)

    assert ["first", "second"] == done


async def test_a_request_that_deferred_nothing_holds_nobody_up(queue, request_of, done):
    request_of()
    second = request_of("second")

    queue.written(second)

    assert ["second"] == done


async def test_an_answer_that_is_never_written_is_waited_for_so_long_only(
    monkeypatch, queue, request_of, done
):
    monkeypatch.setattr(after_answer, "PATIENCE", 0.001)
    gone = asyncio.Event()
    queue.defer(gone.set)
    request_of("never written")
    queue.written(request_of("second"))

    async with asyncio.timeout(10):
        await gone.wait()

    assert ["never written", "second"] == done


async def test_an_answer_that_is_written_after_all_does_nothing_again(monkeypatch, queue, request_of, done):
    monkeypatch.setattr(after_answer, "PATIENCE", 0.001)
    late, gone = request_of("late"), asyncio.Event()
    queue.defer(gone.set)
    queue.collect()
    async with asyncio.timeout(10):
        await gone.wait()

    queue.written(late)

    assert ["late"] == done


class TestWhatNoRequestAskedFor:
    """A deadline that passes."""

    @pytest.fixture
    def perform(self, queue, done):
        """Do something that is noted, and that defers what is named."""

        def act(*names):
            def action():
                done.append("performed")
                for name in names:
                    queue.defer(lambda name=name: done.append(name))

            queue.perform(action)

        return act

    async def test_it_is_done_at_once_and_then_what_it_defers(self, perform, done):
        perform("a", "b")

        assert ["performed", "a", "b"] == done

    async def test_what_it_defers_waits_for_a_request_before_it(self, queue, request_of, perform, done):
        request = request_of("first")
        perform("second")
        assert ["performed"] == done

        queue.written(request)

        assert ["performed", "first", "second"] == done

    async def test_a_later_request_does_not_wait_for_it(self, queue, request_of, perform, done):
        perform()

        queue.written(request_of("later"))

        assert ["performed", "later"] == done

    async def test_where_it_defers_nothing_it_does_not_hurry_a_request(self, request_of, perform, done):
        request_of("waiting")

        perform()

        assert ["performed"] == done


async def test_of_what_no_request_asked_for_nothing_is_done_if_it_fails():
    after_answer, done = AfterAnswer(), []

    def half_done():
        after_answer.defer(lambda: done.append("half done"))
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - it is the test's own
        after_answer.perform(half_done)
    after_answer.written(after_answer.collect())

    assert [] == done
