"""The emulator detects a disconnected client on the socket or from the server's report."""

import asyncio
import socket

import pytest

from handlers.gateway.connection import (
    CONNECTION,
    ReportedConnection,
    WatchedSocket,
    connection_of,
    has_hung_up,
)


@pytest.fixture
def ends():
    """Return both ends of a connection: the service's and the client's."""
    service, client = socket.socketpair()
    with service, client:
        yield service, client


async def called(event):
    async with asyncio.timeout(10):
        await event.wait()


@pytest.mark.parametrize("sent", [b"", b"POST"], ids=["idle", "sending"])
def test_connected_client_has_not_hung_up(ends, sent):
    service, client = ends
    client.sendall(sent)

    assert not has_hung_up(service.fileno())


@pytest.mark.parametrize("end", ["close", "half close", "send and close"])
def test_client_that_ends_its_side_has_hung_up(ends, end):
    service, client = ends
    if end == "send and close":
        client.sendall(b"POST")
    client.shutdown(socket.SHUT_WR) if end == "half close" else client.close()

    assert has_hung_up(service.fileno())


class TestWatchedSocket:
    """A connection under Flask's development server."""

    async def test_disconnect_calls_back_once_and_stops_watching(self, ends):
        service, client = ends
        disconnected = asyncio.Event()
        stop = WatchedSocket(service).watch(disconnected.set)

        client.close()

        await called(disconnected)
        stop()  # has no effect: the watch is over

    @pytest.mark.parametrize("stops", [False, True], ids=["client sends more", "watch was stopped"])
    async def test_without_a_watched_disconnect_nothing_is_called(self, ends, stops):
        service, client = ends
        calls = []
        stop = WatchedSocket(service).watch(lambda: calls.append("disconnected"))
        if stops:
            stop()
            client.close()
        else:
            client.sendall(b"POST")
        for _ in range(5):
            await asyncio.sleep(0)

        assert [] == calls


class TestReportedConnection:
    """A connection whose end the ASGI server reports."""

    async def test_disconnect_message_calls_back(self):
        reports, disconnected = asyncio.Queue(), asyncio.Event()
        connection = ReportedConnection(reports.get)
        connection.watch(disconnected.set)

        reports.put_nowait({"type": "http.request", "body": b""})
        reports.put_nowait({"type": "http.disconnect"})

        await called(disconnected)
        assert connection.is_gone()

    async def test_stopped_watch_leaves_the_client_connected(self):
        connection = ReportedConnection(asyncio.Queue().get)
        stop = connection.watch(lambda: None)
        await asyncio.sleep(0)
        stop()
        await asyncio.sleep(0)

        assert not connection.is_gone()


def test_connection_is_the_best_that_the_server_provides(ends):
    handed_on = ReportedConnection(None)
    scopes = [
        {"extensions": {CONNECTION: handed_on}},
        {"extensions": {}, "wsgi_environ": {"werkzeug.socket": ends[0]}},
        {"extensions": {}},
    ]

    connections = [connection_of(scope, None) for scope in scopes]

    assert handed_on is connections[0]
    assert [WatchedSocket, ReportedConnection] == [type(each) for each in connections[1:]]
