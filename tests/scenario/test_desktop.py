"""The scenario `desktop` responds to the login of the vendor's desktop."""

import pytest

from gws_chat.app import build
from gws_chat.settings import SCENARIOS, Settings
from tests.agents import AgentClient
from tests.service import client_of


@pytest.mark.observed
async def test_desktop_responds_to_the_vendors_desktop():
    paths = [
        "/api/v2/services?fields=*",
        "/api/v2/groups?type=dispositions&fields=*",
        "/api/v2/me/groups?type=Skill&fields=*",
        "/api/v2/workbins?fields=*",
        "/api/v2/me/devices/0F7F5003-EF26-4D13-A6EF-D0C7EC819BEB/settings/tserver",
        "/internal-api/contact-center?subresources=businessAttributes",
        "/internal-api/me/settings?fields=*",
    ]
    async with client_of(build(Settings(scenario=SCENARIOS["desktop"]))) as http:
        agent = AgentClient(http, "agent1", "secret1")

        bodies = [await agent.get(path) for path in paths]
        bodies.append((await agent.request("POST", "/internal-api/operations", json={})).json())

    members = ["services", "groups", "groups", "workbins", "tserver", "businessAttributes", "settings", "operations"]
    assert [{"statusCode": 0, name: []} for name in members] == bodies
