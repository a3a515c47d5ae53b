"""Several sessions in one browser: it has few connections for one host, so one of them holds a poll."""

import asyncio

import pytest

ADVICE = {"reconnect": "retry", "interval": 0, "timeout": 30000}
SECOND = {"reconnect": "retry", "interval": 2000, "timeout": 30000, "multiple-clients": True}


@pytest.fixture
def tab(server, client_of):
    """Open a session of a browser, subscribed to `/a`."""

    async def opened(browser, owner="ann"):
        client = client_of(server, owner, browser)
        await client.open("/a")
        return client

    return opened


async def test_while_one_session_holds_a_poll_another_is_answered_at_once_and_told_why(tab):
    first, second = await tab("firefox"), await tab("firefox")
    held = await first.park()

    (reply,) = await second.send(second.connect())

    assert (True, SECOND) == (reply["successful"], reply["advice"])
    assert not held.done()


async def test_the_first_connect_of_the_second_session_is_told_so_too(tab, server, client_of):
    first, second = await tab("firefox"), client_of(server, "ann", "firefox")
    await first.park()
    await second.handshake()

    (reply,) = await second.send(second.connect())

    assert SECOND == reply["advice"]


async def test_a_connect_among_other_messages_is_told_so_too(tab):
    first, second = await tab("firefox"), await tab("firefox")
    await first.park()

    reply, _ = await second.send(second.connect(), second.message("subscribe", subscription="/b"))

    assert SECOND == reply["advice"]


async def test_what_waits_for_the_second_session_is_told_with_that_answer(tab, server):
    first, second = await tab("firefox"), await tab("firefox")
    held = await first.park()
    server.publish("ann", "/a", "1")

    assert 1 == (await held)[1]["data"]
    assert 1 == (await second.send(second.connect()))[1]["data"]


async def test_the_sessions_are_counted_and_not_the_polls(tab):
    """The newer connect of the same session is no second tab."""
    only = await tab("firefox")
    first = await only.park()

    second = await only.park()

    assert ADVICE == (await first)[0]["advice"]
    assert not second.done()


@pytest.mark.parametrize(
    "browsers", [("firefox", "chromium"), ("firefox", None), (None, None)], ids=["two", "one", "none"]
)
async def test_sessions_that_are_not_known_to_share_a_browser_each_hold_their_poll(tab, server, browsers):
    for browser in browsers:
        await (await tab(browser)).park()

    assert 2 == server.parked


async def test_two_agents_in_one_browser_share_its_connections(tab):
    ann, bob = await tab("firefox", "ann"), await tab("firefox", "bob")
    await ann.park()

    (reply,) = await bob.send(bob.connect())

    assert SECOND == reply["advice"]


@pytest.mark.parametrize("end", ["event", "timeout", "disconnect", "hang up", "cancel", "overflow"])
async def test_when_the_poll_has_ended_the_other_session_may_hold_one(serve, client_of, clock, settled, end):
    server = serve(queue_messages=1)
    first, second = client_of(server, "ann", "firefox"), client_of(server, "bob", "firefox")
    await first.open("/a")
    await second.open("/a")
    held = await first.park()
    match end:
        case "event":
            server.publish("ann", "/a", "1")
        case "timeout":
            await clock.advance(29.5)
            await second.send(second.connect())
            await clock.advance(0.5)
        case "disconnect":
            await first.send(first.message("disconnect"))
        case "hang up":
            first.hang_up()
        case "cancel":
            held.cancel()
        case "overflow":
            server.publish("ann", "/a", "1")
            server.publish("ann", "/a", "2")
    await asyncio.wait([held])
    await settled()

    await second.park()

    assert 1 == server.parked


async def test_a_session_that_moves_to_another_browser_frees_the_first(tab):
    first, second = await tab("firefox"), await tab("firefox")
    await first.park()
    first.browser = "chromium"
    await first.park()

    await second.park()


async def test_who_is_advised_to_wait_lives_as_much_longer(serve, client_of, clock):
    server = serve(max_interval=1)
    first, second = client_of(server, "ann", "firefox"), client_of(server, "ann", "firefox")
    await first.open()
    await second.open()
    await first.park()
    await second.send(second.connect())
    await clock.advance(2.9)

    [reply] = await second.send(second.connect())

    assert reply["successful"]
