"""The client of the simulation API, as tests receive it from the fixture `gws_chat`."""

import inspect
import re
from concurrent.futures import ThreadPoolExecutor
from typing import get_args

import httpx2
import pytest

from gws_chat import simulation_client
from gws_chat.pytest_plugin import Effect, GwsChat, GwsChatError, NotificationKind, NotificationTimeout, State
from tests.contract.examples import SIMULATION

ALONE = "0071023821aec011"
INVITED = {"agent": "agent1", "state": "Invited"}
AGENT1 = ("agent1", "secret1")
SCHEMAS = SIMULATION["components"]["schemas"]
FAULTS = {
    effect: SCHEMAS[reference.rpartition("/")[2]]
    for effect, reference in SCHEMAS["Fault"]["discriminator"]["mapping"].items()
}
JOURNAL = {each["name"]: each for each in SIMULATION["paths"]["/journal"]["get"]["parameters"]}


@pytest.mark.parametrize(
    ("method", "names"),
    [
        (GwsChat.reset, SCHEMAS["Reset"]["properties"]),
        (GwsChat.create_chat, SCHEMAS["NewChat"]["properties"]),
        (GwsChat.inject_fault, [name for each in FAULTS.values() for name in each["properties"]]),
        (GwsChat.forget_sessions, SCHEMAS["SessionsToForget"]["properties"]),
        (GwsChat.journal, JOURNAL),
    ],
)
def test_methods_have_the_parameters_of_the_api(method, names):
    assert {"self", *names} == set(inspect.signature(method).parameters)


def test_types_list_the_values_of_the_api():
    assert (*FAULTS,) == get_args(Effect)
    assert (*SCHEMAS["FaultKind"]["enum"],) == get_args(NotificationKind)
    assert (*JOURNAL["state"]["schema"]["enum"],) == get_args(State)


def test_url_is_the_address_of_the_service(gws_chat):
    response = httpx2.get(f"{gws_chat.url}/api/v2/me", auth=AGENT1, trust_env=False)

    assert 200 == response.status_code


def test_wait_returns_each_notification_once(gws_chat):
    for text in ("one", "two"):
        gws_chat.act_as_customer(ALONE, "SendMessage", text=text)

    notifications = [gws_chat.wait_for_notification(kind="NewMessages") for _ in range(2)]

    assert ["one", "two"] == [each["messages"][0]["text"] for each in notifications]
    with pytest.raises(NotificationTimeout, match=r"no notification matched kind='NewMessages' within 0\.01 seconds"):
        gws_chat.wait_for_notification(timeout=0.01, kind="NewMessages")


def test_wait_can_exceed_the_journal_limit(gws_chat, monkeypatch):
    monkeypatch.setattr(simulation_client, "MAX_WAIT", 10)
    gws_chat.inject_fault("notificationDelayed", seconds=0.1)
    gws_chat.act_as_agent(ALONE, "agent1", "Leave")

    assert "LeftChat" == gws_chat.wait_for_notification(agent="agent1")["chat"]["state"]


@pytest.fixture
def count_reads(gws_chat):
    """Return a function that returns the number of requests to `/simulation` that have ended."""

    with httpx2.Client(base_url=gws_chat.url, trust_env=False) as http:
        pattern = 'gws_chat_requests_total{operation="other",statusCode="0"} (.*)'
        yield lambda: float(re.search(pattern, http.get("/metrics").text)[1])


def test_reset_ends_a_wait_in_another_thread(gws_chat, count_reads):
    reads = count_reads()
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(gws_chat.wait_for_notification, agent="agent1")
        while count_reads() == reads:
            pass
        gws_chat.reset()
        gws_chat.act_as_agent(ALONE, "agent1", "Leave")

        assert "LeftChat" == gws_chat.wait_for_notification(1, agent="agent1")["chat"]["state"]
        with pytest.raises(NotificationTimeout, match="the emulator was reset before a notification matched"):
            waiting.result()


def test_two_waits_read_the_journal_rarely(gws_chat, count_reads):
    reads = count_reads()
    with ThreadPoolExecutor() as threads:
        waits = [threads.submit(gws_chat.wait_for_notification, 1, agent="agent1") for _ in range(2)]
        while count_reads() < reads + 2:
            pass
        gws_chat.act_as_agent(ALONE, "agent1", "Leave")

    assert 1 == sum(isinstance(wait.exception(), NotificationTimeout) for wait in waits)
    assert count_reads() < reads + 10


def test_timeout_lists_the_delivered_notifications(gws_chat):
    gws_chat.act_as_customer(ALONE, "SendMessage", text="Hello?")
    gws_chat.act_as_agent(ALONE, "agent1", "Leave")
    gws_chat.wait_for_notification(agent="agent1", state="LeftChat")

    with pytest.raises(NotificationTimeout) as error:
        gws_chat.wait_for_notification(timeout=0, agent="agent1", chat=ALONE, state="LeftChat")

    assert [
        f"no notification matched agent='agent1', chat='{ALONE}', state='LeftChat' within 0 seconds",
        "notifications since the last reset: 2",
        f"  NewMessages to agent1, chat {ALONE}, sessions: 0",
        f"  StatusChange LeftChat to agent1, chat {ALONE}, sessions: 0, already returned",
    ] == str(error.value).splitlines()


@pytest.mark.parametrize("effect", ["notificationDropped", "notificationReordered"])
def test_timeout_lists_faults_of_notifications(effect, gws_chat):
    gws_chat.inject_fault(effect, agent="agent1")
    gws_chat.inject_fault(effect, agent="agent2")
    gws_chat.act_as_agent(ALONE, "agent1", "Leave")

    with pytest.raises(NotificationTimeout) as error:
        gws_chat.wait_for_notification(timeout=0, agent="agent1")

    assert [
        "notifications since the last reset: none",
        f"a fault affected notifications: {{'effect': '{effect}', 'agent': 'agent1'}}, times: 1",
    ] == str(error.value).splitlines()[1:]


def test_timeout_lists_only_the_last_notifications(gws_chat):
    for _ in range(21):
        gws_chat.act_as_customer(ALONE, "SendMessage", text="Hello?")

    with pytest.raises(NotificationTimeout) as error:
        gws_chat.wait_for_notification(timeout=0, state="LeftChat")

    lines = str(error.value).splitlines()
    assert ["notifications since the last reset: 21", "  the last 20 are:"] == lines[1:3]
    assert 20 == len(lines[3:])


def test_timeout_names_an_unknown_agent_or_chat(gws_chat):
    with pytest.raises(NotificationTimeout) as error:
        gws_chat.wait_for_notification(timeout=0, agent="agnt1", chat="007")

    assert [
        "no notification matched agent='agnt1', chat='007' within 0 seconds",
        "agent 'agnt1' does not exist",
        "chat '007' does not exist",
        "notifications since the last reset: none",
    ] == str(error.value).splitlines()


def test_timeout_names_a_customer_id_as_unknown(gws_chat):
    chat = gws_chat.create_chat(INVITED, customer="Eva")

    with pytest.raises(NotificationTimeout) as error:
        gws_chat.wait_for_notification(timeout=0, chat=chat["customerId"])

    assert f"chat '{chat['customerId']}' does not exist" in str(error.value)


def test_rejected_action_raises_its_reason(gws_chat):
    with pytest.raises(GwsChatError, match="userName: must be the name of an agent, got 'nobody'"):
        gws_chat.act_as_agent(ALONE, "nobody", "Leave")


@pytest.mark.parametrize("user_name", ["../customer", "..", "agent1/../../customer", "?", "#", "agent1?x=1"])
def test_a_user_name_cannot_change_the_path(user_name, gws_chat):
    with pytest.raises(GwsChatError, match=r"^(path|userName): "):
        gws_chat.act_as_agent(ALONE, user_name, "SendMessage", text="Hello?")

    assert [] == gws_chat.journal()


def test_a_chat_id_cannot_change_the_path(gws_chat):
    with pytest.raises(GwsChatError, match=r"^(path|id): "):
        gws_chat.act_as_customer(f"{ALONE}/agents/agent1?x=", "Complete")

    assert [] == gws_chat.journal()


def test_an_unreachable_service_is_reported():
    with pytest.raises(GwsChatError, match=r"^POST /clock: "):
        GwsChat("http://127.0.0.1:1").advance(1)


def test_cleared_fault_has_no_effect(gws_chat):
    gws_chat.inject_fault("notificationDropped")
    gws_chat.clear_faults()
    gws_chat.forget_sessions(agent="agent1")
    gws_chat.advance(1)

    gws_chat.act_as_agent(ALONE, "agent1", "Leave")

    assert "LeftChat" == gws_chat.wait_for_notification(agent="agent1")["chat"]["state"]
