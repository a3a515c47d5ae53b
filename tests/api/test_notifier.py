"""The notifier notifies the CometD sessions of an event's agent."""

import pytest

CHAT = "0071023821aec011"


def uris(notifications):
    return [each["data"]["chat"]["uri"] for each in notifications]


async def test_event_reaches_every_session_of_its_agent(agent):
    listeners = [agent("agent1"), agent("agent1"), agent("agent2")]
    for listener in listeners:
        await listener.listen("/**")

    await listeners[0].leave(CHAT)

    uri = f"http://localhost:8080/api/v2/chats/{CHAT}"
    assert [[uri], [uri], []] == [uris(await each.notifications()) for each in listeners]


@pytest.mark.assumed
async def test_uris_have_the_base_url_of_the_agents_client(agent, http):
    listener = agent("agent1")
    received = []

    for host in ("one", "two"):
        http.base_url = f"http://{host}"
        await listener.listen()
        await listener.leave(CHAT)
        received += uris(await listener.notifications())

    assert [f"http://{host}/api/v2/chats/{CHAT}" for host in ("one", "two")] == received
