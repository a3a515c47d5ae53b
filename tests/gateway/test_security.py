"""HTTP Basic or the session cookie identifies an agent, and a header identifies a customer."""

from base64 import b64encode

import pytest

from handlers.app import build
from handlers.settings import Settings

ME = "/api/v2/me"
CHATS = "/api/v2/chats"
DENIED = (403, {"statusCode": 20, "statusMessage": "Access denied"})
REQUEST_CHAT = {"operationName": "RequestChat", "nickname": "Ann"}
SCENARIO = """
agents:
  - {userName: jörg, password: "pässwörd:x"}
  - {userName: ann, password: ""}
  - {userName: ben, password: b}
"""


def basic(credentials, encoding="utf-8"):
    return "Basic " + b64encode(credentials.encode(encoding)).decode()


BEN = basic("ben:b")


@pytest.fixture(scope="module")
def application(tmp_path_factory):
    """Return one application with its own accounts for the module: these requests change no session."""
    scenario = tmp_path_factory.mktemp("security") / "scenario.yaml"
    scenario.write_text(SCENARIO, encoding="utf-8")
    return build(Settings(scenario=scenario))


@pytest.fixture
def ask(http):
    """Send a request with these headers and no cookies of earlier responses."""

    async def send(method, path, *headers, **options):
        http.cookies.clear()
        return await http.request(method, path, headers=list(headers), **options)

    return send


@pytest.fixture
def sign_in(ask):
    """Request the signed-in agent with these headers."""

    async def get_me(**headers):
        return await ask("GET", ME, *headers.items())

    return get_me


@pytest.fixture
async def cookie(sign_in):
    """Return ben's cookie."""
    response = await sign_in(Authorization=BEN)
    return f"JSESSIONID={response.cookies['JSESSIONID']}"


def outcome(response):
    return response.status_code, response.json()


def user_name(response):
    """Return who has signed in, or the error."""
    return response.json()["user"]["userName"] if response.is_success else outcome(response)


CREDENTIALS = {
    # Authorization, Cookie with BEN for ben's cookie, who has signed in
    "name and password": (BEN, None, "ben"),
    "scheme in other case": (BEN.replace("Basic", "bAsIc"), None, "ben"),
    "several blanks": (BEN.replace("Basic", "Basic  "), None, "ben"),
    "empty password": (basic("ann:"), None, "ann"),
    "UTF-8, colon in password": (basic("jörg:pässwörd:x"), None, "jörg"),
    "Latin-1": (basic("jörg:pässwörd:x", "latin-1"), None, "jörg"),
    "cookie": (None, "BEN", "ben"),
    "cookie among others": (None, "lang=de; BEN;theme=dark", "ben"),
    "first of two cookies": (None, "BEN; JSESSIONID=x", "ben"),
    "Basic before cookie": (basic("ann:"), "BEN", "ann"),
    "Basic before unknown cookie": (BEN, "JSESSIONID=nobody", "ben"),
    "no credentials": (None, None, DENIED),
    "wrong password": (basic("ben:a"), None, DENIED),
    "unknown name": (basic("zoe:b"), None, DENIED),
    "unknown name, no password": (basic("zoe:"), None, DENIED),
    "no colon": (basic("ben"), None, DENIED),
    "nothing encoded": (basic(""), None, DENIED),
    "scheme only": ("Basic", None, DENIED),
    "empty": ("", None, DENIED),
    "not encoded": ("Basic ben:b", None, DENIED),
    "no padding": ("Basic YmVuOmI", None, DENIED),
    "invalid character": ("Basic YmVu*OmI=", None, DENIED),
    "extra parameter": ("Basic YmVuOmI= x", None, DENIED),
    "other scheme": ("Bearer YmVuOmI=", None, DENIED),
    "no scheme": ("YmVuOmI=", None, DENIED),
    "unknown cookie": (None, "JSESSIONID=nobody", DENIED),
    "empty cookie": (None, "JSESSIONID=", DENIED),
    "cookie without value": (None, "JSESSIONID", DENIED),
    "cookie in other case": (None, "jsessionid=nobody", DENIED),
    "second of two cookies": (None, "JSESSIONID=x; BEN", DENIED),
    "wrong password beside cookie": (basic("ben:a"), "BEN", DENIED),
    "other scheme beside cookie": ("Bearer x", "BEN", DENIED),
}


@pytest.mark.parametrize(("authorization", "cookies", "expected"), CREDENTIALS.values(), ids=CREDENTIALS)
async def test_credentials_identify_an_agent_or_are_rejected(
    sign_in, cookie, authorization, cookies, expected
):
    headers = {"Authorization": authorization, "Cookie": cookies and cookies.replace("BEN", cookie)}

    response = await sign_in(**{name: value for name, value in headers.items() if value is not None})

    assert expected == user_name(response)


async def test_sign_in_sets_the_agents_own_cookie(sign_in, cookie):
    another, own = [
        (await sign_in(Authorization=basic(account), Cookie=cookies)).headers["set-cookie"]
        for account, cookies in (("ann:", cookie), ("ben:b", "JSESSIONID=nobody"))
    ]

    assert f"{cookie}; Path=/; HttpOnly; SameSite=Lax" == own
    assert cookie not in another


async def test_rejected_sign_in_sets_no_cookie(sign_in):
    response = await sign_in(Authorization=basic("ben:a"))

    assert "set-cookie" not in response.headers


@pytest.mark.parametrize("authorization", [{}, {"Authorization": BEN}], ids=["cookie", "Basic and cookie"])
async def test_client_with_the_cookie_gets_no_other(sign_in, cookie, authorization):
    response = await sign_in(Cookie=cookie, **authorization)

    assert "set-cookie" not in response.headers


@pytest.mark.parametrize("path", ["/api/v2/me/chats", "/api/v2/me?page=2"], ids=["by domain", "by schema"])
async def test_error_after_sign_in_sets_the_cookie(ask, cookie, path):
    response = await ask("GET", path, ("Authorization", BEN))

    assert response.is_client_error
    assert cookie == f"JSESSIONID={response.cookies['JSESSIONID']}"


@pytest.mark.parametrize("path", ["/health", "/metrics", "/openapi.yaml", "/openapi.json", "/ui/", "/"])
async def test_public_paths_need_no_credentials(http, path):
    response = await http.get(path)

    assert 200 == response.status_code


class TestCustomers:
    """The header ContactCenterId identifies a customer."""

    @pytest.mark.decided
    @pytest.mark.parametrize(
        ("name", "value", "status"),
        [
            ("ContactCenterId", "1", 200),
            ("contactcenterid", "any", 200),
            ("CONTACTCENTERID", "ben:b", 200),
            ("ContactCenterId", "00000000-0000-0000-0000-000000000000", 200),
            ("ContactCenterId", "", 403),
            ("Other", "1", 403),
        ],
    )
    async def test_any_value_but_none_identifies_a_customer(self, ask, name, value, status):
        response = await ask("POST", CHATS, (name, value), json=REQUEST_CHAT)

        code = {200: 0, 403: 20}[status]
        assert (status, code) == (response.status_code, response.json()["statusCode"])
        assert "set-cookie" not in response.headers

    @pytest.mark.documented
    @pytest.mark.parametrize(
        ("credentials", "method", "path", "body"),
        [
            (["Authorization", "Cookie"], "POST", CHATS, REQUEST_CHAT),
            (["Authorization", "Cookie"], "POST", f"{CHATS}/none", {"operationName": "Complete"}),
            (["Authorization", "Cookie"], "GET", f"{CHATS}/none/messages", None),
            (["ContactCenterId"], "GET", ME, None),
            (["ContactCenterId"], "GET", "/api/v2/me/chats", None),
            (["ContactCenterId"], "POST", "/api/v2/me/chats/none", {"operationName": "Leave"}),
            (["ContactCenterId"], "POST", "/api/v2/notifications", [{"channel": "/a"}]),
        ],
    )
    async def test_credentials_of_the_other_kind_are_rejected(
        self, ask, cookie, credentials, method, path, body
    ):
        values = {"Authorization": BEN, "Cookie": cookie, "ContactCenterId": "1"}

        responses = [await ask(method, path, (name, values[name]), json=body) for name in credentials]

        assert [DENIED] * len(credentials) == list(map(outcome, responses))

    async def test_header_beside_basic_leaves_the_agent_signed_in(self, sign_in):
        assert "ben" == user_name(await sign_in(Authorization=BEN, ContactCenterId="1"))

    @pytest.mark.decided
    @pytest.mark.parametrize(
        ("names", "expected"),
        [
            # an agent without the chat feature gets (403, 5) for any chat, a customer (404, 6)
            (["header"], (404, 6)),
            (["cookie"], (403, 5)),
            (["header", "cookie"], (404, 6)),
            (["cookie", "header"], (404, 6)),
            (["header", "unknown cookie"], (404, 6)),
            (["empty header", "cookie"], (403, 5)),
            (["header", "basic"], (403, 5)),
            (["header", "wrong password"], (403, 20)),
            (["header", "other scheme"], (403, 20)),
            (["header", "empty authorization"], (403, 20)),
            ([], (403, 20)),
        ],
    )
    async def test_shared_path_accepts_agents_and_customers(self, ask, cookie, names, expected):
        headers = {
            "header": ("ContactCenterId", "1"),
            "empty header": ("ContactCenterId", ""),
            "cookie": ("Cookie", cookie),
            "unknown cookie": ("Cookie", "JSESSIONID=nobody"),
            "basic": ("Authorization", BEN),
            "wrong password": ("Authorization", basic("ben:a")),
            "other scheme": ("Authorization", "Bearer x"),
            "empty authorization": ("Authorization", ""),
        }

        response = await ask("GET", f"{CHATS}/none", *(headers[name] for name in names))

        assert expected == (response.status_code, response.json()["statusCode"])
