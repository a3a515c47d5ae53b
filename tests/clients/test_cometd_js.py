"""CometD's own client for JavaScript, which browser desktops use."""

from __future__ import annotations

import pytest

from tests.clients.node import run_script


@pytest.mark.parametrize(("server", "channel"), [("uvicorn", "/v2/me/chats"), ("flask", "/v2/me/*")])
def test_a_desktop_signs_in_leaves_is_told_once_and_signs_out(serve, server, channel):
    service = serve(server)
    assert [
        {"channel": "/meta/handshake", "successful": True},
        {"channel": "/meta/subscribe", "subscription": channel, "successful": True},
        {"status": 200, "body": {"statusCode": 0}},
        {"channel": "/nothing", "successful": False},
        {
            "channel": "/v2/me/chats",
            "data": {
                "messageType": "ChatStateChangeMessage",
                "referenceId": 1,
                "notificationType": "StatusChange",
                "chat": {
                    "state": "LeftChat",
                    "capabilities": ["Transfer", "Complete", "Leave", "InFocus"],
                    "id": "0071023821aec011",
                    "uri": f"{service.url}/api/v2/chats/0071023821aec011",
                },
            },
        },
        {"channel": "/meta/unsubscribe", "subscription": channel, "successful": True},
        {"channel": "/meta/disconnect", "successful": True},
    ] == run_script("leave.js", service.url, "agent1", "secret1", channel, "0071023821aec011")
