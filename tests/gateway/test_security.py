"""HTTP Basic or the session cookie identifies an agent, and a header identifies a customer."""

from base64 import b64encode

import pytest

from gws_chat.app import build
from gws_chat.settings import Settings

ME = "/api/v2/me"
CHATS = "/api/v2/chats"
SIMULATION = ["/simulation/openapi.yaml", "/simulation/openapi.json", "/simulation/ui/"]
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
def send(http):
    """Send a request with these headers and no cookies of earlier responses."""

    async def send_request(method, path, *headers, **options):
        http.cookies.clear()
        return await http.request(method, path, headers=list(headers), **options)

    return send_request


@pytest.fixture
def sign_in(send):
    """Request the signed-in agent with these headers."""

    async def get_me(**headers):
        return await send("GET", ME, *headers.items())

    return get_me


@pytest.fixture
async def cookie(sign_in):
    """Return ben's cookie."""
    response = await sign_in(Authorization=BEN)
    return f"JSESSIONID={response.cookies['JSESSIONID']}"


def outcome(response):
    return response.status_code, response.json()


def user_name(response):
    """Return the user name of the signed-in agent, or the error."""
    return response.json()["user"]["userName"] if response.is_success else outcome(response)


CREDENTIALS = {
    # Authorization, Cookie (BEN stands for ben's cookie), expected user name or error
    "name and password": (BEN, None, "ben"),
    "scheme in other case": (BEN.replace("Basic", "bAsIc"), None, "ben"),
    "several spaces": (BEN.replace("Basic", "Basic  "), None, "ben"),
    "empty password": (basic("ann:"), None, "ann"),
    "UTF-8, colon in password": (basic("jörg:pässwörd:x"), None, "jörg"),
    "Latin-1": (basic("jörg:pässwörd:x", "latin-1"), None, "jörg"),
    "cookie": (None, "BEN", "ben"),
    "cookie among others": (None, "lang=de; BEN;theme=dark", "ben"),
    "first of two cookies": (None, "BEN; JSESSIONID=x", "ben"),
    "second of two cookies": (None, "JSESSIONID=x; BEN", "ben"),
    "last of several cookies": (None, "JSESSIONID=node01abc.node0; JSESSIONID=; BEN; JSESSIONID=x", "ben"),
    "quoted cookie": (None, '$Version="1"; QUOTED; $Path="/"', "ben"),
    "quoted cookies of other programs": (None, 'JSESSIONID="x"; lang="de;en"; JSESSIONID="; BEN', "ben"),
    "Cookie lines joined by a comma": (None, "lang=de,BEN", "ben"),
    "Basic before cookie": (basic("ann:"), "BEN", "ann"),
    "no credentials": (None, None, DENIED),
    "wrong password": (basic("ben:a"), None, DENIED),
    "no colon": (basic("ben"), None, DENIED),
    "nothing encoded": (basic(""), None, DENIED),
    "empty": ("", None, DENIED),
    "no padding": ("Basic YmVuOmI", None, DENIED),
    "invalid character": ("Basic YmVu*OmI=", None, DENIED),
    "other scheme": ("Bearer YmVuOmI=", None, DENIED),
    "no scheme": ("YmVuOmI=", None, DENIED),
    "unknown cookie": (None, "JSESSIONID=nobody", DENIED),
    "empty cookie": (None, "JSESSIONID=", DENIED),
    "cookie in other case": (None, "jsessionid=nobody", DENIED),
    "only cookies of other programs": (None, 'JSESSIONID=x; JSESSIONID="y"', DENIED),
    "part of the cookie's name": (None, "XBEN; BENX", DENIED),
    "wrong password beside cookie": (basic("ben:a"), "BEN", DENIED),
    "other scheme beside cookie": ("Bearer x", "BEN", DENIED),
}


@pytest.mark.parametrize(("authorization", "cookies", "expected"), CREDENTIALS.values(), ids=CREDENTIALS)
async def test_credentials_identify_an_agent_or_are_rejected(sign_in, cookie, authorization, cookies, expected):
    name, _, value = cookie.partition("=")
    cookies = cookies and cookies.replace("BEN", cookie).replace("QUOTED", f'{name}="{value}"')
    headers = {"Authorization": authorization, "Cookie": cookies}

    response = await sign_in(**{name: value for name, value in headers.items() if value is not None})

    assert expected == user_name(response)


async def test_several_cookie_lines_are_read(send, cookie):
    response = await send("GET", ME, ("Cookie", "lang=de"), ("Cookie", "JSESSIONID=x"), ("Cookie", cookie))

    assert "ben" == user_name(response)


@pytest.mark.parametrize("other", [BEN, basic("ann:")], ids=["same", "different"])
async def test_several_authorization_lines_are_rejected(send, other):
    response = await send("GET", ME, ("Authorization", BEN), ("Authorization", other))

    assert DENIED == outcome(response)


async def test_sign_in_sets_the_agents_own_cookie(sign_in, cookie):
    another, own = [
        (await sign_in(Authorization=basic(account), Cookie=cookies)).headers["set-cookie"]
        for account, cookies in (("ann:", cookie), ("ben:b", "JSESSIONID=nobody"))
    ]

    assert f"{cookie}; Path=/; HttpOnly; SameSite=Lax" == own
    assert cookie not in another


@pytest.mark.parametrize("authorization", [None, BEN, basic("ben:a")], ids=["cookie", "own Basic", "wrong password"])
async def test_client_with_the_cookie_gets_no_other(sign_in, cookie, authorization):
    response = await sign_in(
        Cookie=f"JSESSIONID=x; {cookie}", **({"Authorization": authorization} if authorization else {})
    )

    assert "set-cookie" not in response.headers


@pytest.mark.parametrize("path", ["/api/v2/me/chats", "/api/v2/me/chats?fields=id"], ids=["by domain", "by schema"])
async def test_error_after_sign_in_sets_the_cookie(send, cookie, path):
    response = await send("GET", path, ("Authorization", BEN))

    assert response.is_client_error
    assert cookie == f"JSESSIONID={response.cookies['JSESSIONID']}"


@pytest.mark.parametrize("path", ["/health", "/metrics", "/openapi.yaml", "/openapi.json", "/ui/", "/", *SIMULATION])
async def test_public_paths_need_no_credentials(http, path):
    response = await http.get(path)

    assert 200 == response.status_code


class TestCustomers:
    """The header ContactCenterId identifies a customer."""

    @pytest.mark.parametrize("contact_center", [b"1", b"ann", "pässwörd".encode(), b" "])
    async def test_any_contact_center_identifies_a_customer_without_cookie(self, send, contact_center):
        response = await send("POST", CHATS, (b"contactcenterid", contact_center), json=REQUEST_CHAT)

        assert (200, None) == (response.status_code, response.headers.get("set-cookie"))

    @pytest.mark.documented
    @pytest.mark.parametrize(
        ("credentials", "method", "path", "body"),
        [
            (["Authorization", "Cookie"], "POST", CHATS, REQUEST_CHAT),
            (["Authorization", "Cookie"], "GET", f"{CHATS}/none/messages", None),
            (["ContactCenterId"], "GET", ME, None),
            (["ContactCenterId"], "GET", "/api/v2/me/chats", None),
            (["ContactCenterId"], "POST", "/api/v2/me/chats/none", {"operationName": "Leave"}),
            (["ContactCenterId"], "POST", "/api/v2/notifications", [{"channel": "/a"}]),
        ],
    )
    async def test_credentials_of_the_other_kind_are_rejected(self, send, cookie, credentials, method, path, body):
        values = {"Authorization": BEN, "Cookie": cookie, "ContactCenterId": "1"}

        responses = [await send(method, path, (name, values[name]), json=body) for name in credentials]

        assert [DENIED] * len(credentials) == list(map(outcome, responses))

    @pytest.mark.assumed("errors.no-credentials")
    @pytest.mark.parametrize("authorization", [BEN, ""])
    async def test_customer_operation_with_authorization_is_rejected(self, send, authorization):
        headers = [("ContactCenterId", "1"), ("Authorization", authorization)]

        assert DENIED == outcome(await send("POST", CHATS, *headers, json=REQUEST_CHAT))

    @pytest.mark.assumed("emulator.shared-path")
    @pytest.mark.parametrize(("method", "body"), [("GET", None), ("POST", {"operationName": "Complete"})])
    @pytest.mark.parametrize(
        ("names", "expected"),
        [
            # an agent without the chat feature gets (403, 5) for any chat, a customer (404, 6)
            (["header"], (404, 6)),
            (["cookie"], (403, 5)),
            (["header", "cookie"], (404, 6)),
            (["header", "unknown cookie"], (404, 6)),
            (["empty header", "cookie"], (403, 5)),
            (["empty header"], (403, 20)),
            (["header", "basic"], (403, 5)),
            (["header", "wrong password"], (403, 20)),
            (["header", "empty authorization"], (403, 20)),
            ([], (403, 20)),
        ],
    )
    async def test_shared_path_accepts_agents_and_customers(self, send, cookie, names, expected, method, body):
        headers = {
            "header": ("ContactCenterId", "1"),
            "empty header": ("ContactCenterId", ""),
            "cookie": ("Cookie", cookie),
            "unknown cookie": ("Cookie", "JSESSIONID=nobody"),
            "basic": ("Authorization", BEN),
            "wrong password": ("Authorization", basic("ben:a")),
            "empty authorization": ("Authorization", ""),
        }

        response = await send(method, f"{CHATS}/none", *(headers[name] for name in names), json=body)

        assert expected == (response.status_code, response.json()["statusCode"])
