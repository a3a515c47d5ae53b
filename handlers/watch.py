"""`flask --app handlers watch`: a CometD client that prints each notification as it arrives."""

from __future__ import annotations

import contextlib
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
@click.option("--url", default="http://localhost:8080", show_default=True, help="Where the service is.")
def watch(user: str, password: str, url: str) -> None:
    """Print what an agent is told, as it happens."""
    with (
        contextlib.suppress(KeyboardInterrupt),
        httpx2.Client(base_url=url, auth=(user, password), trust_env=False) as client,
    ):
        try:
            session = Session(client)
        except ServiceGone as error:
            sys.exit(f"cannot reach {url}: {error}")
        click.echo(f"watching the chats of {user}", err=True)
        while True:
            try:
                session.poll()
            except ServiceGone:
                click.echo(f"lost {url}, trying again", err=True)
            session = _new_session(client)
            click.echo("watching again", err=True)


def _new_session(client: httpx2.Client) -> Session:
    while True:
        try:
            return Session(client)
        except ServiceGone:
            time.sleep(RETRY_AFTER)


class ServiceGone(Exception):
    """The service does not answer, or is about to end."""


class Session:
    """One Bayeux session, subscribed to all that the agent is told. Raises `ServiceGone`."""

    def __init__(self, client: httpx2.Client) -> None:
        self._client = client
        self._client_id = ""
        handshake = self._exchange(
            "/meta/handshake", version="1.0", supportedConnectionTypes=["long-polling"]
        )
        if not handshake["successful"]:  # a service that ends takes no more sessions
            raise ServiceGone(handshake["error"])
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
        try:
            answer = self._client.post("/api/v2/notifications", json=[message], timeout=timeout)
            replies = answer.json()
            if not answer.is_success:
                sys.exit(f"refused: {replies['statusMessage']}")
            for reply in replies:
                if not reply["channel"].startswith("/meta/"):
                    click.echo(f"{reply['channel']} {json.dumps(reply['data'], indent=2)}")
            return next(reply for reply in replies if reply["channel"] == channel)
        except httpx2.TransportError as error:
            raise ServiceGone(str(error)) from None
        except (ValueError, LookupError, TypeError, StopIteration):
            sys.exit(f"{self._client.base_url} is a service of another kind")
