"""HTTP Basic or the cookie that its answer set; where both come, Basic decides. Customers bring a header."""

from base64 import b64encode

import pytest

from handlers.app import build
from handlers.settings import Settings

ME = "/api/v2/me"
DENIED = (403, {"statusCode": 20, "statusMessage": "Access denied"})
SCENARIO = """
agents:
  - {userName: jörg, password: "pässwörd:x"}
  - {userName: ann, password: ""}
  - {userName: ben, password: b}
"""


@pytest.fixture(scope="module")
def application(tmp_path_factory):
    """A service with accounts of its own, for all of these tests, since asking who I am changes nothing."""
    scenario = tmp_path_factory.mktemp("security") / "scenario.yaml"
    scenario.write_text(SCENARIO, encoding="utf-8")
    return build(Settings(scenario=scenario))


@pytest.fixture
def sign_in(http):
    """Ask who I am with these headers, and no cookie but theirs."""

    async def ask(**headers):
        http.cookies.clear()
        return await http.get(ME, headers=headers)

    return ask


@pytest.fixture
async def cookie(sign_in):
    """The cookie of ben."""
    answer = await sign_in(Authorization=basic("ben:b"))
    return f"JSESSIONID={answer.cookies['JSESSIONID']}"


def basic(credentials, encoding="utf-8"):
    return "Basic " + b64encode(credentials.encode(encoding)).decode()


def who(answer):
    return answer.json()["user"]["userName"]


@pytest.mark.parametrize(
    ("authorization", "name"),
    [
        pytest.param(basic("ben:b"), "ben", id="a name and its password"),
        pytest.param(basic("ben:b").replace("Basic", "bAsIc"), "ben", id="the scheme in other letters"),
        pytest.param(basic("ben:b").replace("Basic", "Basic  "), "ben", id="blanks before the credentials"),
        pytest.param(basic("ann:"), "ann", id="an empty password"),
        pytest.param(basic("jörg:pässwörd:x"), "jörg", id="UTF-8, and a colon in the password"),
        pytest.param(basic("jörg:pässwörd:x", "latin-1"), "jörg", id="Latin-1"),
    ],
)
async def test_right_credentials_are_the_agents(sign_in, authorization, name):
    assert name == who(await sign_in(Authorization=authorization))


@pytest.mark.parametrize(
    "authorization",
    [
        pytest.param(basic("ben:a"), id="a wrong password"),
        pytest.param(basic("zoe:b"), id="an unknown name"),
        pytest.param(basic("zoe:"), id="an unknown name without password"),
        pytest.param(basic("ben"), id="no colon"),
        pytest.param(basic(""), id="nothing encoded"),
        pytest.param("Basic", id="nothing after the scheme"),
        pytest.param("", id="nothing at all"),
        pytest.param("Basic ben:b", id="not encoded"),
        pytest.param("Basic YmVuOmI", id="encoded without its padding"),
        pytest.param("Basic YmVu*OmI=", id="encoded with a character that is none"),
        pytest.param("Basic YmVuOmI= x", id="more than the credentials"),
        pytest.param("Bearer YmVuOmI=", id="another scheme"),
        pytest.param("YmVuOmI=", id="no scheme"),
    ],
)
async def test_wrong_credentials_are_denied(sign_in, authorization):
    answer = await sign_in(Authorization=authorization)

    assert DENIED == (answer.status_code, answer.json())


async def test_without_credentials_access_is_denied(sign_in):
    answer = await sign_in()

    assert DENIED == (answer.status_code, answer.json())


async def test_the_cookie_alone_is_enough(sign_in, cookie):
    assert "ben" == who(await sign_in(Cookie=cookie))


async def test_the_cookie_is_enough_among_others(sign_in, cookie):
    assert "ben" == who(await sign_in(Cookie=f"lang=de; {cookie};theme=dark"))


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("JSESSIONID=nobody", id="unknown"),
        pytest.param("JSESSIONID=", id="empty"),
        pytest.param("JSESSIONID", id="without a value"),
        pytest.param("jsessionid=nobody", id="of a name in other letters"),
    ],
)
async def test_another_cookie_is_denied(sign_in, value):
    answer = await sign_in(Cookie=value)

    assert DENIED == (answer.status_code, answer.json())


async def test_of_two_cookies_of_the_name_the_first_decides(sign_in, cookie):
    answers = [
        await sign_in(Cookie=f"{cookie}; JSESSIONID=x"),
        await sign_in(Cookie=f"JSESSIONID=x; {cookie}"),
    ]

    assert [200, 403] == [answer.status_code for answer in answers]


async def test_a_wrong_password_is_denied_whatever_the_cookie_is(sign_in, cookie):
    answer = await sign_in(Authorization=basic("ben:a"), Cookie=cookie)

    assert DENIED == (answer.status_code, answer.json())


async def test_another_scheme_is_denied_whatever_the_cookie_is(sign_in, cookie):
    answer = await sign_in(Authorization="Bearer x", Cookie=cookie)

    assert DENIED == (answer.status_code, answer.json())


async def test_where_both_come_basic_decides(sign_in, cookie):
    assert "ann" == who(await sign_in(Authorization=basic("ann:"), Cookie=cookie))


async def test_a_right_password_makes_up_for_an_unknown_cookie(sign_in):
    assert "ben" == who(await sign_in(Authorization=basic("ben:b"), Cookie="JSESSIONID=nobody"))


async def test_an_agent_has_one_cookie_however_often_it_signs_in(sign_in, cookie):
    answer = await sign_in(Authorization=basic("ben:b"))

    assert cookie == f"JSESSIONID={answer.cookies['JSESSIONID']}"


async def test_the_cookie_is_for_the_browser_only(sign_in):
    answer = await sign_in(Authorization=basic("ben:b"))
    token = answer.cookies["JSESSIONID"]

    assert f"JSESSIONID={token}; Path=/; HttpOnly; SameSite=Lax" == answer.headers["set-cookie"]


@pytest.mark.parametrize(
    "authorization", [{}, {"Authorization": basic("ben:b")}], ids=["alone", "beside Basic"]
)
async def test_a_client_that_has_the_cookie_is_not_given_it_again(sign_in, cookie, authorization):
    answer = await sign_in(Cookie=cookie, **authorization)

    assert "set-cookie" not in answer.headers


async def test_a_client_with_another_agents_cookie_is_given_its_own(sign_in, cookie):
    answer = await sign_in(Authorization=basic("ann:"), Cookie=cookie)

    assert answer.cookies["JSESSIONID"] not in cookie


async def test_an_answer_that_denies_sets_no_cookie(sign_in):
    answer = await sign_in(Authorization=basic("ben:a"))

    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/api/v2/me/chats", "/api/v2/me?page=2"], ids=["by a rule", "before a rule"]
)
async def test_an_answer_that_refuses_sets_the_cookie_where_the_credentials_are_right(http, path):
    answer = await http.get(path, headers={"Authorization": basic("ben:b")})

    assert "set-cookie" in answer.headers


@pytest.mark.parametrize("path", ["/health", "/metrics", "/openapi.yaml", "/openapi.json", "/ui/", "/"])
async def test_what_is_no_agents_business_needs_no_credentials(http, path):
    answer = await http.get(path)

    assert 200 == answer.status_code


REQUEST_CHAT = {"operationName": "RequestChat", "nickname": "Ann"}
AGENT = (403, 5)
"""What ben is answered for any chat: the account may not use chats."""
CUSTOMER = (404, 6)
"""What a customer is answered for a chat that is not there."""


def code(answer):
    return answer.status_code, answer.json()["statusCode"]


class TestCustomers:
    """The header ContactCenterId, and nothing else, makes a customer."""

    @pytest.fixture
    def request_chat(self, http):
        """Ask for a chat with these headers, and no cookie but theirs."""

        async def ask(**headers):
            http.cookies.clear()
            return await http.post("/api/v2/chats", json=REQUEST_CHAT, headers=headers)

        return ask

    @pytest.fixture
    def look(self, http):
        """Ask for a chat that is not there, by the address that is for agents and customers."""

        async def ask(*headers):
            http.cookies.clear()
            return await http.get("/api/v2/chats/none", headers=list(headers))

        return ask

    @pytest.mark.decided
    @pytest.mark.parametrize("value", ["1", "any", "ben:b", "00000000-0000-0000-0000-000000000000"])
    async def test_any_value_opens_the_customers_door(self, request_chat, value):
        answer = await request_chat(ContactCenterId=value)

        assert (200, 0) == code(answer)

    @pytest.mark.parametrize("name", ["contactcenterid", "CONTACTCENTERID", "ContactCenterID"])
    async def test_the_header_may_be_in_other_letters(self, request_chat, name):
        answer = await request_chat(**{name: "1"})

        assert (200, 0) == code(answer)

    @pytest.mark.documented
    async def test_without_the_header_access_is_denied(self, request_chat):
        answer = await request_chat()

        assert DENIED == (answer.status_code, answer.json())

    @pytest.mark.decided
    async def test_an_empty_value_is_none(self, request_chat):
        answer = await request_chat(ContactCenterId="")

        assert DENIED == (answer.status_code, answer.json())

    @pytest.mark.documented
    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            pytest.param("POST", "/api/v2/chats", REQUEST_CHAT, id="asking for a chat"),
            pytest.param("POST", "/api/v2/chats/none", {"operationName": "Complete"}, id="an operation"),
            pytest.param("GET", "/api/v2/chats/none/messages", None, id="messages"),
        ],
    )
    async def test_an_agents_credentials_do_not_open_it(self, http, cookie, method, path, body):
        by_basic = {"Authorization": basic("ben:b")}
        http.cookies.clear()

        answers = [
            await http.request(method, path, json=body, headers=headers)
            for headers in (by_basic, {"Cookie": cookie})
        ]

        assert [DENIED] * 2 == [(answer.status_code, answer.json()) for answer in answers]

    @pytest.mark.documented
    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            pytest.param("GET", ME, None, id="who I am"),
            pytest.param("GET", "/api/v2/me/chats", None, id="an agent's chats"),
            pytest.param("POST", "/api/v2/me/chats/none", {"operationName": "Leave"}, id="an operation"),
            pytest.param("POST", "/api/v2/notifications", [{"channel": "/a"}], id="CometD"),
        ],
    )
    async def test_the_header_does_not_open_the_agents_doors(self, http, method, path, body):
        answer = await http.request(method, path, json=body, headers={"ContactCenterId": "1"})

        assert DENIED == (answer.status_code, answer.json())

    async def test_the_header_beside_an_agents_credentials_leaves_the_agent_one(self, sign_in):
        assert "ben" == who(await sign_in(Authorization=basic("ben:b"), ContactCenterId="1"))

    async def test_a_customer_is_given_no_cookie(self, request_chat):
        answer = await request_chat(ContactCenterId="1")

        assert "set-cookie" not in answer.headers

    @pytest.mark.decided
    async def test_where_both_may_come_the_header_alone_makes_a_customer(self, look):
        assert CUSTOMER == code(await look(("ContactCenterId", "1")))

    @pytest.mark.decided
    async def test_where_both_may_come_the_cookie_alone_makes_an_agent(self, look, cookie):
        assert AGENT == code(await look(("Cookie", cookie)))

    @pytest.mark.decided
    @pytest.mark.parametrize("reverse", [False, True], ids=["before it", "after it"])
    async def test_the_header_decides_beside_an_agents_cookie(self, look, cookie, reverse):
        headers = [("ContactCenterId", "1"), ("Cookie", cookie)]

        assert CUSTOMER == code(await look(*(reversed(headers) if reverse else headers)))

    @pytest.mark.decided
    async def test_the_header_is_not_spoilt_by_a_cookie_that_is_worth_nothing(self, look):
        assert CUSTOMER == code(await look(("ContactCenterId", "1"), ("Cookie", "JSESSIONID=nobody")))

    @pytest.mark.decided
    async def test_an_empty_header_leaves_the_cookie_to_decide(self, look, cookie):
        assert AGENT == code(await look(("ContactCenterId", ""), ("Cookie", cookie)))

    @pytest.mark.decided
    async def test_basic_decides_beside_the_header(self, look):
        assert AGENT == code(await look(("ContactCenterId", "1"), ("Authorization", basic("ben:b"))))

    @pytest.mark.decided
    @pytest.mark.parametrize("authorization", [basic("ben:a"), "Bearer x", ""])
    async def test_a_wrong_password_is_not_made_up_for_by_the_header(self, look, authorization):
        answer = await look(("ContactCenterId", "1"), ("Authorization", authorization))

        assert DENIED == (answer.status_code, answer.json())

    async def test_without_either_access_is_denied(self, look):
        answer = await look()

        assert DENIED == (answer.status_code, answer.json())
