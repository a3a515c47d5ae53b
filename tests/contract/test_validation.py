"""The gateway accepts and rejects the same requests as connexion's own validators.

Requests generated from both OpenAPI documents and from that of `--strict`, valid and invalid, go to the emulator and to
an unmodified connexion application. tests/gateway covers the intended differences, such as numbers that are not finite.
"""

from copy import deepcopy
from typing import Any
from urllib.parse import urlsplit

import connexion
import httpx2
import pytest
import schemathesis
from connexion.lifecycle import ConnexionResponse
from connexion.resolver import Resolver
from hypothesis import HealthCheck, Phase, given, settings
from requests import Request
from schemathesis import GenerationMode

from gws_chat.app import build
from gws_chat.gateway.openapi import strict_content
from gws_chat.settings import Settings
from tests.contract.examples import DOCUMENT, SIMULATION, base_of

REJECTED = frozenset({400, 415})
"""The statuses of failed validation. 403 and 404 come from the rules behind it."""
REJECTED_BY_CONNEXION = REJECTED | {500}
"""connexion responds 500 to a body that is not UTF-8."""
PARTS = frozenset({"method", "url", "params", "json", "data", "headers"})


def without_security(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document without security: this module sends its own credentials."""
    document = deepcopy(document)
    for item in document["paths"].values():
        for operation in item.keys() & {"get", "post"}:
            item[operation]["security"] = []
    return document


PUBLIC_DOCUMENTS = {
    name: without_security(document)
    for name, document in {"default": DOCUMENT, "strict": strict_content(DOCUMENT), "simulation": SIMULATION}.items()
}


def operations_and_modes() -> list[Any]:
    """Combine every operation with valid requests and, where it has parameters, with invalid ones."""
    return [
        pytest.param(name, operation, mode, id=f"{name} {operation.label} {mode.value}")
        for name, document in PUBLIC_DOCUMENTS.items()
        for operation in (each.ok() for each in schemathesis.openapi.from_dict(document).get_all_operations())
        for mode in GenerationMode
        if mode is GenerationMode.POSITIVE or operation.query or operation.body
    ]


def generate(operation, mode) -> list[tuple[str, str, bytes, str | None]]:
    """Generate requests: method, URL, body and media type of each."""
    requests = []

    @settings(
        max_examples=20,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
    @given(operation.as_strategy(generation_mode=mode))
    def collect(case):
        if mode is GenerationMode.POSITIVE and "timeout" in case.query:
            case.query["timeout"] = 0  # the emulator would wait
        arguments = case.as_transport_kwargs(base_url=f"http://localhost:8080{base_of(operation.schema.raw_schema)}")
        request = Request(**{name: arguments[name] for name in arguments.keys() & PARTS}).prepare()
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        requests.append((request.method, request.url, body, request.headers.get("Content-Type")))

    collect()
    return list(dict.fromkeys(requests))


async def status_of(asgi, method: str, url: str, body: bytes, media_type: str | None) -> int:
    """Send a request to an application, and return the status of its response."""
    is_customer = urlsplit(url).path.startswith("/api/v2/chats")
    headers = {"ContactCenterId": "any"} if is_customer else {"Authorization": "Basic YWdlbnQxOnNlY3JldDE="}
    headers |= {} if media_type is None else {"Content-Type": media_type}
    transport = httpx2.ASGITransport(asgi)
    request = httpx2.Request(method, httpx2.URL("http://localhost:8080").join(url), headers=headers, content=body)
    return (await transport.handle_async_request(request)).status_code


@pytest.fixture(scope="module")
def emulators():
    return {name: build(Settings(strict=name == "strict")).asgi for name in PUBLIC_DOCUMENTS}


@pytest.fixture(scope="module")
def plain_connexion():
    """Unmodified connexion applications. Those of strict documents reject unknown query parameters."""

    async def accept(**_):
        return ConnexionResponse(mimetype="application/json", body="{}")

    apps = {}
    for name, document in PUBLIC_DOCUMENTS.items():
        apps[name] = connexion.AsyncApp(__name__, strict_validation=document.get("x-strict", False))
        apps[name].add_api(document, resolver=Resolver(lambda _: accept))
    return apps


@pytest.mark.parametrize(("name", "operation", "mode"), operations_and_modes())
async def test_generated_requests_are_validated_as_by_connexion(name, operation, mode, emulators, plain_connexion):
    differences = []
    for request in generate(operation, mode):
        actual, expected = await status_of(emulators[name], *request), await status_of(plain_connexion[name], *request)
        if (actual in REJECTED) != (expected in REJECTED_BY_CONNEXION):
            differences.append((*request, actual, expected))

    assert [] == differences
