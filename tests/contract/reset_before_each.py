"""A schemathesis hook that resets the emulator before each request, so that faults do not remain."""

import httpx2
import schemathesis

client = httpx2.Client(trust_env=False)


@schemathesis.hook
def before_call(_, case, **__):
    response = client.post(f"{case.operation.base_url.rstrip('/')}/reset", json={})
    assert 200 == response.status_code, response.text
