"""What the README says is so."""

from __future__ import annotations

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

from handlers.scenario import build_scenario
from handlers.settings import PREFIX, read_settings

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)\n```", README, flags=re.DOTALL)
RUN, TEST, WATCH, LEAVE, REQUEST = [text for language, text in BLOCKS if language == "sh"]
(ANSWER,) = [text for language, text in BLOCKS if language == "json"]
NOTIFICATION = next(text for language, text in BLOCKS if language == "text")
(SCENARIO,) = [text for language, text in BLOCKS if language == "yaml"]


def test_the_first_two_commands_set_up_and_run_the_service_and_the_tests():
    setup = "python3 -m venv .venv && .venv/bin/pip install -e "

    assert f"{setup}. && .venv/bin/flask --app handlers run --port 8080" == RUN
    assert f"{setup}'.[dev]' && .venv/bin/pytest" == TEST


@pytest.mark.skipif(
    shutil.which("curl") is None and "CI" not in os.environ, reason="needs curl, as the README's reader does"
)
def test_the_first_leave_and_the_first_request_are_answered_and_watched_as_it_says(serve):
    service = serve("flask")
    watching = subprocess.Popen(
        [
            *(sys.executable, "-m", *shlex.split(WATCH.removeprefix(".venv/bin/"))),
            *("--url", f"http://localhost:{service.port}"),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert "watching the chats of agent1\n" == watching.stderr.readline()

        answer = subprocess.check_output(shlex.split(here(LEAVE, service)), text=True)

        assert json.loads(ANSWER) == json.loads(answer)
        lines = NOTIFICATION.splitlines()
        assert here(NOTIFICATION, service).splitlines() == [
            watching.stdout.readline().rstrip("\n") for _ in lines
        ]

        # the customer's request, which comes to agent1 as an invitation
        subprocess.check_output(shlex.split(here(REQUEST, service)), text=True)

        assert '    "state": "Invited",' in [watching.stdout.readline().rstrip("\n") for _ in range(5)]
    finally:
        watching.terminate()
        watching.communicate()


def here(text: str, service) -> str:
    return text.replace("curl ", "curl --silent ").replace("localhost:8080", f"localhost:{service.port}")


def test_its_scenario_can_be_used():
    scenario = build_scenario(yaml.safe_load(SCENARIO), lambda: datetime.now(UTC), Random(0))

    assert (101, 101) == (len(scenario.accounts), len(scenario.chats))


def test_every_option_stands_in_the_table_with_its_variable(capsys):
    with pytest.raises(SystemExit):
        read_settings(["--help"], {})
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help", "--version"}

    documented = dict(re.findall(r"^\| `(--[a-z-]+)` \| `(\w+)`", README, flags=re.MULTILINE))

    assert {option: PREFIX + option[2:].upper().replace("-", "_") for option in options} == documented


def test_every_file_it_points_to_exists():
    targets = re.findall(r"\]\(([^)]+)\)", README)

    assert [] == [target for target in targets if not (Path(__file__).parents[1] / target).exists()]
