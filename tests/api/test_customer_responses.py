"""Customers read URLs of agents. Customers and agents do not learn each other's chat IDs."""

import json

import pytest

from gws_chat.api.serialization import agent_responses, customer_responses
from gws_chat.api.serialization.notifications import documented_notification
from gws_chat.domain.capabilities import State
from gws_chat.domain.conversation import send_url
from gws_chat.domain.customer import request_chat
from gws_chat.domain.events import MessagesAdded, StatusChanged
from gws_chat.domain.invitation import accept
from gws_chat.domain.transcript import MessageText
from tests.builders import make_agent, make_center
from tests.documents import URL


@pytest.fixture
def ben():
    return make_agent("ben")


@pytest.fixture
def chat(ben):
    """A chat that the customer Ann requested and ben accepted."""
    chat, _, _ = request_chat(make_center(available=[ben]), "Ann", {"tier": "gold"})
    accept(chat, ben, None)
    return chat


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


@pytest.mark.assumed("operations.SendUrl.message")
def test_customer_reads_the_url_of_an_agent(chat, ben):
    send_url(chat, ben, MessageText("https://shop.example"))

    (message,) = customer_responses.messages_response(chat.customer_transcript, 3)["messages"]

    assert ("PushUrl", "https://shop.example") == (message["type"], message["url"])
    assert "text" not in message
