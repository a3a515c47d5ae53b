"""What is read from a body, and the documents that go out."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import ClassVar

import pytest

from handlers import wire
from handlers.domain.capabilities import Capability, State
from handlers.domain.chat import Message, MessageType, Participant, Text, TreatAs, Visibility
from handlers.domain.complete import Completion
from handlers.domain.contact_center import Target
from handlers.domain.customer import ChatRequest, request_chat
from handlers.domain.customer import complete as customer_completes
from handlers.domain.customer import send_message as customer_writes
from handlers.domain.events import (
    Deadline,
    InvitationRejected,
    MessagesWritten,
    ParticipantsChanged,
    PropertiesChanged,
    StatusChanged,
)
from handlers.domain.invitation import accept
from handlers.domain.remove import Removal
from handlers.domain.transfer import Handover
from tests.builders import CHAT_ID, CUSTOMER_ID, NOW, make_agent, make_center, make_chat

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

    def test_an_operation_without_parameters_has_nothing_to_read(self):
        assert wire.nothing({"operationName": "Reject"}) is None

    def test_a_nickname_is_read(self):
        assert "Bob" == wire.nickname({"operationName": "Accept", "nickname": "Bob"})

    def test_without_a_nickname_there_is_none(self):
        assert wire.nickname({"operationName": "Accept"}) is None

    @pytest.mark.decided
    @pytest.mark.parametrize(
        "address",
        [
            pytest.param("http://localhost:8080/api/v2/users/id-of-ben", id="as given out"),
            pytest.param("https://gws.example.com/api/v2/users/id-of-ben", id="another host"),
            pytest.param("http://[::1]:8080/api/v2/users/id-of-ben", id="a host in brackets"),
            pytest.param("http://users:pass@users/users/id-of-ben", id="a host of the same name"),
            pytest.param("http://localhost/gws/internal/api/v3/users/id-of-ben", id="another prefix"),
            pytest.param("http://localhost/users/id-of-ben", id="no prefix"),
            pytest.param("//localhost/api/v2/users/id-of-ben", id="no scheme"),
            pytest.param("/api/v2/users/id-of-ben", id="no host"),
            pytest.param("users/id-of-ben", id="no slash at the beginning"),
            pytest.param("http://localhost:8080/api/v2/users/id-of-ben/", id="a slash at the end"),
        ],
    )
    def test_of_the_uri_of_a_target_only_users_and_the_id_at_its_end_count(self, address):
        assert Target(path="/users/id-of-ben") == wire.target({"targetUri": address})

    def test_a_target_is_read_by_its_path(self):
        assert Target(path="/users/id-of-ben") == wire.target({"targetPath": "/users/id-of-ben"})

    @pytest.mark.decided
    def test_a_path_may_end_in_a_slash(self):
        assert Target(path="/users/id-of-ben") == wire.target({"targetPath": "/users/id-of-ben/"})

    @pytest.mark.parametrize(
        ("address", "path"),
        [
            pytest.param(
                "http://localhost/api/v2/groups/id-of-ben", "/groups/id-of-ben", id="another collection"
            ),
            pytest.param("http://localhost/api/v2/users/a/b", "/a/b", id="more behind the id"),
        ],
    )
    def test_what_is_not_under_users_is_not_taken_for_it(self, address, path):
        assert Target(path=path) == wire.target({"targetUri": address})

    def test_a_target_may_be_a_queue(self):
        assert Target(queue="support") == wire.target({"queueName": "support"})

    def test_a_handover_is_to_a_target_with_last_words(self):
        body = {"targetPath": "/users/1", "text": "Moved.", "messageType": "Handover", "treatAs": "System"}

        assert Handover(Target(path="/users/1"), Text("Moved.", "Handover", TreatAs.SYSTEM)) == wire.handover(
            body
        )

    def test_a_handover_to_a_queue_needs_no_words(self):
        assert Handover(Target(queue="support")) == wire.handover({"queueName": "support"})

    def test_a_completion_needs_neither_words_nor_a_queue(self):
        assert Completion() == wire.completion({"operationName": "Complete"})

    def test_a_completion_has_last_words_and_a_queue(self):
        body = {"text": "Goodbye!", "queueName": "support"}

        assert Completion(Text("Goodbye!"), "support") == wire.completion(body)

    @pytest.mark.parametrize(
        "body", [{"targetUri": "http://localhost/api/v2/users/1"}, {"targetPath": "/users/1"}]
    )
    def test_a_removal_names_an_agent_by_uri_or_by_path(self, body):
        assert Removal("/users/1") == wire.removal(body)

    def test_a_removal_has_last_words(self):
        assert Removal("/users/1", Text("Thanks.")) == wire.removal(
            {"targetPath": "/users/1", "text": "Thanks."}
        )

    def test_a_notice_is_a_text(self):
        assert Text("highlight:order") == wire.notice({"noticeText": "highlight:order"})

    @pytest.mark.documented
    def test_a_disposition_becomes_user_data_under_the_default_key(self):
        assert {"DispositionCode": "Resolved"} == wire.disposition({"disposition": "Resolved"})

    @pytest.mark.documented
    def test_a_disposition_may_name_its_key(self):
        assert {"Mood": "Good"} == wire.disposition({"disposition": "Good", "dispositionKey": "Mood"})

    def test_user_data_are_read_as_they_are(self):
        given = {"tier": "gold", "orders": 3, "share": 0.5}

        assert given == wire.user_data({"userData": given})

    def test_keys_are_read_in_their_order(self):
        assert ["tier", "orders"] == wire.keys({"keys": ["tier", "orders"]})

    @pytest.mark.documented
    def test_a_sessions_channels_are_read(self):
        assert ["voice", "chat"] == wire.channels({"channels": ["voice", "chat"]})

    @pytest.mark.decided
    def test_a_session_without_channels_is_for_chat(self):
        assert ["chat"] == wire.channels({"operationName": "StartContactCenterSession"})

    @pytest.mark.decided
    def test_a_session_of_no_channels_is_for_none(self):
        assert [] == wire.channels({"channels": []})

    @pytest.mark.documented
    def test_a_request_for_a_chat_needs_a_nickname_only(self):
        assert ChatRequest("Ann") == wire.chat_request({"operationName": "RequestChat", "nickname": "Ann"})

    @pytest.mark.documented
    def test_a_request_for_a_chat_has_user_data(self):
        body = {"nickname": "Ann", "userData": {"tier": "gold", "orders": 3}}

        assert ChatRequest("Ann", {"tier": "gold", "orders": 3}) == wire.chat_request(body)

    @pytest.mark.decided
    def test_the_subject_of_a_request_becomes_user_data(self):
        body = {"nickname": "Ann", "subject": "My order", "userData": {"tier": "gold"}}

        assert ChatRequest("Ann", {"tier": "gold", "Subject": "My order"}) == wire.chat_request(body)

    @pytest.mark.decided
    def test_the_subject_goes_before_user_data_of_its_name(self):
        body = {"nickname": "Ann", "subject": "My order", "userData": {"Subject": "Other"}}

        assert ChatRequest("Ann", {"Subject": "My order"}) == wire.chat_request(body)


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
    def test_an_invitation_says_what_may_be_answered(self, ben):
        event = StatusChanged(ben, CHAT_ID, State.INVITED, (Capability.ACCEPT, Capability.REJECT))

        assert as_written(
            {
                "messageType": "ChatStateChangeMessage",
                "notificationType": "StatusChange",
                "chat": {
                    "state": "Invited",
                    "capabilities": ["Accept", "Reject"],
                    "id": CHAT_ID,
                    "uri": f"{URL}/chats/{CHAT_ID}",
                },
            }
        ) == as_written(wire.notification(event, URL))

    @pytest.mark.documented
    def test_an_accepted_chat_has_no_participants_yet(self, ben):
        event = StatusChanged(ben, CHAT_ID, State.CHATTING, (Capability.LEAVE,), 1, participants=())

        assert as_written(
            {
                "messageType": "ChatStateChangeMessage",
                "referenceId": 1,
                "notificationType": "StatusChange",
                "chat": {
                    "state": "Chatting",
                    "capabilities": ["Leave"],
                    "participants": [],
                    "id": CHAT_ID,
                    "uri": f"{URL}/chats/{CHAT_ID}",
                },
            }
        ) == as_written(wire.notification(event, URL))

    @pytest.mark.documented
    def test_a_rejected_chat_has_a_reference_and_no_participants_and_no_capabilities(self, ben):
        event = StatusChanged(ben, CHAT_ID, State.COMPLETED, reference_id=3, participants=())

        assert as_written(
            {
                "messageType": "ChatStateChangeMessage",
                "referenceId": 3,
                "notificationType": "StatusChange",
                "chat": {
                    "state": "Completed",
                    "participants": [],
                    "id": CHAT_ID,
                    "uri": f"{URL}/chats/{CHAT_ID}",
                },
            }
        ) == as_written(wire.notification(event, URL))

    @pytest.mark.decided
    def test_capabilities_of_which_a_scenario_has_left_none_are_told_as_none(self, ben):
        event = StatusChanged(ben, CHAT_ID, State.LEFT_CHAT, (), 2)

        assert {
            "state": "LeftChat",
            "capabilities": [],
            "id": CHAT_ID,
            "uri": f"{URL}/chats/{CHAT_ID}",
        } == wire.notification(event, URL)["chat"]

    @pytest.mark.decided
    def test_of_a_deadline_nothing_is_told(self, ben):
        told = [
            wire.notification(StatusChanged(ben, CHAT_ID, State.INVITED, deadline=deadline), URL)
            for deadline in (None, Deadline(2.5, list))
        ]

        assert told[0] == told[1]


class TestExtended:
    """What real servers were seen to add; all that is documented stays as it is."""

    METRICS: ClassVar = {
        "eventProcessing": {
            "nodeProcessingTimeNanos": 0,
            "serverGenerationTimestamp": 1795426200000,
            "serverProcessingTimeTotalMs": 0,
        }
    }

    @pytest.fixture
    def write(self):
        return wire.SHAPES["extended"](lambda: NOW)

    @pytest.mark.parametrize("state", [State.COMPLETED, State.REVOKED])
    def test_a_chat_that_is_gone_has_no_capabilities_and_no_participants(self, ben, write, state):
        event = StatusChanged(ben, CHAT_ID, state)
        documented = wire.notification(event, URL)
        added = {"capabilities": [], "participants": [], "path": f"/chats/{CHAT_ID}"}

        assert {
            **documented,
            "chat": {**documented["chat"], **added},
            "metrics": self.METRICS,
        } == write(event, URL)

    def test_any_other_has_its_path(self, ben, write):
        event = StatusChanged(ben, CHAT_ID, State.LEFT_CHAT, (Capability.COMPLETE,), 1)
        documented = wire.notification(event, URL)

        assert {
            **documented,
            "chat": {**documented["chat"], "path": f"/chats/{CHAT_ID}"},
            "metrics": self.METRICS,
        } == write(event, URL)

    def test_what_is_told_of_the_transcript_has_no_chat_still(self, ben, write):
        event = MessagesWritten(ben, CHAT_ID, ())

        assert {**wire.notification(event, URL), "metrics": self.METRICS} == write(event, URL)


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


@pytest.mark.documented
def test_participants_updated_has_the_reference_of_the_invitation_where_there_was_one(ben):
    event = ParticipantsChanged(ben, CHAT_ID, State.CHATTING, (Capability.LEAVE,), (), 35)

    assert as_written(
        {
            "messageType": "ChatStateChangeMessage",
            "referenceId": 35,
            "notificationType": "ParticipantsUpdated",
            "chat": {
                "state": "Chatting",
                "capabilities": ["Leave"],
                "participants": [],
                "id": CHAT_ID,
                "uri": f"{URL}/chats/{CHAT_ID}",
            },
        }
    ) == as_written(wire.notification(event, URL))


@pytest.mark.decided
def test_a_rejected_invitation_is_an_error_with_the_chat_as_it_is(ben):
    event = InvitationRejected(ben, CHAT_ID, State.CHATTING, (Capability.INVITE,), (ANN,), 35)

    assert as_written(
        {
            "messageType": "ChatStateChangeMessage",
            "referenceId": 35,
            "notificationType": "Error",
            "chat": {
                "state": "Chatting",
                "capabilities": ["Invite"],
                "participants": [
                    {
                        "nickname": "Ann",
                        "type": "Customer",
                        "participantId": "0B869863C46DDEB6",
                        "visibility": "All",
                    }
                ],
                "id": CHAT_ID,
                "uri": f"{URL}/chats/{CHAT_ID}",
            },
        }
    ) == as_written(wire.notification(event, URL))


class TestPropertiesUpdated:
    """All of the user data, whatever changed of them."""

    @pytest.mark.documented
    def test_whoever_changed_them_has_a_reference(self, ben):
        data = {"tier": "gold", "orders": 3, "nothing": None}
        event = PropertiesChanged(ben, CHAT_ID, State.CHATTING, (Capability.LEAVE,), data, 4)

        assert as_written(
            {
                "messageType": "ChatStateChangeMessage",
                "referenceId": 4,
                "notificationType": "PropertiesUpdated",
                "chat": {
                    "state": "Chatting",
                    "capabilities": ["Leave"],
                    "userData": {"tier": "gold", "orders": 3, "nothing": None},
                    "id": CHAT_ID,
                    "uri": f"{URL}/chats/{CHAT_ID}",
                },
            }
        ) == as_written(wire.notification(event, URL))

    @pytest.mark.decided
    def test_the_others_have_none(self, ben):
        event = PropertiesChanged(ben, CHAT_ID, State.CHATTING, (Capability.LEAVE,), {})

        assert as_written(
            {
                "messageType": "ChatStateChangeMessage",
                "notificationType": "PropertiesUpdated",
                "chat": {
                    "state": "Chatting",
                    "capabilities": ["Leave"],
                    "userData": {},
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

    @pytest.mark.documented
    def test_a_custom_notice_has_its_text_under_a_name_of_its_own(self):
        notice = Text("highlight:order")
        message = Message(5, MessageType.CUSTOM_NOTICE, ANN, Visibility.AGENTS, NOW, notice)

        assert as_written(
            {
                "index": 5,
                "type": "CustomNotice",
                "from": {
                    "nickname": "Ann",
                    "type": "Customer",
                    "participantId": "0B869863C46DDEB6",
                    "visibility": "All",
                },
                "noticeText": "highlight:order",
                "visibility": "Agents",
                "timestamp": "2026-11-23 09:30:00.000+0000",
                "timestampSeconds": 1795426200000,
            }
        ) == as_written(written(message))

    @pytest.mark.documented
    def test_a_notice_has_its_text_as_a_text(self):
        notice = Text("REMOVE_PARTICIPANT_FROM_CONFERENCE1")
        message = written(Message(1, MessageType.NOTICE, ANN, Visibility.AGENTS, NOW, notice))

        assert ("Notice", "REMOVE_PARTICIPANT_FROM_CONFERENCE1") == (message["type"], message["text"])

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

    @pytest.mark.decided
    def test_all_subresources_are_embedded_of_which_only_chats_are_not_empty(self, ben):
        chat = make_chat(chatting=[ben])

        assert as_written(
            {
                "statusCode": 0,
                "user": {
                    "id": "id-of-ben",
                    "userName": "ben",
                    "uri": f"{URL}/users/id-of-ben",
                    "path": "/users/id-of-ben",
                    "features": ["api-multimedia"],
                    "devices": [],
                    "calls": [],
                    "channels": [],
                    "interactions": [],
                    "chats": [wire.chat(chat, ben, URL)["chat"]],
                },
            }
        ) == as_written(wire.user(ben, URL, "*"))

    @pytest.mark.parametrize(
        ("asked", "embedded"),
        [
            pytest.param(None, [], id="none"),
            pytest.param("chats", ["chats"], id="one"),
            pytest.param("chats,devices", ["devices", "chats"], id="some, in the order of all"),
            pytest.param("calls,calls", ["calls"], id="one twice"),
        ],
    )
    def test_the_subresources_asked_for_are_embedded_after_the_users_own_members(self, ben, asked, embedded):
        own = ["id", "userName", "uri", "path", "features"]

        assert [*own, *embedded] == list(wire.user(ben, URL, asked)["user"])

    @pytest.mark.decided
    @pytest.mark.parametrize("asked", ["*", "chats"])
    def test_an_account_without_the_feature_has_no_chats_not_even_none(self, asked):
        assert "chats" not in wire.user(make_agent("voice", "api-voice"), URL, asked)["user"]

    def test_an_operation_that_was_taken_is_answered_with_success(self, ben):
        assert {"statusCode": 0} == wire.taken(ben)

    @pytest.mark.documented
    def test_an_invitation_is_answered_with_its_reference(self, ben):
        ben.accept_operation()
        ben.accept_operation()

        assert as_written({"statusCode": 0, "referenceId": 2}) == as_written(wire.taken_with_reference(ben))

    @pytest.mark.documented
    def test_the_transcript_is_told_line_by_line(self, ben):
        chat = make_chat(chatting=[ben])
        lines = [chat.write(MessageType.TEXT, ANN, Visibility.ALL, Text(word)) for word in ("Hello", "Bye")]

        assert {"statusCode": 0, "messages": [written(line) for line in lines]} == wire.messages(chat, URL)

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


class TestCustomersAnswers:
    """What a customer is answered with: nothing of it says what only agents know."""

    @pytest.fixture
    def view(self, ben):
        """A chat that Ann has requested and ben has accepted."""
        view, _ = request_chat(make_center(line=[ben]), ChatRequest("Ann", {"tier": "gold"}))
        accept(view.chat, ben, None)
        return view

    @pytest.mark.documented
    def test_a_requested_chat_is_told_by_the_customers_own_id(self):
        view = make_chat(seen=True).customer_view

        assert as_written(
            {"id": CUSTOMER_ID, "path": f"/api/v2/chats/{CUSTOMER_ID}", "statusCode": 0}
        ) == as_written(wire.requested(view))

    @pytest.mark.documented
    def test_a_chat_has_the_members_of_the_vendors_samples(self, view):
        assert as_written(
            {
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
        ) == as_written(wire.customer_chat(view))

    @pytest.mark.decided
    def test_a_chat_that_is_over_has_nobody_and_nothing_to_do(self, view):
        customer_completes(view)

        assert {
            "statusCode": 0,
            "chat": {"id": view.id, "state": "Idle", "capabilities": [], "participants": []},
        } == wire.customer_chat(view)

    @pytest.mark.documented
    def test_a_message_has_its_sender_its_text_and_its_time_but_no_visibility(self, view):
        customer_writes(view, Text("Hello"))

        assert as_written(
            {
                "statusCode": 0,
                "messages": [
                    {
                        "index": 3,
                        "type": "Text",
                        "from": {"nickname": "Ann", "participantId": "1", "type": "Customer"},
                        "text": "Hello",
                        "timestamp": "2026-11-23 09:30:00.000+0000",
                        "timestampSeconds": 1795426200000,
                    }
                ],
            }
        ) == as_written(wire.customer_messages(view, 3))

    def test_a_message_without_words_has_no_text(self, view):
        (_, joined) = wire.customer_messages(view, 1)["messages"]

        assert as_written(
            {
                "index": 2,
                "type": "ParticipantJoined",
                "from": {"nickname": "ben", "participantId": "2", "type": "Agent"},
                "timestamp": "2026-11-23 09:30:00.000+0000",
                "timestampSeconds": 1795426200000,
            }
        ) == as_written(joined)

    @pytest.mark.decided
    def test_where_nothing_is_new_there_are_no_messages(self, view):
        assert {"statusCode": 0, "messages": []} == wire.customer_messages(view, 3)

    @pytest.mark.documented
    def test_the_agents_id_of_the_chat_stands_nowhere(self, view):
        told = json.dumps([wire.requested(view), wire.customer_chat(view), wire.customer_messages(view, 1)])

        assert view.chat.id not in told

    @pytest.mark.documented
    def test_the_customers_id_of_the_chat_stands_nowhere_on_the_agents_side(self, view, ben):
        events = [StatusChanged(ben, view.chat.id, State.INVITED), MessagesWritten(ben, view.chat.id, ())]
        told = json.dumps(
            [
                wire.chat(view.chat, ben, URL),
                wire.messages(view.chat, URL),
                *(wire.notification(event, URL) for event in events),
            ]
        )

        assert view.id not in told
