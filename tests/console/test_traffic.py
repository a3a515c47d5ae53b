"""The traffic of the console is complete, in the right groups, and quick."""

from tests.console.test_console import ANN, BEN, leave, without_times

LINES = "#groups > li > details > summary"
COMETD_PATH = "/api/v2/notifications"


def test_requests_of_every_client_appear(use_console):
    lines, customer, errors = use_console(
        ("send", "/simulation/clock", {"body": {"advance": 60}}),
        ("send", f"/simulation/chats/{BEN}/customer", {"body": {"operationName": "SendMessage", "text": "Hello?"}}),
        ("send", COMETD_PATH, {"user": "agent1", "body": [{"channel": "/meta/connect", "clientId": "1"}]}),
        ("send", "/api/v3/me?fields=*", {"user": "agent1"}),
        ("send", COMETD_PATH, {"user": "agent1"}),
        ("waitFor", LINES, "WebSocket"),
        ("read", LINES),
        ("read", "#groups > li:nth-child(4) summary"),
        ("press", "e"),
        ("waitFor", "#group-count", "2 of 5 shown"),
        ("read", f"{LINES} b"),
    )

    web_socket = (
        "T Request GET /notifications by agent1 Response 405, statusCode 3 "
        "no WebSocket: CometD clients go on with long polling method: must be one of POST, got GET"
    )
    unknown_path = (
        "T Request GET /api/v3/me?fields=* by agent1 Response 404, statusCode 6 "
        "not emulated path: nothing is at '/api/v3/me'"
    )
    assert [
        web_socket,
        unknown_path,
        "T Request /meta/connect by agent1 Response 200 402::Unknown client",
        "T Request SendMessage by a customer Ben's chat /simulation Response 200",
        "T Request Advance the clock by 60 s by a client /simulation Response 200",
    ] == without_times(lines)
    assert [
        "T Notification NewMessages Hello? to agent1 agent1 does not listen",
        "T Notification NewMessages Hello? to agent2 agent2 does not listen",
    ] == without_times(customer)[1:]
    assert ["GET /api/v3/me?fields=*", "/meta/connect"] == errors


def test_paused_traffic_can_be_filtered_and_cleared(use_console):
    paused, message, cleared, resumed = use_console(
        leave(ANN),
        leave(BEN),
        ("waitFor", "#group-count", "2 shown"),
        ("press", "p"),
        ("choose", "#filter [name=agent]", "agent2"),
        ("waitFor", "#group-count", "1 of 2 shown"),
        ("read", f"{LINES} .where"),
        ("click", f'[data-chat-state="{BEN}"] .actor >> text="agent2"'),
        ("click", '#act >> role=button[name="Leave"]'),
        ("waitFor", "#messages", "paused"),
        ("read", "#messages"),
        ("waitFor", "#pause", "Resume (1 new)"),
        ("click", "#clear-list"),
        ("waitFor", "#group-count", "0 shown"),
        ("count", "#groups > li"),
        ("press", "p"),
        ("waitFor", "#group-count", "1 shown"),
        ("read", f"{LINES} b"),
    )

    assert (["Ben's chat"], ["Leave was sent. The traffic is paused."]) == (paused, message)
    assert (0, ["Leave"]) == (cleared, resumed)


def test_clear_keeps_a_request_without_a_response(use_console):
    lines, notifications, problems = use_console(
        ("send", "/simulation/faults", {"body": {"effect": "delay", "seconds": 60, "times": 1}}),
        ("send", leave(ANN)[1], {**leave(ANN)[2], "leaves": True}),
        ("waitFor", LINES, "pending"),
        ("click", "#clear-list"),
        ("waitFor", "#group-count", "1 shown"),
        ("send", "/simulation/clock", {"body": {"advance": 60}}),
        ("waitFor", "#groups summary", "LeftChat"),
        ("waitFor", "#groups > li:last-child .outcome", "200"),
        ("read", f"{LINES} b"),
        ("read", "#groups .caused summary .state"),
        ("count", "#groups .problem"),
    )

    assert (["Advance the clock by 60 s", "Leave"], ["LeftChat"], 0) == (lines, notifications, problems)


def test_long_traffic_has_few_rows_and_keeps_its_place(use_console):
    burst = ("send", "/api/v2/me", {"user": "agent1", "count": 300})

    rows, before, after, focused = use_console(
        *[burst] * 3,
        ("waitFor", "#group-count", "900 shown"),
        ("scrollTo", 20_000),
        ("count", "#groups > li"),
        ("firstRow",),
        burst,
        ("waitFor", "#group-count", "1200 shown"),
        ("firstRow",),
        ("press", *["j"] * 60),
        ("focusedText",),
    )

    assert rows < 150
    assert before == after
    assert "GET /me" in focused


def test_copied_tests_pass(use_console, gws_chat):
    chat = {"id": "chat1", "customer": "Eva", "agents": [{"agent": "agent1", "state": "Chatting"}]}
    operation = "send", "/api/v2/me/chats/chat1"

    def copy(text):
        summary = f"{LINES} >> text={text}"
        return (
            ("click", summary),
            ("click", 'role=button[name="Copy as pytest"]'),
            ("readClipboard",),
            ("click", summary),
        )

    tests = use_console(
        ("send", "/simulation/chats", {"body": chat}),
        (*operation, {"user": "agent1", "body": {"operationName": "Leave", "mobileSession": True}}),
        (*operation, {"user": "agent1", "body": {"operationName": "SetDisposition", "disposition": "Resolved"}}),
        (*operation, {"user": "agent1", "body": {"operationName": "Invite", "queueName": "support"}}),
        ("waitFor", LINES, "Invite"),
        *copy("SetDisposition"),
        *copy("Invite"),
        *copy("Leave"),
        permissions=["clipboard-read", "clipboard-write"],
    )

    for code in tests:
        gws_chat.reset()
        functions = {}
        exec(code, functions)  # noqa: S102 - the page has written it
        (name,) = (each for each in functions if each.startswith("test_"))
        functions[name](gws_chat)
    assert [True, True, True] == ['chat = gws_chat.create_chat({"agent": "agent1"' in code for code in tests]
