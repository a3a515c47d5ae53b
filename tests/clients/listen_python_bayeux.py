"""python-bayeux listens until its input ends. Prints one line of JSON for each step, by the channel.

python listen_python_bayeux.py URL USER PASSWORD CHANNEL
"""

import json
import sys

import gevent
import requests
from python_bayeux import BayeuxClient

url, user, password, channel = sys.argv[1:]


def report(**step):
    print(json.dumps({channel: step}), flush=True)


class Client(BayeuxClient):
    """Reports what became of a subscription, which the client keeps to itself."""

    def _send_message(self, payload, **options):
        replies = super()._send_message(payload, **options)
        for reply in replies:
            if reply["channel"] == "/meta/subscribe":
                report(subscribed=reply["successful"])
        return replies


def tell(client):
    # Its own loop over this queue looks for the callback of the very channel, and finds none for a pattern.
    for messages in client.message_queue:
        for message in messages:
            report(told=message)


session = requests.Session()
session.auth = user, password
client = Client(f"{url}/api/v2/notifications", session)
client.subscribe(channel)
gevent.spawn(tell, client)
gevent.get_hub().threadpool.apply(sys.stdin.read)
# Not its shutdown(): that waits for the held poll before it sends what would release it.
client.stop_greenlets = True
[reply] = client.disconnect()
report(disconnected=reply["successful"])
