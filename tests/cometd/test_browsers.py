"""Sessions of one browser share its few connections, so only one of them holds a poll."""

import pytest

from tests.cometd.replies import CONNECTED, RETRY, event

SECOND_SESSION = {**RETRY, "interval": 2000, "multiple-clients": True}


@pytest.fixture
def open_tab(server, make_client):
    """Open a session of a browser, subscribed to `/a`."""

    async def opened(browser="firefox", owner="ann"):
        client = make_client(server, owner, browser)
        await client.open("/a")
        return client

    return opened


@pytest.mark.parametrize("owner", ["ann", "bob"])
async def test_second_session_is_advised_instead_of_held(open_tab, make_client, server, owner):
    held = await (await open_tab()).hold_poll()
    second = make_client(server, owner, "firefox")
    await second.handshake()

    responses = [await second.send(second.connect()) for _ in range(2)]
    responses.append(await second.send(second.connect(), second.message("subscribe", subscription="/b")))

    expected = {**CONNECTED, "clientId": "client2", "advice": SECOND_SESSION}
    assert [expected] * 3 == [reply for reply, *_ in responses]
    assert not held.done()
    server.publish("ann", "/a", "1")
    server.publish(owner, "/b", "2")
    assert [event(1)] == (await held)[1:]
    assert [event(2, "/b")] == (await second.send(second.connect()))[1:]


@pytest.mark.parametrize("browsers", [("firefox", "chromium"), ("firefox", None), (None, None)], ids=str)
async def test_sessions_of_different_browsers_each_hold_polls(open_tab, server, browsers):
    for browser in browsers:
        await (await open_tab(browser)).hold_poll()

    assert 2 == server.sessions.held_poll_count


@pytest.mark.parametrize("end", ["event", "timeout", "newer connect", "disconnect", "drop", "cancel", "removal"])
async def test_ended_poll_frees_connection_and_browser(server, make_client, clock, end):
    first, second = make_client(server, "ann", "firefox"), make_client(server, "bob", "firefox")
    await first.open("/a")
    await second.open("/a")
    connection = first.connection
    held = await first.hold_poll()
    assert connection.watcher is not None

    match end:
        case "event":
            server.publish("ann", "/a", "1")
        case "timeout":
            await clock.advance(29.5)
            await second.send(second.connect())
            await clock.advance(0.5)
        case "newer connect":
            await first.send(first.connect(advice={"timeout": 0}))
        case "disconnect":
            await first.send(first.message("disconnect"))
        case "drop":
            first.drop_connection()
        case "cancel":
            held.cancel()
        case "removal":
            server.forget_sessions("ann")
    await clock.advance(0)

    # One timer remains, the one that expires sessions.
    assert (True, None, 1) == (held.done(), connection.watcher, clock.pending)
    await second.hold_poll()
    assert 1 == server.sessions.held_poll_count


async def test_changing_the_browser_frees_the_previous_one(open_tab, server):
    first, second = await open_tab(), await open_tab()
    await first.hold_poll()
    first.browser = "chromium"
    await first.hold_poll()

    await second.hold_poll()

    assert 2 == server.sessions.held_poll_count


async def test_advised_interval_extends_the_session_lifetime(make_server, make_client, clock):
    server = make_server(max_interval=1)
    first, second = make_client(server, "ann", "firefox"), make_client(server, "ann", "firefox")
    await first.open()
    await second.open()
    await first.hold_poll()
    await second.send(second.connect())
    await clock.advance(2.9)

    [reply] = await second.send(second.connect())

    assert reply["successful"]
