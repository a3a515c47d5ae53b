"""Many or large notifications at once reach a session whose client is between two polls."""

import pytest

CONFERENCE = "0000Na9B26EF002X"


@pytest.fixture
async def agent1(agent):
    """agent1, who listens. The others have ended their contact-center sessions."""
    for name in ("agent2", "agent3"):
        await agent(name).request("POST", "/api/v2/me", json={"operationName": "EndContactCenterSession"})
    agent1 = agent("agent1")
    await agent1.listen()
    return agent1


async def test_long_history_reaches_the_accepting_agent(agent1, customer):
    await customer.request_chat()
    for _ in range(40):
        await customer.write("x" * 64_000)
    (invited,) = await agent1.notifications()
    await agent1.leave(CONFERENCE)

    await agent1.accept(invited["data"]["chat"]["id"])
    await customer.write("Hello?")

    kinds = [each["data"]["notificationType"] for each in await agent1.notifications()]
    assert ["StatusChange", "StatusChange", "ParticipantsUpdated", "NewMessages", "NewMessages"] == kinds


async def test_waiting_customers_invite_the_starting_agent(agent1, customer):
    await agent1.request("POST", "/api/v2/me", json={"operationName": "NotReady"})
    for _ in range(1001):
        await customer.request_chat()

    await agent1.request("POST", "/api/v2/me", json={"operationName": "Ready"})
    await customer.request_chat()

    states = [each["data"]["chat"]["state"] for each in await agent1.notifications()]
    assert ["Invited"] * 1002 == states
