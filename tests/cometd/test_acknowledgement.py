"""The extension `ack`: what was sent stays until the client says that it has arrived."""

import pytest

ADVICE = {"reconnect": "retry", "interval": 0, "timeout": 30000}
CONNECTED = {"channel": "/meta/connect", "successful": True, "clientId": "client1", "advice": ADVICE}


def carried(answer):
    """Tell the number of a connect's answer, and the data that ride on it."""
    reply, *events = answer
    return reply["ext"]["ack"], [event["data"] for event in events]


@pytest.fixture
def acknowledging(client):
    """Shake hands with acknowledgement and subscribe; the first connect says that nothing has arrived."""

    async def opened():
        await client.handshake(ext={"ack": True})
        await client.send(client.connect(ext={"ack": -1}))
        await client.subscribe("/a")
        return client

    return opened


async def test_a_handshake_agrees_to_acknowledge(client):
    reply = await client.handshake(ext={"ack": True})

    assert {"ack": True} == reply["ext"]


@pytest.mark.parametrize("ext", [{"ack": False}, {"ack": 1}, {"ack": "true"}, {}, [], "ack", None], ids=repr)
async def test_what_is_no_offer_to_acknowledge_agrees_to_nothing(client, ext):
    reply = await client.handshake(ext=ext)
    await client.send(client.connect())

    assert "ext" not in reply
    assert [CONNECTED] == await client.send(client.connect(advice={"timeout": 0}, ext={"ack": 1}))


async def test_each_answer_to_a_connect_has_a_higher_number(acknowledging, server):
    client = await acknowledging()
    numbers = [1]
    for _ in range(3):
        server.publish("ann", "/a", "0")
        number, _ = carried(await client.send(client.connect(ext={"ack": numbers[-1]})))
        numbers.append(number)

    assert [1, 2, 3, 4] == numbers


async def test_a_held_connect_is_answered_with_its_number(acknowledging, server):
    client = await acknowledging()
    poll = await client.park(ext={"ack": 1})

    server.publish("ann", "/a", "1")

    assert [{**CONNECTED, "ext": {"ack": 2}}, {"channel": "/a", "data": 1}] == await poll


async def test_a_connect_that_times_out_is_answered_with_its_number(acknowledging, clock):
    client = await acknowledging()
    poll = await client.park(ext={"ack": 1})

    await clock.advance(30)

    assert (2, []) == carried(await poll)


async def test_what_was_acknowledged_is_not_sent_again_and_the_next_connect_is_held(acknowledging, server):
    client = await acknowledging()
    server.publish("ann", "/a", "1")
    number, _ = carried(await client.send(client.connect(ext={"ack": 1})))

    poll = await client.park(ext={"ack": number})
    server.publish("ann", "/a", "2")

    assert (3, [2]) == carried(await poll)


async def test_a_connect_with_a_lower_number_gets_everything_unacknowledged_again_at_once(
    acknowledging, server
):
    client = await acknowledging()
    for data in ["1", "2"]:
        server.publish("ann", "/a", data)
    await client.send(client.connect(ext={"ack": 1}))

    assert (3, [1, 2]) == carried(await client.send(client.connect(ext={"ack": 1})))


async def test_what_came_meanwhile_follows_what_is_sent_again(acknowledging, server):
    client = await acknowledging()
    server.publish("ann", "/a", "1")
    await client.send(client.connect(ext={"ack": 1}))
    server.publish("ann", "/a", "2")

    assert (3, [1, 2]) == carried(await client.send(client.connect(ext={"ack": 1})))


async def test_of_several_answers_that_were_lost_each_things_first_number_counts(acknowledging, server):
    client = await acknowledging()
    server.publish("ann", "/a", "1")
    await client.send(client.connect(ext={"ack": 1}))  # number 2, arrived
    server.publish("ann", "/a", "2")
    await client.send(client.connect(ext={"ack": 1}))  # number 3 with both, lost

    assert (4, [2]) == carried(await client.send(client.connect(ext={"ack": 2})))


async def test_a_connect_that_says_no_number_acknowledges_all_that_was_sent(acknowledging, server):
    client = await acknowledging()
    server.publish("ann", "/a", "1")
    await client.send(client.connect(ext={"ack": 1}))

    poll = await client.park()

    server.publish("ann", "/a", "2")
    assert (3, [2]) == carried(await poll)


@pytest.mark.parametrize("number", [True, "1", 1.0, None, [], {}], ids=repr)
async def test_a_number_that_is_none_is_as_if_it_was_not_said(acknowledging, server, number):
    client = await acknowledging()
    server.publish("ann", "/a", "1")
    await client.send(client.connect(ext={"ack": 1}))

    await client.park(ext={"ack": number})


@pytest.mark.parametrize("number", [3, 10**400], ids=["next", "huge"])
async def test_a_number_that_was_never_sent_acknowledges_what_was(acknowledging, server, number):
    client = await acknowledging()
    server.publish("ann", "/a", "1")
    await client.send(client.connect(ext={"ack": 1}))

    await client.park(ext={"ack": number})


async def test_events_ride_on_answers_to_connects_only(acknowledging, server):
    client = await acknowledging()
    server.publish("ann", "/a", "1")

    (reply,) = await client.subscribe("/b")

    assert "ext" not in reply
    assert (2, [1]) == carried(await client.send(client.connect(ext={"ack": 1})))


async def test_they_ride_on_a_connect_among_other_messages(acknowledging, server):
    client = await acknowledging()
    server.publish("ann", "/a", "1")

    connected, subscribed, event = await client.send(
        client.connect(ext={"ack": 1}), client.message("subscribe", subscription="/b")
    )

    assert ({"ack": 2}, None, 1) == (connected["ext"], subscribed.get("ext"), event["data"])


async def test_they_do_not_ride_on_a_connect_that_is_refused(acknowledging, server):
    client = await acknowledging()
    server.publish("ann", "/a", "1")

    (reply,) = await client.send(client.message("connect", connectionType="websocket", ext={"ack": 1}))

    assert (False, None) == (reply["successful"], reply.get("ext"))
    assert (2, [1]) == carried(await client.send(client.connect(ext={"ack": 1})))


async def test_a_connect_that_another_ends_has_no_number_and_acknowledges_nothing(acknowledging, server):
    client = await acknowledging()
    first = await client.park(ext={"ack": 1})
    second = await client.park(ext={"ack": 1})
    server.publish("ann", "/a", "1")

    assert [CONNECTED] == await first
    assert (2, [1]) == carried(await second)


async def test_an_answer_that_nobody_will_read_uses_no_number_up(acknowledging, server):
    client = await acknowledging()
    poll = await client.park(ext={"ack": 1})
    client.hang_up(noticed=False)
    server.publish("ann", "/a", "1")
    assert [CONNECTED] == await poll

    assert (2, [1]) == carried(await client.send(client.connect(ext={"ack": 1})))


@pytest.mark.parametrize(
    "limits", [{"queue_messages": 2}, {"queue_bytes": 60}], ids=["too many messages", "too many bytes"]
)
async def test_what_was_sent_and_not_acknowledged_counts_towards_the_limits(serve, client_of, limits):
    server = serve(**limits)
    client = client_of(server, "ann")
    await client.handshake(ext={"ack": True})
    await client.send(client.connect(ext={"ack": -1}))
    await client.subscribe("/a")
    for _ in range(2):
        server.publish("ann", "/a", "12")  # 26 bytes of message
    await client.send(client.connect(ext={"ack": 1}))
    assert (2, 52) == server.queued

    server.publish("ann", "/a", "12")

    assert (0, (0, 0)) == (server.sessions, server.queued)


async def test_what_was_acknowledged_no_longer_counts(serve, client_of):
    server = serve(queue_messages=1, queue_bytes=30)
    client = client_of(server, "ann")
    await client.handshake(ext={"ack": True})
    number, _ = carried(await client.send(client.connect(ext={"ack": -1})))
    await client.subscribe("/a")
    for data in range(3):
        poll = await client.park(ext={"ack": number})
        server.publish("ann", "/a", str(data))
        number, told = carried(await poll)
        assert [data] == told
    assert 1 == server.sessions
