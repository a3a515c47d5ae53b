"""A Bayeux (CometD) server over long-polling. It does not depend on HTTP or on the content of the events.

An event is what the server publishes: here, a notification of the API as JSON. It is not a `domain.events.Event`.

- `server`         processes the messages of a request, holds polls and publishes events
- `meta_channels`  handshake, connect, subscribe, unsubscribe and disconnect
- `messages`       reads the messages that clients send
- `replies`        builds and encodes replies and events
- `errors`         the errors that clients receive
- `registry`       all sessions: lookup, held polls and expiry
- `session`        one session, its queue of events and its held poll
- `channels`       the syntax of channel names, and the patterns that match a channel
- `limits`, `counters`: limits and timeouts, and totals since the start

One event loop owns all state, so there are no locks.
"""
