"""Subscribe and unsubscribe: one channel or pattern, or an array of them."""

import pytest

from tests.cometd.replies import CONNECTED, event, short

SUBSCRIBED = {"channel": "/meta/subscribe", "successful": True, "clientId": "client1"}
UNSUBSCRIBED = {**SUBSCRIBED, "channel": "/meta/unsubscribe"}
INVALID = {"successful": False, "error": "400::subscription is missing or not a channel"}
TOO_MANY = {"successful": False, "error": "403::too many subscriptions"}
VALID_SUBSCRIPTIONS = ["/v2/me/chats", ["/a"], ["/a", "/b/*", "/**"], ["/a", "/a"], "/" + "a" * 255]
INVALID_NAMES = ["", "a", "/", "/ok/", "/*/a", "/a b", "/" + "a" * 256, "/\ud800"]
INVALID_TYPES = [None, [], [["/a"]], {"/a": 1}, True, 7]


@pytest.mark.parametrize("subscription", VALID_SUBSCRIPTIONS, ids=short)
async def test_subscribe_reply_repeats_the_subscription(client, subscription):
    await client.open()

    replies = await client.send(client.message("subscribe", subscription=subscription, id="5"))

    assert [{**SUBSCRIBED, "subscription": subscription, "id": "5"}] == replies


@pytest.mark.parametrize(
    ("subscription", "forbidden"),
    [
        *((name, name) for name in ["/secret", "/meta", "/meta/*", "/meta/**", "/meta/connect"]),
        (["/a", "/secret/2", "/secret/1"], "/secret/1,/secret/2"),
    ],
    ids=short,
)
async def test_forbidden_subscription_is_rejected_without_effect(client, server, subscription, forbidden):
    await client.open()

    replies = await client.subscribe(subscription)

    rejected = {"successful": False, "error": f"403:{forbidden}:forbidden"}
    assert [{**SUBSCRIBED, **rejected, "subscription": subscription}] == replies
    server.publish("ann", "/a", "1")
    await client.hold_poll()


@pytest.mark.parametrize(
    "fields",
    [{}, *({"subscription": each} for each in [*INVALID_NAMES, *INVALID_TYPES, ["/ok", "/a", None]])],
    ids=short,
)
async def test_invalid_subscription_is_rejected_without_effect(client, server, fields):
    await client.open("/ok")

    replies = await client.send(*(client.message(each, **fields) for each in ("subscribe", "unsubscribe")))

    assert [{**SUBSCRIBED, **INVALID}, {**UNSUBSCRIBED, **INVALID}] == replies
    for channel in ("/a", "/ok"):
        server.publish("ann", channel, "1")
    assert [CONNECTED, event(1, "/ok")] == await client.send(client.connect())


async def test_subscriptions_of_a_session_are_limited(make_server, make_client):
    client = make_client(make_server(subscriptions=2), "ann")
    await client.open("/a", "/b")

    replies = await client.subscribe("/c") + await client.subscribe(["/a", "/b"])
    for each in (client.subscribe, client.unsubscribe):  # names above the limit are not examined
        replies += await each(["no channel"] * 3)

    assert [
        {**SUBSCRIBED, **TOO_MANY, "subscription": "/c"},
        {**SUBSCRIBED, "subscription": ["/a", "/b"]},
        {**SUBSCRIBED, **TOO_MANY},
        {**UNSUBSCRIBED, **TOO_MANY},
    ] == replies


async def test_subscribing_does_not_replay_earlier_events(client, server):
    await client.open()
    server.publish("ann", "/a", "1")

    assert [{**SUBSCRIBED, "subscription": "/a"}] == await client.subscribe("/a")
    await client.hold_poll()


@pytest.mark.parametrize("subscription", ["/a", ["/a"], ["/a", "/never-subscribed"]], ids=repr)
async def test_unsubscribe_ends_the_delivery(client, server, subscription):
    await client.open("/a", "/b")

    replies = await client.send(client.message("unsubscribe", subscription=subscription, id=1))

    assert [{**UNSUBSCRIBED, "subscription": subscription, "id": 1}] == replies
    for channel in ("/a", "/b"):
        server.publish("ann", channel, "1")
    assert [CONNECTED, event(1, "/b")] == await client.send(client.connect())


async def test_unsubscribe_delivers_events_queued_before(client, server):
    await client.open("/a")
    server.publish("ann", "/a", "1")

    assert [{**UNSUBSCRIBED, "subscription": "/a"}, event(1)] == await client.unsubscribe("/a")
