"""What only a running service shows of the customers' side: time that passes, and addresses."""

import httpx2
import pytest
import yaml

from tests.agents import AgentClient
from tests.customers import CustomerClient

SCENARIO = {
    "agents": [
        {"userName": f"agent{n}", "password": "p", "features": ["api-multimedia"], "channels": ["chat"]}
        for n in (1, 2)
    ],
    "invitationTimeout": 0.2,
}


async def next_told(agent):
    """Hold polls until something is told."""
    while not (told := [each for each in await agent.poll() if "data" in each]):
        pass
    return [each["data"]["chat"]["state"] for each in told]


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
async def test_an_invitation_nobody_answers_is_revoked_and_goes_to_the_next(serve, server, tmp_path):
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text(yaml.safe_dump(SCENARIO), encoding="utf-8")
    service = serve(server, GWS_CHAT_SCENARIO=str(scenario))
    async with httpx2.AsyncClient(base_url=service.url, timeout=60) as http:
        agents = [AgentClient(http, name, "p") for name in ("agent1", "agent2")]
        for each in agents:
            await each.listen()

        await CustomerClient(http).request_chat()

        for each in agents:
            assert ["Invited", "Revoked"] == [*await next_told(each), *await next_told(each)]


@pytest.mark.decided
async def test_what_a_customer_calls_the_service_is_not_told_to_agents(agent, customer):
    agent1 = agent("agent1")
    await agent1.listen()

    await customer.request(
        "POST",
        "/api/v2/chats",
        json={"operationName": "RequestChat", "nickname": "Eva"},
        headers={"ContactCenterId": "any", "Host": "elsewhere.example"},
    )

    [told] = await agent1.told()
    assert told["data"]["chat"]["uri"].startswith("http://localhost:8080/api/v2/chats/")
