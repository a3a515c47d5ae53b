"""A connection is closed when it has been without a request for 75 s."""

import asyncio

import pytest
import uvicorn
from uvicorn.server import ServerState

from gws_chat.servers.idle_timeout import IdleTimeoutProtocol
from tests.fake_clock import FakeClock


class Transport(asyncio.Transport):
    """Records the time of `abort`."""

    def __init__(self, clock):
        super().__init__()
        self._clock = clock
        self.aborted_at = None
        self._is_closing = False

    def close(self):
        self._is_closing = True

    def abort(self):
        self.aborted_at = self._clock.time()

    def is_closing(self):
        return self._is_closing


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def transport(clock):
    return Transport(clock)


@pytest.fixture
def connection(clock, transport):
    """Return a new connection."""
    config = uvicorn.Config(object(), interface="asgi3", ws="none", log_config=None, timeout_keep_alive=75)
    config.load()
    connection = IdleTimeoutProtocol(config, ServerState(), {}, clock)
    connection.connection_made(transport)
    return connection


@pytest.mark.parametrize(
    ("requests", "closed_after"),
    [([], 75), ([(70, 71)], 146), ([(70, 80)], 155), ([(10, 200)], 275), ([(10, 20), (90, 91), (160, 161)], 236)],
    ids=["no request", "short request", "request at the end of the time", "long request", "several requests"],
)
async def test_connection_is_closed_75_s_after_the_last_response(clock, connection, transport, requests, closed_after):
    started = clock.time()
    for begin, end in requests:
        await clock.advance(started + begin - clock.time())
        connection.on_message_begin()
        await clock.advance(started + end - clock.time())
        connection.on_response_complete()

    await clock.advance(1000)

    assert closed_after == transport.aborted_at - started


async def test_client_that_does_not_read_the_last_response_is_aborted(clock, connection, transport):
    connection.on_message_begin()
    transport.close()
    connection.on_response_complete()

    await clock.advance(76)

    assert transport.aborted_at is not None


async def test_request_in_progress_keeps_the_connection_open(clock, connection, transport):
    connection.on_message_begin()

    await clock.advance(1000)

    assert transport.aborted_at is None


async def test_reset_connection_has_no_timer(clock, connection):
    connection.connection_lost(ConnectionResetError())

    assert 0 == clock.pending
