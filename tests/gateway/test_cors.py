"""Pages of the origins that the settings name may read every answer; to others nothing is said of it."""

from __future__ import annotations

import httpx2
import pytest

from handlers.app import build
from handlers.settings import Settings
from tests.agents import EXCHANGE

ALLOWED, ALSO_ALLOWED = "http://localhost:3000", "https://desk.example"
ME = "/api/v2/me"
CHAT = "/api/v2/me/chats/0071023821aec011"
BROKEN = "/api/v2/me/chats/0000Na9B26EF002X"
LEAVE = {"operationName": "Leave"}
AGENT1 = ("agent1", "secret1")
ASKING = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
NOT_ALLOWED = [
    pytest.param("http://localhost:3001", id="another port"),
    pytest.param("https://localhost:3000", id="another scheme"),
    pytest.param("http://localhost", id="no port"),
    pytest.param("http://localhost:30000", id="one that begins like an allowed one"),
    pytest.param("http://evil.localhost:3000", id="one that ends like an allowed one"),
    pytest.param("HTTP://LOCALHOST:3000", id="capital letters"),
    pytest.param("http://localhost:3000, https://desk.example", id="two"),
    pytest.param("null", id="null"),
    pytest.param("*", id="a wildcard"),
    pytest.param("", id="an empty one"),
]
READABLE = {
    "access-control-allow-origin": ALLOWED,
    "access-control-allow-credentials": "true",
    "access-control-expose-headers": "X-CSRF-HEADER, X-CSRF-TOKEN",
    "vary": "Origin",
}
PREFLIGHT = {
    "access-control-allow-methods": "GET, POST, PUT, DELETE, OPTIONS",
    "access-control-allow-headers": (
        "X-Requested-With, Content-Type, Accept, Origin, Authorization, ContactCenterId, X-CSRF-TOKEN"
    ),
    "access-control-max-age": "120",
}


@pytest.fixture(scope="module")
def application():
    """One for all of these tests; one of its chats is broken."""
    application = build(Settings(cors_origin=(ALLOWED, ALSO_ALLOWED)))
    application.scenario.chats[1].seats = None
    return application


@pytest.fixture(scope="module")
def without():
    """The same without the setting."""
    application = build(Settings())
    application.scenario.chats[1].seats = None
    return application


def cors(answer):
    """The headers of an answer that have to do with origins."""
    return {
        name: value
        for name, value in answer.headers.items()
        if name.startswith("access-control-") or name == "vary"
    }


EVERYTHING = [
    pytest.param("GET", ME, {"auth": AGENT1}, 200, id="an answer"),
    pytest.param("HEAD", ME, {"auth": AGENT1}, 200, id="an answer to HEAD"),
    pytest.param("POST", CHAT, {"auth": AGENT1, "json": LEAVE}, 200, id="an operation"),
    pytest.param("POST", EXCHANGE, {"auth": AGENT1, "json": {"channel": "/meta/connect"}}, 200, id="CometD"),
    pytest.param("POST", EXCHANGE, {"auth": AGENT1, "json": []}, 400, id="CometD that is refused"),
    pytest.param("POST", EXCHANGE, {"json": []}, 403, id="CometD without credentials"),
    pytest.param("POST", CHAT, {"auth": AGENT1, "json": {}}, 400, id="what is wrong"),
    pytest.param("GET", ME, {}, 403, id="no credentials"),
    pytest.param("GET", "/api/v2/you", {}, 404, id="an unknown path"),
    pytest.param("GET", f"{CHAT}0", {"auth": AGENT1}, 404, id="an unknown chat"),
    pytest.param("DELETE", CHAT, {"auth": AGENT1}, 405, id="another method"),
    pytest.param("OPTIONS", CHAT, {}, 405, id="OPTIONS that is no preflight"),
    pytest.param("POST", CHAT, {"auth": AGENT1, "content": b" " * 1048577}, 413, id="a body too large"),
    pytest.param("POST", CHAT, {"auth": AGENT1, "content": b"{}"}, 415, id="another media type"),
    pytest.param("GET", BROKEN, {"auth": AGENT1}, 500, id="anything unforeseen"),
    pytest.param("GET", "/health", {}, 200, id="health"),
    pytest.param("GET", "/openapi.yaml", {}, 200, id="the document"),
    pytest.param("GET", "/ui/", {}, 200, id="the documentation"),
]


@pytest.mark.parametrize(("method", "path", "options", "status"), EVERYTHING)
async def test_an_allowed_page_may_read_every_answer(http, method, path, options, status):
    answer = await http.request(method, path, headers={"Origin": ALLOWED}, **options)

    assert (status, READABLE) == (answer.status_code, cors(answer))


@pytest.mark.parametrize(("method", "path", "options", "status"), EVERYTHING)
async def test_every_answer_varies_by_the_origin(http, method, path, options, status):
    answer = await http.request(method, path, **options)

    assert (status, {"vary": "Origin"}) == (answer.status_code, cors(answer))


@pytest.mark.parametrize("origin", [ALLOWED, ALSO_ALLOWED])
async def test_each_allowed_page_is_told_its_own_origin(http, origin):
    answer = await http.get("/health", headers={"Origin": origin})

    assert READABLE | {"access-control-allow-origin": origin} == cors(answer)


@pytest.mark.parametrize("origin", NOT_ALLOWED)
async def test_a_page_that_is_not_allowed_is_told_nothing(http, origin):
    answer = await http.get("/health", headers={"Origin": origin})

    assert (200, {"vary": "Origin"}) == (answer.status_code, cors(answer))


@pytest.mark.documented
@pytest.mark.parametrize("path", [ME, CHAT, EXCHANGE, f"{EXCHANGE}/connect", "/health", "/api/v2/you"])
async def test_a_preflight_of_an_allowed_page_is_answered(http, path):
    answer = await http.options(path, headers={"Origin": ALLOWED, **ASKING})

    assert (204, READABLE | PREFLIGHT, b"") == (answer.status_code, cors(answer), answer.content)


@pytest.mark.parametrize("origin", NOT_ALLOWED)
async def test_a_preflight_of_another_page_is_another_method(http, origin):
    answer = await http.options(CHAT, headers={"Origin": origin, **ASKING})

    message = "method: must be one of GET, HEAD, POST, not OPTIONS"
    assert (405, {"vary": "Origin"}) == (answer.status_code, cors(answer))
    assert {"statusCode": 3, "statusMessage": message} == answer.json()


@pytest.mark.parametrize(("method", "path", "options", "status"), EVERYTHING)
@pytest.mark.parametrize("origin", [{}, {"Origin": ALLOWED}, {"Origin": ALLOWED, **ASKING}])
async def test_without_the_setting_nothing_is_said_of_origins(without, method, path, options, status, origin):
    transport = httpx2.ASGITransport(without.asgi)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8080") as http:
        answer = await http.request(method, path, headers=origin, **options)

    assert (status, {}) == (answer.status_code, cors(answer))


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
def test_it_is_so_under_either_server(serve, server):
    service = serve(server, GWS_CHAT_CORS_ORIGIN=f"{ALLOWED}, {ALSO_ALLOWED}")

    with httpx2.Client(base_url=service.url, headers={"Origin": ALLOWED}) as http:
        preflight = http.options(CHAT, headers=ASKING)
        read = [
            http.get(ME, auth=AGENT1),
            http.get("/api/v2/you"),
            http.options(CHAT),
            http.post(CHAT, auth=AGENT1, content=b" " * 1048577),
        ]
        denied = http.options(CHAT, headers={"Origin": "http://localhost:3001", **ASKING})

    assert (204, READABLE | PREFLIGHT, b"") == (preflight.status_code, cors(preflight), preflight.content)
    assert [(status, READABLE) for status in (200, 404, 405, 413)] == [
        (answer.status_code, cors(answer)) for answer in read
    ]
    assert (405, {"vary": "Origin"}) == (denied.status_code, cors(denied))
