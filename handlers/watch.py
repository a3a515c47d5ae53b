"""`flask --app handlers watch`: a CometD client that prints each notification as it arrives."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import click
import httpx2

RETRY_AFTER = 1.0
"""Seconds until a service that has gone is tried again."""
POLL_MARGIN = 15.0
"""Seconds that an answer may take longer than the poll it was advised."""


@click.command
@click.option("--user", required=True, help="The agent's user name.")
@click.option("--password", required=True, help="The agent's password.")
@click.option("--url", default="http://127.0.0.1:8080", show_default=True, help="Where the service is.")
def watch(user: str, password: str, url: str) -> None:
    """Print what an agent is told, as it happens."""
    with httpx2.Client(base_url=url, auth=(user, password), trust_env=False) as client:
        watching = False
        while True:
            try:
                session = Session(client)
                session.open()
                click.echo(f"watching the chats of {user}" if not watching else "watching again", err=True)
                watching = True
                session.poll()
            except httpx2.TransportError as error:
                if not watching:
                    sys.exit(f"cannot reach {url}: {error}")
                time.sleep(RETRY_AFTER)
            except KeyboardInterrupt:
                return


class Session:
    """One Bayeux session."""

    def __init__(self, client: httpx2.Client) -> None:
        self._client = client
        self._client_id = ""

    def open(self) -> None:
        """Handshake and subscribe."""
        handshake = self._exchange(
            "/meta/handshake", version="1.0", supportedConnectionTypes=["long-polling"]
        )
        self._client_id = handshake["clientId"]
        self._exchange("/meta/subscribe", subscription="/v2/me/*")

    def poll(self) -> None:
        """Print what is told until the session is over."""
        timeout = 0.0
        while True:
            reply = self._exchange("/meta/connect", timeout + POLL_MARGIN, connectionType="long-polling")
            advice = reply.get("advice", {})
            timeout = advice.get("timeout", timeout * 1000) / 1000
            if advice.get("reconnect", "retry") != "retry":
                return

    def _exchange(self, channel: str, timeout: float = POLL_MARGIN, **members: Any) -> dict[str, Any]:
        """Send one message, print what was told meanwhile, and return the reply."""
        message = {"channel": channel, "id": "1", "clientId": self._client_id, **members}
        answer = self._client.post("/api/v2/notifications", json=[message], timeout=timeout)
        replies = answer.json()
        if not answer.is_success:
            sys.exit(f"refused: {replies['statusMessage']}")
        for reply in replies:
            if not reply["channel"].startswith("/meta/"):
                click.echo(f"{reply['channel']} {json.dumps(reply['data'], indent=2)}")
        return next(reply for reply in replies if reply["channel"] == channel)
