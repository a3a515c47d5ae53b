import asyncio

import pytest

ADVICE = {"reconnect": "retry", "interval": 0, "timeout": 30000}
EMPTY = {"channel": "/meta/connect", "successful": True, "clientId": "client1", "advice": ADVICE}
EVENT = {"channel": "/a", "data": {"n": 1}}
UNKNOWN = {
    "channel": "/meta/connect",
    "successful": False,
    "error": "402::Unknown client",
    "advice": {"reconnect": "handshake", "interval": 0, "timeout": 30000},
}


async def test_the_first_connect_after_a_handshake_is_answered_at_once(client):
    await client.handshake()
    assert [{**EMPTY, "id": "2"}] == await client.send(client.connect(id="2"))
    assert client.connection.watches_begun == 0


async def test_a_first_connect_whose_client_has_gone_is_still_the_next_ones_turn(client):
    await client.handshake()
    client.connection.is_open = False
    await client.send(client.connect())
    client.hang_up()

    [reply] = await client.send(client.connect())

    assert reply["successful"]


async def test_the_second_connect_is_held_until_the_servers_timeout(client, server, clock):
    await client.open()
    poll = await client.park(id=3)
    assert server.parked == 1
    await clock.advance(29.9)
    assert not poll.done()
    await clock.advance(0.1)
    assert [{**EMPTY, "id": 3}] == await poll
    assert server.parked == 0


async def test_a_publish_wakes_a_held_connect(client, server):
    await client.open("/a")
    poll = await client.park()
    server.publish("ann", "/a", '{"n":1}')
    assert [EMPTY, EVENT] == await poll


async def test_publishes_of_one_step_come_in_one_answer_in_their_order(client, server):
    await client.open("/a")
    poll = await client.park()
    server.publish("ann", "/a", "1")
    server.publish("ann", "/a", "2")
    assert [EMPTY, {"channel": "/a", "data": 1}, {"channel": "/a", "data": 2}] == await poll


async def test_events_between_polls_are_delivered_by_the_next_connect_at_once(client, server):
    await client.open("/a")
    server.publish("ann", "/a", '{"n":1}')
    assert [EMPTY, EVENT] == await client.send(client.connect())
    await client.park()


@pytest.mark.parametrize(
    "wish", [0, 0.0, 1500, 1500.5, 29_999], ids=["zero", "zero float", "int", "float", "long"]
)
async def test_a_clients_timeout_is_honoured(client, clock, wish):
    await client.open()
    poll = asyncio.create_task(client.send(client.connect(advice={"timeout": wish})))
    await clock.advance(wish / 1000)
    assert [EMPTY] == await poll


@pytest.mark.parametrize(
    "advice",
    [
        {"timeout": 30_001},
        {"timeout": 10**400},
        {"timeout": -1},
        {"timeout": True},
        {"timeout": False},
        {"timeout": "0"},
        {"timeout": None},
        {"timeout": []},
        {"timeout": float("nan")},
        {"timeout": float("inf")},
        {"interval": 0},
        "0",
        [0],
        0,
        None,
    ],
    ids=[
        "too long",
        "huge",
        "negative",
        "true",
        "false",
        "string",
        "null",
        "list",
        "nan",
        "infinity",
        "no timeout",
        "advice a string",
        "advice a list",
        "advice a number",
        "advice null",
    ],
)
async def test_a_nonsensical_or_longer_timeout_is_the_servers(client, clock, advice):
    await client.open()
    poll = await client.park(advice=advice)
    await clock.advance(29.9)
    assert not poll.done()
    await clock.advance(0.1)
    assert [EMPTY] == await poll


@pytest.mark.parametrize(
    "client_id", ["", "nobody", None, 1, True, ["client1"], {"client1": 1}, "\ud800"], ids=ascii
)
async def test_an_unknown_session_is_told_to_shake_hands_at_once(client, client_id):
    await client.open()
    assert [UNKNOWN] == await client.send({**client.connect(), "clientId": client_id})


async def test_another_owners_session_is_as_unknown_as_none(client, client_of, server):
    await client.open("/a")
    server.publish("ann", "/a", "1")
    stranger = client_of(server, "bob")
    assert [UNKNOWN] == await stranger.send(client.connect())
    assert [EMPTY, {"channel": "/a", "data": 1}] == await client.send(client.connect())


@pytest.mark.parametrize("kind", [None, "websocket", "", 1, ["long-polling"], {}], ids=repr)
async def test_another_connection_type_is_refused_and_not_to_be_retried(client, server, kind):
    await client.open()
    held = await client.park()
    expected = [
        {
            "channel": "/meta/connect",
            "successful": False,
            "clientId": "client1",
            "error": "400::long-polling is the only connection type",
            "advice": {"reconnect": "none", "interval": 0, "timeout": 30000},
        }
    ]
    assert expected == await client.send({**client.connect(), "connectionType": kind})
    assert not held.done()
    assert server.parked == 1


async def test_a_second_connect_releases_the_first_and_takes_its_place(client, server):
    await client.open("/a")
    first = await client.park(id=1)
    second = await client.park(id=2)
    assert [{**EMPTY, "id": 1}] == await first
    assert server.parked == 1
    server.publish("ann", "/a", '{"n":1}')
    assert [{**EMPTY, "id": 2}, EVENT] == await second


async def test_an_event_in_the_step_of_the_superseding_goes_to_the_second_connect(client, server):
    await client.open("/a")
    first = await client.park(id=1)
    second = asyncio.create_task(client.send(client.connect(id=2)))
    server.publish("ann", "/a", '{"n":1}')
    answers = [await first, await second]
    assert 1 == sum(EVENT in answer for answer in answers)


async def test_a_superseding_connect_that_is_not_held_starts_the_expiry_clock(client, server, clock):
    await client.open()
    first = await client.park()
    assert [EMPTY] == await client.send(client.connect(advice={"timeout": 0}))
    assert [EMPTY] == await first
    await clock.advance(30)
    assert server.sessions == 0


async def test_a_dropped_connection_frees_the_session_and_loses_nothing(client, server, settled):
    await client.open("/a")
    poll = await client.park()
    client.hang_up()
    await settled()
    assert poll.done()
    assert server.parked == 0
    server.publish("ann", "/a", '{"n":1}')
    assert [EMPTY, EVENT] == await client.send(client.connect())


@pytest.mark.parametrize("noticed", [True, False])
async def test_an_event_in_the_step_in_which_the_connection_drops_is_kept(client, server, noticed):
    await client.open("/a")
    poll = await client.park()
    client.hang_up(noticed=noticed)
    server.publish("ann", "/a", '{"n":1}')
    assert [EMPTY] == await poll
    assert [EMPTY, EVENT] == await client.send(client.connect())


async def test_what_waits_stays_where_the_client_has_gone_before_it_is_answered_at_once(client, server):
    await client.open("/a")
    server.publish("ann", "/a", '{"n":1}')
    client.connection.is_open = False
    assert [EMPTY] == await client.send(client.connect())
    client.connection.is_open = True
    assert [EMPTY, EVENT] == await client.send(client.connect())


async def test_what_waits_stays_where_the_client_of_another_message_has_gone(client, server):
    await client.open("/a")
    server.publish("ann", "/a", '{"n":1}')
    client.connection.is_open = False
    await client.subscribe("/b")
    client.connection.is_open = True
    assert [EMPTY, EVENT] == await client.send(client.connect())


async def test_an_event_for_many_sessions_wakes_each_of_them(client_of, server):
    clients = [client_of(server, "ann") for _ in range(120)]
    for each in clients:
        await each.open("/a")
    polls = [await each.park() for each in clients]
    server.publish("ann", "/a", "1")
    server.publish("ann", "/a", "2")
    answers = [await poll for poll in polls]
    assert [[1, 2]] * 120 == [[event["data"] for event in answer[1:]] for answer in answers]


async def test_an_event_in_the_step_in_which_the_poll_is_cancelled_is_kept(client, server):
    await client.open("/a")
    poll = await client.park()
    server.publish("ann", "/a", '{"n":1}')
    poll.cancel()
    await asyncio.wait([poll])
    assert [EMPTY, EVENT] == await client.send(client.connect())


async def test_a_cancelled_poll_leaves_the_session_free_and_its_clock_running(client, server, clock):
    await client.open()
    poll = await client.park()
    await clock.advance(20)
    poll.cancel()
    await asyncio.wait([poll])
    assert (1, 0) == (server.sessions, server.parked)
    await clock.advance(29.9)
    assert server.sessions == 1
    await clock.advance(0.1)
    assert server.sessions == 0


@pytest.mark.parametrize("end", ["publish", "timeout", "second connect", "hang up", "cancel", "close"])
async def test_the_connection_is_watched_only_while_a_connect_is_held(client, server, clock, settled, end):
    await client.open("/a")
    connection = client.connection
    poll = await client.park()
    assert connection.watcher is not None
    match end:
        case "publish":
            server.publish("ann", "/a", "1")
        case "timeout":
            await clock.advance(30)
        case "second connect":
            await client.send(client.connect(advice={"timeout": 0}))
        case "hang up":
            client.hang_up()
        case "cancel":
            poll.cancel()
        case "close":
            server.close()
    await settled()
    assert poll.done()
    assert connection.watcher is None
    assert clock.waiting == 1  # the expiry clock, and no timer of the poll's


async def test_a_connect_among_other_messages_is_not_held(client, server):
    await client.open()
    replies = await client.send(
        client.connect(id=1), client.message("subscribe", subscription="/a", id=2), client.connect(id=3)
    )
    subscribed = {"channel": "/meta/subscribe", "successful": True, "clientId": "client1"}
    expected = [{**EMPTY, "id": 1}, {**subscribed, "subscription": "/a", "id": 2}, {**EMPTY, "id": 3}]
    assert expected == replies
    assert server.parked == 0


async def test_a_closing_server_lets_held_connects_go_and_holds_none(client, client_of, server):
    await client.open()
    other = client_of(server, "bob")
    await other.open()
    held = [await client.park(), await other.park()]
    server.close()
    assert [[EMPTY], [{**EMPTY, "clientId": "client2"}]] == [await poll for poll in held]
    assert [EMPTY] == await client.send(client.connect())
