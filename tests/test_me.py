"""Who I am, what is mine, and the session at the contact center."""

from __future__ import annotations

import pytest

from handlers.app import build
from handlers.settings import Settings
from tests.customers import CustomerClient

ME = "/api/v2/me"
START = {"operationName": "StartContactCenterSession", "channels": ["chat"]}
END = {"operationName": "EndContactCenterSession"}
DENIED = (403, {"statusCode": 20, "statusMessage": "Access denied"})
OWN = ["id", "userName", "uri", "path", "features"]


@pytest.fixture(scope="module")
def application():
    """One for all of those tests that change no chat."""
    return build(Settings())


@pytest.fixture
def ask(http):
    """Send a request with no cookie but the given one."""

    async def send(method, path, *, cookie=None, **options):
        http.cookies.clear()
        headers = {} if cookie is None else {"Cookie": f"JSESSIONID={cookie}"}
        return await http.request(method, path, headers=headers, **options)

    return send


@pytest.fixture
def sign_in(ask):
    """Ask who agent1 is by Basic, and return the cookie that comes with the answer."""

    async def by_basic():
        answer = await ask("GET", ME, auth=("agent1", "secret1"))
        return answer.cookies["JSESSIONID"]

    return by_basic


class TestContactCenterSession:
    """Starting and ending work."""

    @pytest.fixture
    def application(self):
        """One for each test: what is unanswered when work ends goes to another agent."""
        return build(Settings())

    @pytest.mark.decided
    async def test_starting_twice_is_no_fault(self, agent):
        agent1 = agent("agent1")

        answers = [await agent1.request("POST", ME, json=START) for _ in range(2)]

        assert [(200, {"statusCode": 0})] * 2 == [(answer.status_code, answer.json()) for answer in answers]

    @pytest.mark.documented
    async def test_the_cookie_is_good_after_starting(self, ask, sign_in):
        cookie = await sign_in()
        await ask("POST", ME, cookie=cookie, json=START)

        answer = await ask("GET", ME, cookie=cookie)

        assert (200, "agent1") == (answer.status_code, answer.json()["user"]["userName"])

    @pytest.mark.documented
    async def test_ending_is_answered_with_success(self, ask, sign_in):
        answer = await ask("POST", ME, cookie=await sign_in(), json=END)

        assert (200, {"statusCode": 0}) == (answer.status_code, answer.json())

    @pytest.mark.documented
    async def test_the_cookie_is_worth_nothing_after_ending(self, ask, sign_in):
        cookie = await sign_in()
        await ask("POST", ME, cookie=cookie, json=END)

        answer = await ask("GET", ME, cookie=cookie)

        assert DENIED == (answer.status_code, answer.json())

    @pytest.mark.documented
    async def test_ending_by_basic_ends_the_cookie_too(self, ask, sign_in):
        cookie = await sign_in()
        await ask("POST", ME, auth=("agent1", "secret1"), json=END)

        answer = await ask("GET", ME, cookie=cookie)

        assert DENIED == (answer.status_code, answer.json())

    @pytest.mark.decided
    async def test_the_password_is_good_after_ending_and_gets_another_cookie(self, ask, sign_in):
        cookie = await sign_in()
        await ask("POST", ME, cookie=cookie, json=END)

        assert cookie != await sign_in()

    @pytest.mark.decided
    async def test_the_other_cookie_is_good(self, ask, sign_in):
        await ask("POST", ME, cookie=await sign_in(), json=END)

        answer = await ask("GET", ME, cookie=await sign_in())

        assert (200, "agent1") == (answer.status_code, answer.json()["user"]["userName"])

    @pytest.mark.decided
    async def test_the_answer_to_ending_hands_out_no_cookie_that_is_worth_nothing(self, ask):
        answer = await ask("POST", ME, auth=("agent1", "secret1"), json=END)

        assert "set-cookie" not in answer.headers

    @pytest.mark.decided
    async def test_another_agents_cookie_outlives_it(self, ask, sign_in):
        cookie = await sign_in()
        await ask("POST", ME, auth=("agent2", "secret2"), json=END)

        answer = await ask("GET", ME, cookie=cookie)

        assert (200, "agent1") == (answer.status_code, answer.json()["user"]["userName"])

    @pytest.mark.decided
    async def test_the_chats_outlive_it(self, agent):
        agent1 = agent("agent1")
        before = await agent1.get("/api/v2/me/chats")

        await agent1.request("POST", ME, json=END)

        assert before == await agent1.get("/api/v2/me/chats")


class TestRouting:
    """Who is at work is asked in."""

    @pytest.fixture
    def application(self, tmp_path):
        """Two agents who may chat and one who may not, none of them at work."""
        scenario = tmp_path / "scenario.yaml"
        scenario.write_text("""
agents:
  - {userName: agent1, password: secret1, features: [api-multimedia]}
  - {userName: agent2, password: secret2, features: [api-multimedia]}
  - {userName: voiceonly, password: secret4, features: [api-voice]}
""")
        return build(Settings(scenario=scenario))

    @pytest.fixture
    def customer(self, http):
        return CustomerClient(http)

    @pytest.fixture
    def invitations(self, agent):
        """Return the states of the chats that an agent has."""

        async def of(user_name):
            answer = await agent(user_name).get("/api/v2/me/chats?fields=*")
            return [chat["state"] for chat in answer["chats"]]

        return of

    @pytest.mark.documented
    async def test_who_has_started_is_asked_in(self, agent, customer, invitations):
        await agent("agent1").request("POST", ME, json=START)

        await customer.request_chat()

        assert (["Invited"], []) == (await invitations("agent1"), await invitations("agent2"))

    @pytest.mark.documented
    async def test_who_starts_is_asked_in_where_a_customer_waits(self, agent, customer, invitations):
        await customer.request_chat()

        await agent("agent1").request("POST", ME, json=START)

        assert ["Invited"] == await invitations("agent1")

    @pytest.mark.documented
    async def test_who_starts_is_told_of_the_customer_who_waits(self, agent, customer):
        await customer.request_chat()
        agent1 = agent("agent1")
        await agent1.listen()

        await agent1.request("POST", ME, json=START)

        assert ["Invited"] == [each["data"]["chat"]["state"] for each in await agent1.told()]

    @pytest.mark.decided
    async def test_without_channels_it_is_for_chats(self, agent, customer, invitations):
        await agent("agent1").request("POST", ME, json={"operationName": START["operationName"]})

        await customer.request_chat()

        assert ["Invited"] == await invitations("agent1")

    @pytest.mark.documented
    async def test_on_other_channels_nobody_is_asked_in(self, agent, customer, invitations):
        await agent("agent1").request("POST", ME, json={**START, "channels": ["voice"]})

        await customer.request_chat()

        assert [] == await invitations("agent1")

    @pytest.mark.decided
    async def test_without_the_feature_starting_is_no_fault_but_the_customer_waits(self, agent, customer):
        answer = await agent("voiceonly").request("POST", ME, json=START)

        await customer.request_chat()

        chat = await customer.chat()
        assert (200, "WaitingForAgent") == (answer.status_code, chat["state"])

    @pytest.mark.decided
    async def test_who_has_ended_is_asked_in_no_more(self, agent, customer, invitations):
        await agent("agent1").request("POST", ME, json=START)
        await agent("agent1").request("POST", ME, json=END)

        await customer.request_chat()

        assert [] == await invitations("agent1")

    @pytest.mark.decided
    async def test_what_is_unanswered_when_work_ends_goes_to_the_next(self, agent, customer, invitations):
        for user_name in ("agent1", "agent2"):
            await agent(user_name).request("POST", ME, json=START)
        await customer.request_chat()

        await agent("agent1").request("POST", ME, json=END)

        assert ([], ["Invited"]) == (await invitations("agent1"), await invitations("agent2"))

    @pytest.mark.decided
    async def test_both_are_told_of_it(self, agent, customer):
        agents = [agent("agent1"), agent("agent2")]
        for each in agents:
            await each.request("POST", ME, json=START)
        await customer.request_chat()
        for each in agents:
            await each.listen()

        await agents[0].request("POST", ME, json=END)

        assert [["Revoked"], ["Invited"]] == [
            [told["data"]["chat"]["state"] for told in await each.told()] for each in agents
        ]


class TestSubresources:
    """What is embedded in the user."""

    @pytest.mark.documented
    async def test_without_them_the_user_has_its_own_members(self, agent):
        answer = await agent("agent1").get(ME)

        assert OWN == list(answer["user"])

    @pytest.mark.documented
    async def test_chats_are_embedded_as_they_are_listed_in_full(self, agent):
        agent1 = agent("agent1")

        answer = await agent1.get(f"{ME}?subresources=chats")

        listed = await agent1.get("/api/v2/me/chats?fields=*")
        assert listed["chats"] == answer["user"]["chats"]

    @pytest.mark.documented
    async def test_a_list_embeds_what_it_names(self, agent):
        answer = await agent("agent1").get(f"{ME}?subresources=devices,chats")

        assert [*OWN, "devices", "chats"] == list(answer["user"])

    @pytest.mark.documented
    async def test_an_asterisk_embeds_everything(self, agent):
        answer = await agent("agent1").get(f"{ME}?subresources=*")

        assert [*OWN, "devices", "calls", "channels", "interactions", "chats"] == list(answer["user"])

    @pytest.mark.decided
    @pytest.mark.parametrize(
        "value",
        [
            pytest.param("emails", id="unknown"),
            pytest.param("chats,", id="a comma at the end"),
            pytest.param("*,chats", id="an asterisk among others"),
            pytest.param("Chats", id="in other letters"),
            pytest.param("", id="nothing"),
        ],
    )
    async def test_another_value_is_refused(self, agent, value):
        answer = await agent("agent1").request("GET", ME, params={"subresources": value})

        assert (400, 2) == (answer.status_code, answer.json()["statusCode"])

    @pytest.mark.decided
    async def test_without_the_feature_there_are_no_chats_to_embed(self, agent):
        answer = await agent("voiceonly").get(f"{ME}?subresources=chats")

        assert OWN == list(answer["user"])


class TestChatByItsUri:
    """The address that notifications give."""

    @pytest.mark.decided
    @pytest.mark.parametrize(
        ("user_name", "chat_id"),
        [
            pytest.param("agent1", "0071023821aec011", id="alone"),
            pytest.param("agent2", "0000Na9B26EF002X", id="in a conference"),
            pytest.param("agent3", "0000Na9B26EF003Y", id="as a consultant"),
            pytest.param("agent2", "0000Na9B26EF004Z", id="invited"),
        ],
    )
    async def test_for_agents_of_the_chat_it_is_the_same_as_their_own(self, agent, user_name, chat_id):
        own = await agent(user_name).get(f"/api/v2/me/chats/{chat_id}")

        assert own == await agent(user_name).get(f"/api/v2/chats/{chat_id}")

    @pytest.mark.decided
    async def test_it_is_the_address_that_the_chat_itself_gives(self, agent):
        agent1 = agent("agent1")
        shown = await agent1.get("/api/v2/me/chats/0071023821aec011")

        assert shown == await agent1.get(shown["chat"]["uri"])

    @pytest.mark.decided
    async def test_for_others_it_is_not_found_as_if_it_did_not_exist(self, agent):
        agent3 = agent("agent3")
        there = await agent3.request("GET", "/api/v2/chats/0071023821aec011")
        nowhere = await agent3.request("GET", "/api/v2/chats/0071023821aec01X")

        assert (404, 6, there.json()["statusMessage"]) == (
            nowhere.status_code,
            nowhere.json()["statusCode"],
            nowhere.json()["statusMessage"].replace("01X", "011"),
        )

    @pytest.mark.documented
    async def test_without_the_feature_it_is_refused(self, agent):
        answer = await agent("voiceonly").request("GET", "/api/v2/chats/0071023821aec011")

        assert (403, 5) == (answer.status_code, answer.json()["statusCode"])
