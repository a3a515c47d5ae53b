"""Fixtures that use `/simulation`, in process."""

import asyncio

import pytest


@pytest.fixture
def simulate(http):
    """Send a request below `/simulation` and return the body of the successful response."""

    async def send(path, method="POST", /, **body):
        response = await http.request(method, f"/simulation/{path}", json=body)
        assert 200 == response.status_code, response.text
        return response.json()

    return send


@pytest.fixture
async def agent1(agent):
    """agent1, who listens."""
    agent1 = agent("agent1")
    await agent1.listen()
    return agent1


@pytest.fixture
def journal(http):
    """Query the journal and return its entries."""

    async def entries(**query):
        response = await http.get("/simulation/journal", params=query)
        return response.json()["entries"]

    return entries


@pytest.fixture
def hold_poll(application):
    """Start a poll and return its task once the server holds the poll."""

    async def start(agent):
        polling = asyncio.create_task(agent.poll())
        await asyncio.sleep(0)  # in process, the request reaches its first wait within one turn
        assert 1 == application.cometd.sessions.held_poll_count
        return polling

    return start


@pytest.fixture
def inject(simulate):
    """Inject a fault."""
    return lambda effect, **parameters: simulate("faults", effect=effect, **parameters)


@pytest.fixture
def reference_ids():
    """Return the reference IDs in an agent's queued notifications."""

    async def read(agent):
        return [each["data"]["referenceId"] for each in await agent.notifications()]

    return read


@pytest.fixture
def changed_chats():
    """Return the chats in an agent's queued notifications."""

    async def read(agent):
        return [each["data"]["chat"] for each in await agent.notifications() if "chat" in each["data"]]

    return read
