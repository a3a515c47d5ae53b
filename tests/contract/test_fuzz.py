"""Schemathesis finds no fault in the running emulator: all checks, all phases, both servers.

A longer run: `FUZZ_EXAMPLES=500 FUZZ_SEED=7 pytest tests/contract/test_fuzz.py`.
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

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
HOOKS = str(Path(__file__).with_name("reset_before_each.py"))
CUSTOMERS_ONLY = ("request_chat", "perform_customer_operation", "list_customer_messages")
AGENT = (
    *("--auth", "agent1:secret1", "--exclude-tag", "Simulation"),
    *(each for name in CUSTOMERS_ONLY for each in ("--exclude-operation-id", name)),
)
# There is no state to explore: each request is preceded by a reset.
SIMULATION = ("--include-tag", "Simulation", "--phases", "examples,coverage,fuzzing")
CUSTOMER = ("--header", "ContactCenterId: any", "--include-tag", "Customers")
CHATS = (
    *("--auth", "agent1:secret1", "--mode", "positive", "--phases", "examples,fuzzing,stateful"),
    *("--include-operation-id", "list_chats", "--include-operation-id", "get_chat"),
    *("--include-operation-id", "perform_chat_operation"),
)
Responses = Counter[tuple[str, str, str, int]]
"""Number of responses by method, path, operationName and status."""


@pytest.mark.parametrize(("server", "examples"), [("uvicorn", "40"), ("flask", "10")])
def test_fuzzing_the_demo_finds_nothing(server, examples, serve, tmp_path, record_property):
    service = serve(server)
    examples = os.environ.get("FUZZ_EXAMPLES", examples)

    customer = fuzz(service.url, tmp_path, *CUSTOMER, examples=examples)
    agent = fuzz(service.url, tmp_path, *AGENT, examples=examples)

    record_property(
        "figures", f"{server}: {agent.total()} requests of agent1, {customer.total()} of customers"
    )
    assert agent["POST", "/api/v2/me/chats/{id}", "Leave", 200]
    assert customer["POST", "/api/v2/chats", "RequestChat", 200]
    accepted = {name: customer["POST", "/api/v2/chats/{id}", name, 200] for name in customers.OPERATIONS}
    assert all(accepted.values()), accepted


def test_fuzzing_the_simulation_finds_nothing(serve, tmp_path, record_property):
    service = serve("uvicorn")
    examples = os.environ.get("FUZZ_EXAMPLES", "40")

    responses = fuzz(service.url, tmp_path, *SIMULATION, examples=examples, SCHEMATHESIS_HOOKS=HOOKS)

    resets = service.output.count("operation=reset status=200")
    record_property("figures", f"simulation: {responses.total()} requests, {resets} resets")
    assert resets >= responses.total()


def test_fuzzing_many_chats_reaches_every_operation(serve, tmp_path, record_property):
    scenario = tmp_path / "chats.yaml"
    scenario.write_text(yaml.safe_dump(many_chats()), encoding="utf-8")
    service = serve("uvicorn", "--scenario", str(scenario))

    responses = fuzz(service.url, tmp_path, *CHATS, examples="150")

    accepted, requested = Counter(), Counter()
    for (method, _, name, status), count in responses.items():
        if method == "POST":
            requested[name] += count
            accepted[name] += count * (status == 200)
    record_property("figures", f"accepted {dict(accepted)} of {dict(requested)}")
    assert set(OPERATIONS) <= set(+accepted)
    assert 10 * accepted["Leave"] >= requested["Leave"]


def fuzz(url: str, folder: Path, *options: str, examples: str, **environment: str) -> Responses:
    """Run schemathesis, assert that it finds nothing, and count the responses."""
    report = folder / "report.ndjson"
    run = subprocess.run(
        [
            *(SCHEMATHESIS, "--config-file", CONFIGURATION, "run", f"{url}/openapi.yaml"),
            *("--seed", os.environ.get("FUZZ_SEED", "1"), "--max-examples", examples, *options),
            *("--report", "ndjson", "--report-ndjson-path", report),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**os.environ, **environment},
    )
    assert 0 == run.returncode, run.stdout + run.stderr
    responses: Responses = Counter()
    for line in report.read_text(encoding="utf-8").splitlines():
        recorder = json.loads(line).get("ScenarioFinished", {}).get("recorder", {})
        for case_id, interaction in recorder.get("interactions", {}).items():
            case, response = recorder["cases"][case_id]["value"], interaction["response"]
            body = case.get("body")
            name = str(body.get("operationName")) if isinstance(body, dict) else ""
            if response is not None:
                responses[case["method"], case["path"], name, response["status_code"]] += 1
    return responses


def many_chats() -> dict:
    """Return a scenario in which agent1 has 200 chats in each of three initial states."""
    agents = [
        {"userName": f"agent{n}", "password": f"secret{n}", "features": ["api-multimedia"]}
        for n in range(1, 6)
    ]
    initial_states = [
        [{"agent": "agent1", "state": "Chatting"}, {"agent": "agent2", "state": "Chatting"}],
        [{"agent": "agent1", "state": "Invited"}],
        [{"agent": "agent1", "state": "Chatting"}],
    ]
    chats = [
        {"id": f"life{n:012d}", "customer": f"Customer {n}", "agents": initial_states[n % 3]}
        for n in range(600)
    ]
    return {"agents": agents, "queues": {"support": ["agent3", "agent4", "agent5"]}, "chats": chats}
