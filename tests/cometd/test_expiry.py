"""Sessions expire if the client is silent for too long."""

import pytest

from tests.cometd.replies import CONNECTED, RETRY, UNKNOWN_CLIENT


@pytest.mark.parametrize("interval", [5, 30, 90])
async def test_silent_session_expires_after_the_maximum_interval(make_server, make_client, clock, interval):
    server = make_server(max_interval=interval)
    client = make_client(server, "ann")
    await client.open("/a")
    server.publish("ann", "/a", "1")
    await clock.advance(interval - 1)
    await make_client(server, "bob").send(client.connect())  # does not extend the session of another owner
    await clock.advance(0.9)
    assert 1 == len(server.sessions)

    await clock.advance(0.1)

    assert 0 == len(server.sessions)
    assert [UNKNOWN_CLIENT] == await client.send(client.connect())


@pytest.mark.parametrize("channel", ["/meta/subscribe", "/meta/unsubscribe", "/b"])
async def test_any_message_extends_the_session_lifetime(client, server, clock, channel):
    await client.open()
    await clock.advance(20)

    await client.send({"channel": channel, "clientId": client.id, "subscription": "/a"})

    await clock.advance(29.5)
    assert 1 == len(server.sessions)
    await clock.advance(1.5)
    assert 0 == len(server.sessions)


async def test_held_poll_suspends_the_expiry_clock(make_server, make_client, clock):
    server = make_server(poll_timeout=100.5)
    client = make_client(server, "ann")
    await client.open()
    poll = await client.hold_poll()
    await client.subscribe("/a")  # does not start the clock again

    await clock.advance(100)
    assert (1, 1) == (len(server.sessions), server.sessions.held_poll_count)
    await clock.advance(0.5)
    assert [{**CONNECTED, "advice": {**RETRY, "timeout": 100_500}}] == await poll

    await clock.advance(29)
    assert 1 == len(server.sessions)
    await clock.advance(1)
    assert 0 == len(server.sessions)


@pytest.mark.parametrize("end", ["drop", "cancel", "newer connect"])
async def test_ended_poll_restarts_the_expiry_clock(client, server, clock, end):
    await client.open()
    poll = await client.hold_poll()
    await clock.advance(20)

    match end:
        case "drop":
            client.drop_connection()
        case "cancel":
            poll.cancel()
        case "newer connect":
            await client.send(client.connect(advice={"timeout": 0}))
    await clock.advance(29.9)

    assert (1, 0) == (len(server.sessions), server.sessions.held_poll_count)
    await clock.advance(0.1)
    assert 0 == len(server.sessions)


async def test_each_session_expires_at_its_own_time(make_client, server, clock):
    for owner in ("ann", "bob", "cem"):
        await make_client(server, owner).handshake()
        await clock.advance(5)

    sessions = [len(server.sessions)]
    for seconds in (15, 5, 5):
        await clock.advance(seconds)
        sessions.append(len(server.sessions))

    assert [3, 2, 1, 0] == sessions


async def test_one_timer_expires_any_number_of_sessions(make_client, server, clock):
    assert 0 == clock.pending
    for number in range(100):
        await make_client(server, f"agent{number}").open()
    assert 1 == clock.pending

    await clock.advance(31)

    assert (0, 0) == (len(server.sessions), clock.pending)


async def test_next_expiry_is_when_the_session_ends(client, server, clock):
    await client.open()
    await clock.advance(20)
    await client.send({"channel": "/b", "clientId": client.id})
    expiry = server.sessions.next_expiry

    await clock.advance(expiry - clock.time() - 0.01)
    assert 1 == len(server.sessions)
    await clock.advance(0.01)

    assert (0, None) == (len(server.sessions), server.sessions.next_expiry)
