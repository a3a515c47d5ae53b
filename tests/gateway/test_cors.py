"""Only pages of the configured origins may read the responses."""

import pytest

from gws_chat.app import build
from gws_chat.settings import Settings
from tests.agents import COMETD_PATH
from tests.service import client_of

ALLOWED, ALSO_ALLOWED = "http://localhost:3000", "https://desk.example"
ME = "/api/v2/me"
CHAT = "/api/v2/me/chats/0071023821aec011"
BROKEN = "/api/v2/me/chats/0000Na9B26EF002X"
AGENT1 = ("agent1", "secret1")
PREFLIGHT_HEADERS = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
VARY = {"vary": "Origin"}
READABLE = VARY | {
    "access-control-allow-origin": ALLOWED,
    "access-control-allow-credentials": "true",
    "access-control-expose-headers": "X-CSRF-HEADER, X-CSRF-TOKEN",
}
PREFLIGHT = READABLE | {
    "access-control-allow-methods": "GET, POST, PUT, DELETE, OPTIONS",
    "access-control-allow-headers": (
        "X-Requested-With, Content-Type, Accept, Origin, Authorization, ContactCenterId, X-CSRF-TOKEN"
    ),
    "access-control-max-age": "120",
}
RESPONSES = [
    # one for each part of the stack that responds: status, method, path, options
    (200, "GET", ME, {"auth": AGENT1}),
    (200, "POST", COMETD_PATH, {"auth": AGENT1, "json": {"channel": "/meta/connect"}}),
    (403, "POST", COMETD_PATH, {"json": []}),
    (404, "GET", "/api/v2/you", {}),
    (405, "OPTIONS", CHAT, {}),
    (413, "POST", CHAT, {"auth": AGENT1, "content": b" " * 1048577}),
    (500, "GET", BROKEN, {"auth": AGENT1}),
    (200, "GET", "/openapi.yaml", {}),
    (200, "GET", "/ui/", {}),
]


def application_with(settings):
    application = build(settings)
    application.scenario.chats[1].participations = None  # makes BROKEN fail
    return application


@pytest.fixture(scope="module")
def application():
    return application_with(Settings(cors_origin=(ALLOWED, ALSO_ALLOWED)))


def cors(response):
    """Return the headers of a response that concern origins."""
    return {
        name: value for name, value in response.headers.items() if name.startswith("access-control-") or name == "vary"
    }


async def responses(http, **headers):
    """Send every request of RESPONSES with these headers and return the statuses with the CORS headers."""
    received = []
    for _, method, path, options in RESPONSES:
        http.cookies.clear()
        response = await http.request(method, path, headers=headers, **options)
        received.append((response.status_code, cors(response)))
    return received


@pytest.mark.parametrize(
    ("headers", "expected"), [({"Origin": ALLOWED}, READABLE), ({}, VARY)], ids=["allowed origin", "none"]
)
async def test_every_response_has_the_headers_for_its_origin(http, headers, expected):
    assert [(status, expected) for status, *_ in RESPONSES] == await responses(http, **headers)


@pytest.mark.parametrize("headers", [{}, {"Origin": ALLOWED}, {"Origin": ALLOWED, **PREFLIGHT_HEADERS}])
async def test_without_the_setting_responses_have_no_cors_headers(headers):
    async with client_of(application_with(Settings())) as http:
        received = await responses(http, **headers)

    assert [(status, {}) for status, *_ in RESPONSES] == received


async def test_response_names_the_requesting_origin(http):
    response = await http.get("/health", headers={"Origin": ALSO_ALLOWED})

    assert READABLE | {"access-control-allow-origin": ALSO_ALLOWED} == cors(response)


@pytest.mark.documented
@pytest.mark.parametrize("path", [ME, COMETD_PATH, "/api/v2/you"])
async def test_preflight_of_an_allowed_origin_succeeds(http, path):
    response = await http.options(path, headers={"Origin": ALLOWED, **PREFLIGHT_HEADERS})

    allowed_headers = f"{PREFLIGHT['access-control-allow-headers']}, content-type"
    expected = PREFLIGHT | {"access-control-allow-headers": allowed_headers}
    assert (204, expected, b"") == (response.status_code, cors(response), response.content)


@pytest.mark.parametrize(
    "header",
    ["traceparent", "tracestate", "baggage", "sentry-trace", "b3", "X-Datadog-Trace-Id", "cache-control", "pragma"],
)
async def test_pages_of_allowed_origins_may_send_any_header(http, header):
    asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": f"authorization,{header}"}

    response = await http.options(ME, headers={"Origin": ALLOWED, **asked})

    assert (
        f"{PREFLIGHT['access-control-allow-headers']}, authorization,{header}"
        == (response.headers["access-control-allow-headers"])
    )


@pytest.mark.parametrize(("origin", "expected"), [(ALLOWED, "true"), ("http://localhost:3001", None)])
async def test_only_allowed_origins_may_reach_a_private_network(http, origin, expected):
    asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Private-Network": "true"}

    response = await http.options(ME, headers={"Origin": origin, **asked})

    assert expected == response.headers.get("access-control-allow-private-network")


@pytest.mark.parametrize(
    ("origin", "is_allowed"),
    [
        ("https://desk.example.com", True),
        ("https://desk-2.example.com", True),
        ("http://a.dev.example:8080", True),
        ("null", True),
        ("https://example.com", False),
        ("https://a.desk.example.com", False),
        ("https://desk.example.com:8443", False),
        ("http://desk.example.com", False),
        ("https://desk.example.com.attacker.example", False),
        ("https://attacker.example/.example.com", False),
        ("https://attacker.example://desk.example.com", False),
        ("https://.example.com", False),
        ("https://a@b.example.com", False),
        ("https://attackerexample.com", False),
        ("http://a.dev.example", False),
        ("null, null", False),
    ],
)
async def test_origins_can_have_one_wildcard_label(origin, is_allowed):
    allowed = ("https://*.example.com", "http://*.dev.example:8080", "null")
    async with client_of(build(Settings(cors_origin=allowed))) as http:
        response = await http.get("/health", headers={"Origin": origin})

    assert (READABLE | {"access-control-allow-origin": origin} if is_allowed else VARY) == cors(response)


@pytest.mark.parametrize(
    ("settings", "origin", "path", "status"),
    [
        (Settings(cors_origin=(ALLOWED,)), ALLOWED, ME, 204),
        (Settings(cors_origin=(ALLOWED,)), ALSO_ALLOWED, ME, 405),
        (Settings(), ALLOWED, ME, 405),
        (Settings(cors_origin=(ALLOWED,)), "null", "/nope", 404),
        (Settings(), "http://attacker.example", "/simulation/reset", 403),
    ],
)
async def test_preflights_are_recorded_with_their_origin(settings, origin, path, status):
    records = []
    async with client_of(build(settings, observers=[records.append])) as http:
        await http.options(path, headers={"Origin": origin, **PREFLIGHT_HEADERS})
        await http.get(ME, headers={"Origin": origin})

    assert [(status, origin), (403, None)] == [(record.status, record.origin) for record in records]


@pytest.mark.parametrize(
    "origin",
    ["http://localhost:3001", "https://localhost:3000", "http://localhost:3000, https://desk.example", "null", ""],
)
async def test_disallowed_origin_gets_no_cors_headers(http, origin):
    response = await http.get("/health", headers={"Origin": origin})
    preflight = await http.options(CHAT, headers={"Origin": origin, **PREFLIGHT_HEADERS})

    message = "method: must be one of GET, HEAD, POST, got OPTIONS"
    assert (200, VARY) == (response.status_code, cors(response))
    assert (405, VARY) == (preflight.status_code, cors(preflight))
    assert {"statusCode": 3, "statusMessage": message} == preflight.json()
