"""Requests may have unknown members, and null for absent parameters, as on real servers."""

import pytest
import yaml

from gws_chat.app import build
from gws_chat.settings import Settings

ALONE = "0071023821aec011"
CONFERENCE = "0000Na9B26EF002X"
USER_DATA = {"parties": [{"name": "Ann"}], "account": {"id": 1, "note": None}, "vip": True, "since": None}


def outcome(response):
    return response.status_code, response.json()["statusCode"]


@pytest.mark.observed
class TestBothModes:
    @pytest.fixture(params=[False, True], ids=["default", "strict"])
    def application(self, request):
        return build(Settings(strict=request.param))

    async def test_leave_with_null_is_a_plain_leave(self, agent):
        agent1 = agent("agent1")
        await agent1.listen()

        response = await agent1.leave(ALONE, text=None, messageType=None, treatAs=None)

        assert (200, 0) == outcome(response)
        (notification,) = await agent1.notifications()
        assert "LeftChat" == notification["data"]["chat"]["state"]

    @pytest.mark.parametrize(
        "body",
        [
            {"operationName": "Leave", "text": None, "treatAs": "System"},
            {"operationName": "SendMessage", "text": None},
            {"operationName": "Transfer", "targetUri": None, "targetPath": None, "queueName": None},
            {"operationName": "AttachUserData", "userData": None},
            {"operationName": None},
        ],
        ids=str,
    )
    async def test_required_parameter_that_is_null_is_missing(self, agent, body):
        response = await agent("agent1").perform(ALONE, body)

        assert (400, 1) == outcome(response)

    async def test_one_target_beside_nulls_is_accepted(self, agent):
        body = {"operationName": "Transfer", "targetUri": None, "targetPath": None, "queueName": "support"}

        response = await agent("agent1").perform(ALONE, body)

        assert (200, 0) == outcome(response)

    async def test_default_replaces_null(self, agent):
        agent1 = agent("agent1")
        body = {"operationName": "SetDisposition", "disposition": "Resolved", "dispositionKey": None}

        await agent1.perform(ALONE, body)

        shown = await agent1.get(f"/api/v2/me/chats/{ALONE}")
        assert {"tier": "gold", "DispositionCode": "Resolved"} == shown["chat"]["userData"]

    async def test_user_data_of_an_agent_has_any_values(self, agent):
        agent1 = agent("agent1")

        await agent1.perform(ALONE, {"operationName": "AttachUserData", "userData": USER_DATA})

        shown = await agent1.get(f"/api/v2/me/chats/{ALONE}")
        assert {"tier": "gold", **USER_DATA} == shown["chat"]["userData"]

    async def test_user_data_of_a_customer_has_any_values(self, agent, customer):
        await customer.request_chat(userData=USER_DATA, subject=None)

        shown = await agent("agent1").get("/api/v2/me/chats?fields=*")
        assert USER_DATA == shown["chats"][-1]["userData"]

    async def test_user_data_of_a_customer_may_be_null(self, customer):
        response = await customer.request_chat(userData=None)

        assert (200, 0) == outcome(response)

    async def test_session_starts_with_null_parameters(self, agent):
        body = {"operationName": "StartContactCenterSession", "channels": None, "place": None}

        response = await agent("agent1").request("POST", "/api/v2/me", json=body)

        assert (200, 0) == outcome(response)

    @pytest.mark.parametrize("name", ["place", "loginCode", "queue", "devicePath", "mobileSession"])
    @pytest.mark.parametrize("value", [5001, "5001", ["5001"], {"id": 5001}, True])
    async def test_parameter_without_effect_has_any_type(self, agent, name, value):
        body = {"operationName": "StartContactCenterSession", name: value}

        response = await agent("agent1").request("POST", "/api/v2/me", json=body)

        assert (200, 0) == outcome(response)

    async def test_cometd_message_has_unknown_members(self, agent):
        members = {"version": "1.0", "supportedConnectionTypes": ["long-polling"], "mobileSession": True}

        (reply,) = await agent("agent1").send("/meta/handshake", **members)

        assert reply["successful"]


@pytest.mark.observed
@pytest.mark.parametrize(("strict", "expected"), [(False, (200, 0)), (True, (400, 2))])
class TestUnknownMember:
    @pytest.fixture
    def application(self, strict):
        return build(Settings(strict=strict))

    async def test_agent_sends_an_unknown_member(self, agent, expected):
        assert expected == outcome(await agent("agent1").leave(CONFERENCE, reason="tea"))

    async def test_session_starts_with_an_unknown_member(self, agent, expected):
        body = {"operationName": "StartContactCenterSession", "channels": ["chat"], "agentGroup": "Sales"}

        assert expected == outcome(await agent("agent1").request("POST", "/api/v2/me", json=body))

    @pytest.mark.parametrize("name", ["EndContactCenterSession", "Ready", "NotReady", "AfterCallWork"])
    async def test_only_the_start_has_parameters(self, agent, http, name, expected):
        body = {"operationName": name, "channels": ["chat"], "place": "desk7"}
        response = await agent("agent1").request("POST", "/api/v2/me", json=body)

        (entry,) = (await http.get("/simulation/journal")).json()["entries"][:1]
        ignored = ["channels", "place"] if expected == (200, 0) else None
        assert (expected, ignored) == (outcome(response), entry.get("ignored"))

    async def test_customer_sends_an_unknown_member(self, customer, expected):
        assert expected == outcome(await customer.request_chat(emailAddress="eva@example.com"))

    async def test_served_document_says_what_is_enforced(self, http, expected):
        text = (await http.get("/openapi.yaml")).text
        document = (await http.get("/openapi.json")).json()

        assert document == yaml.safe_load(text)
        is_closed = document["components"]["schemas"]["LeaveOperation"].get("additionalProperties") is False
        assert (expected != (200, 0)) == is_closed == document.get("x-strict", False)

    @pytest.mark.parametrize("path", ["/simulation/reset?seed=1", "/simulation/reset"])
    async def test_simulation_is_always_strict(self, http, path, expected):  # noqa: ARG002 - of the class
        response = await http.post(path, json={} if "?" in path else {"sead": 1})

        assert (400, 2) == outcome(response)
