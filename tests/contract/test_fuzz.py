"""Schemathesis against the running service: every check, every phase, under both servers.

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

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
SEED = os.environ.get("FUZZ_SEED", "1")
LEAVE = ("POST", "/api/v2/me/chats/{id}")


@pytest.mark.parametrize(("server", "examples"), [("uvicorn", "40"), ("flask", "20")])
def test_it_finds_no_fault_and_leaves_chats_indeed(server, examples, serve, tmp_path):
    service = serve(server)
    report = tmp_path / "report.ndjson"

    run = subprocess.run(
        [
            *(SCHEMATHESIS, "run", f"{service.url}/openapi.yaml", "--auth", "agent1:secret1"),
            *("--checks", "all", "--phases", "examples,coverage,fuzzing,stateful", "--seed", SEED),
            *("--max-examples", os.environ.get("FUZZ_EXAMPLES", examples)),
            *("--report", "ndjson", "--report-ndjson-path", report),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )

    assert 0 == run.returncode, run.stdout + run.stderr
    answers = answered(report)
    left, asked = answers[*LEAVE, 200], sum(count for key, count in answers.items() if key[:2] == LEAVE)
    print(f"{server}: {left} of {asked} requests to Leave were answered 200")
    assert 10 * left >= asked


def answered(report: Path) -> Counter[tuple[str, str, int]]:
    """Count the answers of a run by method, path and status."""
    answers: Counter[tuple[str, str, int]] = Counter()
    for line in report.read_text(encoding="utf-8").splitlines():
        recorder = json.loads(line).get("ScenarioFinished", {}).get("recorder", {})
        for case_id, interaction in recorder.get("interactions", {}).items():
            case, answer = recorder["cases"][case_id]["value"], interaction["response"]
            if answer is not None:
                answers[case["method"], case["path"], answer["status_code"]] += 1
    return answers
