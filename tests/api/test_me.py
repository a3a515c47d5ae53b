"""`/api/v2/me` starts and ends the contact-center session."""

import pytest

from gws_chat.app import build
from gws_chat.settings import Settings

ME = "/api/v2/me"
START = {"operationName": "StartContactCenterSession", "channels": ["chat"]}
END = {"operationName": "EndContactCenterSession"}
SUCCESS = (200, {"statusCode": 0})
DENIED = (403, {"statusCode": 20, "statusMessage": "Access denied"})
ALONE = "0071023821aec011"
AGENT1 = ("agent1", "secret1")


def outcome(response):
    return response.status_code, response.json()


class TestSession:
    """The cookie of an agent who starts and ends the contact-center session."""

    @pytest.fixture
    def send(self, http):
        """Send a request with exactly the given cookie."""

        async def send_request(method, *, cookie=None, **options):
            http.cookies.clear()
            headers = {} if cookie is None else {"Cookie": f"JSESSIONID={cookie}"}
            return await http.request(method, ME, headers=headers, **options)

        return send_request

    @pytest.fixture
    def sign_in(self, send):
        """Sign agent1 in by Basic and return the cookie."""

        async def by_basic():
            return (await send("GET", auth=AGENT1)).cookies["JSESSIONID"]

        return by_basic

    @pytest.mark.documented
    async def test_cookie_is_valid_until_the_session_ends(self, send, sign_in):
        cookie = await sign_in()

        started = [await send("POST", cookie=cookie, json=START) for _ in range(2)]
        working = await send("GET", cookie=cookie)
        ended = await send("POST", cookie=cookie, json=END)

        assert [SUCCESS] * 3 == list(map(outcome, [*started, ended]))
        assert (200, "agent1") == (working.status_code, working.json()["user"]["userName"])
        assert DENIED == outcome(await send("GET", cookie=cookie))

    @pytest.mark.documented
    async def test_ending_by_basic_ends_only_the_own_cookie(self, send, sign_in):
        cookie = await sign_in()

        await send("POST", auth=("agent2", "secret2"), json=END)
        working = await send("GET", cookie=cookie)
        ended = await send("POST", auth=AGENT1, json=END)

        assert 200 == working.status_code
        assert DENIED == outcome(await send("GET", cookie=cookie))
        assert "set-cookie" not in ended.headers

    @pytest.mark.assumed("session.end.password")
    async def test_password_gets_a_new_cookie_after_the_end(self, send, sign_in):
        cookie = await sign_in()
        await send("POST", cookie=cookie, json=END)

        next_cookie = await sign_in()

        assert cookie != next_cookie
        assert 200 == (await send("GET", cookie=next_cookie)).status_code

    @pytest.mark.assumed("session.end.chats")
    async def test_chats_remain_after_the_session_ends(self, agent):
        before = await agent("agent1").get("/api/v2/me/chats")

        await agent("agent1").request("POST", ME, json=END)

        assert before == await agent("agent1").get("/api/v2/me/chats")


class TestRouting:
    """Customers' chats are routed to agents with a contact-center session for chats."""

    @pytest.fixture
    def application(self, tmp_path):
        """Return an application whose agents have no contact-center session."""
        scenario = tmp_path / "scenario.yaml"
        scenario.write_text("""
agents:
  - {userName: agent1, password: secret1, features: [api-multimedia, api-voice]}
  - {userName: agent2, password: secret2, features: [api-multimedia]}
  - {userName: voiceonly, password: secret4, features: [api-voice]}
""")
        return build(Settings(scenario=scenario))

    @pytest.fixture
    def states(self, agent):
        """Return the states of the chats of agent1 and of agent2."""

        async def read():
            lists = [await agent(name).get("/api/v2/me/chats?fields=*") for name in ("agent1", "agent2")]
            return [[chat["state"] for chat in each["chats"]] for each in lists]

        return read

    @staticmethod
    async def notified_states(agent):
        return [notification["data"]["chat"]["state"] for notification in await agent.notifications()]

    @pytest.mark.documented
    async def test_starting_agent_is_invited_to_a_waiting_chat(self, agent, customer, states):
        await customer.request_chat()
        agent1 = agent("agent1")
        await agent1.listen()

        await agent1.request("POST", ME, json={"operationName": START["operationName"]})

        assert ["Invited"] == await self.notified_states(agent1)
        assert [["Invited"], []] == await states()

    @pytest.mark.documented
    @pytest.mark.parametrize(
        "operations",
        [
            pytest.param([{**START, "channels": ["voice"]}], id="other channel"),
            pytest.param([START, END], id="ended session"),
        ],
    )
    async def test_agent_without_a_chat_session_is_not_invited(self, agent, customer, states, operations):
        responses = [await agent("agent1").request("POST", ME, json=body) for body in operations]

        await customer.request_chat()

        assert {SUCCESS[0]} == {response.status_code for response in responses}
        assert ("WaitingForAgent", [[], []]) == ((await customer.chat())["state"], await states())

    @pytest.mark.assumed("session.no-channels")
    async def test_session_needs_a_channel(self, agent):
        response = await agent("agent1").request("POST", ME, json={**START, "channels": []})

        message = "channels: must be 1 to 20 items, got 0"
        assert (400, {"statusCode": 10, "statusMessage": message}) == (response.status_code, response.json())

    @pytest.mark.documented
    async def test_session_can_start_without_some_channels(self, agent, customer, states):
        """The iOS desktop asks for e-mail as well. It accepts the status codes 0 and 7."""
        body = {**START, "channels": ["voice", "chat", "email"], "mobileSession": {"mobilePushType": "IOS"}}
        response = await agent("agent2").request("POST", ME, json=body)

        await customer.request_chat()

        voice = "features: must include api-voice, got api-multimedia"
        email = "channels: must be chat or voice, got 'email'"
        expected = {
            "statusCode": 7,
            "failed": [
                {"statusCode": 5, "statusMessage": voice, "channel": "voice"},
                {"statusCode": 5, "statusMessage": email, "channel": "email"},
            ],
            "succeeded": [{"statusCode": 0, "channel": "multimedia"}],
        }
        assert (200, expected) == outcome(response)
        assert [[], ["Invited"]] == await states()

    @pytest.mark.documented
    async def test_session_without_any_channel_is_rejected(self, agent):
        message = "features: must include api-multimedia or api-multimedia-chat, got api-voice"

        response = await agent("voiceonly").request("POST", ME, json=START)

        assert (403, {"statusCode": 5, "statusMessage": message}) == outcome(response)

    @pytest.mark.documented
    async def test_session_accepts_every_member_of_desktops(self, agent):
        members = {"loginCode": "1", "queue": "2", "devicePath": "/devices/3", "place": "4", "mobileSession": {}}

        response = await agent("agent1").request("POST", ME, json={**START, **members})

        assert SUCCESS == outcome(response)

    @pytest.mark.assumed("session.end.invitations")
    async def test_ending_the_session_invites_the_next_agent(self, agent, customer, states):
        agents = agent("agent1"), agent("agent2")
        for each in agents:
            await each.request("POST", ME, json=START)
        await customer.request_chat()
        for each in agents:
            await each.listen()

        await agents[0].request("POST", ME, json=END)

        assert [[], ["Invited"]] == [await self.notified_states(each) for each in agents]
        assert [[], ["Invited"]] == await states()


class TestReadyState:
    """The demo's agents change their state."""

    @pytest.fixture
    def set_state(self, agent):
        async def post(name, operation, path=ME):
            return await agent(name).request("POST", path, json={"operationName": operation})

        return post

    @pytest.mark.documented
    async def test_only_ready_agents_are_invited(self, agent, customer, set_state):
        listener = agent("agent1")
        await listener.listen("/v2/me/chats")
        for name in ("agent1", "agent2", "agent3"):
            await set_state(name, "NotReady", f"{ME}/channels/chat")
        await customer.request_chat()
        before = await listener.notifications()

        await set_state("agent1", "Ready")

        after = [each["data"]["chat"]["state"] for each in await listener.notifications()]
        assert ([], ["Invited"]) == (before, after)

    @pytest.mark.documented
    @pytest.mark.parametrize("name", ["ready", "", "EndContactCenterSession"])
    async def test_unknown_state_is_rejected(self, name, set_state):
        response = await set_state("agent1", name, f"{ME}/channels/chat")

        assert (400, 2) == (response.status_code, response.json()["statusCode"])


class TestChatByUri:
    """The URI of a chat, as notifications contain it."""

    @pytest.mark.assumed("chat.by-uri")
    @pytest.mark.parametrize(
        ("user_name", "chat_id"),
        [
            pytest.param("agent1", ALONE, id="alone"),
            pytest.param("agent3", "0000Na9B26EF003Y", id="consultant"),
            pytest.param("agent2", "0000Na9B26EF004Z", id="invited"),
        ],
    )
    async def test_uri_shows_agents_their_own_chat(self, agent, user_name, chat_id):
        own = await agent(user_name).get(f"/api/v2/me/chats/{chat_id}")

        assert f"http://localhost:8080/api/v2/chats/{chat_id}" == own["chat"]["uri"]
        assert own == await agent(user_name).get(own["chat"]["uri"])

    @pytest.mark.assumed("errors.chat-of-another-agent")
    @pytest.mark.parametrize("chat_id", [ALONE, "0071023821aec01X"], ids=["of others", "unknown"])
    async def test_chat_of_others_looks_like_an_unknown_one(self, agent, chat_id):
        response = await agent("agent3").request("GET", f"/api/v2/chats/{chat_id}")

        message = f"id: must be the ID of one of your chats, got {chat_id!r}"
        assert (404, {"statusCode": 6, "statusMessage": message}) == outcome(response)
