"""The two documented cases of Leave, from the request to the notification."""

import pytest

from tests.documents import LEFT_CHAT, state_change

pytestmark = pytest.mark.documented


@pytest.mark.parametrize(
    ("chat_id", "chat", "reference"),
    [
        pytest.param("0071023821aec011", {"state": "LeftChat", "capabilities": LEFT_CHAT}, 1, id="alone"),
        pytest.param("0000Na9B26EF002X", {"state": "Completed"}, None, id="conference"),
    ],
)
async def test_leave_is_acknowledged_and_sends_a_notification(agent, chat_id, chat, reference):
    agent1 = agent("agent1")
    await agent1.listen()

    response = await agent1.leave(chat_id)

    assert (200, {"statusCode": 0}) == (response.status_code, response.json())
    assert [
        {"channel": "/v2/me/chats", "data": state_change("StatusChange", chat_id, chat, reference)}
    ] == await agent1.told()
