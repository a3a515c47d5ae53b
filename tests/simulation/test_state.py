"""The state shows the contact center at a glance."""


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
