"""The command `gws-chat verify` against the emulator in several shapes."""

import _thread
import json
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from gws_chat.verify.desk import NoVerdict
from gws_chat.verify.play import RunOptions
from gws_chat.verify.run import left_behind, run
from gws_chat.verify.stories import ARRIVAL, CLEAN_UP, END, START, STORIES
from tests.verify.runs import ACCOUNTS, FACTS, SCENARIO, STORY, different, play, unreached, verify

pytestmark = pytest.mark.gws_chat(scenario=SCENARIO)
UNREACHABLE = {name for name, fact in FACTS.items() if fact.unreachable}
OBSERVED = {"notifications.path", "notifications.metrics", "ended.capabilities", "ended.participants"}
CAPABILITIES = """
sessionState: NotReady
capabilities:
  Invited: [Reject, Accept]
  Chatting: [Leave, Complete, SendMessage, Invite, Consult, SendUrl]
  ChattingAsConsultant: [Leave, SendToAgents, SendMessage]
  LeftChat: [Complete, SetDisposition]
"""
REPLACED = {f"capabilities.{name}" for name in ("Invited", "Chatting", "ChattingAsConsultant", "LeftChat")}


def state(gws_chat):
    """Return the chats and the sessions of the emulator."""
    return httpx2.get(f"{gws_chat.url}/simulation/state").json()


def assert_clean(gws_chat):
    found = state(gws_chat)
    assert [] == found["chats"]
    assert {0} == {each["sessions"] for each in found["agents"]}


def test_documented_emulator_differs_in_no_fact(gws_chat, tmp_path):
    status, output, _ = verify(gws_chat.url, "--json", tmp_path / "report.json")

    report = json.loads((tmp_path / "report.json").read_text())
    assert 0 == status
    assert "differs" not in output
    assert [*FACTS] == [row["id"] for row in report["facts"]]
    not_reached = {row["id"] for row in report["facts"] if row["verdict"] == "not reached"}
    assert UNREACHABLE | {"notifications.metrics-members", "session.restart"} == not_reached
    assert not any(secret in output for secret in ("secret1", "secret2", "JSESSIONID="))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [("notifications: observed", OBSERVED), (CAPABILITIES, REPLACED | {"session.start-state"})],
    ids=["observed", "capabilities"],
)
def test_written_scenario_reproduces_the_server(changes, expected, gws_chat_services, tmp_path):
    original, written = tmp_path / "original.yaml", tmp_path / "written.yaml"
    original.write_text(f"extends: demo\n{changes}", encoding="utf-8")
    report = tmp_path / "report.json"
    server = gws_chat_services.start(scenario=str(original)).control

    status, output, _ = verify(server.url, "--write-scenario", written, "--json", report)

    rows = json.loads(report.read_text())["facts"]
    assert (1, expected) == (status, {row["id"] for row in rows if row["verdict"] == "differs"})
    assert "not in the scenario" not in output
    calibrated = gws_chat_services.start(scenario=str(written)).control
    assert 0 == verify(calibrated.url, "--expect", written)[0]


def test_scenario_without_accept_gets_no_verdict(gws_chat_services, tmp_path):
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text("extends: demo\ncapabilities: {Invited: []}", encoding="utf-8")
    server = gws_chat_services.start(scenario=str(scenario)).control

    status, output, errors = verify(server.url, "--expect", scenario)

    assert 2 == status
    assert " 0 different, " in output
    assert "no verdict: no chat could be accepted" in errors


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"effect": "notificationDuplicated", "kind": "NewMessages"}, {"notifications.once": "1 more after Accept"}),
        (
            {"effect": "notificationReordered", "kind": "ParticipantsUpdated"},
            {"accept.notifications": ["StatusChange", "NewMessages", "ParticipantsUpdated"]},
        ),
        (
            {"effect": "notificationDropped", "kind": "ParticipantsUpdated"},
            {"accept.notifications": ["StatusChange", "NewMessages"]},
        ),
        ({"effect": "notificationDropped", "kind": "StatusChange"}, {"invited.others": []}),
        ({"effect": "error", "operationName": "Accept"}, {"accept.response": [500, 4]}),
        ({"effect": "error", "operationName": "RequestChat"}, {"customer.request.response": [500, 4]}),
        ({"effect": "dropRequest", "operationName": "Leave"}, {"responses.arrive": "Leave: the connection was closed"}),
        (
            {"effect": "dropResponse", "operationName": "Accept"},
            {"responses.arrive": "Accept: the connection was closed"},
        ),
        ({"effect": "closePoll", "seconds": 0}, {"cometd.poll": "the connection was closed"}),
    ],
    ids=lambda value: "-".join(map(str, value.values())) if "effect" in value else "",
)
def test_one_fault_is_reported_in_its_row(fault, expected, gws_chat):
    gws_chat.inject_fault(**fault, times=1)

    assert expected == different(play(gws_chat.url, "text"))


def test_delayed_notification_is_late(gws_chat):
    gws_chat.inject_fault("notificationDelayed", kind="PropertiesUpdated", seconds=1.5, times=1)

    rows = play(gws_chat.url, "alone", timeout=3.0)

    assert ["notifications.prompt"] == [*different(rows)]
    assert rows["notifications.prompt"].actual.startswith("PropertiesUpdated after AttachUserData came 1.")


def test_notification_after_a_later_one_is_out_of_order(gws_chat):
    gws_chat.inject_fault("notificationDelayed", kind="PropertiesUpdated", seconds=1.5, times=1)

    rows = play(gws_chat.url, "alone", timeout=1.2)

    assert ["notifications.in-order"] == [*different(rows)]
    assert "operations.AttachUserData.members" in unreached(rows, "the notification did not arrive")


def test_notification_before_the_response_is_reported(gws_chat):
    gws_chat.inject_fault("notificationBeforeResponse", operationName="Leave", seconds=3, times=1)

    # a busy computer needs a moment to read the notification, and to open a poll for it
    assert ["notifications.after-response"] == [*different(play(gws_chat.url, "text", timeout=10.0))]


def test_lost_notification_leaves_its_content_unreached(gws_chat):
    def drop_left_chat():
        gws_chat.wait_for_notification(kind="PropertiesUpdated")
        gws_chat.inject_fault("notificationDropped", kind="StatusChange", times=1)

    with ThreadPoolExecutor() as pool:
        injected = pool.submit(drop_left_chat)
        rows = play(gws_chat.url, "alone")
        injected.result()

    assert {"leave.alone.notifications": []} == different(rows)
    assert {"leave.alone.state", "leave.alone.members"} == unreached(rows, "the notification did not arrive")


def test_server_that_disappears_gets_no_verdict(gws_chat):
    def disappear(line):
        if line == STORY["text"].title:
            gws_chat.inject_fault("dropRequest", path="/api/v2/*")

    with pytest.raises(NoVerdict, match="does not respond any more: the connection was closed"):
        play(gws_chat.url, "text", report_progress=disappear)


def test_slow_server_is_waited_for(gws_chat):
    gws_chat.inject_fault("delay", seconds=0.1, path="/api/v2/me/*")

    assert {} == different(play(gws_chat.url, "text", timeout=5.0))


def test_lost_cometd_session_is_opened_again(gws_chat):
    gws_chat.inject_fault("cometdError", channel="/meta/connect", error=402, times=1)

    rows = play(gws_chat.url, "text")

    assert {"cometd.poll": "/meta/connect was rejected: 402::Unknown client"} == different(rows)


def test_rejected_handshake_leaves_only_requests(gws_chat):
    gws_chat.inject_fault("cometdError", channel="/meta/handshake", error=403)

    rows = play(gws_chat.url, "errors", "text")

    assert ["cometd.start"] == [*different(rows)]
    assert "leave.text.state" in unreached(rows, "the CometD session could not be opened")


def test_other_chats_are_neither_used_nor_changed(gws_chat):
    chat = gws_chat.create_chat({"agent": "agent1", "state": "Chatting"}, customer="Eva")
    is_over = threading.Event()

    def write():
        while not is_over.wait(0.02):
            gws_chat.act_as_customer(chat["id"], "SendMessage", text="Hello?")

    writer = threading.Thread(target=write)
    writer.start()
    rows = play(gws_chat.url, "text", "conference")
    is_over.set()
    writer.join()

    assert {} == different(rows)
    assert [(chat["id"], "Chatting")] == [(each["id"], each["agents"][0]["state"]) for each in state(gws_chat)["chats"]]


def test_work_before_the_run_is_named(gws_chat):
    gws_chat.create_chat({"agent": "agent1", "state": "Chatting"}, customer="Eva")
    lines = []

    play(gws_chat.url, accounts=ACCOUNTS[:1], report_progress=lines.append)

    assert "  agent1 has chats already (1): its unanswered invitations are revoked" in lines


def test_operations_in_other_chats_make_references_unknown(gws_chat):
    agents = [{"agent": name, "state": "Chatting"} for name, _ in ACCOUNTS]
    chat = gws_chat.create_chat(*agents, customer="Eva")

    def write(line):
        if line == STORY["text"].title:
            for account in ACCOUNTS:
                path = f"{gws_chat.url}/api/v2/me/chats/{chat['id']}"
                body = {"operationName": "SendMessage", "text": "Hello"}
                httpx2.post(path, json=body, auth=account).raise_for_status()

    rows = play(gws_chat.url, "text", report_progress=write)

    assert {} == different(rows)
    assert "notifications.reference-id" in unreached(rows, "the agent performs operations in other chats meanwhile")


def test_one_agent_reaches_no_conference(gws_chat):
    rows = play(gws_chat.url, "text", "conference", accounts=ACCOUNTS[:1])

    assert {} == different(rows)
    assert "leave.conference.state" in unreached(rows, "needs a second --agent")


@pytest.mark.parametrize(
    ("accounts", "reason"),
    [(ACCOUNTS[:1], "needs a second --agent"), (ACCOUNTS, "the CometD session of the other agent could not be opened")],
    ids=["one agent", "no second CometD session"],
)
def test_missing_helper_is_the_reason(accounts, reason, gws_chat):
    gws_chat.inject_fault("cometdError", channel="/meta/handshake", error=403, agent="agent2")

    rows = play(gws_chat.url, "rejected", accounts=accounts)

    assert {"errors.chat-of-another-agent", "errors.chat-of-another-agent-get"} == unreached(rows, reason)


def test_chat_is_awaited_without_customers(gws_chat):
    def report_progress(line):
        if line.startswith("  accepts and ends the next chat that is routed to agent1 or agent2"):
            gws_chat.create_chat({"agent": "agent2", "state": "Invited"}, customer="Eva")

    rows = play(gws_chat.url, "text", report_progress=report_progress, customer_url="http://127.0.0.1:9")

    assert {} == different(rows)
    assert "customer.request.response" in unreached(rows, "no response")
    assert "confirmed" == rows["leave.text.state"].verdict


def test_stories_of_customers_take_no_other_chat(gws_chat):
    lines = []

    rows = play(gws_chat.url, "customer", "waiting", report_progress=lines.append, customer_url="http://127.0.0.1:9")

    assert not any("accepts and ends the next chat" in line for line in lines)
    reason = "needs access to the customer's side of the chat"
    assert {"leave.without-customer.state", "customer.waiting.state"} <= unreached(rows, reason)


def test_failed_story_cleans_up(gws_chat):
    gws_chat.inject_fault("error", operationName="Invite", times=1)

    rows = play(gws_chat.url, "conference")

    assert ["invite.response"] == [*different(rows)]
    assert_clean(gws_chat)


def test_chat_that_cannot_be_ended_is_named(gws_chat):
    gws_chat.inject_fault("error", operationName="Complete")
    options = RunOptions(settle=0.02)

    _, played = run(gws_chat.url, ACCOUNTS, frozenset(FACTS), options, lambda _: None, stories=[STORY["text"]])

    assert [f"chat {each['id']}" for each in state(gws_chat)["chats"]] == left_behind(played)


def test_interrupted_run_cleans_up(gws_chat):
    def interrupt():
        gws_chat.wait_for_notification(kind="ParticipantsUpdated")
        _thread.interrupt_main()

    with ThreadPoolExecutor() as pool:
        pool.submit(interrupt)
        with pytest.raises(KeyboardInterrupt):
            play(gws_chat.url, "conference")

    assert_clean(gws_chat)


def sent_operations(entries):
    """Return the operations among the requests of the journal, as the plan names them."""
    return {
        each["operation"] if "agent" in each else f"customer: {each['operation']}"
        for each in entries
        if "operationName" in each.get("requestBody", "")
    }


def test_requests_perform_the_operations_of_the_plan(gws_chat):
    sections = ["start"]
    sent = {}
    position = 0

    def begin_section(line):
        nonlocal position
        if not line.startswith(" "):
            entries = gws_chat.journal(kind="request", after=position)
            sent[sections[-1]] = sent_operations(entries)
            position = entries[-1]["position"]
            sections.append(line)

    accounts = [*ACCOUNTS, ("agent3", "secret3")]
    run(gws_chat.url, accounts, frozenset(FACTS), RunOptions(settle=0.02, queue="support"), begin_section)
    begin_section("the end")

    planned = {story.title: {*story.operations} for story in STORIES}
    further = {*ARRIVAL, *CLEAN_UP}
    for title, operations in planned.items():
        sent[title] -= further - operations
    assert {"start": {*START}, **planned, "Clean up": {*END}} == sent


def test_dry_run_sends_nothing():
    status, output, _ = verify("http://user:secret@127.0.0.1:9", "--dry-run")

    assert 0 == status
    assert all(story.title in output for story in STORY.values())
    assert "chats that are routed to the agents are accepted and ended" in output
    assert "facts against ***@127.0.0.1:9 as agent1, agent2, agent3" in output


@pytest.mark.parametrize(
    ("chat_timeout", "reason"),
    [(0.5, "no chat was routed to agent1 or agent2 within 0.5 s"), (0, "no chat was routed to the agents")],
    ids=str,
)
def test_invitations_before_the_wait_are_not_accepted(chat_timeout, reason, gws_chat):
    def invite(line):
        if line == STORY["text"].title:
            gws_chat.create_chat({"agent": "agent1", "state": "Invited"}, customer="Eva")
            gws_chat.wait_for_notification(agent="agent1", state="Invited")

    nobody = "http://127.0.0.1:9"
    rows = play(gws_chat.url, "text", report_progress=invite, customer_url=nobody, chat_timeout=chat_timeout)

    assert "leave.text.state" in unreached(rows, reason)
    assert {*START, *END} == sent_operations(gws_chat.journal(kind="request"))
