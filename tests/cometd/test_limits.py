"""Limits of sessions. The limits of a queue are tested in test_publish, the times in test_expiry."""

import pytest

from gws_chat.cometd.limits import Limits
from tests.cometd.replies import REJECTED_HANDSHAKE, RETRY, UNKNOWN_CLIENT

TOO_MANY_SESSIONS = {**REJECTED_HANDSHAKE, "error": "503::too many sessions", "advice": {**RETRY, "interval": 5000}}


def test_default_limits():
    expected = Limits(
        poll_timeout=30,
        max_interval=30,
        channel_length=256,
        id_length=64,
        subscriptions=50,
        queue_messages=20_000,
        queue_bytes=16 * 1024 * 1024,
        sessions_per_owner=200,
        sessions=20_000,
    )

    assert expected == Limits()


@pytest.fixture
def open_sessions(make_client):
    """Open a session for each of the owners."""

    async def opened(server, *owners):
        clients = [make_client(server, owner) for owner in owners]
        for client in clients:
            await client.open()
        return clients

    return opened


async def test_new_session_replaces_longest_idle_of_its_owner(make_server, open_sessions, clock):
    server = make_server(sessions_per_owner=3)
    of_bob, polling, first, second = await open_sessions(server, "bob", "ann", "ann", "ann")
    held = await polling.hold_poll()
    for client in (second, first):
        await clock.advance(1)
        await client.subscribe("/b")

    [new] = await open_sessions(server, "ann")

    assert [UNKNOWN_CLIENT] == await second.send(second.connect())
    assert not held.done()
    for client in (of_bob, first, new):
        await client.hold_poll()


async def test_handshake_is_rejected_while_all_sessions_poll(make_server, open_sessions, make_client):
    server = make_server(sessions_per_owner=2)
    held = [await client.hold_poll() for client in await open_sessions(server, "ann", "ann")]

    reply = await make_client(server, "ann").handshake()

    assert TOO_MANY_SESSIONS == reply
    assert (2, False) == (len(server.sessions), any(poll.done() for poll in held))


async def test_handshake_is_rejected_when_the_server_is_full(make_server, open_sessions, make_client, clock):
    server = make_server(sessions=2)
    clients = await open_sessions(server, "ann", "bob")
    late = make_client(server, "cem")

    reply = await late.handshake()

    assert (TOO_MANY_SESSIONS, []) == (reply, late.opened_sessions)
    for client in clients:
        await client.hold_poll()
    await clock.advance(61)  # the polls end, then the sessions
    assert (await late.handshake())["successful"]
