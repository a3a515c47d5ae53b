"""The documentation at /ui/, in a browser that reaches nothing but the service."""

from __future__ import annotations

import shutil

import httpx2

from tests.agents import AgentClient
from tests.clients.node import require, run_script


async def test_an_agent_leaves_by_try_it_out(serve):
    chromium = shutil.which("chromium") or ""
    require("chromium", chromium, "apt-get install chromium")
    service = serve("flask")
    async with httpx2.AsyncClient(base_url=service.url) as http:
        agent = AgentClient(http, "agent1", "secret1")
        await agent.listen()

        [seen] = run_script(
            "try_it_out.js", chromium, service.url, *agent.credentials, "0071023821aec011", "LeaveAlone"
        )

        assert {"status": 200, "body": {"statusCode": 0}, "faults": []} == seen
        [told] = await agent.told()
        assert ("0071023821aec011", "LeftChat") == (told["data"]["chat"]["id"], told["data"]["chat"]["state"])
