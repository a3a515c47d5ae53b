"""Tests for responses to customers."""

import json

import pytest

from gws_chat.api.serialization import agent_responses, customer_responses
from gws_chat.api.serialization.notifications import documented_notification
from gws_chat.domain.capabilities import State
from gws_chat.domain.customer import ChatRequest, complete, request_chat, send_message
from gws_chat.domain.events import MessagesAdded, StatusChanged
from gws_chat.domain.invitation import accept
from gws_chat.domain.transcript import Text
from tests.builders import CUSTOMER_ID, make_agent, make_center, make_chat
from tests.documents import URL, customers_message, customers_participant

ANN, BEN = customers_participant("Ann", 1), customers_participant("ben", 2)


@pytest.fixture
def ben():
    return make_agent("ben")


@pytest.fixture
def chat(ben):
    """A chat that the customer Ann requested and ben accepted."""
    chat, _ = request_chat(make_center(available=[ben]), ChatRequest("Ann", {"tier": "gold"}))
    accept(chat, ben, None)
    return chat


@pytest.mark.documented
def test_requested_chat_is_identified_by_the_customer_id():
    expected = {"id": CUSTOMER_ID, "path": f"/api/v2/chats/{CUSTOMER_ID}", "statusCode": 0}

    response = customer_responses.chat_requested_response(make_chat(customer_access=True).customer_transcript)

    assert json.dumps(expected) == json.dumps(response)


@pytest.mark.documented
def test_chat_has_the_documented_members_in_order(chat):
    expected = {
        "statusCode": 0,
        "chat": {
            "id": chat.customer_transcript.id,
            "state": "Chatting",
            "capabilities": ["SendMessage", "SendStartTypingNotification", "SendStopTypingNotification", "Complete"],
            "participants": [ANN, BEN],
        },
    }

    assert json.dumps(expected) == json.dumps(customer_responses.chat_response(chat, chat.customer_transcript))


@pytest.mark.assumed
def test_ended_chat_has_no_participants_and_no_capabilities(chat):
    complete(chat)

    assert {
        "statusCode": 0,
        "chat": {"id": chat.customer_transcript.id, "state": "Idle", "capabilities": [], "participants": []},
    } == customer_responses.chat_response(chat, chat.customer_transcript)


@pytest.mark.documented
def test_messages_from_an_index_have_no_visibility(chat):
    send_message(chat, Text("Hello"))
    expected = {
        "statusCode": 0,
        "messages": [customers_message(2, "ParticipantJoined", BEN), customers_message(3, "Text", ANN, text="Hello")],
    }

    assert json.dumps(expected) == json.dumps(customer_responses.messages_response(chat.customer_transcript, 2))


@pytest.mark.documented
def test_agents_and_customers_never_see_each_others_chat_id(chat, ben):
    events = [StatusChanged(ben, chat.id, State.INVITED), MessagesAdded(ben, chat.id, ())]
    for_customer = [
        customer_responses.chat_requested_response(chat.customer_transcript),
        customer_responses.chat_response(chat, chat.customer_transcript),
        customer_responses.messages_response(chat.customer_transcript, 1),
    ]
    for_agent = [agent_responses.chat_response(chat, ben, URL), agent_responses.messages_response(chat, URL)]
    for_agent += [documented_notification(event, URL) for event in events]

    assert chat.id not in json.dumps(for_customer)
    assert chat.customer_transcript.id not in json.dumps(for_agent)
