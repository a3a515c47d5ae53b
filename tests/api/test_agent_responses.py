"""Tests for responses to agents, beside the examples in openapi.yaml."""

import json

import pytest

from gws_chat.api.serialization import agent_responses
from tests.builders import CHAT_ID, make_agent, make_chat
from tests.documents import URL, customer


@pytest.fixture
def ben():
    return make_agent("ben", "api-voice", "api-multimedia", "api-chat")


@pytest.mark.assumed
@pytest.mark.parametrize(
    ("requested", "embedded"),
    [
        pytest.param(None, [], id="none"),
        pytest.param("chats", ["chats"], id="one"),
        pytest.param("chats,devices", ["devices", "chats"], id="two in fixed order"),
        pytest.param("calls,calls", ["calls"], id="duplicate"),
        pytest.param("*", ["devices", "calls", "channels", "interactions", "chats"], id="all"),
    ],
)
def test_user_embeds_the_requested_subresources(ben, requested, embedded):
    """Only chats are emulated. The other subresources are always empty."""
    chat = make_chat(chatting=[ben])
    contents = {name: [] for name in embedded}
    if "chats" in embedded:
        contents["chats"] = [agent_responses.chat_response(chat, ben, URL)["chat"]]
    expected = {
        "statusCode": 0,
        "user": {
            "id": "id-of-ben",
            "userName": "ben",
            "uri": f"{URL}/users/id-of-ben",
            "path": "/users/id-of-ben",
            "features": ["api-chat", "api-multimedia", "api-voice"],
            **contents,
        },
    }

    assert json.dumps(expected) == json.dumps(agent_responses.user_response(ben, URL, requested, [chat]))


@pytest.mark.assumed
@pytest.mark.parametrize("requested", ["*", "chats"])
def test_user_without_the_chat_feature_has_no_chats(requested):
    assert "chats" not in agent_responses.user_response(make_agent("voice", "api-voice"), URL, requested, [])["user"]


def test_chat_has_the_state_of_the_agent(ben):
    chat = make_chat(invited=[ben])
    chat.user_data = {"tier": "gold"}

    assert {
        "statusCode": 0,
        "chat": {
            "id": CHAT_ID,
            "state": "Invited",
            "capabilities": ["Accept", "Reject"],
            "participants": [customer("Ann", chat.customer.id)],
            "userData": {"tier": "gold"},
            "receivedDate": "2026-11-23T09:30:00.000+00:00",
            "uri": f"{URL}/chats/{CHAT_ID}",
            "path": f"/chats/{CHAT_ID}",
        },
    } == agent_responses.chat_response(chat, ben, URL)
