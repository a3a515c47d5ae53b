"""What takes its time is waited for after the rest of the stack has returned."""

import asyncio

import pytest

from handlers.gateway.waiting import WaitingMiddleware, wait_above


class Inside:
    """The rest of the stack: leaves its answer to be waited for, and tells when it has returned."""

    def __init__(self, answering=None):
        self.answering = answering
        self.has_returned = False

    async def __call__(self, scope, receive, send):
        del receive, send
        if self.answering is not None:
            wait_above(scope, self.answering())
        self.has_returned = True


@pytest.fixture
def pass_through():
    async def through(inside):
        await WaitingMiddleware(inside)({"type": "http", "extensions": {}}, None, None)

    return through


async def test_the_stack_has_returned_before_the_answer_is_there(pass_through):
    done = asyncio.Event()
    inside = Inside(done.wait)
    request = asyncio.create_task(pass_through(inside))
    await asyncio.sleep(0)
    assert (True, False) == (inside.has_returned, request.done())

    done.set()

    await request


async def test_what_leaves_nothing_is_not_waited_for(pass_through):
    inside = Inside()

    await pass_through(inside)

    assert inside.has_returned


async def test_what_fails_while_it_is_waited_for_fails_the_request(pass_through):
    async def fail():
        raise ValueError("late")

    with pytest.raises(ValueError, match="late"):
        await pass_through(Inside(fail))


async def test_what_has_no_extensions_passes_as_it_is():
    inside = Inside()

    await WaitingMiddleware(inside)({"type": "lifespan"}, None, None)

    assert inside.has_returned


async def test_an_exchange_that_fails_unforeseen_is_answered_in_the_one_shape(agent, application):
    application.cometd.counters = None

    answer = await agent("agent1").request(
        "POST", "/api/v2/notifications", json=[{"channel": "/meta/connect"}]
    )

    assert (500, 4) == (answer.status_code, answer.json()["statusCode"])
