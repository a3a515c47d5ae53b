import pytest

REPLY = {"channel": "/meta/unsubscribe", "successful": True, "clientId": "client1"}


@pytest.mark.parametrize("subscription", ["/a", ["/a"], ["/a", "/b"]], ids=repr)
async def test_unsubscribing_ends_delivery(client, server, subscription):
    await client.open("/a")
    expected = [{**REPLY, "subscription": subscription, "id": 1}]
    assert expected == await client.send(client.message("unsubscribe", subscription=subscription, id=1))
    server.publish("ann", "/a", "1")
    await client.park()


async def test_other_subscriptions_go_on(client, server):
    await client.open("/a", "/*")
    await client.send(client.message("unsubscribe", subscription="/a"))
    server.publish("ann", "/a", "1")
    assert {"channel": "/a", "data": 1} == (await client.send(client.connect()))[1]


async def test_what_was_queued_before_is_still_delivered(client, server):
    await client.open("/a")
    server.publish("ann", "/a", "1")
    expected = [{**REPLY, "subscription": "/a"}, {"channel": "/a", "data": 1}]
    assert expected == await client.send(client.message("unsubscribe", subscription="/a"))


async def test_unsubscribing_what_was_never_subscribed_succeeds(client):
    await client.open()
    expected = [{**REPLY, "subscription": "/a"}]
    assert expected == await client.send(client.message("unsubscribe", subscription="/a"))


@pytest.mark.parametrize("subscription", [None, "", "/*/a", [], ["/a", 1], {}, 7], ids=repr)
async def test_a_bad_subscription_is_refused_and_nothing_is_unsubscribed(client, server, subscription):
    await client.open("/a")
    error = "400::subscription is missing or not a channel"
    assert [{**REPLY, "successful": False, "error": error}] == await client.send(
        client.message("unsubscribe", subscription=subscription)
    )
    server.publish("ann", "/a", "1")
    assert {"channel": "/a", "data": 1} == (await client.send(client.connect()))[1]


async def test_an_unknown_session_is_told_so(client):
    expected = {
        "channel": "/meta/unsubscribe",
        "successful": False,
        "subscription": "/a",
        "error": "402::Unknown client",
    }
    assert [expected] == await client.send(client.message("unsubscribe", subscription="/a"))
