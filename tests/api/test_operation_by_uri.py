"""`POST /api/v2/chats/{id}` serves agents and customers, each with their own ID of the chat."""

import pytest

from tests.contract.strategies import AGENT_OPERATIONS, CUSTOMER_OPERATIONS

ALONE = "/api/v2/chats/0071023821aec011"
PARAMETERS = {
    "SendUrl": {"url": "https://shop.example"},
    "SendToAgents": {"text": "Hello"},
    "SendCustomNoticeToAgents": {"noticeText": "Hello"},
    "AttachUserData": {"userData": {"tier": "gold"}},
    "UpdateUserData": {"userData": {"tier": "gold"}},
    "DeleteUserData": {"keys": ["tier"]},
    "SetDisposition": {"disposition": "Resolved"},
    "RemoveParticipantFromConference": {"targetPath": "/users/1"},
    "Transfer": {"queueName": "support"},
    "Invite": {"queueName": "support"},
    "Consult": {"queueName": "support"},
}
LEAVE = {"operationName": "Leave"}


@pytest.mark.documented
async def test_agent_performs_an_operation_by_uri(agent):
    agent1 = agent("agent1")

    response = await agent1.request("POST", ALONE, json=LEAVE)

    assert (200, {"statusCode": 0}) == (response.status_code, response.json())
    chat = await agent1.get(ALONE)
    assert "LeftChat" == chat["chat"]["state"]


@pytest.mark.assumed("customer.agents-operations")
@pytest.mark.parametrize("name", sorted({*AGENT_OPERATIONS} - {*CUSTOMER_OPERATIONS}))
async def test_customer_cannot_perform_agents_operations(name, customer):
    await customer.request_chat()
    before = await customer.chat()

    response = await customer.perform({"operationName": name, **PARAMETERS.get(name, {})})

    message = (
        f"operationName: {name} is not allowed while the chat is WaitingForAgent,"
        " allowed: SendMessage, SendStartTypingNotification, SendStopTypingNotification, Complete"
    )
    assert (403, {"statusCode": 3, "statusMessage": message}) == (response.status_code, response.json())
    assert before == await customer.chat()


@pytest.mark.assumed("customer.SendMessage.message-type")
async def test_customers_message_ignores_parameters_for_agents(customer):
    await customer.request_chat()
    await customer.new_messages()

    await customer.perform({"operationName": "SendMessage", "text": "a", "messageType": "M", "treatAs": "System"})
    await customer.perform({"operationName": "Complete", "text": "b", "queueName": "support"})

    [message] = [each for each in await customer.new_messages() if each["type"] == "Text"]
    assert {"index", "type", "from", "text", "timestamp", "timestampSeconds"} == message.keys()
    assert "a" == message["text"]


@pytest.mark.documented
async def test_ids_of_customer_and_agents_differ(agent, customer):
    await customer.request_chat()

    by_agent = await agent("agent1").request("POST", customer.path, json={"operationName": "Complete"})
    customer.http.cookies.clear()
    by_customer = await customer.request("POST", ALONE, json={"operationName": "Complete"})

    assert [(404, 6)] * 2 == [(each.status_code, each.json()["statusCode"]) for each in (by_agent, by_customer)]
