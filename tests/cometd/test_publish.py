"""Publishing queues an event for every matching session of its owner."""

import pytest

from tests.cometd.replies import CONNECTED, UNKNOWN_CLIENT, event


async def test_event_reaches_matching_subscriptions_once(client, make_client, server):
    other = make_client(server, "ann")
    await client.open("/v2/me/chats", "/v2/me/*", "/**")
    await other.open("/v2/me", "/v2/*", "/*", "/v2/me/chats/**", "/v2/me/calls")

    assert 1 == server.publish("ann", "/v2/me/chats", '{"text": "é"}')

    assert [CONNECTED, event({"text": "é"}, "/v2/me/chats")] == await client.send(client.connect())
    await other.hold_poll()


async def test_events_reach_every_session_of_their_owner(client, make_client, server):
    second, stranger = make_client(server, "ann"), make_client(server, "bob")
    for each in (client, second, stranger):
        await each.open("/**")
    polls = [await each.hold_poll() for each in (client, second, stranger)]

    counts = [server.publish(owner, "/a", data) for owner, data in [("ann", "1"), ("ann", "2"), ("nobody", "3")]]

    assert [2, 2, 0] == counts
    second_connected = {**CONNECTED, "clientId": "client2"}
    expected = [[CONNECTED, event(1), event(2)], [second_connected, event(1), event(2)]]
    assert expected == [await poll for poll in polls[:2]]
    assert not polls[2].done()


async def test_any_response_delivers_events_after_its_replies(client, server):
    await client.open("/a")
    server.publish("ann", "/a", "1")

    messages = await client.send(client.message("subscribe", subscription="/b"), {"channel": "/b", "data": 2})

    assert [
        {"channel": "/meta/subscribe", "successful": True, "clientId": "client1", "subscription": "/b"},
        {"channel": "/b", "successful": False, "error": "403:/b:forbidden"},
        event(1),
    ] == messages
    await client.hold_poll()


@pytest.mark.parametrize("limits", [{"queue_messages": 2}, {"queue_bytes": 27}], ids=["messages", "bytes"])
async def test_full_queue_ends_the_session(make_server, make_client, limits):
    server = make_server(**limits)
    client = make_client(server, "ann")
    await client.open("/a")
    for _ in range(2):
        server.publish("ann", "/a", "12")  # 26 bytes of message
    assert 1 == len(server.sessions)

    counts = [server.publish("ann", "/a", "12") for _ in range(2)]

    assert ([0, 0], 0) == (counts, len(server.sessions))
    assert [UNKNOWN_CLIENT] == await client.send(client.connect())


async def test_held_poll_takes_events_beyond_limits(make_server, make_client):
    server = make_server(queue_messages=1, queue_bytes=1)
    client = make_client(server, "ann")
    await client.open("/a")
    poll = await client.hold_poll()

    counts = [server.publish("ann", "/a", data) for data in ("1", "2", "3")]

    assert ([1, 1, 1], [CONNECTED, event(1), event(2), event(3)]) == (counts, await poll)


async def test_large_event_does_not_discard_earlier_ones(make_server, make_client):
    server = make_server(queue_bytes=60)
    client = make_client(server, "ann")
    await client.open("/a")

    for data in ("1", f'"{"x" * 100}"'):
        server.publish("ann", "/a", data)

    assert [CONNECTED, event(1), event("x" * 100)] == await client.send(client.connect())


async def test_delivery_empties_the_queue(make_server, make_client):
    server = make_server(queue_messages=1, queue_bytes=30)
    client = make_client(server, "ann")
    await client.open("/a")
    responses = []
    for number in range(3):
        server.publish("ann", "/a", str(number))
        responses.append(await client.send(client.connect()))

    assert [[CONNECTED, event(number)] for number in range(3)] == responses
    await client.hold_poll()


@pytest.mark.parametrize(
    "channel", ["/a", "/v2/me/chats", "/a/*", "/service/x", "/meta", "/meta/x", "/meta/connect/x", "/META/connect"]
)
async def test_clients_may_not_publish(client, make_client, server, channel):
    await client.open("/**")
    message = {"channel": channel, "clientId": client.id, "data": {}, "id": "4"}

    replies = [await client.send(message), await make_client(server, "ann").send({**message, "clientId": "nobody"})]

    rejected = {"channel": channel, "successful": False, "error": f"403:{channel}:forbidden", "id": "4"}
    assert [[rejected]] * 2 == replies
    await client.hold_poll()
