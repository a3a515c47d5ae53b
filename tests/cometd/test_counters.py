"""The server counts what happens."""

from dataclasses import asdict

import pytest


def nonzero_counters(server):
    counters = asdict(server.counters)
    counters["limits_hit"] = {name: count for name, count in counters["limits_hit"].items() if count}
    return {name: count for name, count in counters.items() if count}


async def test_handshakes_events_and_deliveries_are_counted(client, make_client, server):
    server.publish("ann", "/a", "1")
    await client.send({"channel": "/meta/handshake"})
    second = make_client(server, "ann")
    await client.open("/a", ext={"ack": True})
    await second.open("/**")

    server.publish("ann", "/a", "2")
    for each in (client, client, second):
        await each.send(each.connect(ext={"ack": 1}))

    assert {"handshakes": 2, "published": 2, "delivered": 3, "repeated": 1} == nonzero_counters(server)


async def test_ended_polls_and_sessions_are_counted(client, server, clock):
    await client.open()
    await client.hold_poll()
    await client.hold_poll()
    await clock.advance(60)

    await client.open("/a")
    server.publish("ann", "/a", "1")
    await client.send(client.message("disconnect"))

    counts = {"superseded_polls": 1, "expired_sessions": 1, "discarded": 1}
    assert {"handshakes": 2, "published": 1, **counts} == nonzero_counters(server)


async def test_rejected_clients_and_overflows_are_counted(make_server, make_client):
    server = make_server(queue_messages=1)
    client = make_client(server, "ann")
    await client.open("/a")

    for _ in range(2):
        server.publish("ann", "/a", "1")
    await client.send(client.connect())
    await client.subscribe("/a")

    overflow = {"published": 2, "discarded": 2, "limits_hit": {"queue": 1}}
    assert {"handshakes": 1, **overflow, "unknown_clients": 2} == nonzero_counters(server)


@pytest.mark.parametrize("noticed", [True, False])
async def test_undelivered_responses_are_counted(client, server, clock, noticed):
    await client.open("/a")
    await client.hold_poll()

    client.drop_connection(noticed=noticed)
    server.publish("ann", "/a", "1")
    await clock.advance(0)

    assert {"handshakes": 1, "published": 1, "undelivered_responses": 1} == nonzero_counters(server)


async def test_reached_limits_are_counted(make_server, make_client):
    server = make_server(subscriptions=1, sessions_per_owner=1, sessions=1)
    ann = make_client(server, "ann")
    await ann.handshake()
    await ann.subscribe(["/a", "/b"])
    await make_client(server, "bob").handshake()
    await ann.handshake()

    limits = {"subscriptions": 1, "sessions": 1, "sessions_per_owner": 1}
    assert {"handshakes": 2, "limits_hit": limits} == nonzero_counters(server)


async def test_queued_events_are_counted_in_utf8_bytes(make_client, server):
    for owner in ("ann", "bob"):
        await make_client(server, owner).open("/a")

    server.publish("ann", "/a", '"é"')
    server.publish("bob", "/a", "1")

    texts = ['{"channel":"/a","data":"é"}', '{"channel":"/a","data":1}']
    assert (2, sum(len(text.encode()) for text in texts)) == server.sessions.queue_totals
