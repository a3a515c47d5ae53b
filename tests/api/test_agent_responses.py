"""Tests for responses to agents."""

import json

import pytest

from gws_chat.api.serialization import agent_responses, success
from gws_chat.domain.transcript import MessageType, Participant, Text, Visibility
from tests.builders import CHAT_ID, make_agent, make_chat
from tests.documents import URL, customer, message

ANN_ID = "0B869863C46DDEB6"
ANN = Participant(ANN_ID, "Ann", None, Visibility.ALL)


@pytest.fixture
def ben():
    return make_agent("ben", "api-voice", "api-multimedia", "api-chat")


@pytest.mark.documented
def test_success_has_status_code_zero(ben):
    assert [{"statusCode": 0}, {"statusCode": 0}] == [success(), agent_responses.acknowledgement(ben)]


@pytest.mark.documented
def test_invite_response_has_the_latest_reference_id(ben):
    ben.next_reference_id()
    ben.next_reference_id()

    response = agent_responses.acknowledgement_with_reference(ben)

    assert '{"statusCode": 0, "referenceId": 2}' == json.dumps(response)


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


def test_chats_are_listed_by_uri_or_in_full(ben):
    chats = [make_chat(chat_id="1", chatting=[ben]), make_chat(chat_id="2", invited=[ben])]

    by_uri = agent_responses.chats_response(chats, ben, URL, in_full=False)
    in_full = agent_responses.chats_response(chats, ben, URL, in_full=True)

    assert {"statusCode": 0, "uris": [f"{URL}/chats/1", f"{URL}/chats/2"]} == by_uri
    expected = [agent_responses.chat_response(chat, ben, URL)["chat"] for chat in chats]
    assert {"statusCode": 0, "chats": expected} == in_full


@pytest.mark.documented
def test_messages_are_the_whole_transcript_in_order(ben):
    chat = make_chat(chatting=[ben])
    for text in ("Hello", "Bye"):
        chat.add_message(MessageType.TEXT, ANN, Visibility.ALL, Text(text))

    assert {
        "statusCode": 0,
        "messages": [
            message(1, "Text", customer("Ann", ANN_ID), text="Hello"),
            message(2, "Text", customer("Ann", ANN_ID), text="Bye"),
        ],
    } == agent_responses.messages_response(chat, URL)
