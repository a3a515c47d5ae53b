"""The README's lines of nginx forward requests, polls and the URL that the client used."""

import re

import httpx2
import pytest

from tests.agents import AgentClient
from tests.clients.node import require_program
from tests.commands import run
from tests.service import ROOT, free_port

README = (ROOT / "README.md").read_text(encoding="utf-8")
OPTIONS = re.search("`gws-chat (--trusted-proxy [^`]*)`", README)[1].split()
[SERVER] = re.findall("```nginx\n(.*?)\n```", README, flags=re.DOTALL)
CHAT = "0071023821aec011"


@pytest.fixture
def proxy(serve, tmp_path):
    """Start nginx in front of the service, and return its URL."""
    nginx = require_program("nginx", "apt-get install nginx")
    service, port = serve("uvicorn", *OPTIONS), free_port()
    server = SERVER.replace("listen 80;", f"listen 127.0.0.1:{port};").replace(":8080;", f":{service.port};")
    folders = "".join(f"{each}_temp_path temp;\n" for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    configuration = f"pid pid;\nevents {{}}\nhttp {{\naccess_log off;\n{folders}{server}\n}}\n"
    (tmp_path / "nginx.conf").write_text(configuration)
    command = [nginx, "-p", tmp_path, "-c", "nginx.conf", "-e", tmp_path / "error.log"]
    assert (0, "", "") == run(command)  # it returns when nginx listens
    yield f"http://127.0.0.1:{port}"
    run([*command, "-s", "stop"])


async def test_nginx_forwards_polls_and_the_url(proxy):
    headers = {"Host": "gws.example:8443", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "attacker.example"}
    async with httpx2.AsyncClient(base_url=proxy, headers=headers) as http:
        agent = AgentClient(http, "agent1", "secret1")
        await agent.listen()
        await agent.leave(CHAT)

        [notification] = await agent.notifications()

        assert f"http://gws.example:8443/api/v2/chats/{CHAT}" == notification["data"]["chat"]["uri"]


def test_simulation_is_closed_behind_nginx(proxy):
    response = httpx2.get(f"{proxy}/simulation/state", headers={"Host": "gws.example"})

    assert 404 == response.status_code
