"""Messages and replies: IDs, channels, batches and unknown sessions."""

import json
from math import inf, nan

import pytest

from gws_chat.cometd.server import Server
from tests.cometd.replies import CONNECTED, UNKNOWN_CLIENT, event, short

PUBLISH = {"channel": "/a", "data": 1}
REJECTED = {"channel": "/a", "successful": False, "error": "403:/a:forbidden"}
VALID_IDS = ["", "1", "a-Z_0!~()$@ /*.", "x" * 64, 0, 7, -7, 10**64 - 1, 1.5, 1.0]
INVALID_STRINGS = ["x" * 65, "<b>", "1\n", "é", "\ud800"]
INVALID_NUMBERS = [10**64, -(10**64), nan, inf]
INVALID_IDS = [None, True, False, [], {}, ["1"], *INVALID_STRINGS, *INVALID_NUMBERS]
INVALID_CHANNELS = ["", "/", "/a b", "/*/a", "/" + "a" * 256, "/\ud800", '/"', "/meta/connect/", "/meta//connect"]


@pytest.mark.parametrize("message_id", VALID_IDS, ids=short)
async def test_reply_repeats_a_valid_id(client, message_id):
    [reply] = await client.send({**PUBLISH, "id": message_id})

    assert {**REJECTED, "id": message_id} == reply
    assert type(message_id) is type(reply["id"])


@pytest.mark.parametrize("message_id", INVALID_IDS, ids=short)
async def test_reply_omits_an_invalid_id(client, message_id):
    assert [REJECTED] == await client.send({**PUBLISH, "id": message_id})


@pytest.mark.parametrize("channel", INVALID_CHANNELS, ids=short)
async def test_reply_omits_an_invalid_channel(client, channel):
    replies = await client.send({"channel": channel, "id": 1})

    expected = {"channel": "/meta/unknown", "successful": False, "error": "403:/meta/unknown:forbidden"}
    assert [{**expected, "id": 1}] == replies


async def test_each_message_of_a_batch_gets_its_reply(client, make_client, server):
    other = make_client(server, "ann")
    for each in (client, other):
        await each.open("/a")
    server.publish("ann", "/a", "1")

    *replies, last = await client.send(
        {**PUBLISH, "id": 1},
        client.message("subscribe", subscription="/b", id=2),
        client.message("subscribe", subscription=None, id=3),
        client.message("unsubscribe", subscription="/a", id=4),
        {"channel": "nonsense", "id": 5},
        other.message("disconnect", id=6),
    )

    ours = [(2, True, "client1"), (3, False, "client1"), (4, True, "client1")]
    assert [(1, False, None), *ours, (5, False, None), (6, True, "client2")] == [
        (reply["id"], reply["successful"], reply.get("clientId")) for reply in replies
    ]
    assert event(1) == last


@pytest.mark.parametrize("method", ["connect", "subscribe", "unsubscribe", "disconnect"])
async def test_session_of_another_owner_is_unknown(client, make_client, server, method):
    await client.open("/a")
    stranger = make_client(server, "bob")
    message = {**client.connect(subscription="/a"), "channel": f"/meta/{method}"}

    replies = [(await stranger.send({**message, "clientId": each}))[0] for each in (client.id, "nobody")]

    repeated = {"subscription": "/a"} if method.endswith("subscribe") else {}
    rejected = {"channel": f"/meta/{method}", "successful": False, "error": "402::Unknown client", **repeated}
    assert [UNKNOWN_CLIENT if method == "connect" else rejected] * 2 == replies
    server.publish("ann", "/a", "1")
    assert [CONNECTED, event(1)] == await client.send(client.connect())


@pytest.mark.parametrize("method", ["handshake", "connect", "subscribe", "unsubscribe", "disconnect"])
@pytest.mark.parametrize("value", [None, True, 0, -1.5, "", "\ud800", [], [[]], {}, {"a": {}}], ids=ascii)
async def test_invalid_types_in_every_field_are_rejected(client, method, value):
    fields = "id clientId version supportedConnectionTypes connectionType subscription advice ext data"
    message = dict.fromkeys([*fields.split(), "minimumVersion", "successful"], value)

    [reply] = await client.send({**message, "channel": f"/meta/{method}"})

    assert (f"/meta/{method}", False) == (reply["channel"], reply["successful"])


async def test_reply_omits_unknown_fields(client):
    await client.open()

    unknown = {"ext": {"x": 1}, "data": "secret", "error": "odd", "mark": 1}
    replies = await client.send(client.message("subscribe", subscription="/a", **unknown))

    expected = {"channel": "/meta/subscribe", "successful": True, "clientId": "client1", "subscription": "/a"}
    assert [expected] == replies


async def test_server_without_a_clock_uses_the_running_loop(make_client):
    client = make_client(Server(may_subscribe=lambda _: True), "ann")
    await client.open()
    poll = await client.hold_poll()

    await client.send(client.message("disconnect"))

    [reply] = await poll
    assert reply["successful"]


def test_response_is_ascii_json(server):
    response = server.exchange([PUBLISH], owner="ann", connection=None)

    assert [REJECTED] == json.loads(response.decode("ascii"))
