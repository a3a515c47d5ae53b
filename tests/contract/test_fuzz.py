"""Schemathesis against the running service: every check, every phase, under both servers, from both sides.

Longer by hand: `FUZZ_EXAMPLES=500 FUZZ_SEED=7 pytest tests/contract/test_fuzz.py`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml

from handlers import customers
from handlers.chats import OPERATIONS
from tests.service import ROOT

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
RESETTING = str(Path(__file__).with_name("reset_before_each.py"))
SEED = os.environ.get("FUZZ_SEED", "1")
CUSTOMERS_ONLY = ("request_chat", "perform_customer_operation", "list_customer_messages")
AGENT = (
    *("--auth", "agent1:secret1", "--exclude-tag", "Simulation"),
    *(each for name in CUSTOMERS_ONLY for each in ("--exclude-operation-id", name)),
)
# with a reset before each request there is nothing stateful to follow
SIMULATION = ("--include-tag", "Simulation", "--phases", "examples,coverage,fuzzing")
CUSTOMER = ("--header", "ContactCenterId: any", "--include-tag", "Customers")
LIVES = (
    *AGENT,
    *("--mode", "positive", "--include-operation-id", "list_chats"),
    *("--include-operation-id", "get_chat", "--include-operation-id", "perform_chat_operation"),
)
Answers = Counter[tuple[str, str, str, int]]


@pytest.mark.parametrize(("server", "examples"), [("uvicorn", "40"), ("flask", "10")])
def test_it_finds_no_fault_in_the_demo(server, examples, serve, tmp_path, capsys):
    service = serve(server)
    examples = os.environ.get("FUZZ_EXAMPLES", examples)

    customer = fuzz(service.url, tmp_path, *CUSTOMER, examples=examples)
    agent = fuzz(service.url, tmp_path, *AGENT, examples=examples)

    with capsys.disabled():  # a figure is for whoever reads the run, also where it passes
        print(f"\n{server}: {sum(agent.values())} requests of agent1 were answered,", end=" ")
        print(f"{sum(customer.values())} of customers")
    assert counted(agent, "Leave", 200)
    requested, *taken = [
        customer["POST", path, name, 200]
        for path, names in (("/api/v2/chats", ["RequestChat"]), ("/api/v2/chats/{id}", customers.OPERATIONS))
        for name in names
    ]
    assert requested
    assert all(taken), taken


def test_it_finds_no_fault_in_the_simulation(serve, tmp_path, capsys):
    """A run of its own, in which each request meets the scenario as it begins."""
    service = serve("uvicorn")
    examples = os.environ.get("FUZZ_EXAMPLES", "40")

    answers = fuzz(service.url, tmp_path, *SIMULATION, examples=examples, SCHEMATHESIS_HOOKS=RESETTING)

    resets, asked = service.output.count("operation=reset status=200"), sum(answers.values())
    with capsys.disabled():
        print(f"\nsimulation: {asked} requests were answered, {resets} times it began anew")
    assert resets >= asked


def test_it_plays_whole_lives_of_chats_and_every_operation_is_taken(serve, tmp_path, capsys):
    """With many chats for agent1; what of the service this runs through is measured and printed."""
    scenario, measured = tmp_path / "lives.yaml", tmp_path / "coverage"
    scenario.write_text(yaml.safe_dump(lives()), encoding="utf-8")
    service = serve("measured", "--scenario", str(scenario), COVERAGE_FILE=str(measured))

    answers = fuzz(service.url, tmp_path, *LIVES, "--phases", "examples,fuzzing,stateful", examples="150")
    fuzz(service.url, tmp_path, *AGENT, "--phases", "coverage", examples="1")
    service.end()

    taken = {str(name): counted(answers, name, 200) for name in OPERATIONS}
    asked, left = counted(answers, "Leave"), counted(answers, "Leave", 200)
    report = [sys.executable, "-m", "coverage", "report", f"--data-file={measured}", "--skip-covered"]
    with capsys.disabled():
        print(f"\ntaken: {taken}; {left} of {asked} requests to Leave were answered 200")
        print("reached by fuzzing alone:\n", subprocess.check_output(report, text=True, cwd=ROOT))
    assert [] == [name for name, count in taken.items() if not count]
    assert 10 * left >= asked


def fuzz(
    url: str,
    folder: Path,
    *options: str,
    examples: str = "100",
    seed: int | str = SEED,
    **environment: str,
) -> Answers:
    """Run schemathesis, expect it to find nothing, and count what was answered."""
    report = folder / "report.ndjson"
    run = subprocess.run(
        [
            *(SCHEMATHESIS, "--config-file", CONFIGURATION, "run", f"{url}/openapi.yaml"),
            *("--seed", str(seed), "--max-examples", examples, *options),
            *("--report", "ndjson", "--report-ndjson-path", report),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**os.environ, **environment},
    )
    assert 0 == run.returncode, run.stdout + run.stderr
    return answered(report)


def answered(report: Path) -> Answers:
    """Count the answers of a run by method, path, operationName and status."""
    answers: Answers = Counter()
    for line in report.read_text(encoding="utf-8").splitlines():
        recorder = json.loads(line).get("ScenarioFinished", {}).get("recorder", {})
        for case_id, interaction in recorder.get("interactions", {}).items():
            case, answer = recorder["cases"][case_id]["value"], interaction["response"]
            body = case.get("body")
            name = str(body.get("operationName")) if isinstance(body, dict) else ""
            if answer is not None:
                answers[case["method"], case["path"], name, answer["status_code"]] += 1
    return answers


def lives() -> dict:
    """A scenario in which agent1 has many chats, in turn at the beginning of each kind of life."""
    agents = [
        {"userName": f"agent{n}", "password": f"secret{n}", "features": ["api-multimedia"]}
        for n in range(1, 6)
    ]
    beginnings = [
        [{"agent": "agent1", "state": "Chatting"}, {"agent": "agent2", "state": "Chatting"}],
        [{"agent": "agent1", "state": "Invited"}],
        [{"agent": "agent1", "state": "Chatting"}],
    ]
    chats = [
        {"id": f"life{n:012d}", "customer": f"Customer {n}", "agents": beginnings[n % len(beginnings)]}
        for n in range(600)
    ]
    return {"agents": agents, "queues": {"support": ["agent3", "agent4", "agent5"]}, "chats": chats}


def counted(answers: Answers, name: str, status: int | None = None) -> int:
    """Count the requests for an operation, or those of them that had this answer."""
    return sum(
        count
        for (method, path, asked, had), count in answers.items()
        if (method, path, asked) == ("POST", "/api/v2/me/chats/{id}", name) and status in {None, had}
    )
