"""The notifier writes notifications for the agent's own client."""

import pytest

CHAT = "0071023821aec011"


@pytest.mark.assumed("notifications.base-url")
async def test_uris_have_the_base_url_of_the_agents_client(agent, http):
    listener = agent("agent1")
    received = []

    for host in ("localhost", "127.0.0.1"):
        http.base_url = f"http://{host}"
        await listener.listen()
        await listener.leave(CHAT)
        received += [each["data"]["chat"]["uri"] for each in await listener.notifications()]

    assert [f"http://{host}/api/v2/chats/{CHAT}" for host in ("localhost", "127.0.0.1")] == received
