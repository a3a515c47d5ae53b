"""Schemathesis finds no error in the running emulator, and its requests reach every operation.

A longer run: `FUZZ_EXAMPLES=500 FUZZ_SEED=7 pytest tests/contract/test_fuzz.py`.
"""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import jsonschema_rs
import pytest

from tests.service import ROOT, Service

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
README = (ROOT / "README.md").read_text(encoding="utf-8")
SERVE = re.findall(r"gws-chat (--scenario fuzz)", README)[0]
FUZZ = re.findall(r"schemathesis (--config-file .*)", README)[0].replace(" tests/", f" {ROOT}/tests/")
PLAIN = "run http://localhost:8080/openapi.yaml"
SIMULATION = f"--config-file {ROOT}/tests/contract/simulation.toml run http://localhost:8080/simulation/openapi.yaml"
HOOKS = str(Path(__file__).with_name("reset_before_each.py"))


class Exchange(NamedTuple):
    """A request that schemathesis has sent, with the status of the response."""

    method: str
    path: str  # as in openapi.yaml
    chat: str | None
    body: Any
    status: int

    def is_accepted(self, *operations: str) -> bool:
        return self.status == 200 and isinstance(self.body, dict) and self.body.get("operationName") in operations


def test_readme_fuzzes_all_operations_and_many_leaves(document, serve, tmp_path, record_property):
    service = serve("uvicorn", *SERVE.split())

    exchanges = fuzz(service, tmp_path, FUZZ, examples="5")

    successful = {(each.method.lower(), each.path) for each in exchanges if each.status == 200}
    operations = {(method, path) for path, item in document["paths"].items() for method in {*item} - {"parameters"}}
    assert operations == successful & operations
    paths = {"/api/v2/me/chats/{id}", "/api/v2/chats/{id}"}
    on_chats = [each for each in exchanges if each.method == "POST" and each.path in paths]
    is_leave = jsonschema_rs.validator_for({**document, "$ref": "#/components/schemas/LeaveOperation"}).is_valid
    leaves = [each for each in on_chats if is_leave(each.body)]
    accepted = [each for each in leaves if each.is_accepted("Leave")]
    states = final_states(service)
    # the scenario has the chats `left...` in LeftChat from the start
    left = {each.chat for each in accepted if states.get(each.chat) == "LeftChat" and not each.chat.startswith("left")}
    ended_otherwise = {each.chat for each in on_chats if each.is_accepted("Complete", "Transfer")}
    figures = {
        "LeftChat": len(left),
        "Completed": len({each.chat for each in accepted} - ended_otherwise - {*states}),
        "with text": len([each for each in accepted if "text" in each.body]),
    }
    record_property("figures", f"{len(exchanges)} requests, {len(accepted)} of {len(leaves)} Leave accepted: {figures}")
    assert len(leaves) <= 2 * len(accepted)
    assert all(figure >= 20 for figure in figures.values()), figures


@pytest.mark.parametrize(
    ("serve_options", "options"),
    [pytest.param([], "", id="anonymous"), pytest.param(["--strict"], "--auth agent1:secret1", id="strict")],
)
def test_plain_fuzzing_of_the_demo_finds_no_error(serve_options, options, serve, tmp_path, record_property):
    exchanges = fuzz(serve("uvicorn", *serve_options), tmp_path, f"{PLAIN} {options}", examples="4")

    record_property("figures", f"{len(exchanges)} requests")


def test_fuzzing_the_simulation_finds_no_error(serve, tmp_path, record_property):
    service = serve("uvicorn")

    exchanges = fuzz(service, tmp_path, SIMULATION, examples="8", SCHEMATHESIS_HOOKS=HOOKS)

    resets = service.output.count("operation=reset status=200")
    record_property("figures", f"simulation: {len(exchanges)} requests, {resets} resets")
    assert resets >= len(exchanges)


def final_states(service: Service) -> dict[str, str]:
    """Return the states of the chats of agent1, by ID."""
    response = httpx2.get(f"{service.url}/api/v2/me/chats?fields=*", auth=("agent1", "secret1"), trust_env=False)
    return {chat["id"]: chat["state"] for chat in response.json()["chats"]}


def fuzz(service: Service, folder: Path, arguments: str, examples: str, **environment: str) -> list[Exchange]:
    """Run schemathesis, assert that it finds no error, and return the requests that it has sent."""
    report = folder / "report.ndjson"
    options = ["--seed", os.environ.get("FUZZ_SEED", "1"), "--max-examples", os.environ.get("FUZZ_EXAMPLES", examples)]
    options += ["--report", "ndjson", "--report-ndjson-path", str(report)]
    command = [SCHEMATHESIS, *shlex.split(arguments.replace("http://localhost:8080", service.url)), *options]
    environment = {**os.environ, **environment}
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert 0 == run.returncode, run.stdout + run.stderr
    return list(exchanges_in(report))


def exchanges_in(report: Path) -> Iterator[Exchange]:
    for line in report.read_text(encoding="utf-8").splitlines():
        recorder = json.loads(line).get("ScenarioFinished", {}).get("recorder", {})
        for case_id, interaction in recorder.get("interactions", {}).items():
            case, response = recorder["cases"][case_id]["value"], interaction["response"]
            if response is not None:
                chat = case.get("path_parameters", {}).get("id")
                yield Exchange(case["method"], case["path"], chat, case.get("body"), response["status_code"])
