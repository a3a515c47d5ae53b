"""Listen with python-bayeux until the input ends. Prints each step as one line of JSON: {channel: step}.

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
    """Report the outcome of a subscription, which the client does not expose."""

    def _send_message(self, payload, **options):
        replies = super()._send_message(payload, **options)
        for reply in replies:
            if reply["channel"] == "/meta/subscribe":
                report(subscribed=reply["successful"])
        return replies


def report_notifications(client):
    # The client's own loop over this queue calls no callback for a wildcard subscription.
    for messages in client.message_queue:
        for message in messages:
            report(notification=message)


session = requests.Session()
session.auth = user, password
client = Client(f"{url}/api/v2/notifications", session)
client.subscribe(channel)
gevent.spawn(report_notifications, client)
gevent.get_hub().threadpool.apply(sys.stdin.read)
# The client's shutdown() waits for the held poll before it sends the disconnect that ends the poll.
client.stop_greenlets = True
[reply] = client.disconnect()
report(disconnected=reply["successful"])
