import json

import pytest

from handlers.cometd import Server

PUBLISH = {"channel": "/a", "data": 1}
REFUSED = {"channel": "/a", "successful": False, "error": "403:/a:forbidden"}


@pytest.mark.parametrize(
    "message_id",
    ["", "1", "a-Z_0!~()$@ /*.", "x" * 64, 0, 7, -7, 10**64 - 1, 1.5, 1.0],
    ids=[
        "empty",
        "digit",
        "all marks",
        "longest",
        "zero",
        "int",
        "negative",
        "largest",
        "float",
        "whole float",
    ],
)
async def test_an_id_is_repeated_in_the_type_it_came(client, message_id):
    [reply] = await client.send({**PUBLISH, "id": message_id})
    assert {**REFUSED, "id": message_id} == reply
    assert type(message_id) is type(reply["id"])


@pytest.mark.parametrize(
    "message_id",
    [
        None,
        True,
        False,
        [],
        {},
        ["1"],
        "x" * 65,
        "<b>",
        "1\n",
        "é",
        "\ud800",
        10**64,
        -(10**64),
        float("nan"),
        float("inf"),
    ],
    ids=[
        "null",
        "true",
        "false",
        "array",
        "object",
        "array of string",
        "too long",
        "markup",
        "newline",
        "not ascii",
        "surrogate",
        "too large",
        "too small",
        "nan",
        "infinity",
    ],
)
async def test_any_other_id_is_not_repeated(client, message_id):
    assert [REFUSED] == await client.send({**PUBLISH, "id": message_id})


@pytest.mark.parametrize(
    "channel",
    ["", "/", "a", "/a b", "/*/a", "/" + "a" * 256, "/\ud800", '/"', "/meta/connect/", "/meta//connect"],
    ids=["empty", "root", "no slash", "space", "star", "too long", "surrogate", "quote", "slash", "slashes"],
)
async def test_an_odd_channel_is_refused_and_not_repeated(client, channel):
    expected = {"channel": "/meta/unknown", "successful": False, "error": "403:/meta/unknown:forbidden"}
    assert [{**expected, "id": 1}] == await client.send({"channel": channel, "id": 1})


async def test_each_message_gets_its_own_reply_in_order_and_a_bad_one_spoils_none(client):
    await client.open()
    replies = await client.send(
        {**PUBLISH, "id": 1},
        client.message("subscribe", subscription="/b", id=2),
        client.message("subscribe", subscription=None, id=3),
        client.message("unsubscribe", subscription="/b", id=4),
        {"channel": "nonsense", "id": 5},
        client.message("disconnect", id=6),
    )
    expected = [(1, False), (2, True), (3, False), (4, True), (5, False), (6, True)]
    assert expected == [(reply["id"], reply["successful"]) for reply in replies]


async def test_a_batch_may_speak_for_several_sessions_of_its_owner(client, client_of, server):
    other = client_of(server, "ann")
    for each in (client, other):
        await each.open("/a")
    server.publish("ann", "/a", "1")
    replies = await client.send(client.message("unsubscribe", subscription="/a"), other.message("disconnect"))
    subscribed = {
        "channel": "/meta/unsubscribe",
        "successful": True,
        "clientId": "client1",
        "subscription": "/a",
    }
    disconnected = {"channel": "/meta/disconnect", "successful": True, "clientId": "client2"}
    assert [subscribed, disconnected, {"channel": "/a", "data": 1}] == replies


@pytest.mark.parametrize("method", ["handshake", "connect", "subscribe", "unsubscribe", "disconnect"])
@pytest.mark.parametrize("odd", [None, True, 0, -1.5, "", "\ud800", [], [[]], {}, {"a": {}}], ids=ascii)
async def test_odd_types_in_every_field_are_refused_and_never_an_exception(client, method, odd):
    fields = [
        "id",
        "clientId",
        "version",
        "supportedConnectionTypes",
        "connectionType",
        "subscription",
        "advice",
    ]
    sent = {**dict.fromkeys([*fields, "ext", "data", "minimumVersion", "successful"], odd)}
    [reply] = await client.send({**sent, "channel": f"/meta/{method}"})
    assert (f"/meta/{method}", False) == (reply["channel"], reply["successful"])


async def test_unknown_fields_are_not_repeated(client):
    await client.open()
    sent = client.message("subscribe", subscription="/a", ext={"x": 1}, data="secret", error="odd", mark=1)
    expected = {"channel": "/meta/subscribe", "successful": True, "clientId": "client1", "subscription": "/a"}
    assert [expected] == await client.send(sent)


async def test_without_a_clock_of_its_own_a_server_uses_the_running_loop(client_of):
    client = client_of(Server(grants=lambda _: True), "ann")
    await client.open()
    poll = await client.park()
    await client.send(client.message("disconnect"))
    [reply] = await poll
    assert reply["successful"]


async def test_the_answer_is_ascii_json_text(server):
    answer = await server.exchange([PUBLISH], owner="ann", connection=None)
    assert [REFUSED] == json.loads(answer.decode("ascii"))
