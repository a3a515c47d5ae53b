import pytest


async def test_a_session_without_a_connect_is_gone_after_the_maximum_interval(client, server, clock):
    await client.open("/a")
    server.publish("ann", "/a", "1")
    await clock.advance(29.9)
    assert server.sessions == 1
    await clock.advance(0.1)
    assert server.sessions == 0
    [reply] = await client.send(client.connect())
    assert "402::Unknown client" == reply["error"]


async def test_a_session_that_never_connected_expires_too(client, server, clock):
    await client.handshake()
    await clock.advance(30)
    assert server.sessions == 0


@pytest.mark.parametrize("channel", ["/meta/subscribe", "/meta/unsubscribe", "/b"])
async def test_any_message_of_the_session_extends_its_life(client, server, clock, channel):
    await client.open()
    await clock.advance(20)
    await client.send({"channel": channel, "clientId": client.id, "subscription": "/a"})
    await clock.advance(29.5)
    assert server.sessions == 1
    await clock.advance(1.5)
    assert server.sessions == 0


async def test_another_owners_message_does_not_extend_it(client, client_of, server, clock):
    await client.open()
    await clock.advance(20)
    await client_of(server, "bob").send(client.connect())
    await clock.advance(10)
    assert server.sessions == 0


async def test_a_held_connect_suspends_the_clock(serve, client_of, clock):
    server = serve(poll_timeout=100)
    client = client_of(server, "ann")
    await client.open()
    poll = await client.park()
    await clock.advance(99)
    assert (1, 1) == (server.sessions, server.parked)
    await clock.advance(1)
    assert poll.done()
    await clock.advance(29)
    assert server.sessions == 1
    await clock.advance(1)
    assert server.sessions == 0


async def test_a_message_beside_a_held_connect_does_not_start_the_clock(serve, client_of, clock):
    server = serve(poll_timeout=100)
    client = client_of(server, "ann")
    await client.open()
    await client.park()
    await client.subscribe("/a")
    await clock.advance(99)
    assert server.sessions == 1


async def test_a_dropped_connection_starts_the_clock(client, server, clock, settled):
    await client.open()
    await client.park()
    await clock.advance(20)
    client.hang_up()
    await settled()
    await clock.advance(29)
    assert server.sessions == 1
    await clock.advance(1)
    assert server.sessions == 0


async def test_sessions_expire_each_in_its_time(client_of, server, clock):
    for owner in ("ann", "bob", "cem"):
        await client_of(server, owner).handshake()
        await clock.advance(5)
    remaining = []
    for _ in range(4):
        remaining.append(server.sessions)
        await clock.advance(15 if len(remaining) == 1 else 5)
    assert [3, 2, 1, 0] == remaining


async def test_one_timer_serves_any_number_of_sessions_and_none_serves_none(client_of, server, clock):
    assert clock.waiting == 0
    for n in range(100):
        await client_of(server, f"agent{n}").open()
    assert clock.waiting == 1
    await clock.advance(31)
    assert (0, 0) == (server.sessions, clock.waiting)
