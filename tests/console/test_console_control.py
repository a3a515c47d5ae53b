"""The console controls the service, and its forms act on what is there."""

from tests.console.test_console import ANN, BEN, actor, operation

BAD_REQUEST = "error: Failed to load resource: the server responded with a status of 400 (Bad Request)"


def as_agent(chat, **body):
    return "send", f"/simulation/chats/{chat}/agents/agent1", {"body": body}


def as_customer(chat, **options):
    return "send", f"/simulation/chats/{chat}/customer", options


def test_clock_advances_to_the_next_deadline(use_console):
    before, deadline, after = use_console(
        ("read", "#deadline"),
        ("send", "/simulation/faults", {"body": {"effect": "notificationDelayed", "seconds": 50}}),
        as_agent(ANN, operationName="Leave"),
        ("waitFor", "#deadline", "the delay of a fault ends"),
        ("read", "#deadline"),
        ("click", "#advance-deadline"),
        ("waitFor", "#groups summary", "LeftChat"),
        ("waitFor", "#deadline", "nothing waits"),
        ("read", "#deadline"),
    )

    assert (["nothing waits"], ["nothing waits"]) == (before, after)
    assert deadline[0].startswith("the delay of a fault ends in ")


def test_transcript_reaches_back_and_keeps_its_place(use_console):
    first, place = use_console(
        as_customer(ANN, count=30, body={"operationName": "SendMessage", "text": "before"}),
        ("reload",),
        ("click", actor(ANN)),
        ("waitFor", "#act .transcript li:nth-child(30)", "before"),
        ("read", "#act .transcript li:first-child .content"),
        ("scrollToStart", "#act .transcript"),
        as_customer(ANN, body={"operationName": "SendMessage", "text": "after"}),
        ("waitFor", "#act .transcript li", "after"),
        ("scrollTop", "#act .transcript"),
    )

    assert (["before"], 0) == (first, place)


def test_cleared_traffic_stays_cleared_after_a_reload(use_console):
    operations = use_console(
        as_agent(ANN, operationName="Leave"),
        ("waitFor", "#groups summary", "Leave"),
        ("click", "#clear-list"),
        ("waitFor", "#group-count", "0 shown"),
        as_agent(BEN, operationName="SetInFocus"),
        ("waitFor", "#groups summary", "SetInFocus"),
        ("reload",),
        ("waitFor", "#groups summary", "SetInFocus"),
        ("read", "#groups > li > details > summary b"),
    )

    assert [["SetInFocus"]] == operations


def test_reset_and_forget_ask_first(use_console):
    questions, focused, dividers, after = use_console(
        as_agent(ANN, operationName="Leave"),
        ("waitFor", "#groups summary", "LeftChat"),
        ("click", "#forget"),
        ("read", "#control-form p"),
        ("press", "Escape", "R"),
        ("focusedText",),
        ("press", "Escape"),
        ("count", ".divider"),
        ("press", "R", "Enter"),
        ("waitFor", ".divider"),
        ("count", "#control-form *"),
    )

    assert ["Ends the CometD sessions of all agents. Their desktops have to connect again."] == questions
    assert ("Reset the service", 0, 0) == (focused, dividers, after)


def test_form_closes_when_it_no_longer_applies(use_console):
    forms, hint, panels = use_console(
        ("click", actor(BEN)),
        ("click", operation("Transfer…")),
        ("waitFor", "#act form"),
        as_agent(BEN, operationName="Leave"),
        ("waitForEnd", "#act form"),
        ("count", "#act form"),
        ("read", "#act .acts > .hint"),
        ("send", "/simulation/chats", {"body": {"id": "new", "agents": [{"agent": "agent1", "state": "LeftChat"}]}}),
        ("waitFor", actor("new")),
        ("click", actor("new")),
        ("waitFor", "#act h2", "new"),
        ("send", "/simulation/reset", {"body": {}}),
        ("waitFor", ".divider"),
        ("waitForEnd", "#act:not([hidden])"),
        ("count", "#act:not([hidden])"),
    )

    assert (0, ["agent1 is no longer in this chat."], 0) == (forms, hint, panels)


def test_double_click_sends_one_request(use_console):
    operations = use_console(
        ("click", actor(ANN)),
        ("doubleClick", operation("Leave")),
        ("waitFor", ".actor", "LeftChat"),
        ("click", "#new-chat"),
        ("doubleClick", '#control-form button >> text="Create a chat"'),
        ("waitFor", "#act h2", "Eva"),
        ("read", "#groups > li > details > summary b"),
    )

    assert [["Create a chat", "Leave"]] == operations


def test_message_is_sent_with_enter(use_console):
    texts = use_console(
        ("click", actor(ANN)),
        ("click", operation("SendMessage…")),
        ("press", "H", "i", "Shift+Enter", "A", "Enter"),
        ("waitFor", "#act .transcript li", "Hi"),
        ("press", "B", "Enter"),
        ("waitFor", "#act .transcript li:nth-child(2)", "B"),
        ("read", "#act .transcript .content"),
    )

    assert [["Hi A", "B"]] == texts


def test_new_chat_is_selected_and_errors_leave_with_the_form(use_console):
    error, after, disabled, title, name = use_console(
        ("click", "#new-chat"),
        ("fill", "#control-form [name=id]", "a/b"),
        ("click", 'role=button[name="Create a chat"]'),
        ("waitFor", "#control-error", "id"),
        ("count", "#control-error:not(:empty)"),
        ("press", "Escape"),
        ("count", "#control-error:not(:empty)"),
        ("click", "#new-chat"),
        ("fill", "#control-form [name=customer]", "Gus"),
        ("choose", "#control-form [name=state]", "LeftChat"),
        ("isDisabled", "#control-form [name=second]"),
        ("click", 'role=button[name="Create a chat"]'),
        ("waitFor", "#act h2", "Gus"),
        ("read", "#act h2"),
        ("read", "#chats > li:first-child .chat-title b"),
        errors=[BAD_REQUEST],
    )

    assert (1, 0, True) == (error, after, disabled)
    assert (["Act as agent1 in Gus's chat"], ["Gus has left"]) == (title, name)


def test_active_faults_are_counted_on_their_button(use_console):
    use_console(
        ("send", "/simulation/faults", {"body": {"effect": "error", "operationName": "Leave", "times": 1}}),
        as_agent(ANN, operationName="SendMessage", text="an entry"),
        ("waitFor", "#fault", "Faults (1 active)"),
        ("send", f"/api/v2/me/chats/{ANN}", {"user": "agent1", "body": {"operationName": "Leave"}}),
        ("waitFor", '#fault >> text="Faults"'),
    )


def test_center_shows_who_waits(use_console):
    not_ready = {"operationName": "NotReady"}

    title, names, filtered = use_console(
        *[("send", "/api/v2/me", {"user": f"agent{number}", "body": not_ready}) for number in (1, 2, 3)],
        ("send", "/api/v2/chats", {"body": {"operationName": "RequestChat", "nickname": "Eva"}}),
        ("waitFor", "#waiting li"),
        ("read", "#waiting-title"),
        ("read", "#waiting li"),
        ("click", '[data-agent-state="agent2"] .show-traffic'),
        ("waitFor", "#group-count", "1 of"),
        ("read", "#groups .who"),
    )

    assert (["Customers waiting for an agent: 1"], ["Eva's chat"]) == (title, names)
    assert {"by agent2", "to agent2"} == set(filtered)
