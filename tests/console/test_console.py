"""The console shows the traffic of desktops and the contact center, acts as anyone, and controls the service."""

import re

import httpx2

ANN, BEN = "0071023821aec011", "0000Na9B26EF002X"
PHONE_AT_NIGHT = {"viewport": {"width": 390, "height": 844}, "colorScheme": "dark"}
TIME = re.compile(r"\d\d:\d\d:\d\d\.\d{3}")


def actor(chat, number=1):
    return f'[data-chat-state="{chat}"] .actor >> nth={number - 1}'


def operation(name):
    return f'#act >> role=button[name="{name}"]'


def leave(chat, **parameters):
    body = {"operationName": "Leave", **parameters}
    return "send", f"/api/v2/me/chats/{chat}", {"user": "agent1", "body": body}


def without_times(texts):
    return [re.sub("T at$", "T", TIME.sub("T", text)).strip() for text in texts]


def test_desktops_leave_appears_as_one_group(use_console):
    lines, sessions, received = use_console(
        ("startDesktop", "agent1"),
        leave(BEN, text="Goodbye!"),
        ("waitFor", ".delivery.sent", "sent"),
        ("waitFor", "#groups > li:first-child .caused > li:nth-child(5)"),
        ("read", "#groups > li:first-child summary"),
        ("sessionsOf", "agent1"),
        ("stopDesktop",),
    )

    assert [
        "T Request Leave by agent1 Ben's chat Response 200",
        "T Notification NewMessages Goodbye! to agent1 sent at T",
        "T Notification NewMessages Goodbye! to agent2 agent2 does not listen",
        "T Notification StatusChange Completed to agent1 sent at T",
        "T Notification ParticipantsUpdated Chatting to agent2 agent2 does not listen",
        "T Notification NewMessages ParticipantLeft to agent2 agent2 does not listen",
    ] == without_times(lines)
    assert (1, ["NewMessages", "StatusChange"]) == (sessions, received)


def test_first_leave_takes_three_clicks(use_console):
    lines, content, operations = use_console(
        ("click", actor(ANN)),
        ("click", operation("Leave")),
        ("waitFor", "#groups .caused summary"),
        ("click", "#groups summary"),
        ("read", "#groups summary"),
        ("read", "#groups pre"),
        ("waitFor", ".actor", "LeftChat"),
        ("read", '#act [aria-label="Operations"] button'),
    )

    assert [
        "T Request Leave by agent1 Ann's chat /simulation Response 200",
        "T Notification StatusChange LeftChat to agent1 agent1 does not listen",
    ] == without_times(lines)
    assert ['{ "operationName": "Leave" }', '{ "statusCode": 0 }'] == content
    assert {"SetDisposition…", "AttachUserData…", "Complete"} <= set(operations)


def test_rejected_and_unknown_requests_stand_out(use_console):
    stub_button = 'role=button[name="Copy stub"]'

    ignored, reasons, stub = use_console(
        leave(ANN, treatAs="System"),
        ("send", "/api/v2/workbins", {"user": "agent1"}),
        leave(ANN, mobileSession=True),
        ("waitFor", ".tag", "ignored: mobileSession"),
        ("read", "#groups > li:first-child > details .tag"),
        ("press", "e"),
        ("waitFor", "#group-count", "2 of 3 shown"),
        ("read", "#groups .reason"),
        ("click", "#groups .problem summary"),
        ("click", f"#groups >> {stub_button}"),
        ("readClipboard",),
        permissions=["clipboard-read", "clipboard-write"],
    )

    assert ["ignored: mobileSession"] == ignored
    assert ["path: nothing is at '/api/v2/workbins'", "text: required together with treatAs, but missing"] == reasons
    assert 'stubs:\n  - {method: GET, path: "/api/v2/workbins", body: {statusCode: 0}}' == stub


def test_request_can_be_copied_as_curl_and_test(use_console, gws_chat):
    curl, test = use_console(
        leave(ANN, text="It's done"),
        ("waitFor", "#groups summary", "LeftChat"),
        ("click", "#groups summary"),
        ("click", 'role=button[name="Copy as curl"]'),
        ("readClipboard",),
        ("click", 'role=button[name="Copy as pytest"]'),
        ("readClipboard",),
        permissions=["clipboard-read", "clipboard-write"],
    )

    body = '{"operationName":"Leave","text":"It\'\\\'\'s done"}'
    url = f"{gws_chat.url}/api/v2/me/chats/{ANN}"
    assert f"curl -u 'agent1' -H 'Content-Type: application/json' -d '{body}' '{url}'" == curl
    assert (
        "def test_leave_notifies_the_agents(gws_chat):\n"
        f'    gws_chat.act_as_agent("{ANN}", "agent1", "Leave", **{{"text": "It\'s done"}})\n'
        "\n"
        f'    gws_chat.wait_for_notification(agent="agent1", chat="{ANN}", kind="NewMessages")\n'
        f'    gws_chat.wait_for_notification(agent="agent1", chat="{ANN}", kind="StatusChange", state="LeftChat")\n'
    ) == test


def test_reload_keeps_filters_and_selection(use_console):
    title, lines = use_console(
        ("click", actor(BEN, 2)),
        ("click", operation("Leave")),
        leave(ANN),
        ("choose", "#filter [name=agent]", "agent2"),
        ("waitFor", "#group-count", "1 of 2 shown"),
        ("reload",),
        ("waitFor", "#group-count", "1 of 2 shown"),
        ("read", "#act h2"),
        ("read", "#groups > li > details > summary"),
    )

    assert ["Act as agent2 in Ben's chat"] == title
    assert ["T Request Leave by agent2 Ben's chat /simulation Response 200"] == without_times(lines)


def test_reset_and_restart_appear_in_the_traffic(use_console, serve):
    second = serve("uvicorn")
    for _ in range(20):  # the new service has more changes than the old one
        httpx2.get(f"{second.url}/api/v2/me", auth=("agent2", "secret2"))
    disconnected = "error: Failed to load resource: net::ERR_INTERNET_DISCONNECTED"

    dividers, lines = use_console(
        leave(ANN),
        ("waitFor", "#groups summary", "Leave"),
        ("send", "/simulation/reset", {"body": {}}),
        leave(BEN),
        ("waitFor", ".divider", "The service was reset"),
        ("waitFor", "#groups summary", "Ben's chat"),
        ("setOffline", True),
        ("waitFor", "#connection", "does not respond"),
        ("setOffline", False),
        ("replaceService", second.url),
        ("waitFor", ".divider", "The service was restarted"),
        ("waitFor", "#groups summary", "GET /me"),
        ("read", ".divider"),
        ("read", "#groups > li > details > summary"),
        errors=[disconnected],
    )

    assert ["The service was restarted", "The service was reset"] == dividers
    of_second, lines = lines[:20], lines[20:]
    assert {"T Request GET /me by agent2 Response 200"} == set(without_times(of_second))
    assert [f"T Request Leave by agent1 {name}'s chat Response 200" for name in ("Ben", "Ann")] == without_times(lines)


def test_targets_and_customers_are_chosen_by_name(use_console):
    actors, transcript = use_console(
        ("click", actor(ANN)),
        ("click", operation("Invite…")),
        ("choose", "#act [name=target]", "agent3"),
        ("click", '#act form button >> text="Invite"'),
        ("waitFor", ".actor", "agent3 Invited"),
        ("read", f'[data-chat-state="{ANN}"] .actor'),
        ("click", actor(ANN, 3)),
        ("click", operation("SendMessage…")),
        ("fill", "#act [name=text]", "<b>Hello?</b>"),
        ("click", '#act form button >> text="SendMessage"'),
        ("waitFor", "#act .transcript li"),
        ("read", "#act .transcript .content"),
    )

    assert ["agent1 Chatting", "agent3 Invited", "Ann customer"] == actors
    assert ["<b>Hello?</b>"] == transcript


def test_rejected_operation_shows_its_reason(use_console):
    [error] = use_console(
        ("click", actor(ANN)),
        ("click", "#act .more summary"),
        ("click", operation("Accept")),
        ("waitFor", "#act .error", "Accept"),
        ("read", "#act .error"),
        errors=["error: Failed to load resource: the server responded with a status of 403 (Forbidden)"],
    )

    assert error[0].startswith("Accept: operationName: Accept is not allowed while the chat is Chatting")


def test_control_creates_chats_faults_and_time(use_console):
    faults, actors, first = use_console(
        ("click", "#fault"),
        ("choose", "#control-form select", "notificationDropped"),
        ("click", 'role=button[name="Inject the fault"]'),
        ("waitFor", ".faults li"),
        ("read", ".faults li"),
        ("click", "#new-chat"),
        ("fill", "#control-form [name=customer]", "Eva"),
        ("choose", "#control-form [name=agent]", "agent2"),
        ("choose", "#control-form [name=state]", "Invited"),
        ("click", 'role=button[name="Create a chat"]'),
        ("waitFor", ".actor", "Eva customer"),
        ("read", "#chats > li:first-child .actor"),
        ("click", "#advance-60"),
        ("waitFor", "#groups summary", "Advance the clock by 60 s"),
        ("read", "#groups > li:first-child > details > summary b"),
    )

    assert ["notificationDropped times=1 active, happened 0 times"] == faults
    assert ["agent2 Invited", "Eva customer"] == actors
    assert ["Advance the clock by 60 s"] == first


def test_center_shows_who_listens(use_console):
    listening, after = use_console(
        ("startDesktop", "agent2"),
        ("waitFor", ".listening"),
        ("read", '[data-agent-state="agent2"]'),
        ("click", 'role=button[name="Forget the CometD sessions of agent2"]'),
        ("waitFor", "#groups summary", "Forget sessions"),
        ("read", "#groups > li > details > summary b"),
    )

    assert ["agent2 Traffic voice Ready chat Ready listens, 1 CometD session Forget"] == listening
    assert "Forget sessions" in after


def test_paused_traffic_waits(use_console):
    paused, lines = use_console(
        ("press", "p"),
        leave(ANN),
        ("waitFor", "#pause", "Resume (1 new)"),
        ("count", "#groups > li"),
        ("press", "p"),
        ("waitFor", "#groups summary", "LeftChat"),
        ("read", "#groups > li > details > summary b"),
    )

    assert (0, ["Leave"]) == (paused, lines)


def test_burst_leaves_few_rows_in_the_page(use_console):
    burst = ("send", "/api/v2/me", {"user": "agent1", "count": 300})

    rows, focused = use_console(
        *[burst] * 4,
        leave(ANN),
        ("waitFor", "#groups summary", "LeftChat"),
        ("count", "#groups > li"),
        ("press", "j", "j"),
        ("focusedText",),
    )

    assert rows <= 200
    assert "Notification" in focused


def test_entries_that_the_journal_dropped_are_counted(use_console):
    burst = ("send", "/api/v2/me", {"user": "agent1", "count": 400})

    dividers = use_console(
        leave(ANN),
        ("waitFor", "#groups summary", "LeftChat"),
        ("setOffline", True),
        ("waitFor", "#connection", "does not respond"),
        *[burst] * 3,
        ("setOffline", False),
        ("waitFor", "#connection", "live"),
        ("press", "/"),
        ("fill", "#filter [name=text]", "LeftChat"),
        ("waitFor", "#group-count", "1 of"),
        ("read", ".divider"),
        errors=["error: Failed to load resource: net::ERR_INTERNET_DISCONNECTED"],
    )

    assert [["200 entries are missing: the journal had dropped them"]] == dividers


def test_keyboard_leaves_a_chat_on_a_phone(use_console):
    actor_text, width, focused, shortcuts = use_console(
        ("press", "c", *["Tab"] * 11),
        ("focusedText",),
        ("press", "Enter", "Enter"),
        ("waitFor", "#groups summary", "LeftChat"),
        ("press", "j", "Enter"),
        ("waitFor", "#groups pre", "Leave"),
        ("scrollWidth",),
        ("focusedText",),
        ("press", "?"),
        ("read", "#shortcuts dt"),
        **PHONE_AT_NIGHT,
    )

    assert "agent1 Chatting" == actor_text
    assert (390, True) == (width, "Leave" in focused)
    assert "?" == shortcuts[0]
