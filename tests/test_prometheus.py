"""`/metrics` tells what the exchange has counted, each application for itself."""

from __future__ import annotations

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from handlers.app import build
from handlers.cometd.counters import Counters
from handlers.prometheus import COUNTERS
from handlers.settings import Settings
from tests.agents import AgentClient


@pytest.fixture
def figures(http):
    """Read all the figures by their names, with the label's value where there is one."""

    async def read(client=http):
        answer = await client.get("/metrics")
        families = text_string_to_metric_families(answer.text)
        return {
            " ".join([sample.name, *sample.labels.values()]): sample.value
            for family in families
            for sample in family.samples
        }

    return read


async def test_they_move_with_what_happens(figures, agent):
    agent1 = agent("agent1")
    await agent1.listen()
    await agent1.leave("0071023821aec011")
    await agent1.leave("0071023821aec011")
    before = await figures()
    await agent1.told()
    agent1.client_id = "nobody"
    await agent1.poll()

    after = await figures()

    assert {
        "gws_chat_sessions": (1, 1),
        "gws_chat_handshakes_total": (1, 1),
        "gws_chat_published_total": (2, 2),
        "gws_chat_queued": (2, 0),
        "gws_chat_queued_bytes": (before["gws_chat_queued_bytes"], 0),
        "gws_chat_delivered_total": (0, 2),
        "gws_chat_unknown_clients_total": (0, 1),
    } == {name: (before[name], after[name]) for name in after if before[name] or after[name]}
    assert before["gws_chat_queued_bytes"] > 2 * len("LeftChat")


def test_each_of_the_counters_is_told():
    assert set(COUNTERS) | {"limits_hit"} == set(Counters.__dataclass_fields__)


async def test_a_limit_that_was_hit_is_told_by_its_name(figures, agent):
    agent1 = agent("agent1")
    await agent1.listen(*(f"/v2/me/c{number}" for number in range(51)))

    told = await figures()

    assert 1 == told["gws_chat_limits_hit_total subscriptions"]
    assert {"subscriptions", "queue", "sessions_per_agent", "sessions"} == {
        name.removeprefix("gws_chat_limits_hit_total ") for name in told if "limits_hit_total" in name
    }


async def test_two_applications_count_for_themselves(figures):
    first, second = (
        httpx2.AsyncClient(
            transport=httpx2.ASGITransport(build(Settings()).asgi), base_url="http://localhost"
        )
        for _ in range(2)
    )
    async with first, second:
        await AgentClient(first, "agent1", "secret1").listen()

        sessions = [(await figures(client))["gws_chat_sessions"] for client in (first, second)]

    assert [1, 0] == sessions
