"""The installed package provides pytest fixtures, as the README shows."""

import re
import sys
from pathlib import Path

import httpx2
import pytest

from gws_chat import pytest_plugin
from gws_chat.pytest_plugin import GwsChatError, NotificationTimeout
from tests.commands import run as run_command

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
(SECTION,) = re.findall(r"^### With pytest\n(.*?)^#", README, flags=re.DOTALL | re.MULTILINE)
SUITE = "\n\n\n".join(re.findall(r"```python\n(.*?)\n```", SECTION, flags=re.DOTALL))
INVALID_OPTIONS = """
import pytest

@pytest.fixture(scope="session")
def gws_chat_options():
    return ["--nonsense"]
"""
ALONE = "0071023821aec011"
INVITED = {"agent": "agent1", "state": "Invited"}


@pytest.fixture
def run_suite(tmp_path):
    """Run a test module outside the project and return the output."""

    def run(text):
        (tmp_path / "test_desktop.py").write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_desktop.py"]
        _, output, _ = run_command(command, folder=tmp_path)
        return output

    return run


def test_readme_suite_passes(run_suite, record_property):
    output = run_suite(SUITE)

    assert "3 passed" in output, output
    record_property("figures", f"the README's suite: {output.splitlines()[-1]}")


def test_service_start_failure_is_reported(run_suite):
    assert "the emulator did not start, exit status 2" in run_suite(INVALID_OPTIONS + SUITE)


@pytest.mark.parametrize("_", range(2))
def test_each_test_starts_with_the_same_ids(_, gws_chat):
    assert "4UR9HGNS31UFR0GP" == gws_chat.create_chat(INVITED, customer="Eva")["id"]
    gws_chat.act_as_agent(ALONE, "agent1", "Leave")

    assert 1 == gws_chat.wait_for_notification(state="LeftChat")["referenceId"]


def test_url_is_the_address_of_the_service(gws_chat):
    response = httpx2.get(f"{gws_chat.url}/api/v2/me", auth=("agent1", "secret1"), trust_env=False)

    assert 200 == response.status_code


def test_wait_returns_each_notification_once(gws_chat):
    for text in ("one", "two"):
        gws_chat.act_as_customer(ALONE, "SendMessage", text=text)

    notifications = [gws_chat.wait_for_notification(kind="NewMessages") for _ in range(2)]

    assert ["one", "two"] == [each["messages"][0]["text"] for each in notifications]
    with pytest.raises(NotificationTimeout, match=r"no notification matched .* within 0\.01 seconds"):
        gws_chat.wait_for_notification(timeout=0.01, kind="NewMessages")


def test_wait_can_exceed_the_journal_limit(gws_chat, monkeypatch):
    monkeypatch.setattr(pytest_plugin, "MAX_WAIT", 10)
    gws_chat.inject_fault("notificationDelayed", seconds=0.1)
    gws_chat.act_as_agent(ALONE, "agent1", "Leave")

    assert "LeftChat" == gws_chat.wait_for_notification(agent="agent1")["chat"]["state"]


def test_rejected_action_raises_its_reason(gws_chat):
    with pytest.raises(GwsChatError, match="userName: must be the name of an agent, got 'nobody'"):
        gws_chat.act_as_agent(ALONE, "nobody", "Leave")


def test_cleared_fault_has_no_effect(gws_chat):
    gws_chat.inject_fault("notificationDropped")
    gws_chat.clear_faults()
    gws_chat.forget_sessions(agent="agent1")
    gws_chat.advance(1)

    gws_chat.act_as_agent(ALONE, "agent1", "Leave")

    assert "LeftChat" == gws_chat.wait_for_notification(agent="agent1")["chat"]["state"]
