"""The installed package provides pytest fixtures, as the README shows."""

import re
import sys
from pathlib import Path

import pytest

from tests.commands import PYTEST
from tests.commands import run as run_command

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
(SECTION,) = re.findall(r"^### With pytest\n(.*?)^###? ", README, flags=re.DOTALL | re.MULTILINE)
SUITE = "\n\n\n".join(re.findall(r"```python\n(.*?)\n```", SECTION, flags=re.DOTALL))
ALONE = "0071023821aec011"
INVITED = {"agent": "agent1", "state": "Invited"}
SCENARIO = "{agents: [{userName: bob, password: pw, features: [api-multimedia]}], chats: []}"
CONFIGURATIONS = """
import httpx2
import pytest

pytestmark = pytest.mark.gws_chat(strict=True)
URLS = {}

def statuses(gws_chat, user="agent1:secret1"):
    body, auth = {"operationName": "InFocus", "unknown": 1}, tuple(user.split(":"))
    with httpx2.Client(base_url=gws_chat.url, auth=auth) as http:
        post = http.post("/api/v2/me/chats/0071023821aec011", json=body).status_code
        return http.get("/api/v2/me").status_code, post

def test_module(gws_chat):
    URLS["module"] = gws_chat.url
    assert statuses(gws_chat) == (200, 400)

@pytest.mark.gws_chat(csrf_protection=True)
class TestClass:
    def test_class(self, gws_chat):
        assert statuses(gws_chat) == (200, 403)
        assert gws_chat.url != URLS["module"]

    @pytest.mark.gws_chat(strict=False, csrf_protection=False, cors_origin=["http://a.example", "http://b.example"])
    def test_method(self, gws_chat):
        assert statuses(gws_chat) == (200, 200)

    @pytest.mark.gws_chat(scenario="scenarios/bob.yaml")
    def test_scenario(self, gws_chat):
        assert statuses(gws_chat, "bob:pw")[0] == 200

@pytest.fixture(scope="module")
def url(gws_chat_services):
    return gws_chat_services.start(strict=True).control.url

def test_shared_by_fixtures_and_tests(gws_chat, url):
    assert url == gws_chat.url == URLS["module"]

@pytest.mark.gws_chat(strict="on", scenario="demo", poll_timeout=30, notifications=[])
def test_shared_by_equal_options(gws_chat):
    assert gws_chat.url == URLS["module"]
"""

INVALID_MARKS = """
import pytest

@pytest.mark.gws_chat(nonsense=1)
def test_unknown(gws_chat):
    pass

@pytest.mark.gws_chat(port=1)
def test_reserved(gws_chat):
    pass

@pytest.mark.gws_chat(scenario="a\\0b")
def test_null(gws_chat):
    pass

@pytest.mark.gws_chat(True)
def test_unnamed(gws_chat):
    pass
"""


@pytest.fixture
def run_suite(tmp_path):
    """Run a test module outside the project and return the output."""

    def run(text, *options):
        (tmp_path / "test_desktop.py").write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "anyio_mode=auto"]
        _, output, _ = run_command([*command, *options, "test_desktop.py"], folder=tmp_path, **PYTEST)
        return output

    return run


def test_readme_suite_passes(run_suite, record_property):
    output = run_suite(SUITE)

    assert "5 passed" in output, output
    record_property("figures", f"the README's suite: {output.splitlines()[-1]}")


def test_marks_select_the_service(run_suite, tmp_path):
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "bob.yaml").write_text(SCENARIO, encoding="utf-8")

    output = run_suite(CONFIGURATIONS)

    assert "6 passed" in output, output


def test_invalid_marks_are_reported(run_suite):
    output = run_suite(INVALID_MARKS, "--strict-markers")

    errors, _, _ = output.partition("short test summary")
    assert 1 == errors.count("the emulator did not start, exit status 2")
    assert "gws-chat: error: No such option '--nonsense'." in output
    assert "\ngws_chat: the plugin sets port, got 1\n" in output
    assert "\ngws_chat: takes named options only, got True\n" in output
    assert r"gws_chat: scenario must not contain a null character, got 'a\x00b'" in output
    assert "pytest_plugin.py" not in output  # no tracebacks
    assert "During handling" not in output


def test_pytest_describes_the_fixture_and_the_mark(run_suite):
    markers, fixtures = run_suite("", "--markers"), run_suite("", "--fixtures")

    assert "@pytest.mark.gws_chat(scenario=..., strict=True, ...): options of the emulator" in markers
    assert "gws_chat -- " in fixtures
    assert "Control an emulator in its initial state." in fixtures


def test_a_failed_test_shows_the_log(run_suite):
    output = run_suite("def test_fails(gws_chat):\n    gws_chat.advance(1)\n    raise RuntimeError\n")

    assert re.search(r"Captured stderr teardown.*POST /simulation/clock", output, flags=re.DOTALL), output


def test_a_failed_test_lists_faults_that_never_happened(run_suite):
    output = run_suite("""
def test_faults(gws_chat):
    gws_chat.inject_fault("notificationDropped", agent="agent1")
    gws_chat.inject_fault("notificationDropped", agent="agent2")
    gws_chat.act_as_agent("0071023821aec011", "agent1", "Leave")
    assert not gws_chat.faults()
""")

    (listed,) = re.findall(r"faults that never happened:\n(.*)\n", output)
    assert "{'effect': 'notificationDropped', 'agent': 'agent2'}" == listed


def test_a_failed_fixture_lists_faults_that_never_happened(run_suite):
    output = run_suite("""
import pytest

@pytest.fixture
def desktop(gws_chat):
    gws_chat.inject_fault("notificationDropped", agent="agent2")
    raise RuntimeError

def test_desktop(desktop):
    pass
""")

    assert "faults that never happened:\n{'effect': 'notificationDropped', 'agent': 'agent2'}\n" in output


def test_the_end_of_the_service_is_reported(run_suite):
    output = run_suite("""
import os, signal, socket

def test_desktop(gws_chat, gws_chat_services):
    os.kill(gws_chat_services.start().pid, signal.SIGKILL)
    raise ConnectionRefusedError

def test_passing(gws_chat, gws_chat_services):
    service = gws_chat_services.start()
    os.kill(service.pid, signal.SIGKILL)
    while service.is_running:
        pass
""")

    end = "the emulator has ended, exit status -9, the last lines of its log:"
    assert re.search(rf"-+ gws_chat -+\n{end}\n", output), output
    assert f"UserWarning: {end}" in output


def test_an_error_shows_the_last_log_lines_of_the_service(run_suite):
    output = run_suite(
        "import os, signal\n\n"
        "def test_kill(gws_chat, gws_chat_services):\n"
        "    os.kill(gws_chat_services.start().pid, signal.SIGKILL)\n"
        "    gws_chat.advance(1)\n\n"
        "def test_next(gws_chat):\n"
        "    gws_chat.advance(1)\n"
    )

    assert "GwsChatError: the emulator has ended, exit status -9, the last lines of its log:" in output, output
    assert re.search(r"^E +[\d:.]+ POST /simulation/reset", output, flags=re.MULTILINE), output
    assert "simulation_client.py" not in output
    assert "1 failed, 1 passed" in output


@pytest.mark.parametrize("_", range(2))
def test_each_test_starts_with_the_same_ids(_, gws_chat):
    assert "4UR9HGNS31UFR0GP" == gws_chat.create_chat(INVITED, customer="Eva")["id"]
    gws_chat.act_as_agent(ALONE, "agent1", "Leave")

    assert 1 == gws_chat.wait_for_notification(state="LeftChat")["referenceId"]
