"""The `ack` extension: the server keeps events until the client acknowledges their reply."""

import pytest

from tests.cometd.replies import CONNECTED, SUPERSEDED, event, short


def number_and_data(messages):
    """Return the number of a connect's reply and the data of the events after it."""
    reply, *events = messages
    return reply["ext"]["ack"], [event["data"] for event in events]


@pytest.fixture
async def acknowledging(client):
    """Return a client with acknowledgement that has received reply number 1 and subscribed to `/a`."""
    await client.open("/a", ext={"ack": True})
    return client


async def test_handshake_agrees_to_acknowledge(client):
    reply = await client.handshake(ext={"ack": True})
    connected = await client.send(client.connect(ext={"ack": -1}))

    assert {"ack": True} == reply["ext"]
    assert [{**CONNECTED, "ext": {"ack": 1}}] == connected


@pytest.mark.parametrize("ext", [{"ack": False}, {"ack": 1}, {"ack": "true"}, {}, [], "ack", None], ids=repr)
async def test_other_offers_do_not_enable_acknowledgement(client, ext):
    reply = await client.handshake(ext=ext)
    await client.send(client.connect())

    assert "ext" not in reply
    assert [CONNECTED] == await client.send(client.connect(advice={"timeout": 0}, ext={"ack": 1}))


async def test_acknowledged_events_are_not_sent_again(acknowledging, server, clock):
    first = await acknowledging.hold_poll(ext={"ack": 1})
    server.publish("ann", "/a", "1")
    assert [{**CONNECTED, "ext": {"ack": 2}}, event(1)] == await first

    second = await acknowledging.hold_poll(ext={"ack": 2})
    await clock.advance(30)

    assert (3, []) == number_and_data(await second)


async def test_unacknowledged_events_are_sent_again_at_once(acknowledging, server):
    """An event keeps the number of the reply that it was first sent with."""
    replies = []
    for acknowledged, new_events in [(1, "1"), (1, "2"), (2, "3"), (2, "")]:
        for data in new_events:
            server.publish("ann", "/a", data)
        connect = acknowledging.connect(ext={"ack": acknowledged})
        replies.append(number_and_data(await acknowledging.send(connect)))

    assert [(2, [1]), (3, [1, 2]), (4, [2, 3]), (5, [2, 3])] == replies


@pytest.mark.parametrize(
    "fields",
    [{}, {"ext": None}, *({"ext": {"ack": number}} for number in (True, "2", 2.0, None, [], {}, 3, 10**400))],
    ids=short,
)
async def test_missing_or_unknown_number_acknowledges_no_events(acknowledging, server, fields):
    server.publish("ann", "/a", "1")
    await acknowledging.send(acknowledging.connect(ext={"ack": 1}))  # the client never receives the reply

    reply = await acknowledging.send(acknowledging.connect(advice={"timeout": 0}, **fields))

    assert (3, [1]) == number_and_data(reply)


async def test_only_a_successful_connect_delivers_events(acknowledging, server):
    server.publish("ann", "/a", "1")

    [subscribed] = await acknowledging.subscribe("/b")
    [rejected] = await acknowledging.send(acknowledging.connect(connectionType="websocket", ext={"ack": 1}))

    assert [(True, None), (False, None)] == [
        (reply["successful"], reply.get("ext")) for reply in (subscribed, rejected)
    ]
    assert (2, [1]) == number_and_data(await acknowledging.send(acknowledging.connect(ext={"ack": 1})))


async def test_connect_in_a_batch_delivers_events(acknowledging, server):
    server.publish("ann", "/a", "1")

    connected, subscribed, delivered = await acknowledging.send(
        acknowledging.connect(ext={"ack": 1}), acknowledging.message("subscribe", subscription="/b")
    )

    assert ({"ack": 2}, None, event(1)) == (connected["ext"], subscribed.get("ext"), delivered)


async def test_superseded_connect_has_no_number(acknowledging, server):
    first = await acknowledging.hold_poll(ext={"ack": 1})

    second = await acknowledging.hold_poll(ext={"ack": 1})
    server.publish("ann", "/a", "1")

    assert [SUPERSEDED] == await first
    assert (2, [1]) == number_and_data(await second)


async def test_reply_to_a_disconnected_client_has_no_number(acknowledging, server):
    poll = await acknowledging.hold_poll(ext={"ack": 1})

    acknowledging.drop_connection(noticed=False)
    server.publish("ann", "/a", "1")

    assert [CONNECTED] == await poll
    assert (2, [1]) == number_and_data(await acknowledging.send(acknowledging.connect(ext={"ack": 1})))


@pytest.mark.parametrize("limits", [{"queue_messages": 2}, {"queue_bytes": 27}], ids=["messages", "bytes"])
async def test_unacknowledged_events_count_towards_the_limits(make_server, make_client, limits):
    server = make_server(**limits)
    client = make_client(server, "ann")
    await client.open("/a", ext={"ack": True})
    for _ in range(2):
        server.publish("ann", "/a", "12")  # 26 bytes of message
    await client.send(client.connect(ext={"ack": 1}))
    assert (2, 52) == server.sessions.queue_totals

    server.publish("ann", "/a", "12")

    assert (0, (0, 0)) == (len(server.sessions), server.sessions.queue_totals)


async def test_acknowledged_events_do_not_count_towards_limits(make_server, make_client):
    server = make_server(queue_messages=1, queue_bytes=30)
    client = make_client(server, "ann")
    await client.open("/a", ext={"ack": True})
    replies = []
    for number in range(1, 4):
        poll = await client.hold_poll(ext={"ack": number})
        server.publish("ann", "/a", str(number))
        replies.append(number_and_data(await poll))

    assert [(2, [1]), (3, [2]), (4, [3])] == replies
