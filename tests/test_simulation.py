"""A test can bring the stand-in back to where it began, and let time pass."""

from __future__ import annotations

import asyncio
import time

import pytest

from handlers.app import build
from handlers.settings import Settings

ALONE = "0071023821aec011"
INVITED = "0000Na9B26EF004Z"
TIMEOUT = """
invitationTimeout: 20
agents:
  - {userName: agent1, password: secret1, features: [api-multimedia], channels: [chat]}
"""


@pytest.fixture
def control(http):
    """Post to the control side."""

    async def post(path, **body):
        answer = await http.post(f"/simulation/{path}", json=body)
        assert 200 == answer.status_code, answer.text
        return answer.json()

    return post


async def everything(agent):
    return {
        name: await agent(name).get("/api/v2/me/chats?fields=*") for name in ("agent1", "agent2", "agent3")
    }


async def test_after_a_reset_everything_is_as_it_began(agent, customer, control):
    before = await everything(agent)
    await agent("agent1").leave(ALONE, text="Bye")
    await agent("agent2").accept(INVITED)
    await customer.request_chat()
    assert before != await everything(agent)

    await control("reset")

    assert before == await everything(agent)
    assert [] == (await agent("agent1").get(f"/api/v2/me/chats/{ALONE}/messages"))["messages"]
    assert 404 == (await customer.request("GET", customer.path)).status_code


async def test_after_a_reset_reference_ids_count_from_1(agent, control):
    agent1 = agent("agent1")
    await agent1.leave(ALONE)
    await control("reset")
    await agent1.listen()

    await agent1.leave(ALONE)

    assert [1] == [told["data"]["referenceId"] for told in await agent1.told()]


async def test_after_a_reset_a_customer_is_offered_to_who_is_there_at_start(agent, customer, control):
    await agent("agent1").request("POST", "/api/v2/me", json={"operationName": "EndContactCenterSession"})
    await customer.request_chat("Waiting")
    await control("reset")

    await customer.request_chat("Eva")

    chats = (await agent("agent1").get("/api/v2/me/chats?fields=*"))["chats"]
    invited = [chat for chat in chats if chat["state"] == "Invited"]
    assert ["Eva"] == [chat["participants"][0]["nickname"] for chat in invited]


async def test_a_seed_makes_the_same_ids_each_time(customer, control):
    answers = []
    for seed in (7, 7, 8):
        await control("reset", seed=seed)
        answers.append((await customer.request_chat()).json()["id"])

    assert answers[0] == answers[1] != answers[2]


async def test_without_a_seed_no_ids_are_the_same(customer, control):
    answers = set()
    for _ in range(2):
        await control("reset")
        answers.add((await customer.request_chat()).json()["id"])

    assert 2 == len(answers)


async def test_a_reset_ends_sessions_and_tells_who_polls_402(agent, application, control):
    agent1 = agent("agent1")
    await agent1.listen()
    polling = asyncio.create_task(agent1.poll())
    await asyncio.sleep(0)  # in process the poll goes as far as it can in one turn
    assert 1 == application.cometd.parked

    await control("reset")

    (reply,) = await polling
    assert ("402::Unknown client", "handshake") == (reply["error"], reply["advice"]["reconnect"])


async def test_a_reset_ends_the_cookies_of_agents(http, agent, control):
    await agent("agent1").get("/api/v2/me")
    assert 200 == (await http.get("/api/v2/me")).status_code

    await control("reset")

    assert 403 == (await http.get("/api/v2/me")).status_code


async def test_sessions_that_are_kept_go_on_and_are_told_nothing_of_before(http, agent, control):
    agent1 = agent("agent1")
    await agent1.listen()
    await agent1.leave(ALONE)

    await control("reset", sessions="keep")

    assert [] == await agent1.told()
    await agent1.leave(ALONE)
    assert [1] == [told["data"]["referenceId"] for told in await agent1.told()]
    assert 200 == (await http.get("/api/v2/me")).status_code


async def test_the_demo_is_back_in_less_than_50_ms(control, capsys):
    took = []
    for _ in range(20):
        began = time.perf_counter()
        await control("reset", seed=7)
        took.append(time.perf_counter() - began)

    with capsys.disabled():
        print(f"\nreset of the demo: {min(took) * 1000:.1f} ms at best, {max(took) * 1000:.1f} ms at worst")


class TestTime:
    """Where an invitation is revoked after 20 seconds."""

    @pytest.fixture
    def application(self, tmp_path):
        scenario = tmp_path / "timeout.yaml"
        scenario.write_text(TIMEOUT, encoding="utf-8")
        return build(Settings(scenario=scenario))

    @pytest.mark.parametrize(("seconds", "states"), [(19, []), (20, ["Revoked"])])
    async def test_an_invitation_expires_when_its_time_has_passed(
        self, seconds, states, agent, customer, control
    ):
        agent1 = agent("agent1")
        await customer.request_chat()
        await agent1.listen()

        await control("clock", advance=seconds)

        assert states == [told["data"]["chat"]["state"] for told in await agent1.told()]

    async def test_an_invitation_of_before_a_reset_does_not_expire_after_it(self, agent, customer, control):
        agent1 = agent("agent1")
        await customer.request_chat()
        await control("reset")
        await agent1.listen()

        await control("clock", advance=20)

        assert [] == await agent1.told()

    async def test_a_session_that_is_silent_expires(self, agent, control):
        agent1 = agent("agent1")
        await agent1.listen()

        await control("clock", advance=31)

        (reply,) = await agent1.poll()
        assert "402::Unknown client" == reply["error"]

    async def test_a_held_poll_comes_due_and_its_session_lives_on(self, agent, application, control):
        agent1 = agent("agent1")
        await agent1.listen()
        polling = asyncio.create_task(agent1.poll())
        await asyncio.sleep(0)  # in process the poll goes as far as it can in one turn
        assert 1 == application.cometd.parked

        await control("clock", advance=40)

        assert [True] == [reply["successful"] for reply in await polling]
        assert [True] == [reply["successful"] for reply in await agent1.poll(no_longer_than=0)]

    async def test_what_is_written_later_has_a_later_time(self, customer, control):
        await customer.request_chat()
        await control("clock", advance=3600)
        await customer.write("Anybody there?")

        first, second = (message["timestampSeconds"] for message in await customer.messages())
        assert 3_600_000 <= second - first

    async def test_an_invitation_that_was_made_expires_as_any_other(self, agent, control):
        agent1 = agent("agent1")
        await control("chats", customer="Eva", agents=[{"agent": "agent1", "state": "Invited"}])
        await agent1.listen()

        await control("clock", advance=20)

        assert ["Revoked"] == [told["data"]["chat"]["state"] for told in await agent1.told()]


EVA = {
    "customer": "Eva",
    "agents": [{"agent": "agent1", "state": "Chatting"}, {"agent": "agent2", "state": "Invited"}],
}


class TestSituations:
    """Chats in any state, and the other side of any chat."""

    async def test_a_chat_is_made_as_its_entry_says_and_its_agents_are_told(self, agent, control):
        agents = [agent("agent1"), agent("agent2")]
        for each in agents:
            await each.listen()

        made = await control("chats", **EVA, userData={"tier": "gold"})

        told = [each["data"]["chat"] for listener in agents for each in await listener.told()]
        assert [(made["id"], "Chatting"), (made["id"], "Invited")] == [
            (chat["id"], chat["state"]) for chat in told
        ]
        shown = (await agents[0].get(f"/api/v2/me/chats/{made['id']}"))["chat"]
        assert ("Chatting", {"tier": "gold"}) == (shown["state"], shown["userData"])

    async def test_the_customer_of_a_made_chat_asks_by_the_other_id(self, customer, control):
        made = await control("chats", **EVA)
        customer.path = f"/api/v2/chats/{made['customerId']}"

        assert "Chatting" == (await customer.chat())["state"]

    async def test_a_chat_without_a_customer_is_one_whose_customer_has_gone(self, agent, control):
        made = await control("chats", agents=[{"agent": "agent1", "state": "LeftChat"}])

        shown = (await agent("agent1").get(f"/api/v2/me/chats/{made['id']}"))["chat"]
        assert ("LeftChat", []) == (shown["state"], shown["participants"])

    @pytest.mark.parametrize(
        "seats",
        [
            [{"agent": "agent1", "state": "Chatting"}, {"agent": "agent1", "state": "Invited"}],
            [{"agent": "agent1", "state": "Chatting"}, {"agent": "voiceonly", "state": "Invited"}],
            [{"agent": "agent1", "state": "Chatting"}, {"agent": "agent2", "state": "LeftChat"}],
        ],
    )
    async def test_where_a_chat_is_refused_nobody_sits_in_it(self, seats, http, agent):
        before = await everything(agent)

        answer = await http.post("/simulation/chats", json={"customer": "Eva", "agents": seats})

        assert 403 == answer.status_code
        assert before == await everything(agent)

    async def test_where_a_chat_is_refused_no_id_is_used_up(self, http, control):
        seats = [{"agent": "agent1", "state": "Chatting"}]
        ids = []
        for refused in ([], [{"agent": "nobody", "state": "Chatting"}]):
            await control("reset", seed=7)
            if refused:
                await http.post("/simulation/chats", json={"customer": "Eva", "agents": refused})
            answer = await http.post("/simulation/chats", json={"customer": "Eva", "agents": seats})
            ids.append(answer.json()["id"])

        assert ids[0] == ids[1]

    async def test_the_customer_of_a_scenarios_chat_writes_and_goes(self, agent, control):
        agent1 = agent("agent1")
        await agent1.listen()

        await control(f"chats/{ALONE}/customer", operationName="SendMessage", text="Hello?")
        await control(f"chats/{ALONE}/customer", operationName="Complete")

        kinds = [line["type"] for told in await agent1.told() for line in told["data"].get("messages", [])]
        assert ["Text", "ParticipantLeft"] == kinds

    async def test_a_customer_who_is_played_late_has_read_what_was_written_for_all(
        self, agent, customer, control, application
    ):
        conference = "0000Na9B26EF002X"
        await agent("agent1").send_to_agents(conference, "not for Bea")
        await agent("agent1").perform(conference, {"operationName": "SendMessage", "text": "for Bea"})

        await control(f"chats/{conference}/customer", operationName="SendMessage", text="Thanks")

        chat = next(each for each in application.scenario.chats if each.id == conference)
        customer.path = f"/api/v2/chats/{chat.customer_view.id}"
        read = await customer.messages()
        assert [(1, "for Bea", "2"), (2, "Thanks", "1")] == [
            (each["index"], each["text"], each["from"]["participantId"]) for each in read
        ]

    async def test_the_agent_whom_one_invites_accepts(self, agent, control):
        agent1 = agent("agent1")
        await agent1.listen()
        target = (await agent("agent3").get("/api/v2/me?fields=*"))["user"]["path"]
        await agent1.perform(ALONE, {"operationName": "Invite", "targetPath": target})

        await control(f"chats/{ALONE}/agents/agent3", operationName="Accept")

        told = [each["data"]["chat"] for each in await agent1.told() if "chat" in each["data"]]
        assert ["Ann", "agent1", "agent3"] == [each["nickname"] for each in told[-1]["participants"]]

    async def test_another_agent_acts_without_its_password(self, agent, control):
        agent1 = agent("agent1")
        await agent1.listen()

        await control("chats/0000Na9B26EF002X/agents/agent2", operationName="Leave")

        kinds = [told["data"]["notificationType"] for told in await agent1.told()]
        assert ["NewMessages", "ParticipantsUpdated"] == kinds

    async def test_an_agent_cannot_do_what_its_chat_does_not_permit(self, http):
        answer = await http.post(
            f"/simulation/chats/{INVITED}/agents/agent2", json={"operationName": "Leave"}
        )

        assert (403, 3) == (answer.status_code, answer.json()["statusCode"])
