"""Customer behaviour that only the running emulator shows: elapsed time and addresses."""

import httpx2
import pytest
import yaml

from tests.agents import AgentClient
from tests.customers import CustomerClient

SCENARIO = {
    "agents": [
        {"userName": f"agent{n}", "password": "p", "features": ["api-multimedia"], "channels": ["chat"]} for n in (1, 2)
    ],
    "invitationTimeout": 0.2,
}


async def next_states(agent, count):
    """Hold polls until as many notifications have arrived and return the states of their chats."""
    notifications = []
    while len(notifications) < count:
        notifications += [each for each in await agent.poll() if "data" in each]
    return [each["data"]["chat"]["state"] for each in notifications]


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
async def test_expired_invitation_goes_to_the_next_agent(serve, server, tmp_path):
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text(yaml.safe_dump(SCENARIO), encoding="utf-8")
    service = serve(server, GWS_CHAT_SCENARIO=str(scenario))
    async with httpx2.AsyncClient(base_url=service.url, timeout=60) as http:
        agents = [AgentClient(http, name, "p") for name in ("agent1", "agent2")]
        for each in agents:
            await each.listen()

        await CustomerClient(http).request_chat()

        for each in agents:
            assert ["Invited", "Revoked"] == await next_states(each, 2)


@pytest.mark.assumed("notifications.base-url")
async def test_agents_never_receive_the_customers_host(agent, customer):
    agent1 = agent("agent1")
    await agent1.listen()

    await customer.request(
        "POST",
        "/api/v2/chats",
        json={"operationName": "RequestChat", "nickname": "Eva"},
        headers={"ContactCenterId": "any", "Host": "127.0.0.1:80"},
    )

    [notification] = await agent1.notifications()
    assert notification["data"]["chat"]["uri"].startswith("http://localhost:8080/api/v2/chats/")


@pytest.mark.documented
@pytest.mark.assumed("customer.transcript")
async def test_messages_without_index_are_returned_once(customer):
    await customer.request_chat()
    polls = [await customer.new_messages()]
    await customer.write("Hello")
    await customer.write("Anybody there?")
    polls += [await customer.new_messages(), await customer.new_messages()]

    assert [[1], [2, 3], []] == [[each["index"] for each in messages] for messages in polls]
    assert polls[1] == await customer.messages(2)


@pytest.mark.assumed("customer.lost-response", "customer.index")
@pytest.mark.parametrize(("method", "query"), [("HEAD", ""), ("HEAD", "?index=1"), ("GET", "?index=1")])
async def test_head_and_index_mark_nothing_as_received(method, query, customer):
    await customer.request_chat()
    await customer.new_messages()
    await customer.write("Hello")

    response = await customer.request(method, f"{customer.path}/messages{query}")

    assert 200 == response.status_code
    assert [2] == [each["index"] for each in await customer.new_messages()]
