"""With CSRF protection on, an agent changes something only with the session's token and its cookie."""

from __future__ import annotations

import json
import re

import pytest

from handlers.app import build
from handlers.settings import Settings
from tests.agents import EXCHANGE

ME = "/api/v2/me"
CHAT = "/api/v2/me/chats/0071023821aec011"
LEAVE = {"operationName": "Leave"}
AGENT1, AGENT2, VOICE = ("agent1", "secret1"), ("agent2", "secret2"), ("voiceonly", "secret4")
REFUSED = (403, {"statusCode": 3, "statusMessage": "Missing or invalid Csrf token"})
TAKEN = (200, {"statusCode": 0})
HELLO = {"operationName": "SendMessage", "text": "Hello"}
HANDSHAKE = {
    "channel": "/meta/handshake",
    "version": "1.0",
    "supportedConnectionTypes": ["long-polling"],
}
TOO_LARGE = b" " * 1048577
UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@pytest.fixture
def application():
    return build(Settings(csrf_protection=True))


@pytest.fixture
def ask(http):
    """Send a request with no cookie and no token but the given ones."""

    async def send(method, path, *, cookie=None, token=None, **options):
        http.cookies.clear()
        headers = options.pop("headers", {})
        headers |= {} if cookie is None else {"Cookie": f"JSESSIONID={cookie}"}
        headers |= {} if token is None else {"X-CSRF-TOKEN": token}
        return await http.request(method, path, headers=headers, **options)

    return send


@pytest.fixture
def sign_in(ask):
    """Ask who an agent is, by Basic, and return what its answer gives: the cookie and the token."""

    async def by_basic(account=AGENT1):
        answer = await ask("GET", ME, auth=account)
        return {"cookie": answer.cookies["JSESSIONID"], "token": answer.headers["x-csrf-token"]}

    return by_basic


@pytest.fixture
def state(ask):
    """Ask for the state of agent1's chat."""

    async def of_the_chat():
        answer = await ask("GET", CHAT, auth=AGENT1)
        return answer.json()["chat"]["state"]

    return of_the_chat


def answered(answer):
    return answer.status_code, answer.json()


@pytest.mark.documented
async def test_the_answer_to_a_get_names_the_header_and_gives_the_token(ask):
    answer = await ask("GET", ME, auth=AGENT1)

    assert "X-CSRF-TOKEN" == answer.headers["x-csrf-header"]
    assert re.fullmatch(UUID, answer.headers["x-csrf-token"])


@pytest.mark.documented
async def test_a_token_lives_as_long_as_its_session(ask, sign_in):
    session = await sign_in()

    answer = await ask("GET", CHAT, cookie=session["cookie"])

    assert session["token"] == answer.headers["x-csrf-token"]


@pytest.mark.decided
@pytest.mark.parametrize(
    ("method", "path", "account", "status"),
    [
        pytest.param("HEAD", ME, AGENT1, 200, id="HEAD"),
        pytest.param("GET", "/api/v2/me?page=2", AGENT1, 400, id="an unknown query"),
        pytest.param("GET", f"{CHAT}0", AGENT1, 404, id="an unknown chat"),
        pytest.param("GET", CHAT, VOICE, 403, id="no feature for chats"),
    ],
)
async def test_every_answer_to_a_get_of_an_agent_gives_the_token(ask, method, path, account, status):
    answer = await ask(method, path, auth=account)

    assert status == answer.status_code
    assert re.fullmatch(UUID, answer.headers["x-csrf-token"])


@pytest.mark.decided
@pytest.mark.parametrize(
    ("method", "path", "options"),
    [
        pytest.param("GET", "/health", {"auth": AGENT1}, id="what is no agent's business"),
        pytest.param("GET", ME, {}, id="no credentials"),
        pytest.param("GET", ME, {"auth": ("agent1", "secret2")}, id="a wrong password"),
        pytest.param("POST", CHAT, {"auth": AGENT1, "json": LEAVE}, id="what changes something"),
    ],
)
async def test_no_other_answer_gives_it(ask, method, path, options):
    answer = await ask(method, path, **options)

    assert not {"x-csrf-header", "x-csrf-token"} & answer.headers.keys()


@pytest.mark.documented
@pytest.mark.parametrize("credentials", [{}, {"auth": AGENT1}], ids=["the cookie alone", "Basic beside it"])
async def test_an_operation_with_both_is_taken(ask, sign_in, state, credentials):
    answer = await ask("POST", CHAT, json=LEAVE, **await sign_in(), **credentials)

    assert TAKEN == answered(answer)
    assert "LeftChat" == await state()


@pytest.mark.documented
@pytest.mark.parametrize("path", [ME, CHAT], ids=["me", "a chat"])
@pytest.mark.parametrize("token", [None, "", "00000000-0000-4000-8000-000000000000", b"\xff"])
async def test_an_operation_without_the_token_is_refused(ask, sign_in, state, path, token):
    session = await sign_in() | {"token": token}

    answer = await ask("POST", path, json=LEAVE, **session)

    assert REFUSED == answered(answer)
    assert "Chatting" == await state()


@pytest.mark.documented
@pytest.mark.parametrize("cookie", [None, "", "nobody"])
async def test_an_operation_without_the_cookie_is_refused(ask, sign_in, state, cookie):
    session = await sign_in() | {"cookie": cookie}

    answer = await ask("POST", CHAT, json=LEAVE, auth=AGENT1, **session)

    assert REFUSED == answered(answer)
    assert "Chatting" == await state()


@pytest.mark.decided
async def test_another_agents_token_is_refused(ask, sign_in, state):
    session, other = await sign_in(), await sign_in(AGENT2)

    answer = await ask("POST", CHAT, json=LEAVE, cookie=session["cookie"], token=other["token"])

    assert REFUSED == answered(answer)
    assert "Chatting" == await state()


@pytest.mark.decided
async def test_another_agents_session_does_for_nobody_who_signs_in_by_basic(ask, sign_in, state):
    await sign_in()

    answer = await ask("POST", CHAT, json=LEAVE, auth=AGENT1, **await sign_in(AGENT2))

    assert REFUSED == answered(answer)
    assert "Chatting" == await state()


@pytest.mark.decided
async def test_a_token_that_was_never_given_out_is_refused(ask):
    first = await ask("POST", CHAT, json=LEAVE, auth=AGENT1)

    answer = await ask("POST", CHAT, json=LEAVE, cookie=first.cookies["JSESSIONID"], token="")

    assert REFUSED == answered(answer)


@pytest.mark.documented
async def test_the_end_of_the_session_is_the_end_of_its_token(ask, sign_in):
    session = await sign_in()
    ended = await ask("POST", ME, json={"operationName": "EndContactCenterSession"}, **session)

    answer = await ask("POST", CHAT, json=LEAVE, auth=AGENT1, **session)
    next_session = await sign_in()

    assert TAKEN == answered(ended)
    assert REFUSED == answered(answer)
    assert session["token"] != next_session["token"]


@pytest.mark.decided
@pytest.mark.parametrize("token", [None, "00000000-0000-4000-8000-000000000000"], ids=["none", "a wrong one"])
@pytest.mark.parametrize("path", [EXCHANGE, f"{EXCHANGE}/handshake"])
async def test_the_exchange_needs_no_token_and_may_have_one(ask, path, token):
    handshake = {
        "channel": "/meta/handshake",
        "version": "1.0",
        "supportedConnectionTypes": ["long-polling"],
    }

    answer = await ask("POST", path, json=[handshake], auth=AGENT1, token=token)

    assert [True] == [reply["successful"] for reply in answer.json()]


@pytest.mark.decided
@pytest.mark.parametrize(
    ("method", "path", "options", "status", "code"),
    [
        pytest.param("POST", "/api/v2/you", {"auth": AGENT1}, 404, 6, id="after the path"),
        pytest.param("PUT", CHAT, {"auth": AGENT1}, 405, 3, id="after the method"),
        pytest.param("POST", CHAT, {"json": LEAVE}, 403, 20, id="after the credentials"),
        pytest.param("POST", CHAT, {"auth": AGENT1, "content": TOO_LARGE}, 403, 3, id="before the size"),
        pytest.param("POST", CHAT, {"auth": AGENT1, "content": "{"}, 403, 3, id="before the media type"),
        pytest.param("POST", CHAT, {"auth": VOICE, "json": LEAVE}, 403, 3, id="before the feature"),
    ],
)
async def test_the_token_is_looked_at_right_after_the_credentials(ask, method, path, options, status, code):
    answer = await ask(method, path, **options)

    assert (status, code) == (answer.status_code, answer.json()["statusCode"])


@pytest.mark.parametrize(
    "media_type", [None, "application/x-www-form-urlencoded", "text/plain"], ids=["none", "a form", "a text"]
)
async def test_what_any_page_may_send_to_the_exchange_needs_the_token_beside_a_cookie(
    ask, sign_in, media_type
):
    session = await sign_in()
    headers = {} if media_type is None else {"Content-Type": media_type}
    message = "message=" + json.dumps(HANDSHAKE)

    answer = await ask("POST", EXCHANGE, cookie=session["cookie"], headers=headers, content=message)

    assert REFUSED == answered(answer)


@pytest.mark.parametrize("beside", [None, "an agent's cookie"])
async def test_a_customer_needs_no_token_and_is_given_none(ask, sign_in, beside):
    session = await sign_in() if beside else {"cookie": None}
    customer = {"ContactCenterId": "any"}
    request = {"operationName": "RequestChat", "nickname": "Eva"}
    requested = await ask(
        "POST", "/api/v2/chats", json=request, headers={**customer}, cookie=session["cookie"]
    )
    path = requested.json()["path"]

    written = await ask("POST", path, json=HELLO, headers={**customer}, cookie=session["cookie"])
    seen = await ask("GET", path, headers={**customer}, cookie=session["cookie"])

    assert [200, 200, 200] == [answer.status_code for answer in (requested, written, seen)]
    assert "x-csrf-token" not in seen.headers


class TestOff:
    """Without the setting."""

    @pytest.fixture
    def application(self):
        return build(Settings())

    async def test_no_answer_gives_a_token(self, ask):
        answer = await ask("GET", ME, auth=AGENT1)

        assert not {"x-csrf-header", "x-csrf-token"} & answer.headers.keys()

    async def test_an_operation_needs_none_and_may_have_one(self, ask):
        answers = [await ask("POST", CHAT, json=LEAVE, auth=AGENT1, token=token) for token in (None, "any")]

        assert [TAKEN, TAKEN] == [answered(answer) for answer in answers]
