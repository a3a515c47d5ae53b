"""Tests for writing events as notifications, beside the examples in openapi.yaml."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from gws_chat.api.serialization.notifications import documented_notification, event_serializer
from gws_chat.domain.agent import Agent, ReadyState
from gws_chat.domain.capabilities import Capability, State
from gws_chat.domain.events import InvitationRejected, MessagesAdded, PropertiesChanged, ReadyStatesSet, StatusChanged
from gws_chat.domain.transcript import Message, MessageText, MessageType, Participant, Visibility
from tests.builders import CHAT_ID, NOW, invited_event
from tests.documents import IDS, URL, customer, state_change

AGENT = Agent(IDS["agent1"], "agent1", frozenset(["api-multimedia"]))
ANN = Participant("0B869863C46DDEB6", "Ann", None, Visibility.ALL)
WRITTEN_ANN = customer("Ann", "0B869863C46DDEB6")
LEAVE = (Capability.LEAVE,)
USER_DATA = {"tier": "gold", "orders": 3, "nothing": None}


def notified(event):
    """Write the event as JSON text, in which the order of the members shows."""
    return json.dumps(documented_notification(event, URL))


def change(kind, reference=None, **chat):
    return json.dumps(state_change(kind, CHAT_ID, chat, reference))


def with_leave(kind, reference=None, **chat):
    return change(kind, reference, state="Chatting", capabilities=["Leave"], **chat)


def status(state, *members, **options):
    return StatusChanged(AGENT, CHAT_ID, state, *members, **options)


def text_message(index, text):
    return Message(index, MessageType.TEXT, ANN, Visibility.ALL, NOW, MessageText(text))


NOTIFICATIONS = {
    "invited with user data and without its deadline": (
        invited_event(AGENT, user_data=USER_DATA, expires_in=2.5),
        change(
            "StatusChange",
            state="Invited",
            capabilities=["Accept", "Reject"],
            userData=USER_DATA,
            receivedDate="2026-11-23T09:30:00.000+00:00",
        ),
    ),
    "empty capabilities": (
        status(State.LEFT_CHAT, (), 2),
        change("StatusChange", 2, state="LeftChat", capabilities=[]),
    ),
    "invitation declined": (
        InvitationRejected(AGENT, CHAT_ID, State.CHATTING, LEAVE, (ANN,), 35),
        with_leave("Error", 35, participants=[WRITTEN_ANN]),
    ),
    "user data change by another agent": (
        PropertiesChanged(AGENT, CHAT_ID, State.CHATTING, LEAVE, {}),
        with_leave("PropertiesUpdated", userData={}),
    ),
}


@pytest.mark.documented
@pytest.mark.assumed("invite.update.members", "reject.error", "leave.revoked.members")
@pytest.mark.parametrize(("event", "expected"), NOTIFICATIONS.values(), ids=NOTIFICATIONS)
def test_notification_has_exactly_the_members_of_its_event(event, expected):
    assert expected == notified(event)


@pytest.mark.parametrize(
    ("written_at", "timestamp", "milliseconds"),
    [
        pytest.param(
            datetime(2014, 1, 9, 12, 13, 15, 9000, timezone(timedelta(hours=2))),
            "2014-01-09 12:13:15.009+0200",
            1389262395009,
            id="documented sample",
        ),
        pytest.param(
            datetime(2026, 11, 23, 9, 30, 0, 999999, UTC),
            "2026-11-23 09:30:00.999+0000",
            1795426200999,
            id="truncated to milliseconds",
        ),
    ],
)
def test_time_is_written_in_both_documented_formats(written_at, timestamp, milliseconds):
    event = MessagesAdded(AGENT, CHAT_ID, (Message(1, MessageType.PARTICIPANT_LEFT, ANN, Visibility.ALL, written_at),))

    (written,) = documented_notification(event, URL)["messages"]

    assert (timestamp, milliseconds) == (written["timestamp"], written["timestampSeconds"])


GONE = {"capabilities": [], "participants": []}
PATH = {"path": f"/chats/{CHAT_ID}"}


@pytest.mark.parametrize(
    ("event", "added"),
    [
        pytest.param(status(State.COMPLETED), {"chat": GONE | PATH}, id="completed"),
        pytest.param(status(State.REVOKED), {"chat": GONE | PATH}, id="revoked"),
        pytest.param(status(State.LEFT_CHAT, LEAVE, 1), {"chat": PATH}, id="another state"),
        pytest.param(MessagesAdded(AGENT, CHAT_ID, ()), {}, id="messages"),
        pytest.param(ReadyStatesSet(AGENT, {"chat": ReadyState.READY}), {}, id="ready states"),
    ],
)
def test_observed_notification_adds_members(event, added):
    """Real servers add these members. The documented members stay unchanged."""
    metrics = {
        "eventProcessing": {
            "nodeProcessingTimeNanos": 0,
            "serverGenerationTimestamp": 1795426200000,
            "serverProcessingTimeTotalMs": 0,
        }
    }
    plain = documented_notification(event, URL)
    chat = {name: plain[name] | members for name, members in added.items()}

    observed = event_serializer("observed", lambda: NOW)(event, URL)

    assert {**plain, **chat, "metrics": metrics} == observed
