"""Whether a client has gone is seen on its connection, or heard from the server."""

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
    """Two ends of a connection: the service's and the client's."""
    service, client = socket.socketpair()
    with service, client:
        yield service, client


class TestHasHungUp:
    def test_not_while_the_client_is_there(self, ends):
        service, _ = ends

        assert not has_hung_up(service.fileno())

    def test_not_because_the_client_sends_more(self, ends):
        service, client = ends
        client.sendall(b"POST")

        assert not has_hung_up(service.fileno())

    @pytest.mark.parametrize("end", ["close", "half of it", "more, and then close"])
    def test_as_soon_as_the_client_has_ended_its_side(self, ends, end):
        service, client = ends
        if end == "more, and then close":
            client.sendall(b"POST")
        client.shutdown(socket.SHUT_WR) if end == "half of it" else client.close()

        assert has_hung_up(service.fileno())


class TestWatchedSocket:
    async def test_it_tells_of_the_clients_end(self, ends):
        service, client = ends
        gone = asyncio.Event()
        WatchedSocket(service).watch(gone.set)

        client.close()

        async with asyncio.timeout(10):
            await gone.wait()

    @pytest.mark.parametrize("sends", [True, False], ids=["a client that sends more", "an ended watch"])
    async def test_it_tells_nothing(self, ends, sends):
        service, client = ends
        told = []
        end = WatchedSocket(service).watch(lambda: told.append("gone"))
        if sends:
            client.sendall(b"POST")
        else:
            end()
            client.close()
        for _ in range(5):
            await asyncio.sleep(0)

        assert [] == told

    async def test_a_watch_may_be_ended_after_it_has_told(self, ends):
        service, client = ends
        gone = asyncio.Event()
        end = WatchedSocket(service).watch(gone.set)
        client.close()
        async with asyncio.timeout(10):
            await gone.wait()

        end()


class TestReportedConnection:
    @pytest.fixture
    def reports(self):
        return asyncio.Queue()

    async def test_it_tells_when_the_server_does(self, reports):
        connection, gone = ReportedConnection(reports.get), asyncio.Event()
        connection.watch(gone.set)
        reports.put_nowait({"type": "http.request", "body": b""})
        reports.put_nowait({"type": "http.disconnect"})

        async with asyncio.timeout(10):
            await gone.wait()

        assert connection.is_gone()

    async def test_it_is_there_until_then_and_after_the_watch_was_ended(self, reports):
        connection = ReportedConnection(reports.get)
        end = connection.watch(lambda: None)
        await asyncio.sleep(0)
        end()
        await asyncio.sleep(0)

        assert not connection.is_gone()


class TestConnectionOf:
    def test_the_one_that_the_server_hands_on_is_taken(self):
        handed_on = ReportedConnection(None)

        assert handed_on is connection_of({"extensions": {CONNECTION: handed_on}}, None)

    def test_under_flask_it_is_the_socket(self, ends):
        scope = {"extensions": {}, "wsgi_environ": {"werkzeug.socket": ends[0]}}

        assert isinstance(connection_of(scope, None), WatchedSocket)

    def test_elsewhere_it_is_the_servers_word(self):
        assert isinstance(connection_of({"extensions": {}}, None), ReportedConnection)
