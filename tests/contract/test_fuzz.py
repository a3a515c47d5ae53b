"""Schemathesis finds no error in the running emulator: all checks, all phases, both servers.

A longer run: `FUZZ_EXAMPLES=500 FUZZ_SEED=7 pytest tests/contract/test_fuzz.py`.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.contract.strategies import CUSTOMER_OPERATIONS

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
Responses = Counter[tuple[str, str, str, int]]
"""Number of responses by method, path, operationName and status."""


@pytest.mark.parametrize(("server", "examples"), [("uvicorn", "40"), ("flask", "10")])
def test_fuzzing_the_demo_finds_no_error(server, examples, serve, tmp_path, record_property):
    service = serve(server)
    examples = os.environ.get("FUZZ_EXAMPLES", examples)

    customer = fuzz(service.url, tmp_path, *CUSTOMER, examples=examples)
    agent = fuzz(service.url, tmp_path, *AGENT, examples=examples)

    record_property("figures", f"{server}: {agent.total()} requests of agent1, {customer.total()} of customers")
    assert agent["POST", "/api/v2/me/chats/{id}", "Leave", 200]
    assert customer["POST", "/api/v2/chats", "RequestChat", 200]
    accepted = {name: customer["POST", "/api/v2/chats/{id}", name, 200] for name in CUSTOMER_OPERATIONS}
    assert all(accepted.values()), accepted


def test_fuzzing_the_simulation_finds_no_error(serve, tmp_path, record_property):
    service = serve("uvicorn")
    examples = os.environ.get("FUZZ_EXAMPLES", "40")

    responses = fuzz(service.url, tmp_path, *SIMULATION, examples=examples, SCHEMATHESIS_HOOKS=HOOKS)

    resets = service.output.count("operation=reset status=200")
    record_property("figures", f"simulation: {responses.total()} requests, {resets} resets")
    assert resets >= responses.total()


def fuzz(url: str, folder: Path, *options: str, examples: str, **environment: str) -> Responses:
    """Run schemathesis, assert that it finds no error, and count the responses."""
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
