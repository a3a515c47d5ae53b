"""The state shows the contact center at a glance."""

from datetime import datetime


async def test_state_shows_sessions_and_ready_states(agent, simulate):
    agent1 = agent("agent1")
    await agent1.listen()
    await agent1.request("POST", "/api/v2/me/channels/chat", json={"operationName": "NotReady"})
    await agent("agent2").request("POST", "/api/v2/me", json={"operationName": "EndContactCenterSession"})

    agents = {each["userName"]: each for each in (await simulate("state", "GET"))["agents"]}

    assert (await agent("agent3").get("/api/v2/me"))["user"]["path"] == agents["agent3"]["path"]
    assert {"chat": "NotReady", "voice": "Ready"} == agents["agent1"]["channels"]
    assert ({}, [1, 0, 0, 0]) == (agents["agent2"]["channels"], [each["sessions"] for each in agents.values()])


async def test_state_shows_open_chats_the_newest_first(agent, customer, simulate):
    for name in ("agent1", "agent2", "agent3"):
        await agent(name).request("POST", "/api/v2/me", json={"operationName": "NotReady"})
    waiting = (await customer.request_chat()).json()
    created = await simulate("chats", agents=[{"agent": "agent1", "state": "LeftChat"}])
    await agent("agent1").complete("0071023821aec011")
    await agent("agent1").complete(created["id"])

    state = await simulate("state", "GET")

    newest, *others = state["chats"]
    assert ("Eva", waiting["id"], []) == (newest["customer"], newest["customerId"], newest["agents"])
    assert [newest["id"]] == state["waitingChats"]
    assert ["0000Na9B26EF004Z", "0000Na9B26EF003Y", "0000Na9B26EF002X"] == [each["id"] for each in others]


async def test_state_shows_the_whole_transcript_of_a_chat(customer, simulate):
    await customer.request_chat()
    for number in range(201):
        await customer.write(str(number))
    [newest, *_] = (await simulate("state", "GET"))["chats"]

    transcript = (await simulate(f"state?chat={newest['id']}", "GET"))["transcript"]

    texts = [each.get("text") for each in transcript["messages"]]
    assert (newest["id"], [str(number) for number in range(1, 201)]) == (transcript["chat"], texts)
    assert 2 == transcript["earlierMessages"]
    assert "transcript" not in await simulate("state?chat=unknown", "GET")


async def test_state_names_a_customer_who_has_left(agent, simulate):
    await agent("agent1").leave("0071023821aec011")

    *_, chat = (await simulate("state", "GET"))["chats"]

    assert ("Ann", False) == (chat["formerCustomer"], "customer" in chat)


async def test_state_shows_the_next_deadline(agent, simulate):
    async def kind():
        return (await simulate("state", "GET")).get("nextDeadline", {}).get("kind")

    before = await kind()
    await agent("agent1").listen()
    session = await kind()
    await simulate("faults", effect="notificationDelayed", seconds=5)
    await agent("agent1").leave("0071023821aec011")
    delay = await kind()
    await simulate("clock", advance=5)

    assert (None, "session", "delay", "session") == (before, session, delay, await kind())
    state = await simulate("state", "GET")
    await simulate("clock", advance=seconds_until(state["nextDeadline"]["at"], state["now"]))
    assert [0, 0, 0, 0] == [each["sessions"] for each in (await simulate("state", "GET"))["agents"]]


def seconds_until(deadline, now):
    """Return the seconds, rounded up to the next millisecond."""
    return (datetime.fromisoformat(deadline) - datetime.fromisoformat(now)).total_seconds() + 0.001
