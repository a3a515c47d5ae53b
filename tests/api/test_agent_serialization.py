"""Tests for responses to agents."""

import json

import pytest

from handlers import wire
from handlers.domain.chat import MessageType, Participant, Text, Visibility
from tests.builders import CHAT_ID, make_agent, make_chat
from tests.documents import URL, customer, message

ANN_ID = "0B869863C46DDEB6"
ANN = Participant(ANN_ID, "Ann", None, Visibility.ALL)


@pytest.fixture
def ben():
    return make_agent("ben")


@pytest.mark.documented
def test_success_has_status_code_zero(ben):
    assert [{"statusCode": 0}, {"statusCode": 0}] == [wire.success(), wire.taken(ben)]


def test_failure_has_a_code_and_a_message():
    assert {"statusCode": 6, "statusMessage": "id: unknown"} == wire.failure(6, "id: unknown")


def test_health_is_ready():
    assert {"statusCode": 0, "status": "ready"} == wire.health()


@pytest.mark.documented
def test_invite_response_has_the_latest_reference_id(ben):
    ben.accept_operation()
    ben.accept_operation()

    response = wire.taken_with_reference(ben)

    assert '{"statusCode": 0, "referenceId": 2}' == json.dumps(response)


def test_user_features_are_sorted():
    agent = make_agent("ann", "api-voice", "api-multimedia", "api-chat")

    features = wire.user(agent, URL, None)["user"]["features"]

    assert ["api-chat", "api-multimedia", "api-voice"] == features


@pytest.mark.decided
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
        contents["chats"] = [wire.chat(chat, ben, URL)["chat"]]
    expected = {
        "statusCode": 0,
        "user": {
            "id": "id-of-ben",
            "userName": "ben",
            "uri": f"{URL}/users/id-of-ben",
            "path": "/users/id-of-ben",
            "features": ["api-multimedia"],
            **contents,
        },
    }

    assert json.dumps(expected) == json.dumps(wire.user(ben, URL, requested))


@pytest.mark.decided
@pytest.mark.parametrize("requested", ["*", "chats"])
def test_user_without_the_chat_feature_has_no_chats(requested):
    assert "chats" not in wire.user(make_agent("voice", "api-voice"), URL, requested)["user"]


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
    } == wire.chat(chat, ben, URL)


def test_chats_are_listed_by_uri_or_in_full(ben):
    chats = [make_chat(chat_id="1", chatting=[ben]), make_chat(chat_id="2", invited=[ben])]

    by_uri = wire.chats(chats, ben, URL, in_full=False)
    in_full = wire.chats(chats, ben, URL, in_full=True)

    assert {"statusCode": 0, "uris": [f"{URL}/chats/1", f"{URL}/chats/2"]} == by_uri
    assert {"statusCode": 0, "chats": [wire.chat(chat, ben, URL)["chat"] for chat in chats]} == in_full


@pytest.mark.documented
def test_messages_are_the_whole_transcript_in_order(ben):
    chat = make_chat(chatting=[ben])
    for text in ("Hello", "Bye"):
        chat.write(MessageType.TEXT, ANN, Visibility.ALL, Text(text))

    assert {
        "statusCode": 0,
        "messages": [
            message(1, "Text", customer("Ann", ANN_ID), text="Hello"),
            message(2, "Text", customer("Ann", ANN_ID), text="Bye"),
        ],
    } == wire.messages(chat, URL)
