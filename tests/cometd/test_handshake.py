import re

import pytest

from handlers.cometd import Server

ADVICE = {"reconnect": "retry", "interval": 0, "timeout": 30000}
NO_RETRY = {"reconnect": "none", "interval": 0, "timeout": 30000}
OURS = {"version": "1.0", "minimumVersion": "1.0", "supportedConnectionTypes": ["long-polling"]}
ASKED = {"channel": "/meta/handshake", "version": "1.0", "supportedConnectionTypes": ["long-polling"]}


async def test_a_handshake_makes_a_session_and_gives_complete_advice(client, server):
    expected = [
        {
            "channel": "/meta/handshake",
            "successful": True,
            **OURS,
            "clientId": "client1",
            "id": "7",
            "advice": ADVICE,
        }
    ]
    assert expected == await client.send({**ASKED, "id": "7"})
    assert server.sessions == 1


async def test_advice_names_the_servers_own_timeout(serve, client_of):
    [reply] = await client_of(serve(poll_timeout=2.5), "ann").send(ASKED)
    assert {"reconnect": "retry", "interval": 0, "timeout": 2500} == reply["advice"]


@pytest.mark.parametrize(
    "extra",
    [
        {"version": "1.1beta"},
        {"supportedConnectionTypes": ["websocket", "long-polling"]},
        {"ext": {"ack": False, "timesync": {"tc": 1, "l": 0, "o": 0}, "other": []}},
        {"ext": 7},
        {"minimumVersion": ["odd"]},
        {"clientId": "client9"},
        {"advice": 5},
    ],
    ids=[
        "other version",
        "more transports",
        "other ext",
        "odd ext",
        "odd minimum",
        "stray client",
        "odd advice",
    ],
)
async def test_what_does_not_matter_is_ignored(client, extra):
    expected = [
        {"channel": "/meta/handshake", "successful": True, **OURS, "clientId": "client1", "advice": ADVICE}
    ]
    assert expected == await client.send({**ASKED, **extra})


@pytest.mark.parametrize("version", [None, 1, 1.0, True, [], {}], ids=repr)
async def test_a_handshake_without_a_version_string_is_refused(client, server, version):
    error = "400::version is missing or not a string"
    expected = [
        {"channel": "/meta/handshake", "successful": False, **OURS, "error": error, "advice": NO_RETRY}
    ]
    assert expected == await client.send({**ASKED, "version": version})
    assert server.sessions == 0


@pytest.mark.parametrize(
    "offered",
    [
        None,
        [],
        ["websocket"],
        ["callback-polling", "websocket"],
        "long-polling",
        {"long-polling": 1},
        [[]],
        3,
    ],
    ids=repr,
)
async def test_a_handshake_with_no_transport_in_common_is_refused(client, server, offered):
    error = "400::long-polling is the only connection type"
    expected = [
        {"channel": "/meta/handshake", "successful": False, **OURS, "error": error, "advice": NO_RETRY}
    ]
    assert expected == await client.send({**ASKED, "supportedConnectionTypes": offered})
    assert server.sessions == 0


async def test_a_session_that_was_opened_is_told_of_and_a_refused_one_is_not(client, server):
    await client.send(ASKED)
    assert 1 == client.opened
    await client.send({**ASKED, "version": None})
    server.close()
    await client.send(ASKED)
    assert 1 == client.opened


async def test_messages_beside_a_handshake_are_ignored(client, server):
    await client.open()
    replies = await client.send(
        client.message("disconnect"), {**ASKED, "id": 1}, {**ASKED, "id": 2}, client.connect(id=3)
    )
    assert [("/meta/handshake", 1)] == [(reply["channel"], reply["id"]) for reply in replies]
    assert server.sessions == 2


async def test_events_do_not_ride_on_a_handshake(client, server):
    await client.open("/a")
    server.publish("ann", "/a", "1")
    assert 1 == len(await client.send({**ASKED, "clientId": client.id}))


async def test_a_closing_server_refuses_a_handshake_and_advises_to_retry(client, server):
    server.close()
    error = "503::server is closing"
    expected = [{"channel": "/meta/handshake", "successful": False, **OURS, "error": error, "advice": ADVICE}]
    assert expected == await client.send(ASKED)


async def test_client_ids_are_160_random_bits(client_of):
    client = client_of(Server(grants=lambda _: True), "ann")
    ids = {(await client.send(ASKED))[0]["clientId"] for _ in range(20)}
    assert 20 == len(ids)
    assert all(re.fullmatch("[0-9a-f]{40}", each) for each in ids)
