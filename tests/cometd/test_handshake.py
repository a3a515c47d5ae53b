"""Handshake opens a session, or is rejected with advice."""

import re

import pytest

from gws_chat.cometd.server import Server
from tests.cometd.replies import NO_RETRY, OURS, REJECTED_HANDSHAKE, RETRY

HANDSHAKE = {"channel": "/meta/handshake", "version": "1.0", "supportedConnectionTypes": ["long-polling"]}
OPENED = {"channel": "/meta/handshake", "successful": True, **OURS, "clientId": "client1", "advice": RETRY}
ERRORS = {
    "version": "400::version is missing or not a string",
    "supportedConnectionTypes": "400::long-polling is the only connection type",
}
INVALID_VERSIONS = [None, 1, 1.0, True, [], {}]
WITHOUT_LONG_POLLING = [["websocket"], ["callback-polling", "websocket"], "long-polling", {"websocket": {}}]
INVALID_TRANSPORTS = [None, [], *WITHOUT_LONG_POLLING, [[]], 3]


@pytest.mark.parametrize(
    "ignored",
    [
        {},
        {"version": "1.1beta"},
        {"supportedConnectionTypes": ["websocket", "long-polling"]},
        {"supportedConnectionTypes": {"websocket": {}, "long-polling": {}}},
        {"ext": {"ack": False, "timesync": {"tc": 1, "l": 0, "o": 0}, "other": []}},
        {"ext": 7},
        {"minimumVersion": ["odd"]},
        {"clientId": "client9"},
        {"advice": 5},
    ],
    ids=[
        "plain",
        "version",
        "more transports",
        "transports as an object",
        "ext",
        "odd ext",
        "minimum version",
        "client ID",
        "advice",
    ],
)
async def test_handshake_opens_a_session(client, server, ignored):
    assert [{**OPENED, "id": "7"}] == await client.send({**HANDSHAKE, "id": "7", **ignored})
    assert (1, 1) == (len(server.sessions), len(client.opened_sessions))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("version", value) for value in INVALID_VERSIONS),
        *(("supportedConnectionTypes", value) for value in INVALID_TRANSPORTS),
    ],
    ids=repr,
)
async def test_handshake_without_version_or_transport_is_rejected(client, server, field, value):
    replies = await client.send({**HANDSHAKE, field: value})

    assert [{**REJECTED_HANDSHAKE, "error": ERRORS[field], "advice": NO_RETRY}] == replies
    assert (0, 0) == (len(server.sessions), len(client.opened_sessions))


async def test_messages_beside_a_handshake_are_ignored(client, server):
    await client.open("/a")
    server.publish("ann", "/a", "1")

    replies = await client.send(
        client.message("disconnect"), client.message("handshake", **OURS, id=1), HANDSHAKE, client.connect()
    )

    assert [{**OPENED, "clientId": "client2", "id": 1}] == replies
    assert (2, 1) == (len(server.sessions), server.sessions.queue_totals[0])


async def test_closing_server_rejects_a_handshake_with_retry(client, server):
    server.close()

    replies = await client.send(HANDSHAKE)

    assert [{**REJECTED_HANDSHAKE, "error": "503::server is closing", "advice": RETRY}] == replies
    assert [] == client.opened_sessions


async def test_client_ids_are_160_random_bits(make_client):
    client = make_client(Server(may_subscribe=lambda _: True), "ann")

    ids = {(await client.send(HANDSHAKE))[0]["clientId"] for _ in range(20)}

    assert 20 == len(ids)
    assert all(re.fullmatch("[0-9a-f]{40}", each) for each in ids)
