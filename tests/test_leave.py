"""The page's two stories, from the request to the notification."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.documented


async def test_an_agent_who_is_alone_leaves_and_may_still_do_what_the_page_lists(agent):
    agent1 = agent("agent1")
    await agent1.listen()

    answer = await agent1.leave("0071023821aec011")

    assert (200, {"statusCode": 0}) == (answer.status_code, answer.json())
    assert [
        {
            "channel": "/v2/me/chats",
            "data": {
                "messageType": "ChatStateChangeMessage",
                "referenceId": 1,
                "notificationType": "StatusChange",
                "chat": {
                    "state": "LeftChat",
                    "capabilities": ["Transfer", "Complete", "Leave", "InFocus"],
                    "id": "0071023821aec011",
                    "uri": "http://localhost:8080/api/v2/chats/0071023821aec011",
                },
            },
        }
    ] == await agent1.told()


async def test_an_agent_who_leaves_a_conference_has_completed_and_the_other_goes_on(agent):
    agent1, agent2 = agent("agent1"), agent("agent2")
    await agent1.listen()
    await agent2.listen()

    answer = await agent1.leave("0000Na9B26EF002X")

    assert (200, {"statusCode": 0}) == (answer.status_code, answer.json())
    assert [
        {
            "channel": "/v2/me/chats",
            "data": {
                "messageType": "ChatStateChangeMessage",
                "notificationType": "StatusChange",
                "chat": {
                    "state": "Completed",
                    "id": "0000Na9B26EF002X",
                    "uri": "http://localhost:8080/api/v2/chats/0000Na9B26EF002X",
                },
            },
        }
    ] == await agent1.told()
    log, update = [message["data"] for message in await agent2.told()]
    assert "ParticipantLeft" == log["messages"][0]["type"]
    assert "agent1" == log["messages"][0]["from"]["nickname"]
    assert ["Ben", "agent2"] == [each["nickname"] for each in update["chat"]["participants"]]
