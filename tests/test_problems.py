"""Every error is answered in the one shape, with the status and the code of the first row that fits."""

import inspect

import pytest

from handlers.app import build
from handlers.domain import errors as domain_errors
from handlers.gateway import errors as gateway_errors
from handlers.problems import PROBLEMS
from handlers.settings import Settings

ME = "/api/v2/me"
CHATS = "/api/v2/me/chats"
ALONE = "/api/v2/me/chats/0071023821aec011"
INVITED = "/api/v2/me/chats/0000Na9B26EF004Z"
EXCHANGE = "/api/v2/notifications"
LEAVE = {"operationName": "Leave"}
MEBIBYTE = 1024 * 1024
JSON = {"Content-Type": "application/json"}
TEXT = {"Content-Type": "text/plain"}
VOICE = ("voiceonly", "secret4")
AGENT2 = ("agent2", "secret2")


def leaves(module):
    """Every exception of the module that none of the others specialises."""
    kinds = [kind for _, kind in inspect.getmembers(module, inspect.isclass)]
    return [
        kind for kind in kinds if not any(other is not kind and issubclass(other, kind) for other in kinds)
    ]


async def in_pieces(size):
    """Yield a body whose length is not announced."""
    for _ in range(size // 65536):
        yield b" " * 65536
    yield b" "


def problem(answer):
    """What every error has: status, media type, code, members, lines of its message."""
    content = answer.json()
    return (
        answer.status_code,
        answer.headers["content-type"],
        content["statusCode"],
        list(content),
        len(content["statusMessage"].splitlines()),
    )


def as_designed(status, code):
    return status, "application/json", code, ["statusCode", "statusMessage"], 1


@pytest.fixture(scope="module")
def application():
    """One for all of these tests, since an error changes nothing."""
    return build(Settings())


@pytest.fixture
def ask(http):
    """Send a request as agent1, or as the options say."""

    async def send(method, path, **options):
        return await http.request(method, path, **{"auth": ("agent1", "secret1"), **options})

    return send


@pytest.fixture
def everything(http):
    """Read every chat of every agent, as it is now."""

    async def read():
        accounts = {"agent1": "secret1", "agent2": "secret2", "agent3": "secret3"}
        answers = [await http.get(f"{CHATS}?fields=*", auth=account) for account in accounts.items()]
        return [answer.json() for answer in answers]

    return read


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, id=kind.__name__) for kind in leaves(domain_errors) + leaves(gateway_errors)]
)
def test_every_refusal_has_a_row(kind):
    # what a test provokes brings its own statuses
    assert kind in PROBLEMS or kind is gateway_errors.Provoked


ROWS = [
    pytest.param("GET", "/nope", {}, 404, 6, id="unknown path: below the root"),
    pytest.param("GET", "/page/nope.js", {}, 404, 6, id="unknown path: of the page"),
    pytest.param("GET", "/api/v2/nope", {}, 404, 6, id="unknown path: below the API"),
    pytest.param("GET", "/nope%0Anope", {}, 404, 6, id="unknown path: of two lines"),
    pytest.param("GET", "http://localhost:8080//api/v2/me", {}, 404, 6, id="unknown path: two slashes ahead"),
    pytest.param("GET", "/api/v2//me", {}, 404, 6, id="unknown path: two slashes within"),
    pytest.param("GET", "/api/v2/me%0A", {}, 404, 6, id="unknown path: a line break at the end"),
    pytest.param("GET", "/ui/nope.js", {}, 404, 6, id="unknown path: in the documentation"),
    pytest.param("DELETE", ALONE, {}, 405, 3, id="another method"),
    pytest.param("TRACE", ALONE, {}, 405, 3, id="another method: TRACE"),
    pytest.param("PROPFIND", ME, {}, 405, 3, id="another method: not HTTP's own"),
    pytest.param("GET", EXCHANGE, {}, 405, 3, id="another method: of the exchange"),
    pytest.param("POST", "/openapi.yaml", {}, 405, 3, id="another method: of the document"),
    pytest.param("POST", "/", {}, 405, 3, id="another method: of the page"),
    pytest.param("GET", ME, {"auth": None}, 403, 20, id="no credentials"),
    pytest.param("GET", ME, {"auth": ("agent1", "secret2")}, 403, 20, id="a wrong password"),
    pytest.param("POST", EXCHANGE, {"auth": None, "json": []}, 403, 20, id="no credentials for the exchange"),
    pytest.param("POST", ALONE, {"content": b" " * (MEBIBYTE + 1)}, 413, 10, id="body over the limit"),
    pytest.param("POST", ALONE, {"content": b"{}", "headers": TEXT}, 415, 2, id="another media type"),
    pytest.param("POST", ALONE, {"content": b"{}"}, 415, 2, id="no media type"),
    pytest.param("POST", ALONE, {"data": {"operationName": "Leave"}}, 415, 2, id="a form"),
    pytest.param("POST", ALONE, {"headers": JSON}, 400, 2, id="no body"),
    pytest.param("POST", ALONE, {"content": b"\xff", "headers": JSON}, 400, 2, id="not UTF-8"),
    pytest.param("POST", ALONE, {"content": b"{", "headers": JSON}, 400, 2, id="not JSON"),
    pytest.param("POST", ALONE, {"json": []}, 400, 2, id="not an object"),
    pytest.param(
        "POST", ALONE, {"content": b"[" * 100_000, "headers": JSON}, 400, 2, id="nested too deep: to be read"
    ),
    pytest.param(
        "POST",
        ALONE,
        {"content": b'{"operationName": "Leave", "x": ' + b"[" * 500 + b"]" * 500 + b"}", "headers": JSON},
        400,
        2,
        id="nested too deep: to be validated",
    ),
    pytest.param("POST", ALONE, {"json": {}}, 400, 1, id="operationName missing"),
    pytest.param(
        "POST", ALONE, {"json": LEAVE | {"treatAs": "Normal"}}, 400, 1, id="text missing for treatAs"
    ),
    pytest.param(
        "POST", ALONE, {"json": LEAVE | {"messageType": "x"}}, 400, 1, id="text missing for messageType"
    ),
    pytest.param("POST", EXCHANGE, {"json": [{}]}, 400, 1, id="channel missing"),
    pytest.param("POST", ALONE, {"json": {"operationName": "Fly"}}, 400, 2, id="operationName unknown"),
    pytest.param("POST", ALONE, {"json": LEAVE | {"reason": "x"}}, 400, 2, id="a parameter unknown"),
    pytest.param(
        "POST", ALONE, {"json": LEAVE | {"a\nb": "x"}}, 400, 2, id="a parameter of two lines unknown"
    ),
    pytest.param("POST", ALONE, {"json": LEAVE | {"text": 5}}, 400, 2, id="a parameter of the wrong type"),
    pytest.param(
        "POST",
        ALONE,
        {"json": LEAVE | {"text": "x", "treatAs": "Loud"}},
        400,
        2,
        id="a parameter of a wrong value",
    ),
    pytest.param("GET", f"{CHATS}?fields=id", {}, 400, 2, id="a query of a wrong value"),
    pytest.param("GET", f"{CHATS}?page=2", {}, 400, 2, id="a query unknown"),
    pytest.param("POST", ALONE, {"json": LEAVE | {"text": ""}}, 400, 10, id="a text that is empty"),
    pytest.param(
        "POST", ALONE, {"json": LEAVE | {"text": "x" * 64_001}}, 400, 10, id="a text that is too long"
    ),
    pytest.param("GET", CHATS, {"auth": VOICE}, 403, 5, id="the feature is lacking for the list"),
    pytest.param("GET", ALONE, {"auth": VOICE}, 403, 5, id="the feature is lacking for a chat"),
    pytest.param(
        "POST", ALONE, {"auth": VOICE, "json": LEAVE}, 403, 5, id="the feature is lacking for a Leave"
    ),
    pytest.param("GET", f"{CHATS}/nope", {}, 404, 6, id="unknown chat"),
    pytest.param("POST", f"{CHATS}/nope", {"json": LEAVE}, 404, 6, id="unknown chat to be left"),
    pytest.param("GET", f"{CHATS}/a%2Fb", {}, 404, 6, id="unknown chat: a slash in its id"),
    pytest.param("GET", f"{CHATS}/{'x' * 5000}", {}, 404, 6, id="unknown chat: a long id"),
    pytest.param("GET", f"{CHATS}/%E2%80%A8%0A", {}, 404, 6, id="unknown chat: an id of several lines"),
    pytest.param("GET", f"{CHATS}/%FF", {}, 404, 6, id="unknown chat: an id that is not UTF-8"),
    pytest.param("GET", INVITED, {}, 404, 6, id="another agent's chat"),
    pytest.param("POST", INVITED, {"auth": AGENT2, "json": LEAVE}, 403, 3, id="the operation is not open"),
]


@pytest.mark.decided
@pytest.mark.parametrize(("method", "path", "options", "status", "code"), ROWS)
async def test_a_fault_is_answered_as_its_row_says(ask, method, path, options, status, code):
    answer = await ask(method, path, **options)

    assert as_designed(status, code) == problem(answer)


@pytest.mark.decided
@pytest.mark.parametrize(
    ("method", "path", "options"), [pytest.param(*row.values[:3], id=row.id) for row in ROWS]
)
async def test_after_an_error_nothing_has_changed(ask, everything, method, path, options):
    before = await everything()

    await ask(method, path, **options)

    assert before == await everything()


@pytest.mark.decided
async def test_a_body_over_the_limit_without_a_length_is_answered_as_one_with_it(ask):
    answer = await ask("POST", ALONE, content=in_pieces(MEBIBYTE), headers=JSON)

    assert as_designed(413, 10) == problem(answer)


@pytest.mark.decided
@pytest.mark.parametrize(
    ("method", "path", "options", "status", "code"),
    [
        pytest.param("DELETE", "/nope", {"auth": None}, 404, 6, id="path before method and credentials"),
        pytest.param("DELETE", ALONE, {"auth": None}, 405, 3, id="method before credentials"),
        pytest.param(
            "POST",
            ALONE,
            {"auth": None, "content": b" " * (MEBIBYTE + 1), "headers": TEXT},
            403,
            20,
            id="credentials before size",
        ),
        pytest.param(
            "POST",
            ALONE,
            {"content": b" " * (MEBIBYTE + 1), "headers": TEXT},
            413,
            10,
            id="size before media type",
        ),
        pytest.param("POST", ALONE, {"content": b"{", "headers": TEXT}, 415, 2, id="media type before JSON"),
        pytest.param(
            "POST",
            f"{CHATS}/nope",
            {"auth": VOICE, "content": b"{", "headers": JSON},
            400,
            2,
            id="JSON before feature and chat",
        ),
        pytest.param(
            "POST", ALONE, {"json": {"text": 5, "reason": "x"}}, 400, 1, id="missing before wrong and unknown"
        ),
        pytest.param(
            "POST",
            ALONE,
            {"json": {"operationName": "Leave", "treatAs": "Loud"}},
            400,
            1,
            id="text missing before values that are wrong",
        ),
        pytest.param(
            "POST",
            f"{ALONE}?page=2",
            {"json": {}},
            400,
            1,
            id="missing in the body before unknown in the query",
        ),
        pytest.param(
            "POST", ALONE, {"json": LEAVE | {"text": "", "reason": "x"}}, 400, 2, id="unknown before range"
        ),
        pytest.param(
            "POST",
            f"{ALONE}?page=2",
            {"json": LEAVE | {"text": ""}},
            400,
            2,
            id="unknown in the query before range in the body",
        ),
        pytest.param(
            "POST",
            f"{CHATS}/nope",
            {"auth": VOICE, "json": LEAVE | {"text": ""}},
            400,
            10,
            id="range before feature and chat",
        ),
        pytest.param("GET", f"{CHATS}/nope", {"auth": VOICE}, 403, 5, id="feature before chat"),
        pytest.param(
            "POST",
            INVITED,
            {"json": LEAVE | {"text": "x"}},
            404,
            6,
            id="chat before what is open in its state",
        ),
    ],
)
async def test_of_several_faults_the_first_row_decides(ask, method, path, options, status, code):
    answer = await ask(method, path, **options)

    assert as_designed(status, code) == problem(answer)


@pytest.mark.decided
async def test_size_comes_before_media_type_where_the_length_is_not_announced(ask):
    answer = await ask("POST", ALONE, content=in_pieces(MEBIBYTE), headers=TEXT)

    assert as_designed(413, 10) == problem(answer)


@pytest.mark.decided
@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        pytest.param(ME, "GET, HEAD, POST", id="me"),
        pytest.param(CHATS, "GET, HEAD", id="chats"),
        pytest.param(ALONE, "GET, HEAD, POST", id="a chat"),
        pytest.param(f"{ALONE}/", "GET, HEAD, POST", id="a chat with a slash"),
        pytest.param(EXCHANGE, "POST", id="the exchange"),
        pytest.param(f"{EXCHANGE}/", "POST", id="the exchange with a slash"),
        pytest.param(f"{EXCHANGE}/handshake", "POST", id="the exchange with a segment"),
        pytest.param("/health", "GET, HEAD", id="health"),
        pytest.param("/openapi.yaml", "GET, HEAD", id="the document"),
        pytest.param("/ui/", "GET, HEAD", id="the documentation"),
        pytest.param("/", "GET, HEAD", id="the page"),
    ],
)
async def test_another_method_is_told_which_there_are(ask, path, allowed):
    answer = await ask("DELETE", path)

    assert (
        405,
        allowed,
        {"statusCode": 3, "statusMessage": f"method: must be one of {allowed}, not DELETE"},
    ) == (
        answer.status_code,
        answer.headers["allow"],
        answer.json(),
    )


@pytest.mark.decided
@pytest.mark.parametrize(
    "path",
    [
        pytest.param(ME, id="me"),
        pytest.param(CHATS, id="chats"),
        pytest.param(f"{CHATS}?fields=*", id="chats in full"),
        pytest.param(ALONE, id="a chat"),
        pytest.param("/health", id="health"),
        pytest.param("/openapi.yaml", id="the document"),
        pytest.param("/openapi.json", id="the document as JSON"),
        pytest.param("/ui/", id="the documentation"),
        pytest.param("/", id="the page"),
        pytest.param("/nope", id="an unknown path"),
        pytest.param(f"{CHATS}/nope", id="an unknown chat"),
        pytest.param(f"{CHATS}?page=2", id="an unknown query"),
    ],
)
async def test_head_is_answered_as_get(http, ask, path):
    get = await ask("GET", path)
    http.cookies.clear()

    head = await ask("HEAD", path)

    assert (get.status_code, get.headers) == (head.status_code, head.headers)


@pytest.mark.parametrize("path", [ME, CHATS, ALONE, "/health"])
@pytest.mark.parametrize("slashes", ["/", "//"])
async def test_trailing_slashes_mean_nothing(ask, path, slashes):
    without = await ask("GET", path)

    answer = await ask("GET", path + slashes)

    assert (without.status_code, without.json()) == (answer.status_code, answer.json())


class Broken(dict):
    """A mapping that nothing can be got from."""

    def __getitem__(self, key):
        raise RuntimeError(f"the disk with {len(key)} digits is on fire")


class TestUnforeseen:
    """Anything unforeseen."""

    @pytest.fixture
    def application(self):
        """One whose first agent has chats that break."""
        application = build(Settings())
        chat = application.scenario.chats[0]
        chat.seats = Broken(chat.seats)
        return application

    async def test_it_is_answered_without_its_details(self, ask):
        answer = await ask("GET", ALONE)

        assert (
            500,
            {"statusCode": 4, "statusMessage": "internal error, the log of the service has the details"},
        ) == (answer.status_code, answer.json())

    async def test_its_answer_is_of_the_one_shape(self, ask):
        answer = await ask("POST", ALONE, json=LEAVE)

        assert as_designed(500, 4) == problem(answer)

    async def test_its_details_are_in_the_log(self, ask, caplog):
        await ask("GET", ALONE)

        assert [(f"GET {ALONE!r}", "the disk with 32 digits is on fire")] == [
            (record.getMessage(), str(record.exc_info[1])) for record in caplog.records
        ]

    async def test_the_service_goes_on(self, ask):
        await ask("GET", ALONE)

        answer = await ask("GET", ME)

        assert 200 == answer.status_code
