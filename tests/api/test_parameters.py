"""Tests for reading request bodies into domain objects."""

import pytest

from handlers import wire
from handlers.domain.chat import Text, TreatAs
from handlers.domain.complete import Completion
from handlers.domain.contact_center import Target
from handlers.domain.customer import ChatRequest
from handlers.domain.remove import Removal
from handlers.domain.transfer import Handover

FULL_TEXT = {"text": "Moved.", "messageType": "Handover", "treatAs": "System"}
MOVED = Text("Moved.", "Handover", TreatAs.SYSTEM)
URI = "http://localhost:8080/api/v2/users/1"
USER_DATA = {"tier": "gold", "orders": 3, "share": 0.5}

BODIES = {
    "operation name": (wire.operation_name, {"operationName": "Leave"}, "Leave"),
    "no parameters": (wire.nothing, {"operationName": "Reject"}, None),
    "nickname": (wire.nickname, {"operationName": "Accept", "nickname": "Bob"}, "Bob"),
    "no nickname": (wire.nickname, {"operationName": "Accept"}, None),
    "full text": (wire.text, FULL_TEXT, MOVED),
    "text with type": (wire.text, {"text": "a", "messageType": "b"}, Text("a", "b", TreatAs.NORMAL)),
    "text with treatment": (wire.text, {"text": "a", "treatAs": "System"}, Text("a", "Text", TreatAs.SYSTEM)),
    "farewell": (wire.last_words, FULL_TEXT, MOVED),
    "no farewell": (wire.last_words, {"operationName": "Leave"}, None),
    "notice": (wire.notice, {"noticeText": "highlight:order"}, Text("highlight:order")),
    "target path": (wire.target, {"targetPath": "/users/1"}, Target(path="/users/1")),
    "queue": (wire.target, {"queueName": "support"}, Target(queue="support")),
    "transfer": (
        wire.handover,
        {"targetPath": "/users/1", **FULL_TEXT},
        Handover(Target(path="/users/1"), MOVED),
    ),
    "transfer to a queue": (wire.handover, {"queueName": "support"}, Handover(Target(queue="support"))),
    "complete": (wire.completion, {"operationName": "Complete"}, Completion()),
    "complete to a queue": (wire.completion, {**FULL_TEXT, "queueName": "q"}, Completion(MOVED, "q")),
    "remove by URI": (wire.removal, {"targetUri": URI}, Removal("/users/1")),
    "remove by path": (wire.removal, {"targetPath": "/users/1", **FULL_TEXT}, Removal("/users/1", MOVED)),
    "user data": (wire.user_data, {"userData": USER_DATA}, USER_DATA),
    "keys": (wire.keys, {"keys": ["tier", "orders"]}, ["tier", "orders"]),
}


@pytest.mark.parametrize(("read", "body", "expected"), BODIES.values(), ids=BODIES)
def test_body_is_read_into_a_domain_object(read, body, expected):
    assert expected == read(body)


DOCUMENTED = {
    "text": (wire.text, {"text": "Goodbye!"}, Text("Goodbye!", "Text", TreatAs.NORMAL)),
    "disposition": (wire.disposition, {"disposition": "Resolved"}, {"DispositionCode": "Resolved"}),
    "disposition key": (wire.disposition, {"disposition": "b", "dispositionKey": "a"}, {"a": "b"}),
    "channels": (wire.channels, {"channels": ["voice", "chat"]}, ["voice", "chat"]),
    "chat request": (wire.chat_request, {"nickname": "Ann"}, ChatRequest("Ann", {})),
    "chat request with user data": (
        wire.chat_request,
        {"nickname": "Ann", "userData": USER_DATA},
        ChatRequest("Ann", USER_DATA),
    ),
}


@pytest.mark.documented
@pytest.mark.parametrize(("read", "body", "expected"), DOCUMENTED.values(), ids=DOCUMENTED)
def test_body_is_read_as_documented(read, body, expected):
    assert expected == read(body)


ASSUMED = {
    "no channels member": (wire.channels, {"operationName": "StartContactCenterSession"}, ["chat"]),
    "empty channels": (wire.channels, {"channels": []}, []),
    "subject overrides user data": (
        wire.chat_request,
        {"nickname": "Ann", "subject": "My order", "userData": {"tier": "gold", "Subject": "Other"}},
        ChatRequest("Ann", {"tier": "gold", "Subject": "My order"}),
    ),
}


@pytest.mark.decided
@pytest.mark.parametrize(("read", "body", "expected"), ASSUMED.values(), ids=ASSUMED)
def test_body_is_read_as_assumed(read, body, expected):
    assert expected == read(body)


@pytest.mark.decided
@pytest.mark.parametrize(
    "uri",
    [
        pytest.param("http://localhost:8080/api/v2/users/id-of-ben", id="own URI"),
        pytest.param("https://gws.example.com/api/v2/users/id-of-ben", id="another host"),
        pytest.param("http://[::1]:8080/api/v2/users/id-of-ben", id="IPv6 host"),
        pytest.param("http://users:pass@users/users/id-of-ben", id="host named users"),
        pytest.param("http://localhost/gws/internal/api/v3/users/id-of-ben", id="another prefix"),
        pytest.param("http://localhost/users/id-of-ben", id="no prefix"),
        pytest.param("//localhost/api/v2/users/id-of-ben", id="no scheme"),
        pytest.param("/api/v2/users/id-of-ben", id="no host"),
        pytest.param("users/id-of-ben", id="no leading slash"),
        pytest.param("http://localhost:8080/api/v2/users/id-of-ben/", id="trailing slash"),
    ],
)
def test_target_uri_host_and_prefix_are_ignored(uri):
    assert Target(path="/users/id-of-ben") == wire.target({"targetUri": uri})


@pytest.mark.decided
def test_trailing_slash_of_a_target_path_is_ignored():
    assert Target(path="/users/id-of-ben") == wire.target({"targetPath": "/users/id-of-ben/"})


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        pytest.param("http://localhost/api/v2/groups/1", "/groups/1", id="another collection"),
        pytest.param("http://localhost/api/v2/users/a/b", "/a/b", id="segment after the id"),
    ],
)
def test_other_target_uris_are_not_user_paths(uri, path):
    assert Target(path=path) == wire.target({"targetUri": uri})
