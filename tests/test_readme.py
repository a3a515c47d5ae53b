"""The README's commands, examples and tables are correct."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
import yaml

from gws_chat.options import Setting, setting_options
from gws_chat.scenario import build_scenario
from tests.service import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)\n```", README, flags=re.DOTALL)
COMMANDS = [text for language, text in BLOCKS if language == "sh"]
WATCH, LEAVE, REQUEST = COMMANDS[1:4]
RESPONSE = next(text for language, text in BLOCKS if language == "json")
NOTIFICATION = next(text for language, text in BLOCKS if language == "text")
[JOB, SCENARIO] = [yaml.safe_load(text) for language, text in BLOCKS if language == "yaml"]


@pytest.mark.skipif(shutil.which("curl") is None and "CI" not in os.environ, reason="the README's commands need curl")
def test_first_leave_and_chat_request_work_as_described(share):
    service = share("uvicorn")
    watch = shlex.split(WATCH.removeprefix(".venv/bin/"))
    watching = subprocess.Popen(
        [Path(sys.executable).with_name(watch[0]), *watch[1:], "--url", f"http://localhost:{service.port}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert "watching the notifications of agent1\n" == watching.stderr.readline()

        response = subprocess.check_output(shlex.split(addressed_to(service, LEAVE)), text=True)

        assert json.loads(RESPONSE) == json.loads(response)
        expected = addressed_to(service, NOTIFICATION).splitlines()
        assert expected == [watching.stdout.readline().rstrip("\n") for _ in expected]

        subprocess.check_output(shlex.split(addressed_to(service, REQUEST)), text=True)

        assert '    "state": "Invited",' in [watching.stdout.readline().rstrip("\n") for _ in range(5)]
    finally:
        watching.terminate()
        watching.communicate()


def addressed_to(service, text):
    return text.replace("curl ", "curl --silent ").replace("localhost:8080", f"localhost:{service.port}")


def test_example_scenario_can_be_loaded():
    scenario = build_scenario(SCENARIO, lambda: datetime.now(UTC), Random(0))

    assert (101, 101) == (len(scenario.accounts), len(scenario.chats))


def test_workflow_installs_the_package_before_its_tests():
    *_, install, run = JOB["jobs"]["test"]["steps"]

    assert ("pip", "pytest") == (install["run"].split()[0], run["run"])


def test_example_in_javascript_is_that_of_the_file():
    [example] = [text for language, text in BLOCKS if language == "js"]

    assert (ROOT / "tests" / "clients" / "desktop.test.mjs").read_text(encoding="utf-8").endswith(f"\n\n{example}\n")


def test_table_lists_every_option_with_its_variable():
    options = {each.opts[0]: each.envvar for each in setting_options() if isinstance(each, Setting)}

    documented = dict(re.findall(r"^\| `(--[a-z-]+)` \| `(\w+)`", README, flags=re.MULTILINE))

    assert options == documented


def test_every_linked_file_exists():
    targets = re.findall(r"\]\(([^)]+)\)", README)

    assert [] == [target for target in targets if not (ROOT / target).exists()]
