"""The installed package provides pytest fixtures, as the README shows."""

import re
import sys
from pathlib import Path

import pytest

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
