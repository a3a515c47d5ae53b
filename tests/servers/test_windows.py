"""The service works where Python lacks what it lacks on Windows. Nobody has run it on Windows itself."""

import os
import select
import socket
import sys

import httpx2
import pytest

from gws_chat.gateway.connection import is_closed_by_client
from gws_chat.servers.uvicorn_server import descriptors_or_exit
from tests.agents import AgentClient
from tests.raw_http import held_poll

CHAT = "0071023821aec011"
LACKING = """
import select, signal, sys
del select.poll, select.PIPE_BUF, signal.SIGHUP
sys.modules["uvloop"] = None
"""


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
async def test_notifications_reach_the_next_poll_after_a_disconnect(server, serve, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(LACKING, encoding="utf-8")
    service = serve(server, PYTHONPATH=os.pathsep.join([str(tmp_path), *sys.path]))
    async with httpx2.AsyncClient(base_url=service.url) as http:
        agent = AgentClient(http, "agent1", "secret1")
        await agent.listen()
        await (await held_poll(agent, service.port)).reset()
        await agent.leave(CHAT)

        [notification] = await agent.notifications()
    service.end()

    assert "LeftChat" == notification["data"]["chat"]["state"]
    assert service.output.startswith("API  ")
    assert "POST /api/v2/me/chats/0071023821aec011 operation=Leave" in service.output


@pytest.mark.parametrize("end", [None, socket.SHUT_WR, socket.SHUT_RDWR], ids=["open", "half closed", "closed"])
def test_the_end_of_a_connection_is_found_without_poll(end, monkeypatch):
    monkeypatch.delattr(select, "poll")
    service, client = socket.socketpair()
    with service, client:
        if end is not None:
            client.shutdown(end)

        assert (end is not None) == is_closed_by_client(service)


def test_file_descriptors_have_no_limit(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")

    assert sys.maxsize == descriptors_or_exit()
