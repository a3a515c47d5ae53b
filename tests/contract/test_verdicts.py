"""What the gateway lets through and what it refuses is what connexion's own validators would.

The same requests, made from the document for every operation, valid and broken, go through the service and
through connexion as shipped over the same document; where the two differ by decision, a table says why.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

import connexion
import pytest
import schemathesis
import yaml
from connexion.lifecycle import ConnexionResponse
from connexion.resolver import Resolver
from hypothesis import HealthCheck, Phase, given, settings
from requests import Request
from schemathesis import GenerationMode

from handlers.app import build, document_path
from handlers.settings import Settings

REFUSED = frozenset({400, 415})
"""What validation answers; 403 and 404 are the rules' business, which see what it let through."""
BROKEN = REFUSED | {500}
"""connexion's answers: what is not UTF-8, it does not survive."""
EXAMPLES = 60
CHATS, CHAT = "/api/v2/me/chats", "/api/v2/me/chats/0071023821aec011"
EXCHANGE = "/api/v2/notifications"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
LEAVE = b'{"operationName":"Leave"}'
AGENT = b"authorization", b"Basic YWdlbnQxOnNlY3JldDE="
CUSTOMER = b"contactcenterid", b"any"
PARTS = frozenset({"method", "url", "params", "json", "data", "headers"})
QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


def read_document() -> dict[str, Any]:
    """Return the document, open to all: the credentials are this module's own."""
    document = yaml.safe_load(document_path().read_text(encoding="utf-8"))
    for item in document["paths"].values():
        for operation in item.keys() & {"get", "post"}:
            item[operation]["security"] = []
    return document


def kinds_of_requests() -> list[Any]:
    """Every operation with requests as the document has them, and with broken ones where that is possible."""
    return [
        pytest.param(operation, mode, id=f"{operation.label} {mode.value}")
        for operation in (
            each.ok() for each in schemathesis.openapi.from_dict(read_document()).get_all_operations()
        )
        for mode in GenerationMode
        if mode is GenerationMode.POSITIVE or operation.query or operation.body
    ]


def made_of(operation, mode) -> list[tuple[str, str, bytes, str | None]]:
    """Have requests made: method, address, body and media type of each."""
    made = []

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=QUIET,
    )
    @given(operation.as_strategy(generation_mode=mode))
    def collect(case):
        if mode is GenerationMode.POSITIVE and "timeout" in case.query:
            case.query["timeout"] = 0  # it would be waited for
        sent = case.as_transport_kwargs(base_url="http://localhost:8080")
        sent = Request(**{name: sent[name] for name in sent.keys() & PARTS}).prepare()
        body = sent.body or b""
        body = body.encode() if isinstance(body, str) else body
        made.append((sent.method, sent.url, body, sent.headers.get("Content-Type")))

    collect()
    return made


async def answer(asgi, method: str, target: str, body: bytes, media_type: str | None) -> int:
    """Hand a request to an application, and return the status of its answer."""
    address = urlsplit(target)
    is_customer = address.path.startswith("/api/v2/chats")
    headers = [(b"host", b"localhost:8080"), CUSTOMER if is_customer else AGENT]
    headers += [] if media_type is None else [(b"content-type", media_type.encode())]
    headers += [(b"content-length", b"%d" % len(body))] if body else []
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(address.path),
        "raw_path": address.path.encode(),
        "root_path": "",
        "query_string": address.query.encode(),
        "headers": headers,
        "server": ("localhost", 8080),
        "client": ("127.0.0.1", 1),
    }
    statuses = []

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await asgi(scope, receive, send)
    return statuses[0]


@pytest.fixture(scope="module")
def service():
    return build(Settings()).asgi


@pytest.fixture(scope="module")
def shipped():
    """connexion as shipped, strict about unknown parameters as the service is; its handlers take all."""

    async def take(**_):
        return ConnexionResponse(mimetype=JSON, body="{}")

    app = connexion.AsyncApp(__name__, strict_validation=True)
    app.add_api(read_document(), resolver=Resolver(lambda _: take))
    return app


@pytest.mark.parametrize(("operation", "mode"), kinds_of_requests())
async def test_a_generated_request_gets_connexions_verdict(operation, mode, service, shipped):
    differing = []
    for request in made_of(operation, mode):
        ours, theirs = await answer(service, *request), await answer(shipped, *request)
        if (ours in REFUSED) != (theirs in BROKEN):
            differing.append((*request, ours, theirs))

    assert [] == differing


@pytest.mark.parametrize(
    ("request_", "ours", "theirs"),
    [
        pytest.param(
            ("POST", CHAT, b'{"operationName":"AttachUserData","userData":{"a":NaN}}', JSON),
            *(400, 200),
            id="NaN: no answer could repeat it in JSON",
        ),
        pytest.param(
            ("POST", CHAT, b'{"operationName":"AttachUserData","userData":{"a":1e999}}', JSON),
            *(400, 200),
            id="a number out of range: it becomes an infinity",
        ),
        pytest.param(
            ("POST", CHAT, b'{"operationName":"SendMessage","text":"\\ud800"}', JSON),
            *(400, 200),
            id="half a surrogate pair: no answer could repeat it in UTF-8",
        ),
        pytest.param(
            ("POST", CHAT, b'{"operationName":"Leave","text":"\xff"}', JSON),
            *(400, 500),
            id="not UTF-8: a client's fault is not the service's",
        ),
        pytest.param(
            ("POST", CHAT, LEAVE, None), *(415, 200), id="no media type: only CometD's clients leave it out"
        ),
        pytest.param(
            ("POST", CHAT, LEAVE, f"{JSON}; charset=latin-1"),
            *(415, 200),
            id="another charset: it would be read as what it is not",
        ),
        pytest.param(
            ("GET", f"{CHATS}?fields=*&fields=*", b"", None),
            *(400, 200),
            id="a parameter given twice: nobody says which one is meant",
        ),
        pytest.param(
            ("POST", EXCHANGE, b"message=%5B%7B%22channel%22%3A%22%2Fmeta%2Fconnect%22%7D%5D", FORM),
            *(200, 415),
            id="a form of messages: CometD has it",
        ),
    ],
)
async def test_where_the_verdicts_differ_it_is_decided(request_, ours, theirs, service, shipped):
    assert (ours, theirs) == (await answer(service, *request_), await answer(shipped, *request_))
