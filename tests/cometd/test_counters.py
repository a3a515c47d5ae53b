"""What happens is counted."""

from dataclasses import asdict

import pytest


def counted(server):
    """The counters that have moved."""
    counters = asdict(server.counters)
    hit = {name: count for name, count in counters.pop("limits_hit").items() if count}
    return {name: count for name, count in counters.items() if count} | ({"limits_hit": hit} if hit else {})


@pytest.fixture
async def listening(client):
    await client.open("/a")
    return client


async def test_a_handshake(client, server):
    await client.handshake()

    assert {"handshakes": 1} == counted(server)


async def test_a_refused_handshake_is_none(client, server):
    await client.send({"channel": "/meta/handshake"})

    assert {} == counted(server)


async def test_an_event_once_and_each_delivery(listening, client_of, server):
    second = client_of(server, "ann")
    await second.open("/**")
    server.publish("ann", "/a", "1")
    for client in (listening, second):
        await client.send(client.connect())

    assert {"handshakes": 2, "published": 1, "delivered": 2} == counted(server)


async def test_an_event_that_nobody_hears(server):
    server.publish("ann", "/a", "1")

    assert {"published": 1} == counted(server)


async def test_a_repetition(client, server):
    await client.handshake(ext={"ack": True})
    await client.send(client.connect(ext={"ack": -1}))
    await client.subscribe("/a")
    server.publish("ann", "/a", "1")
    for _ in range(2):
        await client.send(client.connect(ext={"ack": 1}))

    assert {"handshakes": 1, "published": 1, "delivered": 2, "repeated": 1} == counted(server)


async def test_an_event_that_ends_with_its_session(listening, server):
    server.publish("ann", "/a", "1")
    await listening.send(listening.message("disconnect"))

    assert {"handshakes": 1, "published": 1, "discarded": 1} == counted(server)


async def test_a_402(client, server):
    await client.send(client.connect())
    await client.subscribe("/a")

    assert {"unknown_clients": 2} == counted(server)


async def test_a_402_that_a_full_queue_causes(serve, client_of):
    server = serve(queue_messages=1)
    client = client_of(server, "ann")
    await client.open("/a")
    poll = await client.park()
    for _ in range(2):
        server.publish("ann", "/a", "1")
    await poll

    assert {
        "handshakes": 1,
        "published": 2,
        "discarded": 2,
        "unknown_clients": 1,
        "limits_hit": {"queue": 1},
    } == counted(server)


async def test_a_superseded_poll(listening, server):
    await listening.park()
    await listening.park()

    assert {"handshakes": 1, "superseded_polls": 1} == counted(server)


@pytest.mark.parametrize("noticed", [True, False])
async def test_a_dropped_poll(listening, server, settled, noticed):
    await listening.park()
    listening.hang_up(noticed=noticed)
    server.publish("ann", "/a", "1")
    await settled()

    assert {"handshakes": 1, "published": 1, "dropped_polls": 1} == counted(server)


async def test_an_expired_session(client, server, clock):
    await client.handshake()
    await clock.advance(30)

    assert {"handshakes": 1, "expired_sessions": 1} == counted(server)


async def test_the_limits_of_subscriptions_and_sessions(serve, client_of):
    server = serve(subscriptions=1, sessions_per_owner=1, sessions=1)
    ann = client_of(server, "ann")
    await ann.handshake()
    await ann.subscribe(["/a", "/b"])
    await client_of(server, "bob").handshake()
    await ann.handshake()

    limits = {"subscriptions": 1, "sessions": 1, "sessions_per_owner": 1}
    assert {"handshakes": 2, "limits_hit": limits} == counted(server)


async def test_what_waits_is_told_with_its_size(client_of, server):
    for owner in ("ann", "bob"):
        await client_of(server, owner).open("/a")
    server.publish("ann", "/a", '"\u00e9"')
    server.publish("bob", "/a", "1")

    texts = ['{"channel":"/a","data":"\u00e9"}', '{"channel":"/a","data":1}']
    assert (2, sum(len(text.encode()) for text in texts)) == server.queued
