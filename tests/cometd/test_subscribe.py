import pytest

REPLY = {"channel": "/meta/subscribe", "successful": True, "clientId": "client1"}
INVALID = {**REPLY, "successful": False, "error": "400::subscription is missing or not a channel"}


async def test_one_name_is_granted_and_repeated_as_a_string(client):
    await client.open()
    expected = [{**REPLY, "subscription": "/v2/me/chats", "id": "5"}]
    assert expected == await client.send(client.message("subscribe", subscription="/v2/me/chats", id="5"))


@pytest.mark.parametrize("names", [["/a"], ["/a", "/b/*", "/**"], ["/a", "/a"]], ids=repr)
async def test_an_array_is_granted_and_repeated_as_an_array(client, names):
    await client.open()
    assert [{**REPLY, "subscription": names}] == await client.subscribe(names)


@pytest.mark.parametrize("name", ["/secret", "/meta", "/meta/*", "/meta/**", "/meta/connect"])
async def test_a_forbidden_name_is_refused(client, name):
    await client.open()
    expected = [{**REPLY, "successful": False, "subscription": name, "error": f"403:{name}:forbidden"}]
    assert expected == await client.subscribe(name)


async def test_an_array_is_granted_wholly_or_not_at_all(client, server):
    await client.open()
    names = ["/a", "/secret/2", "/secret/1"]
    error = "403:/secret/1,/secret/2:forbidden"
    assert [{**REPLY, "successful": False, "subscription": names, "error": error}] == await client.subscribe(
        names
    )
    server.publish("ann", "/a", "1")
    await client.park()


@pytest.mark.parametrize(
    "subscription",
    [
        None,
        "",
        "a",
        "/",
        "/a/",
        "/*/a",
        "/a b",
        "/" + "a" * 256,
        "/\ud800",
        [],
        ["/a", "bad name"],
        ["/a", None],
        [["/a"]],
        {"/a": 1},
        True,
        7,
    ],
    ids=[
        "null",
        "empty",
        "no slash",
        "root",
        "slash at end",
        "inner wildcard",
        "space",
        "too long",
        "surrogate",
        "empty array",
        "one bad",
        "one null",
        "nested",
        "object",
        "boolean",
        "number",
    ],
)
async def test_a_bad_subscription_is_refused_without_repeating_it_and_without_harm(
    client, server, subscription
):
    await client.open("/ok")
    assert [INVALID] == await client.subscribe(subscription)
    server.publish("ann", "/a", "1")
    server.publish("ann", "/ok", "2")
    assert {"channel": "/ok", "data": 2} == (await client.send(client.connect()))[1]


async def test_a_missing_subscription_is_refused(client):
    await client.open()
    assert [INVALID] == await client.send(client.message("subscribe"))


async def test_a_name_may_be_as_long_as_the_limit(client):
    await client.open()
    name = "/" + "a" * 255
    assert [{**REPLY, "subscription": name}] == await client.subscribe(name)


@pytest.mark.parametrize("method", ["subscribe", "unsubscribe"])
async def test_more_names_than_the_limit_are_refused_before_any_is_looked_at(serve, client_of, method):
    client = client_of(serve(subscriptions=2), "ann")
    await client.open()

    [reply] = await client.send(client.message(method, subscription=["no channel"] * 3))

    assert "403::too many subscriptions" == reply["error"]


async def test_a_session_has_no_more_subscriptions_than_the_limit(serve, client_of):
    client = client_of(serve(subscriptions=2), "ann")
    await client.open("/a", "/b")
    error = "403::too many subscriptions"
    assert [{**REPLY, "successful": False, "subscription": "/c", "error": error}] == await client.subscribe(
        "/c"
    )
    assert [{**REPLY, "subscription": ["/a", "/b"]}] == await client.subscribe(["/a", "/b"])


async def test_an_unknown_session_is_told_so_without_advice(client):
    expected = {
        "channel": "/meta/subscribe",
        "successful": False,
        "subscription": "/a",
        "error": "402::Unknown client",
    }
    assert [expected] == await client.subscribe("/a")


async def test_another_owners_session_cannot_be_subscribed(client, client_of, server):
    await client.open()
    stranger = client_of(server, "bob")
    [reply] = await stranger.send(client.message("subscribe", subscription="/a"))
    assert "402::Unknown client" == reply["error"]
    server.publish("ann", "/a", "1")
    await client.park()


async def test_subscribing_does_not_replay_what_was_published_before(client, server):
    await client.open()
    server.publish("ann", "/a", "1")
    assert [{**REPLY, "subscription": "/a"}] == await client.subscribe("/a")
    await client.park()
