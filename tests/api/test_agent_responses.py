"""Tests for responses to agents, beside the examples in openapi.yaml."""

import pytest

from gws_chat.api.serialization import agent_responses
from gws_chat.domain.agent import ReadyState
from tests.builders import CHAT_ID, make_agent, make_chat
from tests.documents import URL, customer


@pytest.fixture
def ben():
    return make_agent("ben", "api-voice", "api-multimedia", "api-chat")


def user(agent, requested, chats=()):
    return agent_responses.user_response(agent, URL, requested, chats)["user"]


ALWAYS = {
    "id": "id-of-ben",
    "userName": "ben",
    "firstName": "Ben",
    "lastName": "Hill",
    "emailAddress": "ben@example.com",
    "roles": ["ROLE_AGENT"],
    "enabled": True,
    "changePasswordOnFirstLogin": False,
    "contactCenterId": "6f1c2a4e-7b0d-4c39-9a55-d2e8b3f60417",
    "uri": f"{URL}/users/id-of-ben",
    "path": "/users/id-of-ben",
}


@pytest.mark.observed
@pytest.mark.parametrize("requested", ["", "emails,Chats", "chats,channels,channelStates,interactions"])
def test_user_without_contents_has_no_subresources(ben, requested):
    ben.first_name, ben.last_name, ben.email_address = "Ben", "Hill", "ben@example.com"
    ben.ready_states = {}

    assert ALWAYS == user(ben, requested)


@pytest.mark.observed
@pytest.mark.parametrize(
    ("requested", "embedded"),
    [
        pytest.param("chats", {"chats"}, id="one"),
        pytest.param("features,devices,channels", {"features", "devices", "channels"}, id="several"),
        pytest.param("calls,emails,calls", {"calls"}, id="unknown and repeated"),
        pytest.param("settings,channelStates,interactions", {"settings", "channelStates", "interactions"}, id="others"),
        pytest.param(
            "chats,*",
            {"features", "devices", "channels", "channelStates", "settings", "calls", "chats", "interactions"},
            id="all",
        ),
    ],
)
def test_user_embeds_the_requested_subresources(ben, requested, embedded):
    chat = make_chat(chatting=[ben])
    ben.ready_states = {"chat": ReadyState.READY}

    assert embedded == user(ben, requested, [chat]).keys() - ALWAYS.keys()


def test_embedded_chats_are_shown_as_chats(ben):
    chat = make_chat(chatting=[ben])
    chats = [agent_responses.chat_response(chat, ben, URL)["chat"]]

    shown = user(ben, "chats,interactions", [chat])

    assert [chats, chats] == [shown["chats"], shown["interactions"]]


@pytest.mark.observed
def test_channels_show_the_states_of_the_session(ben):
    ben.ready_states = {"chat": ReadyState.NOT_READY}
    not_ready = {"id": "900D55CC-2BB0-431F-8BF9-D3525B383BE6", "displayName": "Not Ready", "state": "NotReady"}

    shown = user(ben, "channels,channelStates")

    assert [[{"channel": "chat", "userState": not_ready}]] * 2 == [shown["channels"], shown["channelStates"]]


@pytest.mark.parametrize(
    ("ready_states", "state"),
    [
        pytest.param({}, "LoggedOut", id="no session"),
        pytest.param({"chat": ReadyState.READY}, "LoggedOut", id="no voice"),
        pytest.param({"chat": ReadyState.NOT_READY, "voice": ReadyState.READY}, "Ready", id="voice"),
    ],
)
def test_device_has_the_state_of_voice(ben, ready_states, state):
    ben.ready_states = ready_states

    (device,) = user(ben, "devices")["devices"]

    assert state == device["userState"]["state"]


def test_unknown_feature_is_named_by_its_id(ben):
    shown = user(ben, "features")["features"]

    assert [("api-chat", ""), ("Multimedia API", "API for Multimedia"), ("Voice API", "API for Voice")] == [
        (feature["displayName"], feature["description"]) for feature in shown
    ]


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
