"""Listen with baiocas until the input ends. Prints each step as one line of JSON: {channel: step}.

python listen_baiocas.py URL USER PASSWORD CHANNEL
"""

import base64
import json
import sys

from baiocas.client import get_client
from tornado.ioloop import IOLoop

url, user, password, channel = sys.argv[1:]
loop = IOLoop.current()


def report(**step):
    print(json.dumps({channel: step}), flush=True)


def disconnected(_, message):
    report(disconnected=message.successful)
    loop.stop()


client = get_client(f"{url}/api/v2/notifications")
basic = base64.b64encode(f"{user}:{password}".encode()).decode()
client.get_transport("long-polling").set_header("Authorization", f"Basic {basic}")
client.get_channel("/meta/subscribe").add_listener(lambda _, message: report(subscribed=message.successful))
client.get_channel("/meta/disconnect").add_listener(disconnected)
client.handshake()
client.get_channel(channel).subscribe(lambda _, message: report(notification=message))
loop.add_future(loop.run_in_executor(None, sys.stdin.read), lambda _: client.disconnect(sync=False))
loop.start()
