"""Disconnect ends the session and its held poll."""

import pytest

from tests.cometd.replies import CONNECTED, NO_RETRY, UNKNOWN_CLIENT, event

DISCONNECTED = {"channel": "/meta/disconnect", "successful": True, "clientId": "client1"}
UNKNOWN = {"channel": "/meta/disconnect", "successful": False, "error": "402::Unknown client"}


async def test_disconnect_ends_the_session(client, server):
    await client.open("/a")

    replies = await client.send(client.message("disconnect", id=9), client.message("disconnect"))

    assert ([{**DISCONNECTED, "id": 9}, UNKNOWN], 0) == (replies, len(server.sessions))
    server.publish("ann", "/a", "1")
    assert [UNKNOWN_CLIENT] == await client.send(client.connect())


@pytest.mark.parametrize("events", [[], ["1"]], ids=["no event", "event before"])
async def test_disconnect_ends_the_held_poll_without_retry(client, server, events):
    await client.open("/a")
    poll = await client.hold_poll(id=3)

    for data in events:
        server.publish("ann", "/a", data)
    replies = await client.send(client.message("disconnect"))

    assert [DISCONNECTED] == replies
    assert [{**CONNECTED, "id": 3, "advice": NO_RETRY}] == await poll
    assert (0, 0) == (len(server.sessions), server.sessions.held_poll_count)


async def test_server_ends_sessions_without_reconnect(client, make_client, server):
    await client.open("/a")
    poll = await client.hold_poll()
    other = make_client(server, "bob")
    await other.open()

    server.disconnect_sessions("ann")

    assert [{**CONNECTED, "advice": NO_RETRY}] == await poll
    assert [UNKNOWN_CLIENT] == await client.send(client.connect())
    assert 1 == len(server.sessions)


async def test_disconnect_keeps_other_sessions_of_the_owner(client, make_client, server):
    await client.open()
    other = make_client(server, "ann")
    await other.open("/a")

    await client.send(client.message("disconnect"))
    poll = await other.hold_poll()
    server.publish("ann", "/a", "1")

    assert [event(1)] == (await poll)[1:]


async def test_held_poll_of_a_removed_session_is_rejected(client, server):
    await client.open()
    poll = await client.hold_poll(id=3)

    server.forget_sessions("ann")

    assert ([{**UNKNOWN_CLIENT, "id": 3}], 1) == (await poll, server.counters.unknown_clients)
