"""The replies and events that the tests expect most often."""

RETRY = {"reconnect": "retry", "interval": 0, "timeout": 30000}
NO_RETRY = {**RETRY, "reconnect": "none"}
OURS = {"version": "1.0", "minimumVersion": "1.0", "supportedConnectionTypes": ["long-polling"]}
REJECTED_HANDSHAKE = {"channel": "/meta/handshake", "successful": False, **OURS}
CONNECTED = {"channel": "/meta/connect", "successful": True, "clientId": "client1", "advice": RETRY}
SUPERSEDED = {**CONNECTED, "advice": {**RETRY, "interval": 2000}}
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
