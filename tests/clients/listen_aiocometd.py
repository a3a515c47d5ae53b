"""aiocometd listens until its input ends. Prints one line of JSON for each step, by the channel.

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
    """Puts the agent's credentials on each request, and reports what became of it."""

    async def outgoing(self, payload, headers):  # noqa: ARG002 - the client hands both over
        headers["Authorization"] = f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"

    async def incoming(self, payload, headers=None):  # noqa: ARG002 - as above
        for message in payload:
            match message["channel"]:
                case "/meta/subscribe":
                    report(subscribed=message["successful"])
                case "/meta/disconnect":
                    report(disconnected=message["successful"])


async def listen():
    # With a time-out for lost connections, receive() stumbles over an argument that asyncio no longer takes.
    client = Client(
        f"{url}/api/v2/notifications", ConnectionType.LONG_POLLING, auth=Basic(), connection_timeout=0
    )
    async with client:
        await client.subscribe(channel)
        telling = asyncio.create_task(tell(client))
        await asyncio.to_thread(sys.stdin.read)
        telling.cancel()


async def tell(client):
    async for message in client:
        report(told=message)


asyncio.run(listen())
