"""Messages in, messages out: one method for each meta channel, and `publish` for the other direction."""

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from handlers.cometd.channels import is_meta, patterns_matching
from handlers.cometd.counters import Counters
from handlers.cometd.errors import Refusal, ServerClosing
from handlers.cometd.limits import Limits
from handlers.cometd.messages import (
    Advice,
    Message,
    Meta,
    Reconnect,
    Reply,
    advice,
    event,
    give_number,
    reply,
    text,
)
from handlers.cometd.sessions import Clock, Session, Sessions, Wake

# Seconds until the second session of a browser asks again, as with CometD's own server.
_SECOND_SESSION_INTERVAL = 2.0
# Seconds until a client that finds no room may try again.
_BUSY_INTERVAL = 5.0


class Connection(Protocol):
    """How a client may be reached, as far as that matters here: whether it still is."""

    def is_gone(self) -> bool:
        """Look now: an answer that nobody will read should not be written."""

    def watch(self, gone: Callable[[], None]) -> Callable[[], None]:
        """Have `gone` called once when the client has gone, unless what is returned is called before."""


def _new_client_id() -> str:
    return secrets.token_hex(20)


class Server:
    """A Bayeux server whose clients listen and do not publish.

    Everything happens on one event loop. A session belongs to the owner who shook hands, and is told only of
    what is published to that owner, whatever it subscribed to.
    """

    def __init__(
        self,
        *,
        grants: Callable[[str], bool],
        limits: Limits = Limits(),  # noqa: B008  it is frozen
        clock: Clock | None = None,
        new_client_id: Callable[[], str] = _new_client_id,
    ) -> None:
        self._grants = grants
        self._limits = limits
        self._new_client_id = new_client_id
        # The loop is looked up when it is needed: there may be none yet.
        self._clock: Callable[[], Clock] = asyncio.get_running_loop if clock is None else lambda: clock
        self.counters = Counters()
        self._sessions = Sessions(self._clock, limits.max_interval, self.counters)
        self._is_closing = False
        self._methods: dict[str, Callable[[Message, Session], Reply]] = {
            Meta.CONNECT: self._connect,
            Meta.SUBSCRIBE: self._subscribe,
            Meta.UNSUBSCRIBE: self._unsubscribe,
            Meta.DISCONNECT: self._disconnect,
        }

    @property
    def sessions(self) -> int:
        return len(self._sessions)

    @property
    def parked(self) -> int:
        return self._sessions.parked

    @property
    def queued(self) -> tuple[int, int]:
        """How many events are not known to have arrived, and their bytes."""
        return self._sessions.queued

    async def exchange(
        self,
        messages: Sequence[Mapping[str, Any]],
        *,
        owner: str,
        connection: Connection,
        browser: str | None = None,
        opened: Callable[[], object] = lambda: None,
    ) -> bytes:
        """Answer one request. A lone connect may be held until there is something to tell.

        `browser` is the name by which several sessions of one browser are known to be that, `opened` is
        called when a session was opened.
        """
        batch = [Message(fields, self._limits) for fields in messages]
        for message in batch:
            if message.channel == Meta.HANDSHAKE:
                answer = self._handshake(message, owner)
                if answer["successful"]:
                    opened()
                return text([answer])  # what comes with it is ignored
        if len(batch) == 1 and batch[0].channel == Meta.CONNECT:
            return await self._lone_connect(batch[0], owner, browser, connection)
        # A connect among others is never held: it would hold their replies back.
        replies: list[Reply] = []
        carriers: dict[str, tuple[Reply, Session]] = {}
        for message in batch:
            session = self._session_of(message, owner, browser)
            replies.append(self._answer(message, session))
            if session is not None and self._may_carry(replies[-1], session):
                carriers[session.id] = replies[-1], session
        return text(replies, [told for each in carriers.values() for told in self._load(*each, connection)])

    def listens(self, owner: str) -> bool:
        """Whether the owner has a session, subscribed or not."""
        return bool(self._sessions.of(owner))

    def publish(self, owner: str, channel: str, data: str) -> int:
        """Tell an owner's sessions, once each, however many subscriptions match, and return how many.

        `data` is JSON.
        """
        self.counters.published += 1
        patterns = patterns_matching(channel)
        encoded = event(channel, data)
        told = 0
        for session in self._sessions.of(owner):
            if session.subscriptions.isdisjoint(patterns) or not self._enqueue(session, encoded):
                continue
            told += 1
            if session.poll is not None:
                session.poll.wake(Wake.DUE)
        return told

    def forget_sessions(self, owner: str | None = None) -> None:
        """Forget an owner's sessions, or all, as a server may: each client is told 402, and starts anew."""
        for session in self._sessions.all() if owner is None else self._sessions.of(owner):
            self._sessions.remove(session, Wake.FORGOTTEN)

    def discard_events(self) -> None:
        """Let nobody be told any more what waits now."""
        for session in self._sessions.all():
            self.counters.discarded += session.discard()

    def require_open(self) -> None:
        """Raise `ServerClosing` once the server is closing."""
        if self._is_closing:
            raise ServerClosing("the service is closing")

    def close(self) -> None:
        """Let every held connect go, and hold none from now on, so that the process may end."""
        self._is_closing = True
        for poll in self._sessions.polls():
            poll.wake(Wake.DUE)

    # MUST: version, supportedConnectionTypes. MAY: minimumVersion, ext, id (the first is not looked at).
    def _handshake(self, message: Message, owner: str) -> Reply:
        if self._is_closing:
            return self._refused(message, Refusal.CLOSING, advised=self._advice(Reconnect.RETRY))
        if not message.has_version:
            return self._refused(message, Refusal.VERSION, advised=self._advice(Reconnect.NONE))
        if not message.offers_long_polling:
            return self._refused(message, Refusal.TRANSPORT, advised=self._advice(Reconnect.NONE))
        if not self._has_room_for(owner):
            later = advice(Reconnect.RETRY, self._limits, interval=_BUSY_INTERVAL)
            return self._refused(message, Refusal.TOO_MANY_SESSIONS, advised=later)
        self.counters.handshakes += 1
        session = Session(self._new_client_id(), owner, message.offers_to_acknowledge)
        self._sessions.add(session)
        return reply(
            message,
            client_id=session.id,
            advised=self._advice(Reconnect.RETRY),
            acknowledges=session.acknowledges,
        )

    # MUST: clientId, connectionType. MAY: advice.timeout, ext, id.
    def _connect(self, message: Message, session: Session) -> Reply:
        if not message.is_long_polling:
            # Asking again would end the same way, so no retry.
            return self._refused(message, Refusal.TRANSPORT, session, self._advice(Reconnect.NONE))
        self._sessions.supersede(session)
        session.has_connected = True
        session.acknowledge(message.acknowledged)
        return reply(message, client_id=session.id, advised=self._next_connect(session))

    # MUST: clientId, subscription (a name or an array of names). MAY: ext, id.
    def _subscribe(self, message: Message, session: Session) -> Reply:
        if message.names_too_many:
            return self._too_many_subscriptions(message, session)
        wanted = message.subscriptions
        if wanted is None:
            return self._refused(message, Refusal.SUBSCRIPTION, session)
        if forbidden := sorted(name for name in wanted if is_meta(name) or not self._grants(name)):
            return reply(message, client_id=session.id, error=Refusal.FORBIDDEN.error(*forbidden))
        if len(session.subscriptions | wanted) > self._limits.subscriptions:
            return self._too_many_subscriptions(message, session)
        session.subscriptions |= wanted
        return reply(message, client_id=session.id)

    # MUST: clientId, subscription (a name or an array of names). MAY: ext, id.
    def _unsubscribe(self, message: Message, session: Session) -> Reply:
        if message.names_too_many:
            return self._too_many_subscriptions(message, session)
        unwanted = message.subscriptions
        if unwanted is None:
            return self._refused(message, Refusal.SUBSCRIPTION, session)
        session.subscriptions -= unwanted
        return reply(message, client_id=session.id)

    # MUST: clientId. MAY: ext, id.
    def _disconnect(self, message: Message, session: Session) -> Reply:
        self._sessions.remove(session, Wake.DISCONNECTED)
        return reply(message, client_id=session.id)

    # MUST: channel, data. MAY: clientId, ext, id. Refused, handshaken or not: clients only listen here.
    def _publish(self, message: Message) -> Reply:
        return reply(message, error=Refusal.FORBIDDEN.error(message.repeatable_channel))

    def _answer(self, message: Message, session: Session | None) -> Reply:
        method = self._methods.get(message.channel)
        if method is None:
            return self._publish(message)
        if session is None:
            return self._unknown_client(message)
        return method(message, session)

    async def _lone_connect(
        self, message: Message, owner: str, browser: str | None, connection: Connection
    ) -> bytes:
        session = self._session_of(message, owner, browser)
        if session is None:
            return text([self._unknown_client(message)])
        # The first connect is not held: several clients wait for it before they call themselves open.
        has_connected = session.has_connected
        may_be_held = has_connected and message.is_long_polling and not self._is_closing
        answer = self._connect(message, session)
        # a first answer that nobody gets was none
        session.has_connected = has_connected or not connection.is_gone()
        if may_be_held and not session.queue and not self._sessions.another_polls_from(session):
            match await self._held(session, message.timeout, connection):
                case Wake.FORGOTTEN:
                    return text([self._unknown_client(message)])
                case Wake.DISCONNECTED:
                    return text([answer | reply(message, advised=self._advice(Reconnect.NONE))])
                case Wake.GONE:
                    self.counters.dropped_polls += 1
                    return text([answer])
                case Wake.SUPERSEDED:  # what waits is the next connect's
                    return text([answer])
        events = self._load(answer, session, connection) if self._may_carry(answer, session) else []
        return text([answer], events)

    async def _held(self, session: Session, seconds: float, connection: Connection) -> Wake:
        if not seconds:
            return Wake.DUE
        poll = self._sessions.park(session)
        timer = self._clock().call_later(seconds, poll.wake, Wake.DUE)
        end_watch = connection.watch(partial(poll.wake, Wake.GONE))
        try:
            return await poll.woken()
        finally:
            timer.cancel()
            end_watch()
            self._sessions.unpark(session, poll)

    def _may_carry(self, answer: Reply, session: Session) -> bool:
        """Whether events may ride on this answer; with acknowledgement, only on what gets a number."""
        return not session.acknowledges or (answer["channel"] == Meta.CONNECT and answer["successful"])

    def _load(self, answer: Reply, session: Session, connection: Connection) -> list[bytes]:
        """Return what rides on an answer, which is nothing if nobody is there to read it."""
        if session.queue and connection.is_gone():
            self.counters.dropped_polls += 1
            return []
        self.counters.repeated += session.unacknowledged
        events = session.take()
        self.counters.delivered += len(events)
        if session.acknowledges:
            give_number(answer, session.number)
        return events

    def _enqueue(self, session: Session, encoded: bytes) -> bool:
        is_full = len(session.queue) >= self._limits.queue_messages
        if is_full or session.queued_bytes + len(encoded) > self._limits.queue_bytes:
            # To drop silently would leave the client wrong. It is told 402 next, and starts anew.
            self.counters.limits_hit["queue"] += 1
            self.counters.discarded += 1
            self._sessions.remove(session, Wake.FORGOTTEN)
            return False
        session.enqueue(encoded)
        return True

    def _has_room_for(self, owner: str) -> bool:
        """Make room if that takes nothing from anybody who polls."""
        if len(self._sessions.of(owner)) >= self._limits.sessions_per_owner:
            self.counters.limits_hit["sessions_per_owner"] += 1
            silent = self._sessions.longest_silent_of(owner)
            if silent is None:
                return False
            self._sessions.remove(silent, Wake.GONE)
        if len(self._sessions) >= self._limits.sessions:
            self.counters.limits_hit["sessions"] += 1
            return False
        return True

    def _session_of(self, message: Message, owner: str, browser: str | None) -> Session | None:
        session = self._sessions.find(message.client_id, owner)
        if session is not None:
            session.browser = browser
            self._sessions.extend(session)
        return session

    def _next_connect(self, session: Session) -> Advice:
        """Advise the second session of a browser to ask now and then: its polls are not held.

        A browser has few connections to one host, and held polls would take them all.
        """
        if self._sessions.another_polls_from(session):
            session.interval = _SECOND_SESSION_INTERVAL
            self._sessions.extend(session)
            return advice(Reconnect.RETRY, self._limits, interval=session.interval, multiple_clients=True)
        session.interval = 0.0
        return self._advice(Reconnect.RETRY)

    def _too_many_subscriptions(self, message: Message, session: Session) -> Reply:
        self.counters.limits_hit["subscriptions"] += 1
        return self._refused(message, Refusal.TOO_MANY_SUBSCRIPTIONS, session)

    def _unknown_client(self, message: Message) -> Reply:
        self.counters.unknown_clients += 1
        # Advice only where the client's loop hears it: elsewhere it would make a client shake hands twice.
        is_connect = message.channel == Meta.CONNECT
        return self._refused(
            message, Refusal.UNKNOWN_CLIENT, advised=self._advice(Reconnect.HANDSHAKE) if is_connect else None
        )

    def _refused(
        self,
        message: Message,
        refusal: Refusal,
        session: Session | None = None,
        advised: Advice | None = None,
    ) -> Reply:
        return reply(
            message, error=refusal.error(), client_id=session.id if session else None, advised=advised
        )

    def _advice(self, reconnect: Reconnect) -> Advice:
        return advice(reconnect, self._limits)
