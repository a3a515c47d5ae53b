REPLY = {"channel": "/meta/disconnect", "successful": True, "clientId": "client1"}
UNKNOWN = {"channel": "/meta/disconnect", "successful": False, "error": "402::Unknown client"}


async def test_a_disconnected_session_is_forgotten(client, server):
    await client.open("/a")
    assert [{**REPLY, "id": 9}] == await client.send(client.message("disconnect", id=9))
    assert server.sessions == 0
    server.publish("ann", "/a", "1")
    [reply] = await client.send(client.connect())
    assert "402::Unknown client" == reply["error"]


async def test_its_held_connect_is_released_and_not_to_be_repeated(client, server):
    await client.open()
    poll = await client.park(id=3)
    assert [REPLY] == await client.send(client.message("disconnect"))
    expected = {
        "channel": "/meta/connect",
        "successful": True,
        "clientId": "client1",
        "id": 3,
        "advice": {"reconnect": "none", "interval": 0, "timeout": 30000},
    }
    assert [expected] == await poll
    assert (0, 0) == (server.sessions, server.parked)


async def test_an_event_before_the_disconnect_does_not_turn_its_answer_into_a_402(client, server):
    await client.open("/a")
    poll = await client.park()
    server.publish("ann", "/a", "1")
    await client.send(client.message("disconnect"))
    [reply, *events] = await poll
    assert (True, "none", []) == (reply["successful"], reply["advice"]["reconnect"], events)


async def test_later_messages_of_the_batch_find_no_session(client):
    await client.open()
    replies = await client.send(client.message("disconnect"), client.message("disconnect"))
    assert [REPLY, UNKNOWN] == replies


async def test_other_sessions_of_the_owner_go_on(client, client_of, server):
    await client.open()
    other = client_of(server, "ann")
    await other.open("/a")
    await client.send(client.message("disconnect"))
    poll = await other.park()
    server.publish("ann", "/a", "1")
    assert {"channel": "/a", "data": 1} == (await poll)[1]


async def test_an_unknown_session_is_told_so_without_advice(client):
    assert [UNKNOWN] == await client.send(client.message("disconnect"))


async def test_another_owners_session_cannot_be_disconnected(client, client_of, server):
    await client.open()
    assert [UNKNOWN] == await client_of(server, "bob").send(client.message("disconnect"))
    assert server.sessions == 1
