"""Tests for reading request bodies into domain objects, beside the examples in openapi.yaml."""

import pytest

from gws_chat.api.serialization import parameters
from gws_chat.domain.chat import Target
from gws_chat.domain.transcript import MessageText, TreatAs

FULL_TEXT = {"text": "Moved.", "messageType": "Handover", "treatAs": "System"}
MOVED = MessageText("Moved.", "Handover", TreatAs.SYSTEM)
URI = "http://localhost:8080/api/v2/users/1"
USER_DATA = {"tier": "gold", "orders": 3, "share": 0.5}

BODIES = {
    "full text": (parameters.text, FULL_TEXT, MOVED),
    "text with type": (parameters.text, {"text": "a", "messageType": "b"}, MessageText("a", "b", TreatAs.NORMAL)),
    "text with treatment": (
        parameters.text,
        {"text": "a", "treatAs": "System"},
        MessageText("a", "Text", TreatAs.SYSTEM),
    ),
    "farewell": (parameters.farewell, FULL_TEXT, MOVED),
    "no farewell": (parameters.farewell, {"operationName": "Leave"}, None),
    "target": (parameters.target, {"targetPath": "/users/1"}, Target(path="/users/1")),
    "queue": (parameters.queue, {"queueName": "q"}, "q"),
    "no queue": (parameters.queue, {"operationName": "Complete"}, None),
    "path from a URI": (parameters.target_path, {"targetUri": URI}, "/users/1"),
    "path": (parameters.target_path, {"targetPath": "/users/1"}, "/users/1"),
}


@pytest.mark.parametrize(("read", "body", "expected"), BODIES.values(), ids=BODIES)
def test_body_is_read_into_a_domain_object(read, body, expected):
    assert expected == read(body)


DOCUMENTED = {
    "text": (parameters.text, {"text": "Goodbye!"}, MessageText("Goodbye!", "Text", TreatAs.NORMAL)),
    "URL": (parameters.url, {"url": "https://shop.example"}, MessageText("https://shop.example")),
    "disposition key": (parameters.disposition, {"disposition": "b", "dispositionKey": "a"}, {"a": "b"}),
    "channels": (parameters.channels, {"channels": ["voice", "chat"]}, ["voice", "chat"]),
    "no user data": (parameters.customers_user_data, {"nickname": "Ann"}, {}),
    "user data": (parameters.customers_user_data, {"nickname": "Ann", "userData": USER_DATA}, USER_DATA),
}


@pytest.mark.documented
@pytest.mark.parametrize(("read", "body", "expected"), DOCUMENTED.values(), ids=DOCUMENTED)
def test_body_is_read_as_documented(read, body, expected):
    assert expected == read(body)


ASSUMED = {
    "no channels member": (parameters.channels, {"operationName": "StartContactCenterSession"}, ["chat"]),
    "target path with a slash": (parameters.target, {"targetPath": "/users/1/"}, Target(path="/users/1")),
    "empty channels": (parameters.channels, {"channels": []}, []),
    "subject overrides user data": (
        parameters.customers_user_data,
        {"nickname": "Ann", "subject": "My order", "userData": {"tier": "gold", "Subject": "Other"}},
        {"tier": "gold", "Subject": "My order"},
    ),
}


@pytest.mark.assumed("session.default-channel", "session.no-channels", "invited.subject", "emulator.defaults")
@pytest.mark.parametrize(("read", "body", "expected"), ASSUMED.values(), ids=ASSUMED)
def test_body_is_read_as_assumed(read, body, expected):
    assert expected == read(body)


@pytest.mark.assumed("invite.other-host.response", "invite.other-host.others")
@pytest.mark.parametrize(
    "uri",
    [
        pytest.param("https://gws.example.com/api/v2/users/id-of-ben", id="another host"),
        pytest.param("http://users:pass@users/users/id-of-ben", id="host named users"),
        pytest.param("http://localhost/gws/internal/api/v3/users/id-of-ben", id="another prefix"),
        pytest.param("//localhost/api/v2/users/id-of-ben", id="no scheme"),
        pytest.param("users/id-of-ben", id="no leading slash"),
        pytest.param("http://localhost:8080/api/v2/users/id-of-ben/", id="trailing slash"),
        pytest.param("http://localhost:8080/api/v2/contacts/id-of-ben", id="contact"),
    ],
)
def test_target_uri_host_and_prefix_are_ignored(uri):
    assert Target(path="/users/id-of-ben") == parameters.target({"targetUri": uri})


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        pytest.param("http://localhost/api/v2/groups/1", "/groups/1", id="another collection"),
        pytest.param("http://localhost/api/v2/users/a/b", "/a/b", id="segment after the id"),
    ],
)
def test_other_target_uris_are_not_user_paths(uri, path):
    assert Target(path=path) == parameters.target({"targetUri": uri})
