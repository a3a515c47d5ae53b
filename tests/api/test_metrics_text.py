"""`/metrics` publishes the counters of the CometD server and of requests."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from gws_chat.api.metrics_text import COUNTERS
from gws_chat.cometd.counters import Counters


@pytest.fixture
def read_metrics(http):
    """Read all metrics by name, followed by the value of the label if there is one."""

    async def read():
        response = await http.get("/metrics")
        return {
            " ".join([sample.name, *sample.labels.values()]): sample.value
            for family in text_string_to_metric_families(response.text)
            for sample in family.samples
        }

    return read


async def test_metrics_change_with_the_traffic(read_metrics, agent):
    agent1 = agent("agent1")
    await agent1.listen()
    await agent1.leave("0071023821aec011")
    await agent1.leave("0071023821aec011")
    before = await read_metrics()
    await agent1.notifications()
    agent1.client_id = "nobody"
    await agent1.poll()

    after = await read_metrics()

    assert {
        "gws_chat_sessions": (1, 1),
        "gws_chat_handshakes_total": (1, 1),
        "gws_chat_published_total": (2, 2),
        "gws_chat_queued": (2, 0),
        "gws_chat_queued_bytes": (before["gws_chat_queued_bytes"], 0),
        "gws_chat_delivered_total": (0, 2),
        "gws_chat_unknown_clients_total": (0, 1),
    } == {
        name: (before[name], after[name])
        for name in after
        if not name.startswith("gws_chat_requests") and (before[name] or after[name])
    }
    assert before["gws_chat_queued_bytes"] > 2 * len("LeftChat")


def test_every_counter_is_published():
    assert set(COUNTERS) | {"limits_hit"} == set(Counters.__dataclass_fields__)


async def test_reached_limits_are_published_by_name(read_metrics, agent):
    agent1 = agent("agent1")
    await agent1.listen(*(f"/v2/me/c{number}" for number in range(51)))

    metrics = await read_metrics()

    limits = {"subscriptions": 1, "queue": 0, "sessions_per_agent": 0, "sessions": 0}
    prefix = "gws_chat_limits_hit_total "
    assert {prefix + name: count for name, count in limits.items()} == {
        name: value for name, value in metrics.items() if name.startswith(prefix.strip())
    }


async def test_requests_are_counted_by_operation_and_status_code(read_metrics, agent, http):
    agent1 = agent("agent1")
    await agent1.listen()
    await agent1.leave("0071023821aec011")
    await agent1.leave("0071023821aec011")
    await agent1.leave("nowhere")
    await agent1.perform("0071023821aec011", {"operationName": "Lift"})
    await agent1.get("/api/v2/me")
    await agent1.send("/evil")
    await http.get("/nowhere")
    await read_metrics()

    metrics = await read_metrics()

    prefix = "gws_chat_requests_total "
    assert {
        "/meta/handshake none": 1,
        "/meta/connect none": 1,
        "/meta/subscribe none": 1,
        "Leave 0": 2,
        "Leave 6": 1,
        "other 2": 1,
        "get_me 0": 1,
        "other none": 1,
        "other 6": 1,
        "get_metrics none": 1,
    } == {name.removeprefix(prefix): value for name, value in metrics.items() if name.startswith(prefix)}


async def test_unknown_operations_do_not_add_metrics(read_metrics, agent):
    agent1 = agent("agent1")
    for number in range(100):
        await agent1.perform("0071023821aec011", {"operationName": f"Leave{number}"})

    metrics = await read_metrics()

    assert 100 == metrics["gws_chat_requests_total other 2"]
    assert 1 == len([name for name in metrics if name.startswith("gws_chat_requests_total")])
