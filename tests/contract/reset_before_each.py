"""Hooks of schemathesis: each request meets the scenario as it begins, with no fault left by another."""

from __future__ import annotations

import httpx2
import schemathesis

client = httpx2.Client(trust_env=False)


@schemathesis.hook
def before_call(_, case, **__):
    answer = client.post(f"{case.operation.base_url}simulation/reset", json={})
    assert 200 == answer.status_code, answer.text
