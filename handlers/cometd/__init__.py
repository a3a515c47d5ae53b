"""Bayeux, the protocol of CometD, over long-polling: pure, and ignorant of HTTP and of what is published.

Read from the outside in:

- `server`    messages in, messages out; one method for each meta channel
- `messages`  what Bayeux's fields are called, read and written
- `errors`    the table of refusals
- `limits`    what a client may have, and for how long
- `counters`  what has happened so far
- `sessions`  the clients there are, what waits for them, and when they expire
- `channels`  the grammar of names, and which patterns match a channel

One event loop owns all of it, so nothing is locked and a publish is a plain call.
"""

from handlers.cometd.limits import Limits
from handlers.cometd.server import Connection, Server
from handlers.cometd.sessions import Clock

__all__ = ["Clock", "Connection", "Limits", "Server"]
