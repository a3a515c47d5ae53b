"""The server: processes the messages of requests, holds polls and publishes events."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from gws_chat.cometd.channels import patterns_matching
from gws_chat.cometd.counters import Counters
from gws_chat.cometd.errors import ErrorCode, ServerClosing
from gws_chat.cometd.limits import Limits
from gws_chat.cometd.messages import Message, Meta
from gws_chat.cometd.meta_channels import MetaChannels
from gws_chat.cometd.registry import Clock, SessionRegistry
from gws_chat.cometd.replies import Reconnect, Reply, encode_event, encode_reply, encode_response, make_reply
from gws_chat.cometd.session import EncodedEvent, PollEnd, Session


class Connection(Protocol):
    """The connection of a request."""

    def has_disconnected(self) -> bool: ...

    def watch(self, on_disconnect: Callable[[], None]) -> Callable[[], bool]:
        """Call `on_disconnect` once when the connection is closed, unless the client has already sent its next request.

        Return a function that stops watching, and returns whether the connection is closed, as far as is known.
        """


class Server:
    """A Bayeux server whose clients receive events and cannot publish.

    All calls are made on one event loop. A session belongs to the owner who sent the handshake, and receives
    only events published to this owner, whatever its subscriptions.

    `may_subscribe` returns whether clients may subscribe to a channel or pattern. Without a `clock`, the server uses
    the running event loop. `encode_reply` returns a reply as JSON; a faster library may replace Python's.
    """

    def __init__(
        self,
        *,
        may_subscribe: Callable[[str], bool],
        limits: Limits = Limits(),  # noqa: B008 - it is frozen
        clock: Clock | None = None,
        new_client_id: Callable[[], str] = partial(secrets.token_hex, 20),  # noqa: B008 - it has no state
        encode_reply: Callable[[Reply], bytes] = encode_reply,
    ) -> None:
        self.counters = Counters()
        self._limits = limits
        # The event loop may not run yet when the server is created.
        self._clock: Callable[[], Clock] = asyncio.get_running_loop if clock is None else lambda: clock
        self._is_closing = False
        self._encode_response = partial(encode_response, encode_reply)
        self.sessions = SessionRegistry(self._clock, limits, self.counters)
        self._meta = MetaChannels(self.sessions, may_subscribe, new_client_id)

    def exchange(
        self,
        messages: Sequence[Mapping[str, Any]],
        *,
        owner: str,
        connection: Connection,
        browser: str | None = None,
        on_session_opened: Callable[[], object] = lambda: None,
    ) -> bytes | Awaitable[bytes]:
        """Process the messages of one request. Return the response, or an awaitable of it if a connect is held.

        A connect that is the only message may be held until an event arrives. Its poll begins when the awaitable is
        awaited, which must be at once. `browser` identifies the client's browser, which may have several sessions.
        `on_session_opened` is called after a successful handshake.
        """
        batch = [Message(fields, self._limits) for fields in messages]
        if len(batch) == 1 and batch[0].channel == Meta.CONNECT:
            return self._process_single_connect(batch[0], owner, browser, connection)
        handshake = next((message for message in batch if message.channel == Meta.HANDSHAKE), None)
        if handshake is not None:
            # Bayeux: messages in the same request as a handshake are ignored.
            reply = self._meta.handshake(handshake, owner, is_closing=self._is_closing)
            if reply["successful"]:
                on_session_opened()
            return self._encode_response([reply])
        return self._process_batch(batch, owner, browser, connection)

    async def _hold(self, session: Session, reply: Reply, connection: Connection, seconds: float) -> bytes:
        """Hold a connect for at most `seconds`, and return its response.

        It has `reply` and the queued events if an event arrives, the time is over or the server closes. Otherwise the
        reason for the end of the poll determines the reply, and there are no events.
        """
        poll = self.sessions.hold(session)
        timer = self._clock().call_later(seconds, poll.end)
        stop_watching = connection.watch(poll.on_disconnect)
        try:
            await poll.ended
        finally:
            timer.cancel()
            has_disconnected = stop_watching()
            self.sessions.release(session, poll)
        match poll.reason:
            case PollEnd.RESPONSE_DUE:
                events = self._take_events(session, reply, has_disconnected=has_disconnected)
                return self._encode_response([reply], events)
            case PollEnd.SUPERSEDED:  # the queued events belong to the newer connect
                reply["advice"] = self._meta.superseded_advice()
            case PollEnd.CONNECTION_LOST:
                self.counters.undelivered_responses += 1
            case PollEnd.SESSION_REMOVED:  # the reply has the channel and the id of the message, which is not kept
                reply = self._meta.unknown_client(Message(reply, self._limits))
            case PollEnd.SESSION_DISCONNECTED:
                reply["advice"] = self._meta.advice(Reconnect.NONE)
        return self._encode_response([reply])

    def reject(self, messages: Sequence[Mapping[str, Any]], error: ErrorCode, reconnect: Reconnect) -> bytes:
        """Return the response that rejects all messages of a request. None of them is processed.

        With `DENIED`, whose text is about handshakes, the other messages get `FORBIDDEN`.
        """
        advice = self._meta.advice(reconnect)
        replies = []
        for message in (Message(fields, self._limits) for fields in messages):
            is_denial = error is ErrorCode.DENIED and message.channel != Meta.HANDSHAKE
            code = ErrorCode.FORBIDDEN if is_denial else error
            replies.append(make_reply(message, error=code.format(), advice=advice))
        return self._encode_response(replies)

    def has_session(self, owner: str) -> bool:
        """Return whether the owner has a session, even without subscriptions."""
        return bool(self.sessions.all(owner))

    def publish(self, owner: str, channel: str, data: str, on_sent: Callable[[], object] = lambda: None) -> int:
        """Publish an event to the owner's sessions with a matching subscription, and return their number.

        A session receives the event once, even if several of its subscriptions match. `data` is JSON. `on_sent` is
        called for each session that the event is sent to.
        """
        self.counters.published += 1
        patterns = patterns_matching(channel)
        event = EncodedEvent(encode_event(channel, data))
        event.on_sent = on_sent
        receivers = 0
        for session in self.sessions.all(owner):
            if not session.subscriptions.isdisjoint(patterns) and self.sessions.enqueue(session, event):
                receivers += 1
                if session.poll is not None:
                    session.poll.end(PollEnd.RESPONSE_DUE)
        return receivers

    def forget_sessions(self, owner: str | None = None) -> None:
        """Remove the owner's sessions, or all. Their clients receive 402 and send a new handshake."""
        for session in self.sessions.all(owner):
            self.sessions.remove(session)

    def disconnect_sessions(self, owner: str) -> None:
        """Remove the owner's sessions. The clients of held polls are advised not to reconnect."""
        for session in self.sessions.all(owner):
            self.sessions.remove(session, PollEnd.SESSION_DISCONNECTED)

    def drop_events(self) -> None:
        """Drop all queued events."""
        for session in self.sessions.all():
            self.counters.discarded += session.drop_events()

    def require_open(self) -> None:
        """Raise `ServerClosing` if `close` was called."""
        if self._is_closing:
            raise ServerClosing("the service is closing")

    def close(self) -> None:
        """End all held polls. From now on, hold no polls and reject handshakes."""
        self._is_closing = True
        for session in self.sessions.all():
            if session.poll is not None:
                session.poll.end(PollEnd.RESPONSE_DUE)

    def _process_batch(
        self, batch: Sequence[Message], owner: str, browser: str | None, connection: Connection
    ) -> bytes:
        """Process several messages, or one that is not a connect. A held connect would delay the other replies."""
        replies: list[Reply] = []
        last_replies: dict[str, tuple[Session, Reply]] = {}
        for message in batch:
            session = self._find_session(message, owner, browser)
            reply = self._meta.reply_to(message, session)
            replies.append(reply)
            if session is not None and _can_deliver_events(session, reply):
                last_replies[session.id] = session, reply
            if session is not None and message.channel == Meta.CONNECT and reply["successful"]:
                session.has_connected = True
        has_disconnected = bool(last_replies) and connection.has_disconnected()
        events = [
            event
            for session, reply in last_replies.values()
            for event in self._take_events(session, reply, has_disconnected=has_disconnected)
        ]
        return self._encode_response(replies, events)

    def _process_single_connect(
        self, message: Message, owner: str, browser: str | None, connection: Connection
    ) -> bytes | Awaitable[bytes]:
        """Process a connect. Hold it if it has no events, the client may wait and its browser holds no other poll."""
        session = self._find_session(message, owner, browser)
        if session is None:
            return self._encode_response([self._meta.unknown_client(message)])
        # The first connect is not held. Some client libraries report an open connection only after its reply.
        is_first = not session.has_connected
        reply = self._meta.connect(message, session)
        has_disconnected = connection.has_disconnected()
        # If the client has already disconnected, its next connect counts as the first.
        session.has_connected |= reply["successful"] and not has_disconnected
        may_be_held = reply["successful"] and not is_first and message.timeout > 0 and not self._is_closing
        if not may_be_held or session.queue or self.sessions.other_session_polls_in_browser(session):
            return self._encode_response([reply], self._take_events(session, reply, has_disconnected=has_disconnected))
        if has_disconnected:
            self.counters.undelivered_responses += 1
            return self._encode_response([reply])
        return self._hold(session, reply, connection, message.timeout)

    def _find_session(self, message: Message, owner: str, browser: str | None) -> Session | None:
        """Return the session of the message, if it exists. Record its browser and postpone its expiry."""
        session = self.sessions.find(message.client_id, owner)
        if session is not None:
            session.browser = browser
            self.sessions.postpone_expiry(session)
        return session

    def _take_events(self, session: Session, reply: Reply, *, has_disconnected: bool) -> list[EncodedEvent]:
        """Return the events to send with the reply. They stay queued if it may have none or the client is gone."""
        if not _can_deliver_events(session, reply):
            return []
        if session.queue and has_disconnected:
            self.counters.undelivered_responses += 1
            return []
        repeated = session.unacknowledged_count
        self.counters.repeated += repeated
        events = session.take_events()
        for event in events[repeated:]:
            event.on_sent()
        self.counters.delivered += len(events)
        if session.acknowledges:
            # The client's next connect repeats the number to acknowledge the events.
            reply["ext"] = {"ack": session.ack_number}
        return events


def _can_deliver_events(session: Session, reply: Reply) -> bool:
    """Return whether events may be sent with the reply. With the ack extension, only successful connect replies may."""
    return not session.acknowledges or (reply["channel"] == Meta.CONNECT and reply["successful"])
