"""Connect: the server holds a poll until there are events, a timeout or a disconnect."""

import asyncio
from math import inf, nan

import pytest

from tests.cometd.replies import CONNECTED, NO_RETRY, SUPERSEDED, UNKNOWN_CLIENT, event, short

WITHOUT_TIMEOUT = [None, "0", [0], 0, {"interval": 0}]
IGNORED_TIMEOUTS = [30_001, 10**400, -1, True, False, "0", None, [], nan, inf]


async def test_first_connect_is_not_held(client):
    await client.handshake()

    assert [{**CONNECTED, "id": "2"}] == await client.send(client.connect(id="2"))


async def test_rejected_connect_is_not_the_first(client):
    await client.handshake()
    await client.send(client.connect(connectionType="websocket"))

    assert [CONNECTED] == await client.send(client.connect())


async def test_connect_with_a_lost_reply_is_not_the_first(client):
    await client.handshake()
    client.connection.is_open = False
    await client.send(client.connect())
    client.drop_connection()

    assert [CONNECTED] == await client.send(client.connect())


@pytest.mark.parametrize("advice", [*WITHOUT_TIMEOUT, *({"timeout": each} for each in IGNORED_TIMEOUTS)], ids=short)
async def test_connect_is_held_until_the_server_timeout(client, server, clock, advice):
    await client.open()
    poll = await client.hold_poll(id=3, advice=advice)
    assert 1 == server.sessions.held_poll_count
    await clock.advance(29.9)
    assert not poll.done()

    await clock.advance(0.1)

    assert ([{**CONNECTED, "id": 3}], 0) == (await poll, server.sessions.held_poll_count)


@pytest.mark.parametrize("milliseconds", [0, 0.0, 1500, 1500.5, 29_999])
async def test_shorter_client_timeout_is_honoured(client, clock, milliseconds):
    await client.open()
    poll = asyncio.create_task(client.send(client.connect(advice={"timeout": milliseconds})))

    await clock.advance(milliseconds / 1000)

    assert [CONNECTED] == await poll


@pytest.mark.parametrize("client_id", ["", "nobody", None, 1, True, ["client1"], {"client1": 1}, "\ud800"])
async def test_unknown_client_is_advised_to_handshake(client, client_id):
    await client.open()

    assert [UNKNOWN_CLIENT] == await client.send({**client.connect(), "clientId": client_id})


@pytest.mark.parametrize("kind", [None, "websocket", "", 1, ["long-polling"], {}], ids=repr)
async def test_other_connection_type_is_rejected_without_retry(client, server, kind):
    await client.open()
    held = await client.hold_poll()

    replies = await client.send(client.connect(connectionType=kind))

    error = "400::long-polling is the only connection type"
    assert [{**CONNECTED, "successful": False, "error": error, "advice": NO_RETRY}] == replies
    assert (False, 1) == (held.done(), server.sessions.held_poll_count)


@pytest.mark.parametrize("browser", [None, "firefox"])
async def test_newer_connect_supersedes_the_held_one(client, server, browser):
    client.browser = browser
    await client.open("/a")
    first = await client.hold_poll(id=1)

    second = await client.hold_poll(id=2)

    assert ([{**SUPERSEDED, "id": 1}], 1) == (await first, server.sessions.held_poll_count)
    server.publish("ann", "/a", "1")
    assert [{**CONNECTED, "id": 2}, event(1)] == await second


async def test_simultaneous_event_goes_to_the_newer_connect(client, server):
    await client.open("/a")
    first = await client.hold_poll(id=1)

    second = asyncio.create_task(client.send(client.connect(id=2)))
    server.publish("ann", "/a", "1")

    assert [[{**SUPERSEDED, "id": 1}], [{**CONNECTED, "id": 2}, event(1)]] == [await first, await second]


@pytest.mark.parametrize("noticed", [True, False])
async def test_event_simultaneous_with_the_drop_is_kept(client, server, noticed):
    await client.open("/a")
    poll = await client.hold_poll()

    client.drop_connection(noticed=noticed)
    server.publish("ann", "/a", "1")

    assert [CONNECTED] == await poll
    assert [CONNECTED, event(1)] == await client.send(client.connect())


async def test_event_simultaneous_with_cancelling_is_kept(client, server):
    await client.open("/a")
    poll = await client.hold_poll()

    server.publish("ann", "/a", "1")
    poll.cancel()
    await asyncio.wait([poll])

    assert [CONNECTED, event(1)] == await client.send(client.connect())


async def test_poll_of_a_disconnected_client_is_not_held(client, server):
    await client.open()
    client.connection.is_open = False

    await client.send(client.connect())

    assert (0, 1) == (server.sessions.held_poll_count, server.counters.undelivered_responses)


async def test_events_are_kept_if_the_client_disconnected_before(client, server):
    await client.open("/a")
    server.publish("ann", "/a", "1")
    client.connection.is_open = False

    assert [CONNECTED] == await client.send(client.connect())
    assert 1 == len(await client.subscribe("/b"))
    client.connection.is_open = True

    assert [CONNECTED, event(1)] == await client.send(client.connect())


async def test_connect_in_a_batch_is_not_held(client, server):
    await client.open()

    replies = await client.send(
        client.connect(id=1), client.message("subscribe", subscription="/a", id=2), client.connect(id=3)
    )

    subscribed = {"channel": "/meta/subscribe", "successful": True, "clientId": "client1"}
    expected = [{**CONNECTED, "id": 1}, {**subscribed, "subscription": "/a", "id": 2}, {**CONNECTED, "id": 3}]
    assert (expected, 0) == (replies, server.sessions.held_poll_count)


async def test_closing_server_ends_held_polls_and_holds_none(client, make_client, server, clock):
    await client.open()
    other = make_client(server, "bob")
    await other.open()
    held = [await client.hold_poll(), await other.hold_poll()]

    server.close()

    assert [[CONNECTED], [{**CONNECTED, "clientId": "client2"}]] == [await poll for poll in held]
    assert (None, 1) == (client.connection.watcher, clock.pending)
    assert [CONNECTED] == await client.send(client.connect())
