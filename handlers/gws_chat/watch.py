"""A CometD client that prints an agent's notifications, for the command `watch`."""

import contextlib
import json
import signal
import sys
import time
from typing import Any

import click
import httpx2

RETRY_INTERVAL = 1.0  # seconds between attempts to reconnect
RESPONSE_TIMEOUT = 15.0  # seconds to wait for a response, besides the time for which the service holds the request


class ServiceUnavailable(Exception):
    """The service does not respond or accepts no sessions."""


class Session:
    """A CometD session, subscribed to all notifications of the agent.

    The methods raise `ServiceUnavailable`, and exit the process on errors that a retry cannot fix.
    """

    def __init__(self, client: httpx2.Client) -> None:
        self._client = client
        self._client_id = ""
        handshake = self._exchange("/meta/handshake", version="1.0", supportedConnectionTypes=["long-polling"])
        if not handshake["successful"]:  # for example while the service shuts down
            raise ServiceUnavailable(handshake["error"])
        self._client_id = handshake["clientId"]
        self._exchange("/meta/subscribe", subscription="/v2/me/*")

    def poll(self) -> None:
        """Print notifications until the service ends the session."""
        timeout = 0.0
        while True:
            reply = self._exchange("/meta/connect", timeout, connectionType="long-polling")
            advice = reply.get("advice", {})
            timeout = advice.get("timeout", timeout * 1000) / 1000
            if advice.get("reconnect", "retry") != "retry":
                return

    def _exchange(self, channel: str, hold_time: float = 0.0, **fields: Any) -> dict[str, Any]:
        """Send one message, print the notifications in the response, and return the reply."""
        message = {"channel": channel, "id": "1", "clientId": self._client_id, **fields}
        try:
            response = self._client.post("/api/v2/notifications", json=[message], timeout=hold_time + RESPONSE_TIMEOUT)
            replies = response.json()
            if not response.is_success:
                sys.exit(f"request rejected: {replies['statusMessage']}")
            for reply in replies:
                if not reply["channel"].startswith("/meta/"):
                    click.echo(f"{reply['channel']} {json.dumps(reply['data'], indent=2)}")
            return next(reply for reply in replies if reply["channel"] == channel)
        except httpx2.TransportError as error:
            raise ServiceUnavailable(str(error)) from None
        except (ValueError, LookupError, TypeError, StopIteration):
            sys.exit(f"{self._client.base_url} is not a GWS Chat API service")


def watch(user: str, password: str, url: str) -> None:
    """Print an agent's notifications as they arrive, until SIGINT."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    base_url = url.rstrip("/").removesuffix("/api/v2")
    with (
        contextlib.suppress(KeyboardInterrupt),
        httpx2.Client(base_url=base_url, auth=(user, password), trust_env=False) as client,
    ):
        try:
            session = Session(client)
        except ServiceUnavailable as error:
            sys.exit(f"cannot connect to {url}: {error}")
        click.echo(f"watching the notifications of {user}", err=True)
        while True:
            try:
                session.poll()
            except ServiceUnavailable:
                click.echo(f"lost the connection to {url}, reconnecting", err=True)
            session = _reconnect(client)
            click.echo("reconnected", err=True)


def _reconnect(client: httpx2.Client) -> Session:
    while True:
        try:
            return Session(client)
        except ServiceUnavailable:
            time.sleep(RETRY_INTERVAL)
