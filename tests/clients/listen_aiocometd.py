"""Listen with aiocometd until the input ends. Prints each step as one line of JSON: {channel: step}.

python listen_aiocometd.py URL USER PASSWORD CHANNEL
"""

import asyncio
import base64
import json
import sys

from aiocometd_ng import AuthExtension, Client, ConnectionType

url, user, password, channel = sys.argv[1:]


def report(**step):
    print(json.dumps({channel: step}), flush=True)


class Basic(AuthExtension):
    """Add the agent's credentials to each request, and report the outcome."""

    async def outgoing(self, payload, headers):  # noqa: ARG002 - the client passes both
        headers["Authorization"] = f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"

    async def incoming(self, payload, headers=None):  # noqa: ARG002 - as above
        for message in payload:
            match message["channel"]:
                case "/meta/subscribe":
                    report(subscribed=message["successful"])
                case "/meta/disconnect":
                    report(disconnected=message["successful"])


async def listen():
    # With a connection timeout, receive() passes an argument that asyncio no longer accepts.
    client = Client(f"{url}/api/v2/notifications", ConnectionType.LONG_POLLING, auth=Basic(), connection_timeout=0)
    async with client:
        await client.subscribe(channel)
        receiving = asyncio.create_task(report_notifications(client))
        await asyncio.to_thread(sys.stdin.read)
        receiving.cancel()


async def report_notifications(client):
    async for message in client:
        report(notification=message)


asyncio.run(listen())
