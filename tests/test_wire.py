"""What is read from a body, and the documents that go out."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from handlers import wire
from handlers.domain.capabilities import Capability, State
from handlers.domain.chat import Message, MessageType, Participant, Text, TreatAs, Visibility
from handlers.domain.events import MessagesWritten, ParticipantsChanged, StatusChanged
from tests.builders import CHAT_ID, NOW, make_agent, make_chat

URL = "http://localhost:8080/api/v2"
ANN = Participant("0B869863C46DDEB6", "Ann", None, Visibility.ALL)


@pytest.fixture
def ben():
    return make_agent("ben")


def as_written(document):
    """Write a document as it goes out: the order of its members shows."""
    return json.dumps(document, indent=1)


def written(message):
    """The one message of a notification of the transcript."""
    return wire.notification(MessagesWritten(make_agent("reader"), CHAT_ID, (message,)), URL)["messages"][0]


class TestReading:
    """What comes in."""

    def test_the_operation_is_what_its_name_says(self):
        assert "Leave" == wire.operation_name({"operationName": "Leave"})

    def test_without_a_text_there_is_none(self):
        assert wire.last_words({"operationName": "Leave"}) is None

    @pytest.mark.documented
    def test_a_text_is_of_type_text_and_treated_as_normal_unless_it_says_otherwise(self):
        assert Text("Goodbye!", "Text", TreatAs.NORMAL) == wire.text({"text": "Goodbye!"})

    def test_a_text_says_its_type_and_its_treatment(self):
        body = {"text": "Moved.", "messageType": "Handover", "treatAs": "System"}

        assert Text("Moved.", "Handover", TreatAs.SYSTEM) == wire.text(body)

    def test_a_text_may_say_its_type_only(self):
        assert Text("Moved.", "Handover", TreatAs.NORMAL) == wire.text(
            {"text": "Moved.", "messageType": "Handover"}
        )

    def test_a_text_may_say_its_treatment_only(self):
        assert Text("Moved.", "Text", TreatAs.SYSTEM) == wire.text({"text": "Moved.", "treatAs": "System"})


class TestStatusChange:
    """The page's two samples, and what is decided after their manner."""

    @pytest.mark.documented
    def test_left_chat_has_the_members_of_the_pages_first_sample_in_its_order(self, ben):
        capabilities = (Capability.TRANSFER, Capability.COMPLETE, Capability.LEAVE, Capability.IN_FOCUS)
        event = StatusChanged(ben, "0000Na9B26EF002X", State.LEFT_CHAT, capabilities, 17)

        assert as_written(
            {
                "messageType": "ChatStateChangeMessage",
                "referenceId": 17,
                "notificationType": "StatusChange",
                "chat": {
                    "state": "LeftChat",
                    "capabilities": ["Transfer", "Complete", "Leave", "InFocus"],
                    "id": "0000Na9B26EF002X",
                    "uri": "http://localhost:8080/api/v2/chats/0000Na9B26EF002X",
                },
            }
        ) == as_written(wire.notification(event, URL))

    @pytest.mark.documented
    def test_completed_has_the_members_of_the_pages_second_sample_in_its_order(self, ben):
        event = StatusChanged(ben, "0000Na9B26EF002X", State.COMPLETED)

        assert as_written(
            {
                "messageType": "ChatStateChangeMessage",
                "notificationType": "StatusChange",
                "chat": {
                    "state": "Completed",
                    "id": "0000Na9B26EF002X",
                    "uri": "http://localhost:8080/api/v2/chats/0000Na9B26EF002X",
                },
            }
        ) == as_written(wire.notification(event, URL))

    @pytest.mark.decided
    def test_revoked_is_told_like_completed(self, ben):
        assert {
            "messageType": "ChatStateChangeMessage",
            "notificationType": "StatusChange",
            "chat": {"state": "Revoked", "id": CHAT_ID, "uri": f"{URL}/chats/{CHAT_ID}"},
        } == wire.notification(StatusChanged(ben, CHAT_ID, State.REVOKED), URL)


@pytest.mark.decided
def test_participants_updated_has_participants_and_capabilities_as_they_now_are(ben):
    event = ParticipantsChanged(
        ben,
        CHAT_ID,
        State.CHATTING,
        (Capability.TRANSFER, Capability.LEAVE),
        (ANN, Participant("4C0E6B1B5D0AB2E1", "ben", ben, Visibility.ALL)),
    )

    assert as_written(
        {
            "messageType": "ChatStateChangeMessage",
            "notificationType": "ParticipantsUpdated",
            "chat": {
                "state": "Chatting",
                "capabilities": ["Transfer", "Leave"],
                "participants": [
                    {
                        "nickname": "Ann",
                        "type": "Customer",
                        "participantId": "0B869863C46DDEB6",
                        "visibility": "All",
                    },
                    {
                        "nickname": "ben",
                        "type": "Agent",
                        "participantId": "4C0E6B1B5D0AB2E1",
                        "visibility": "All",
                        "id": "id-of-ben",
                        "uri": f"{URL}/users/id-of-ben",
                        "path": "/users/id-of-ben",
                    },
                ],
                "id": CHAT_ID,
                "uri": f"{URL}/chats/{CHAT_ID}",
            },
        }
    ) == as_written(wire.notification(event, URL))


class TestMessages:
    """`MessageLogUpdated`, and the lines of the transcript in it."""

    def test_new_messages_name_their_chat_by_uri_and_by_path(self, ben):
        notification = wire.notification(MessagesWritten(ben, CHAT_ID, ()), URL)

        assert as_written(
            {
                "messageType": "MessageLogUpdated",
                "notificationType": "NewMessages",
                "messages": [],
                "chatUri": f"{URL}/chats/{CHAT_ID}",
                "chatPath": f"/chats/{CHAT_ID}",
            }
        ) == as_written(notification)

    def test_messages_stand_in_their_order(self, ben):
        messages = tuple(
            Message(index, MessageType.TEXT, ANN, Visibility.ALL, NOW, Text("Hello")) for index in (3, 4)
        )
        notification = wire.notification(MessagesWritten(ben, CHAT_ID, messages), URL)

        assert [3, 4] == [message["index"] for message in notification["messages"]]

    def test_a_text_is_told_with_its_sender_and_its_time(self):
        message = Message(2, MessageType.TEXT, ANN, Visibility.ALL, NOW, Text("Goodbye!"))

        assert as_written(
            {
                "index": 2,
                "type": "Text",
                "from": {
                    "nickname": "Ann",
                    "type": "Customer",
                    "participantId": "0B869863C46DDEB6",
                    "visibility": "All",
                },
                "text": "Goodbye!",
                "visibility": "All",
                "timestamp": "2026-11-23 09:30:00.000+0000",
                "timestampSeconds": 1795426200000,
            }
        ) == as_written(written(message))

    @pytest.mark.decided
    def test_type_and_treatment_are_told_where_they_say_something(self):
        text = Text("Moved.", "Handover", TreatAs.SYSTEM)
        message = written(Message(1, MessageType.TEXT, ANN, Visibility.ALL, NOW, text))

        assert ("Moved.", "Handover", "System") == (
            message["text"],
            message["messageType"],
            message["treatAs"],
        )

    def test_who_left_wrote_nothing(self):
        message = written(Message(1, MessageType.PARTICIPANT_LEFT, ANN, Visibility.ALL, NOW))

        assert ["index", "type", "from", "visibility", "timestamp", "timestampSeconds"] == list(message)

    def test_a_consultants_message_is_for_agents_and_from_one_whom_agents_see(self, ben):
        consultant = Participant("4C0E6B1B5D0AB2E1", "ben", ben, Visibility.AGENTS)
        message = written(Message(1, MessageType.PARTICIPANT_LEFT, consultant, Visibility.AGENTS, NOW))

        assert ("Agents", "Agents") == (message["visibility"], message["from"]["visibility"])

    @pytest.mark.parametrize(
        ("moment", "timestamp", "milliseconds"),
        [
            pytest.param(
                datetime(2014, 1, 9, 12, 13, 15, 9000, timezone(timedelta(hours=2))),
                "2014-01-09 12:13:15.009+0200",
                1389262395009,
                id="the samples' own",
            ),
            pytest.param(
                datetime(2026, 11, 23, 9, 30, 0, 999999, UTC),
                "2026-11-23 09:30:00.999+0000",
                1795426200999,
                id="cut to milliseconds",
            ),
        ],
    )
    def test_a_time_is_written_as_in_the_samples_and_in_milliseconds(self, moment, timestamp, milliseconds):
        message = written(Message(1, MessageType.PARTICIPANT_LEFT, ANN, Visibility.ALL, moment))

        assert (timestamp, milliseconds) == (message["timestamp"], message["timestampSeconds"])


class TestAnswers:
    """What requests are answered with."""

    @pytest.mark.documented
    def test_success_is_the_pages_answer(self):
        assert {"statusCode": 0} == wire.success()

    def test_a_failure_has_a_code_and_a_message(self):
        assert {"statusCode": 6, "statusMessage": "id: unknown"} == wire.failure(6, "id: unknown")

    def test_readiness_is_a_status(self):
        assert {"statusCode": 0, "status": "ready"} == wire.health()

    def test_an_agent_is_told_with_its_features_in_order(self):
        assert {
            "statusCode": 0,
            "user": {
                "id": "id-of-ann",
                "userName": "ann",
                "uri": f"{URL}/users/id-of-ann",
                "path": "/users/id-of-ann",
                "features": ["api-chat", "api-multimedia", "api-voice"],
            },
        } == wire.user(make_agent("ann", "api-voice", "api-multimedia", "api-chat"), URL, None)

    def test_a_chat_is_told_as_the_agent_has_it(self, ben):
        chat = make_chat(invited=[ben])
        chat.user_data = {"tier": "gold"}

        assert {
            "statusCode": 0,
            "chat": {
                "id": CHAT_ID,
                "state": "Invited",
                "capabilities": ["Accept", "Reject"],
                "participants": [
                    {
                        "nickname": "Ann",
                        "type": "Customer",
                        "participantId": chat.customer.id,
                        "visibility": "All",
                    }
                ],
                "userData": {"tier": "gold"},
                "receivedDate": "2026-11-23T09:30:00.000+00:00",
                "uri": f"{URL}/chats/{CHAT_ID}",
                "path": f"/chats/{CHAT_ID}",
            },
        } == wire.chat(chat, ben, URL)

    def test_chats_are_told_by_their_addresses(self, ben):
        chats = [make_chat(chat_id="1", chatting=[ben]), make_chat(chat_id="2", chatting=[ben])]

        assert {"statusCode": 0, "uris": [f"{URL}/chats/1", f"{URL}/chats/2"]} == wire.chats(
            chats, ben, URL, in_full=False
        )

    def test_chats_in_full_are_what_each_is_alone(self, ben):
        chats = [make_chat(chat_id="1", chatting=[ben]), make_chat(chat_id="2", invited=[ben])]

        assert {
            "statusCode": 0,
            "chats": [wire.chat(chat, ben, URL)["chat"] for chat in chats],
        } == wire.chats(chats, ben, URL, in_full=True)
