"""Every error has one shape, and the first fault in the table of errors decides status and code."""

import inspect

import pytest

from gws_chat.app import build
from gws_chat.domain import errors as domain_errors
from gws_chat.gateway import errors as gateway_errors
from gws_chat.gateway.error_responses import STATUSES
from gws_chat.settings import Settings

ME = "/api/v2/me"
CHATS = "/api/v2/me/chats"
ALONE = "/api/v2/me/chats/0071023821aec011"
INVITED = "/api/v2/me/chats/0000Na9B26EF004Z"
UNKNOWN = "/api/v2/me/chats/nope"
COMETD = "/api/v2/notifications"
LEAVE = {"operationName": "Leave"}
TOO_LARGE = b" " * (1024 * 1024 + 1)
JSON = {"Content-Type": "application/json"}
TEXT = {"Content-Type": "text/plain"}
AGENT2, VOICE = ("agent2", "secret2"), ("voiceonly", "secret4")


def concrete_errors(module):
    """Return the exceptions of the module that have no subclass in it."""
    kinds = [kind for _, kind in inspect.getmembers(module, inspect.isclass)]
    return [kind for kind in kinds if not any(other is not kind and issubclass(other, kind) for other in kinds)]


def summary(response):
    """Return status, media type, code, members, and the number of lines of the message."""
    content = response.json()
    return (
        response.status_code,
        response.headers["content-type"],
        content["statusCode"],
        list(content),
        len(content["statusMessage"].splitlines()),
    )


def expected_summary(status, code):
    return status, "application/json", code, ["statusCode", "statusMessage"], 1


@pytest.fixture(scope="module")
def application():
    """Return one application for the module: an error changes nothing. It is strict, so unknown names are errors."""
    return build(Settings(strict=True))


@pytest.fixture
def send(http):
    """Send a request as agent1 unless the options contain other credentials."""

    async def send_request(method, path, **options):
        return await http.request(method, path, **{"auth": ("agent1", "secret1"), **options})

    return send_request


@pytest.fixture
def state(http):
    """Read all chats of all agents."""

    async def read():
        accounts = {"agent1": "secret1", "agent2": "secret2", "agent3": "secret3"}
        responses = [await http.get(f"{CHATS}?fields=*", auth=account) for account in accounts.items()]
        http.cookies.clear()
        return [response.json() for response in responses]

    return read


@pytest.mark.parametrize("kind", concrete_errors(domain_errors) + concrete_errors(gateway_errors))
def test_every_error_has_a_status_and_code(kind):
    # an injected error has its own status
    assert kind in STATUSES or kind is gateway_errors.InjectedError


TABLE = [
    # in the order of the table of errors: each request has the named fault, and later ones too
    ("Host", 403, 3, "DELETE", "/nope?page=2", {"content": TOO_LARGE, "headers": TEXT | {"Host": "gws.example"}}),
    ("path", 404, 6, "DELETE", "/nope?page=2", {"auth": None, "content": TOO_LARGE, "headers": TEXT}),
    ("method", 405, 3, "DELETE", f"{UNKNOWN}?page=2", {"auth": None, "content": TOO_LARGE, "headers": TEXT}),
    ("Access denied", 403, 20, "POST", UNKNOWN, {"auth": None, "content": TOO_LARGE, "headers": TEXT}),
    ("body", 413, 10, "POST", f"{UNKNOWN}?page=2", {"auth": VOICE, "content": TOO_LARGE, "headers": TEXT}),
    ("Content-Type", 415, 2, "POST", f"{UNKNOWN}?page=2", {"auth": VOICE, "content": b"{", "headers": TEXT}),
    ("body", 400, 2, "POST", f"{UNKNOWN}?page=2", {"auth": VOICE, "content": b"{", "headers": JSON}),
    ("operationName", 400, 1, "POST", f"{UNKNOWN}?page=2", {"auth": VOICE, "json": {"text": 5, "x": ""}}),
    ("text", 400, 1, "POST", f"{UNKNOWN}?page=2", {"auth": VOICE, "json": LEAVE | {"treatAs": "Loud"}}),
    ("page", 400, 2, "POST", f"{UNKNOWN}?page=2", {"auth": VOICE, "json": LEAVE | {"text": ""}}),
    ("reason", 400, 2, "POST", UNKNOWN, {"auth": VOICE, "json": LEAVE | {"text": "", "reason": "x"}}),
    ("text", 400, 10, "POST", UNKNOWN, {"auth": VOICE, "json": LEAVE | {"text": ""}}),
    ("features", 403, 5, "POST", UNKNOWN, {"auth": VOICE, "json": LEAVE}),
    ("features", 403, 5, "GET", UNKNOWN, {"auth": VOICE}),
    ("id", 404, 6, "POST", INVITED, {"json": LEAVE | {"text": "x"}}),
    ("operationName", 403, 3, "POST", INVITED, {"auth": AGENT2, "json": LEAVE}),
]


@pytest.mark.assumed(
    "errors.several",
    "errors.large-body",
    "errors.missing-feature",
    "errors.media-type-415",
    "errors.not-json",
    "errors.missing-operation",
)
@pytest.mark.parametrize(
    ("field", "status", "code", "method", "path", "options"),
    [pytest.param(*row, id=f"{row[1]}-{row[2]}-{row[0]}") for row in TABLE],
)
async def test_first_fault_decides_and_nothing_changes(send, state, field, status, code, method, path, options):
    before = await state()

    response = await send(method, path, **options)

    assert expected_summary(status, code) == summary(response)
    assert field == response.json()["statusMessage"].partition(":")[0]
    assert "no-store" == response.headers["Cache-Control"]
    assert before == await state()


@pytest.mark.assumed("errors.unknown-path", "errors.unknown-chat", "errors.unknown-chat-get")
@pytest.mark.parametrize(
    "path",
    [
        "/nope",
        "/ui/nope.js",
        "/api/v2/me%0A",
        f"{ALONE}/messages%0A",
        "/api//v2/me",
        INVITED,
        UNKNOWN,
        f"{CHATS}/a%2Fb",
        f"{CHATS}/{'x' * 5000}",
        f"{CHATS}/%E2%80%A8%0A",
        f"{CHATS}/%FF",
    ],
)
async def test_unknown_path_or_chat_is_not_found(send, path):
    response = await send("GET", path)

    assert expected_summary(404, 6) == summary(response)


@pytest.mark.assumed("errors.wrong-method")
@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PROPFIND", ME, "GET, HEAD, POST"),
        ("DELETE", CHATS, "GET, HEAD"),
        ("TRACE", ALONE, "GET, HEAD, POST"),
        ("GET", COMETD, "POST"),
        ("POST", "/openapi.yaml", "GET, HEAD"),
        ("DELETE", "/ui/", "GET, HEAD"),
    ],
)
async def test_wrong_method_is_rejected_with_the_allowed_ones(send, method, path, allowed):
    response = await send(method, path)

    message = f"method: must be one of {allowed}, got {method}"
    assert expected_summary(405, 3) == summary(response)
    assert (allowed, message) == (response.headers["allow"], response.json()["statusMessage"])


@pytest.mark.assumed("errors.head")
@pytest.mark.parametrize(
    "path", [ME, "/health", "/openapi.yaml", "/openapi.json", "/ui/", "/", "/nope", UNKNOWN, f"{CHATS}?page=2"]
)
async def test_head_has_the_status_and_headers_of_get(http, send, path):
    get = await send("GET", path)
    http.cookies.clear()

    head = await send("HEAD", path)

    assert (get.status_code, get.headers) == (head.status_code, head.headers)


class Broken(dict):
    """A mapping whose lookups fail."""

    def __getitem__(self, key):
        raise RuntimeError(f"the disk with {len(key)} digits is on fire")


class TestUnexpectedError:
    """An exception that is missing from the table."""

    @pytest.fixture
    def application(self):
        """Return an application in which agent1's chat fails."""
        application = build(Settings())
        chat = application.scenario.chats[0]
        chat.participations = Broken(chat.participations)
        return application

    async def test_details_are_logged_and_not_sent(self, send, caplog):
        read, left = await send("GET", ALONE), await send("POST", ALONE, json=LEAVE)
        next_response = await send("GET", ME)

        message = "internal error, see the log of the service"
        assert expected_summary(500, 4) == summary(read) == summary(left)
        assert {"statusCode": 4, "statusMessage": message} == read.json() == left.json()
        assert 200 == next_response.status_code
        details = "the disk with 32 digits is on fire"
        assert [(f"GET {ALONE!r}", details), (f"POST {ALONE!r}", details)] == [
            (record.getMessage(), str(record.exc_info[1])) for record in caplog.records
        ]

    async def test_cometd_request_that_fails_gets_an_error_response(self, send, application):
        application.cometd.exchange = None

        response = await send("POST", COMETD, json=[{"channel": "/meta/connect"}])

        assert expected_summary(500, 4) == summary(response)
