"""What clients may have, and what happens where it would be too much. The queue's limits: test_publish."""

import pytest

from handlers.cometd import Limits

LATER = {"reconnect": "retry", "interval": 5000, "timeout": 30000}


def test_they_are_these_unless_set():
    expected = Limits(
        poll_timeout=30,
        max_interval=30,
        channel_length=256,
        id_length=64,
        subscriptions=50,
        queue_messages=1_000,
        queue_bytes=1024 * 1024,
        sessions_per_owner=200,
        sessions=20_000,
    )
    assert expected == Limits()


@pytest.fixture
def open_sessions(client_of):
    """Open sessions of an owner, subscribed to `/a`."""

    async def opened(server, owner, number):
        clients = [client_of(server, owner) for _ in range(number)]
        for client in clients:
            await client.open("/a")
        return clients

    return opened


async def test_one_session_too_many_of_an_owner_ends_the_longest_silent_one(serve, open_sessions, clock):
    server = serve(sessions_per_owner=3)
    first, second, third = await open_sessions(server, "ann", 3)
    for heard in (second, third, first):
        await clock.advance(1)
        await heard.subscribe("/b")

    (new,) = await open_sessions(server, "ann", 1)

    (reply,) = await second.send(second.connect())
    assert "402::Unknown client" == reply["error"]
    for client in (first, third, new):
        await client.park()


async def test_a_session_that_polls_is_not_ended_by_another(serve, open_sessions):
    server = serve(sessions_per_owner=2)
    polling, silent = await open_sessions(server, "ann", 2)
    held = await polling.park()

    await open_sessions(server, "ann", 1)

    (reply,) = await silent.send(silent.connect())
    assert "402::Unknown client" == reply["error"]
    assert not held.done()


async def test_where_all_sessions_of_an_owner_poll_a_handshake_is_refused_and_to_be_tried_later(
    serve, open_sessions, client_of
):
    server = serve(sessions_per_owner=2)
    held = [await client.park() for client in await open_sessions(server, "ann", 2)]

    reply = await client_of(server, "ann").handshake()

    assert (False, "503::too many sessions", LATER) == (
        reply["successful"],
        reply["error"],
        reply["advice"],
    )
    assert "clientId" not in reply
    assert (2, False) == (server.sessions, any(poll.done() for poll in held))


async def test_one_owners_sessions_leave_the_others_alone(serve, open_sessions):
    server = serve(sessions_per_owner=1)
    (of_bob,) = await open_sessions(server, "bob", 1)

    await open_sessions(server, "ann", 5)

    await of_bob.park()
    assert 2 == server.sessions


async def test_where_there_are_too_many_sessions_a_handshake_is_refused_and_to_be_tried_later(
    serve, open_sessions, client_of, clock
):
    server = serve(sessions=2)
    clients = [client for owner in ("ann", "bob") for client in await open_sessions(server, owner, 1)]
    late = client_of(server, "cem")

    reply = await late.handshake()

    assert (False, "503::too many sessions", LATER) == (
        reply["successful"],
        reply["error"],
        reply["advice"],
    )
    assert 0 == late.opened
    for client in clients:
        await client.park()
    await clock.advance(61)  # the polls end, and then the sessions
    assert (await late.handshake())["successful"]


@pytest.mark.parametrize("interval", [5, 90])
async def test_a_silent_session_lives_as_long_as_is_set(serve, client_of, clock, interval):
    server = serve(max_interval=interval)
    await client_of(server, "ann").open()

    await clock.advance(interval - 0.1)
    assert 1 == server.sessions
    await clock.advance(0.1)
    assert 0 == server.sessions


async def test_a_poll_is_held_as_long_as_is_set_at_the_longest(serve, client_of, clock):
    client = client_of(serve(poll_timeout=0.5), "ann")
    await client.open()
    poll = await client.park(advice={"timeout": 600})

    await clock.advance(0.5)

    assert 500 == (await poll)[0]["advice"]["timeout"]
