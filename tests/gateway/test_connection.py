"""A disconnected client is detected on the socket or by the message of the ASGI server."""

import asyncio
import socket

import pytest

from gws_chat.gateway.connection import CONNECTION, AsgiConnection, SocketConnection, connection_of, is_closed_by_client


@pytest.fixture
def ends():
    """Return both ends of a connection: the service's and the client's."""
    service, client = socket.socketpair()
    with service, client:
        yield service, client


async def wait_for(event):
    async with asyncio.timeout(10):
        await event.wait()


@pytest.mark.parametrize("sent", [b"", b"POST"], ids=["idle", "sending"])
@pytest.mark.parametrize("end", [None, socket.SHUT_WR, socket.SHUT_RDWR], ids=["open", "half closed", "closed"])
def test_client_that_ends_its_side_is_closed_by_client(ends, sent, end):
    service, client = ends
    client.sendall(sent)
    if end is not None:
        client.shutdown(end)

    assert (end is not None) == is_closed_by_client(service)


class TestSocketConnection:
    """A connection to Flask's development server."""

    async def test_disconnect_calls_back_once_and_stops_watching(self, ends):
        service, client = ends
        disconnected = asyncio.Event()
        stop = SocketConnection(service, None, None).watch(disconnected.set)

        client.close()

        await wait_for(disconnected)
        assert stop()  # has no other effect: the watch is over

    @pytest.mark.parametrize("stops", [False, True], ids=["client sends more", "watch was stopped"])
    async def test_callback_needs_a_watched_disconnect(self, ends, stops):
        service, client = ends
        calls = []
        stop = SocketConnection(service, None, None).watch(lambda: calls.append("disconnected"))
        if stops:
            stop()
            client.close()
        else:
            client.sendall(b"POST")
        for _ in range(5):
            await asyncio.sleep(0)

        assert [] == calls

    async def test_stop_returns_whether_the_client_has_disconnected(self, ends):
        service, client = ends
        stop = SocketConnection(service, None, None).watch(lambda: None)

        client.close()

        assert stop()


class TestAsgiConnection:
    """A connection to any other ASGI server."""

    async def test_disconnect_message_calls_back(self):
        messages, disconnected = asyncio.Queue(), asyncio.Event()
        connection = AsgiConnection(messages.get, None)
        stop = connection.watch(disconnected.set)

        messages.put_nowait({"type": "http.request", "body": b""})
        messages.put_nowait({"type": "http.disconnect"})

        await wait_for(disconnected)
        assert (True, True) == (connection.has_disconnected(), stop())

    async def test_stopped_watch_does_not_call_back(self):
        calls = []
        stop = AsgiConnection(asyncio.Queue().get, None).watch(lambda: calls.append("disconnected"))
        await asyncio.sleep(0)
        is_disconnected = stop()
        await asyncio.sleep(0.01)

        assert (False, []) == (is_disconnected, calls)


def test_server_determines_the_kind_of_connection(ends):
    provided = AsgiConnection(None, None)
    scopes = [
        {"extensions": {CONNECTION: provided}},
        {"extensions": {}, "wsgi_environ": {"werkzeug.socket": ends[0]}},
        {"extensions": {}},
    ]

    connections = [connection_of(scope, None, None) for scope in scopes]

    assert provided is connections[0]
    assert [SocketConnection, AsgiConnection] == [type(each) for each in connections[1:]]
