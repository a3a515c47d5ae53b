"""Agents sign in with a password and customers write, in the console without the simulation."""

import httpx2
import pytest

from tests.contract.examples import DOCUMENT, SIMULATION

AGENT1 = ("signIn", "agent1", "secret1")
AGENT2 = ("signIn", "agent2", "secret2")
WITHOUT_SIMULATION = {"GWS_CHAT_SIMULATION": "no"}
NOT_FOUND = "error: Failed to load resource: the server responded with a status of 404 (Not Found)"
FORBIDDEN = "error: Failed to load resource: the server responded with a status of 403 (Forbidden)"
BAD_REQUEST = NOT_FOUND.replace("404 (Not Found)", "400 (Bad Request)")


@pytest.fixture
def use_console(browser):
    """Return a function that takes steps in the console and returns their results. Exactly the given errors must occur.

    One is expected in each test, because the console asks for the simulation.
    """

    def use(service, *steps, errors=()):
        *results, occurred = browser.run("sign_in.js", service.url, steps)
        assert {NOT_FOUND, *errors} == set(occurred)
        return results

    return use


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
def test_leave_appears_for_both_agents_of_a_conference(serve, use_console, server):
    farewell = {"text": "Goodbye!", "messageType": "Farewell", "treatAs": "System"}

    leaver, leaver_notifications, other, other_notifications = use_console(
        serve(server, **WITHOUT_SIMULATION),
        AGENT1,
        AGENT2,
        ("perform", "agent1", "Ben", "Leave", farewell),
        ("waitFor", "agent1", "Ben", {"state": "Completed"}),
        ("waitFor", "agent2", "Ben", {"message": "left", "participants": "Ben Customeragent2"}),
        ("readChat", "agent1", "Ben"),
        ("readNotifications", "agent1"),
        ("readChat", "agent2", "Ben"),
        ("readNotifications", "agent2"),
    )

    message = "agent1 Goodbye! Farewell System"
    dismissible = {"participants": [], "buttons": ["Dismiss"]}
    assert {"state": "Completed", "messages": [message], **dismissible} == leaver
    assert ("Chatting", [message, "agent1 left"]) == (other["state"], other["messages"])
    assert [["NewMessages", "StatusChange"], ["NewMessages", "ParticipantsUpdated", "NewMessages"]] == [
        [each["notificationType"] for each in notifications]
        for notifications in (leaver_notifications, other_notifications)
    ]


def test_customer_in_the_console_sees_the_agent_leave(serve, use_console):
    customer, agent = use_console(
        serve("uvicorn", **WITHOUT_SIMULATION),
        AGENT1,
        ("requestChat", "Eva", {"subject": "A parcel", "userData": "order=4711"}),
        ("waitFor", "agent1", "Eva", {"state": "Invited"}),
        ("perform", "agent1", "Eva", "Accept", {"nickname": "Bob"}),
        ("waitFor", "Eva", "Eva", {"state": "Chatting"}),
        ("sendMessage", "Eva", "Where is it?"),
        ("waitFor", "agent1", "Eva", {"message": "Where is it?"}),
        ("perform", "agent1", "Eva", "Leave", {"text": "It is on its way, goodbye!"}),
        ("waitFor", "agent1", "Eva", {"state": "LeftChat"}),
        ("waitFor", "Eva", "Eva", {"state": "Idle"}),
        ("readChat", "Eva", "Eva"),
        ("readChat", "agent1", "Eva"),
    )

    messages = ["Eva joined", "Bob joined", "Eva Where is it?", "Bob It is on its way, goodbye!", "Bob left"]
    assert {"state": "Idle", "participants": [], "buttons": ["Dismiss"], "messages": messages} == customer
    assert ("LeftChat", ["Transfer", "Complete", "Leave", "InFocus"]) == (agent["state"], agent["buttons"])


def test_keyboard_leave_keeps_the_focus_in_the_chat(serve, use_console):
    chat, focused_text = use_console(
        serve("uvicorn", **WITHOUT_SIMULATION),
        ("leaveByKeyboard", "agent1", "secret1", "Ben", "Goodbye!"),
        ("waitFor", "agent1", "Ben", {"state": "Completed"}),
        ("readChat", "agent1", "Ben"),
        ("focusedText",),
    )

    assert ["agent1 Goodbye!"] == chat["messages"]
    assert focused_text.startswith("Ben ")


def test_markup_in_messages_is_shown_as_text(serve, use_console):
    markup = '<img src="nope" onerror="document.title=1"><b>bold</b>'

    chat, injected_elements = use_console(
        serve("uvicorn", **WITHOUT_SIMULATION),
        AGENT1,
        ("requestChat", "<i>Eva</i>", {"subject": markup}),
        ("sendMessage", "<i>Eva</i>", markup),
        ("waitFor", "agent1", "Eva", {"state": "Invited"}),
        ("perform", "agent1", "Eva", "Accept", {}),
        ("waitFor", "agent1", "Eva", {"message": "bold"}),
        ("readChat", "agent1", "Eva"),
        ("countElements", "img, i"),
    )

    assert f"<i>Eva</i> {markup}" in chat["messages"]
    assert 0 == injected_elements


def test_errors_appear_beside_their_forms(serve, use_console):
    [sign_in_error] = use_console(
        serve("uvicorn", **WITHOUT_SIMULATION),
        ("failToSignIn", "agent1", "secret2"),
        AGENT1,
        ("perform", "agent1", "Ann", "SetDisposition", {"disposition": "x", "dispositionKey": "k" * 257}),
        ("waitFor", "agent1", "Ann", {"error": "SetDisposition: dispositionKey: must be 1 to 256 characters, got 257"}),
        errors=[FORBIDDEN, BAD_REQUEST],
    )

    assert "Access denied (statusCode 20)" == sign_in_error


def test_csrf_protection_makes_the_console_read_only(serve, use_console):
    use_console(
        serve("uvicorn", "--csrf-protection", **WITHOUT_SIMULATION),
        AGENT1,
        ("perform", "agent1", "Ann", "Leave", {}),
        ("waitFor", "agent1", "Ann", {"error": "it is read-only if the service runs with --csrf-protection"}),
        ("waitFor", "agent1", "Ann", {"state": "Chatting"}),
        errors=[FORBIDDEN],
    )


def test_console_recovers_from_lost_session_and_network(serve, use_console):
    disconnected = "net::ERR_INTERNET_DISCONNECTED"

    [notifications] = use_console(
        serve("uvicorn", "--poll-timeout", "1", **WITHOUT_SIMULATION),
        AGENT1,
        ("loseSession",),
        ("perform", "agent1", "Ben", "Leave", {}),
        ("waitFor", "agent1", "Ben", {"state": "Completed"}),
        ("loseNetwork", "agent1"),
        ("perform", "agent1", "Ann", "Leave", {}),
        ("waitFor", "agent1", "Ann", {"state": "LeftChat"}),
        ("readNotifications", "agent1"),
        errors=[f"error: Failed to load resource: {disconnected}", f"failed: {disconnected}"],
    )

    assert ["Completed", "LeftChat"] == [each["chat"]["state"] for each in notifications]


def test_sign_out_ends_the_session(serve, use_console):
    service = serve("uvicorn", **WITHOUT_SIMULATION)

    use_console(service, AGENT1, ("signOut", "agent1"))

    assert "\ngws_chat_sessions 0.0\n" in httpx2.get(f"{service.url}/metrics").text


def test_console_says_that_the_simulation_is_off(serve, use_console):
    [texts] = use_console(serve("uvicorn", **WITHOUT_SIMULATION), ("readTexts", "#connection, #off"))

    assert ("simulation is off", True) == (texts[0], "--simulation yes" in texts[1])


def test_reload_signs_the_agents_in_again(serve, use_console):
    service = serve("uvicorn", **WITHOUT_SIMULATION)

    [chat] = use_console(
        service,
        AGENT1,
        ("reload",),
        ("waitFor", "agent1", "Ann", {"state": "Chatting"}),
        ("readChat", "agent1", "Ann"),
        ("signOut", "agent1"),
    )

    assert "Chatting" == chat["state"]
    assert "\ngws_chat_sessions 0.0\n" in httpx2.get(f"{service.url}/metrics").text


def test_reload_keeps_the_chats_of_customers(serve, use_console):
    [chat] = use_console(
        serve("uvicorn", **WITHOUT_SIMULATION),
        ("requestChat", "Eva"),
        ("reload",),
        ("waitFor", "Eva", "Eva", {"participants": "Eva"}),
        ("readChat", "Eva", "Eva"),
    )

    assert ["Eva joined"] == chat["messages"]


def test_long_names_fit_on_a_phone(serve, use_console):
    request = ("requestChat", "W" * 64, {"subject": "W" * 200})

    assert [360] == use_console(serve("uvicorn", **WITHOUT_SIMULATION), AGENT1, request, ("scrollWidth", 360))


def test_console_has_the_operations_of_both_documents(serve, use_console):
    schemas = {**SIMULATION["components"]["schemas"], **DOCUMENT["components"]["schemas"]}

    def documented_parameters(schema):
        names = set(schema["properties"]) - {"operationName", "saveLAR"}
        return {name: name in schema["required"] for name in names}

    def documented_operations(union):
        return {
            name: documented_parameters(schemas[reference.rpartition("/")[2]])
            for name, reference in schemas[union]["discriminator"]["mapping"].items()
        }

    def shown_parameters(parameters):
        return {each["name"]: each.get("required", False) for each in parameters}

    [operations] = use_console(serve("uvicorn", **WITHOUT_SIMULATION), ("readOperations",))

    customer, request = operations.pop("customer"), operations.pop("RequestChat")
    assert documented_parameters(schemas["RequestChatOperation"]) == shown_parameters(request)
    for union, shown in (("ChatOperation", operations), ("CustomerOperation", customer)):
        assert documented_operations(union) == {
            name: shown_parameters(parameters) for name, parameters in shown.items()
        }
