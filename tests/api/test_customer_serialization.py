"""Tests for responses to customers."""

import json

import pytest

from handlers import wire
from handlers.domain.capabilities import State
from handlers.domain.chat import Text
from handlers.domain.customer import ChatRequest, complete, request_chat, send_message
from handlers.domain.events import MessagesWritten, StatusChanged
from handlers.domain.invitation import accept
from tests.builders import CUSTOMER_ID, make_agent, make_center, make_chat
from tests.documents import URL, seen_message, seen_participant

ANN, BEN = seen_participant("Ann", 1), seen_participant("ben", 2)


@pytest.fixture
def ben():
    return make_agent("ben")


@pytest.fixture
def view(ben):
    """A chat that the customer Ann requested and ben accepted."""
    view, _ = request_chat(make_center(line=[ben]), ChatRequest("Ann", {"tier": "gold"}))
    accept(view.chat, ben, None)
    return view


@pytest.mark.documented
def test_requested_chat_is_identified_by_the_customer_id():
    expected = {"id": CUSTOMER_ID, "path": f"/api/v2/chats/{CUSTOMER_ID}", "statusCode": 0}

    response = wire.requested(make_chat(seen=True).customer_view)

    assert json.dumps(expected) == json.dumps(response)


@pytest.mark.documented
def test_chat_has_the_documented_members_in_order(view):
    expected = {
        "statusCode": 0,
        "chat": {
            "id": view.id,
            "state": "Chatting",
            "capabilities": [
                "SendMessage",
                "SendStartTypingNotification",
                "SendStopTypingNotification",
                "Complete",
            ],
            "participants": [
                {"nickname": "Ann", "participantId": "1", "type": "Customer"},
                {"nickname": "ben", "participantId": "2", "type": "Agent"},
            ],
        },
    }

    assert json.dumps(expected) == json.dumps(wire.customer_chat(view))


@pytest.mark.decided
def test_ended_chat_has_no_participants_and_no_capabilities(view):
    complete(view)

    assert {
        "statusCode": 0,
        "chat": {"id": view.id, "state": "Idle", "capabilities": [], "participants": []},
    } == wire.customer_chat(view)


@pytest.mark.documented
def test_messages_from_an_index_have_no_visibility(view):
    send_message(view, Text("Hello"))
    expected = {
        "statusCode": 0,
        "messages": [
            seen_message(2, "ParticipantJoined", BEN),
            seen_message(3, "Text", ANN, text="Hello"),
        ],
    }

    assert json.dumps(expected) == json.dumps(wire.customer_messages(view, 2))


@pytest.mark.decided
def test_messages_are_empty_if_none_are_new(view):
    assert {"statusCode": 0, "messages": []} == wire.customer_messages(view, 3)


@pytest.mark.documented
def test_agents_and_customers_never_see_each_others_chat_id(view, ben):
    events = [StatusChanged(ben, view.chat.id, State.INVITED), MessagesWritten(ben, view.chat.id, ())]
    for_customer = [wire.requested(view), wire.customer_chat(view), wire.customer_messages(view, 1)]
    for_agent = [
        wire.chat(view.chat, ben, URL),
        wire.messages(view.chat, URL),
        *(wire.notification(event, URL) for event in events),
    ]

    assert view.chat.id not in json.dumps(for_customer)
    assert view.id not in json.dumps(for_agent)
