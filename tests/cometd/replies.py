"""The replies and events that the tests expect most often."""

RETRY = {"reconnect": "retry", "interval": 0, "timeout": 30000}
NO_RETRY = {**RETRY, "reconnect": "none"}
CONNECTED = {"channel": "/meta/connect", "successful": True, "clientId": "client1", "advice": RETRY}
UNKNOWN_CLIENT = {
    "channel": "/meta/connect",
    "successful": False,
    "error": "402::Unknown client",
    "advice": {**RETRY, "reconnect": "handshake"},
}


def event(data, channel="/a"):
    return {"channel": channel, "data": data}


def short(value):
    """Return a short test ID for any value."""
    return ascii(value)[:20]
