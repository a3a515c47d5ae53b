import pytest

CONNECTED = {
    "channel": "/meta/connect",
    "successful": True,
    "clientId": "client1",
    "advice": {"reconnect": "retry", "interval": 0, "timeout": 30000},
}


@pytest.mark.parametrize("pattern", ["/v2/me/chats", "/v2/me/*", "/v2/me/**", "/v2/**", "/**"])
async def test_an_event_reaches_a_matching_subscription_under_its_own_channel(client, server, pattern):
    await client.open(pattern)
    server.publish("ann", "/v2/me/chats", '{"text": "é"}')
    expected = [CONNECTED, {"channel": "/v2/me/chats", "data": {"text": "é"}}]
    assert expected == await client.send(client.connect())


@pytest.mark.parametrize("pattern", ["/v2/me", "/v2/*", "/*", "/v2/me/chats/**", "/v2/me/calls"])
async def test_an_event_does_not_reach_another_subscription(client, server, pattern):
    await client.open(pattern)
    server.publish("ann", "/v2/me/chats", "1")
    await client.park()


async def test_an_event_comes_once_however_many_patterns_match(client, server):
    await client.open("/a", "/*", "/**")
    server.publish("ann", "/a", "1")
    assert [CONNECTED, {"channel": "/a", "data": 1}] == await client.send(client.connect())


async def test_an_event_reaches_every_session_of_its_owner_and_no_others(client, client_of, server):
    second, stranger = client_of(server, "ann"), client_of(server, "bob")
    for each in (client, second, stranger):
        await each.open("/**")
    polls = [await each.park() for each in (client, second, stranger)]
    server.publish("ann", "/a", "1")
    event = {"channel": "/a", "data": 1}
    expected = [[CONNECTED, event], [{**CONNECTED, "clientId": "client2"}, event]]
    assert expected == [await poll for poll in polls[:2]]
    assert not polls[2].done()


def test_publishing_to_an_owner_without_sessions_does_nothing(server):
    server.publish("nobody", "/a", "1")
    assert server.sessions == 0


async def test_waiting_events_ride_on_any_response_of_the_session_after_the_replies(client, server):
    await client.open("/a")
    server.publish("ann", "/a", "1")
    expected = [
        {"channel": "/meta/subscribe", "successful": True, "clientId": "client1", "subscription": "/b"},
        {"channel": "/b", "successful": False, "error": "403:/b:forbidden"},
        {"channel": "/a", "data": 1},
    ]
    subscribe = client.message("subscribe", subscription="/b")
    assert expected == await client.send(subscribe, {"channel": "/b", "data": 2})
    await client.park()


@pytest.mark.parametrize(
    "limits", [{"queue_messages": 2}, {"queue_bytes": 60}], ids=["too many messages", "too many bytes"]
)
async def test_a_session_whose_queue_is_full_ends(serve, client_of, limits):
    server = serve(**limits)
    client = client_of(server, "ann")
    await client.open("/a")
    for _ in range(2):
        server.publish("ann", "/a", "12")  # 26 bytes of message
    assert server.sessions == 1
    server.publish("ann", "/a", "12")
    assert server.sessions == 0
    [reply] = await client.send(client.connect())
    assert "402::Unknown client" == reply["error"]


async def test_a_held_connect_of_a_session_that_overflows_is_told_to_shake_hands(serve, client_of):
    server = serve(queue_messages=1)
    client = client_of(server, "ann")
    await client.open("/a")
    poll = await client.park(id=1)
    server.publish("ann", "/a", "1")
    server.publish("ann", "/a", "2")
    expected = {
        "channel": "/meta/connect",
        "successful": False,
        "error": "402::Unknown client",
        "id": 1,
        "advice": {"reconnect": "handshake", "interval": 0, "timeout": 30000},
    }
    assert [expected] == await poll


async def test_a_queue_that_was_taken_is_empty_again(serve, client_of):
    server = serve(queue_messages=1, queue_bytes=30)
    client = client_of(server, "ann")
    await client.open("/a")
    for n in range(3):
        server.publish("ann", "/a", str(n))
        assert {"channel": "/a", "data": n} == (await client.send(client.connect()))[1]


@pytest.mark.parametrize(
    "channel",
    ["/a", "/v2/me/chats", "/a/*", "/service/x", "/meta", "/meta/x", "/meta/connect/x", "/META/connect"],
)
async def test_clients_may_not_publish(client, client_of, server, channel):
    await client.open("/**")
    sent = {"channel": channel, "clientId": client.id, "data": {}, "id": "4"}
    expected = [{"channel": channel, "successful": False, "error": f"403:{channel}:forbidden", "id": "4"}]
    assert expected == await client.send(sent)
    assert expected == await client_of(server, "ann").send({**sent, "clientId": "nobody"})
    await client.park()
