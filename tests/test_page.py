"""The page at `/`, in a browser: what is done in it is seen by everybody concerned."""

from __future__ import annotations

import json

import httpx2
import pytest

from tests.clients.node import require_chromium, run_script


@pytest.fixture
def look():
    """Do steps on the page, and return what was seen; nothing but `faults` may go wrong on the way."""

    def steps(service, *steps, faults=()):
        *seen, occurred = run_script("page.js", require_chromium(), service.url, json.dumps(steps))
        assert set(faults) == set(occurred)
        return seen

    return steps


AGENT1 = ("signIn", "agent1", "secret1")
AGENT2 = ("signIn", "agent2", "secret2")


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
def test_a_leave_with_its_three_parameters_is_seen_by_both_agents_of_a_conference(serve, look, server):
    farewell = {"text": "Goodbye!", "messageType": "Farewell", "treatAs": "System"}

    leaver, told, other, other_told = look(
        serve(server),
        AGENT1,
        AGENT2,
        ("perform", "agent1", "Ben", "Leave", farewell),
        ("until", "agent1", "Ben", {"state": "Completed"}),
        ("until", "agent2", "Ben", {"said": "left", "participants": "Ben Customeragent2"}),
        ("seen", "agent1", "Ben"),
        ("told", "agent1"),
        ("seen", "agent2", "Ben"),
        ("told", "agent2"),
    )

    said = "agent1 Goodbye! Farewell System"
    assert {"state": "Completed", "participants": [], "buttons": ["Dismiss"], "said": [said]} == leaver
    assert ["NewMessages", "StatusChange"] == [each["notificationType"] for each in told]
    assert ("Chatting", [said, "agent1 left"]) == (other["state"], other["said"])
    assert ["NewMessages", "NewMessages", "ParticipantsUpdated"] == [
        each["notificationType"] for each in other_told
    ]


def test_a_leave_alone_is_seen_by_the_customer_who_was_served_on_the_page(serve, look):
    customer, agent = look(
        serve("uvicorn"),
        AGENT1,
        ("requestChat", "Eva", {"subject": "A parcel", "userData": "order=4711"}),
        ("until", "agent1", "Eva", {"state": "Invited"}),
        ("perform", "agent1", "Eva", "Accept", {"nickname": "Bob"}),
        ("until", "Eva", "Eva", {"state": "Chatting"}),
        ("write", "Eva", "Where is it?"),
        ("until", "agent1", "Eva", {"said": "Where is it?"}),
        ("perform", "agent1", "Eva", "Leave", {"text": "It is on its way, goodbye!"}),
        ("until", "agent1", "Eva", {"state": "LeftChat"}),
        ("until", "Eva", "Eva", {"state": "Idle"}),
        ("seen", "Eva", "Eva"),
        ("seen", "agent1", "Eva"),
    )

    said = [
        "Eva joined",
        "Bob joined",
        "Eva Where is it?",
        "Bob It is on its way, goodbye!",
        "Bob left",
    ]
    assert {"state": "Idle", "participants": [], "buttons": ["Dismiss"], "said": said} == customer
    assert ("LeftChat", ["Transfer", "Complete", "Leave", "InFocus"]) == (agent["state"], agent["buttons"])


def test_a_leave_needs_no_mouse_and_the_focus_stays_in_the_chat(serve, look):
    seen, focused = look(
        serve("uvicorn"),
        ("leaveByKeyboard", "agent1", "secret1", "Ben", "Goodbye!"),
        ("until", "agent1", "Ben", {"state": "Completed"}),
        ("seen", "agent1", "Ben"),
        ("focused",),
    )

    assert ["agent1 Goodbye!"] == seen["said"]
    assert focused.startswith("Ben ")


def test_what_others_write_is_shown_as_text(serve, look):
    markup = '<img src="nope" onerror="document.title=1"><b>bold</b>'

    agent, images = look(
        serve("uvicorn"),
        AGENT1,
        ("requestChat", "<i>Eva</i>", {"subject": markup}),
        ("write", "<i>Eva</i>", markup),
        ("until", "agent1", "Eva", {"state": "Invited"}),
        ("perform", "agent1", "Eva", "Accept", {}),
        ("until", "agent1", "Eva", {"said": "bold"}),
        ("seen", "agent1", "Eva"),
        ("elements", "img, i"),
    )

    assert f"<i>Eva</i> {markup}" in agent["said"]
    assert 0 == images


FORBIDDEN = "error: Failed to load resource: the server responded with a status of 403 (Forbidden)"


def test_a_refusal_is_shown_where_it_was_asked_for(serve, look):
    [denied] = look(
        serve("uvicorn"),
        ("tryToSignIn", "agent1", "secret2"),
        AGENT1,
        ("perform", "agent1", "Ann", "SetDisposition", {"disposition": "x", "dispositionKey": "k" * 257}),
        ("until", "agent1", "Ann", {"fault": "SetDisposition: dispositionKey: must be at most 256"}),
        faults=[FORBIDDEN, FORBIDDEN.replace("403 (Forbidden)", "400 (Bad Request)")],
    )

    assert "Access denied (statusCode 20)" == denied


def test_with_csrf_protection_the_page_looks_on_and_says_why(serve, look):
    look(
        serve("uvicorn", "--csrf-protection"),
        AGENT1,
        ("perform", "agent1", "Ann", "Leave", {}),
        ("until", "agent1", "Ann", {"fault": "it can only look on where --csrf-protection is set"}),
        ("until", "agent1", "Ann", {"state": "Chatting"}),
        faults=[FORBIDDEN],
    )


def test_who_is_forgotten_by_the_service_or_cut_off_from_it_listens_again(serve, look):
    disconnected = "net::ERR_INTERNET_DISCONNECTED"

    [told] = look(
        serve("uvicorn", "--poll-timeout", "1"),
        AGENT1,
        ("loseSession",),
        ("perform", "agent1", "Ben", "Leave", {}),
        ("until", "agent1", "Ben", {"state": "Completed"}),
        ("loseNetwork", "agent1"),
        ("perform", "agent1", "Ann", "Leave", {}),
        ("until", "agent1", "Ann", {"state": "LeftChat"}),
        ("told", "agent1"),
        faults=[f"error: Failed to load resource: {disconnected}", f"failed: {disconnected}"],
    )

    assert ["Completed", "LeftChat"] == [each["chat"]["state"] for each in told]


def test_who_signs_out_leaves_no_session_behind(serve, look):
    service = serve("uvicorn")

    look(service, AGENT1, ("signOut", "agent1"))

    assert "\ngws_chat_sessions 0.0\n" in httpx2.get(f"{service.url}/metrics").text


def test_a_phone_has_to_scroll_in_one_direction_only(serve, look):
    [width] = look(
        serve("uvicorn"), AGENT1, ("requestChat", "W" * 64, {"subject": "W" * 200}), ("width", 360)
    )

    assert 360 == width


def test_the_page_has_the_operations_and_parameters_of_the_document(serve, look, document):
    schemas = document["components"]["schemas"]
    ignored = {"operationName", "saveLAR"}

    def described(schema):
        properties = {name for name in schema["properties"] if name not in ignored}
        return {name: name in schema["required"] for name in properties}

    def shown(parameters):
        return {each["name"]: each.get("required", False) for each in parameters}

    def of(union):
        return {
            name: described(schemas[reference.rpartition("/")[2]])
            for name, reference in schemas[union]["discriminator"]["mapping"].items()
        }

    [operations] = look(serve("uvicorn"), ("operations",))

    customer, request = operations.pop("customer"), operations.pop("RequestChat")
    assert of("ChatOperation") == {name: shown(each) for name, each in operations.items()}
    assert of("CustomerOperation") == {name: shown(each) for name, each in customer.items()}
    assert described(schemas["RequestChatOperation"]) == shown(request)
