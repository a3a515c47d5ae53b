"""Messages in, messages out: one method for each meta channel, and `publish` for the other direction."""

import asyncio
import secrets
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from handlers.cometd.channels import is_meta, patterns_matching
from handlers.cometd.errors import Refusal
from handlers.cometd.messages import Advice, Message, Meta, Reconnect, Reply, advice, event, reply, text
from handlers.cometd.sessions import Clock, Limits, Session, Sessions, Wake


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
        self._sessions = Sessions(self._clock, limits.max_interval)
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

    async def exchange(
        self,
        messages: Sequence[Mapping[str, Any]],
        *,
        owner: str,
        disconnected: Callable[[], Coroutine[Any, Any, None]],
    ) -> str:
        """Answer one request. A lone connect may be held until there is something to tell.

        `disconnected()` ends when the client's connection is gone; it runs only while a connect is held.
        """
        batch = [Message(fields, self._limits) for fields in messages]
        for message in batch:
            if message.channel == Meta.HANDSHAKE:
                return text([self._handshake(message, owner)])  # what comes with it is ignored
        if len(batch) == 1 and batch[0].channel == Meta.CONNECT:
            return await self._lone_connect(batch[0], owner, disconnected)
        # A connect among others is never held: it would hold their replies back.
        replies: list[Reply] = []
        heard: dict[str, Session] = {}
        for message in batch:
            session = self._session_of(message, owner)
            replies.append(self._answer(message, session))
            if session is not None:
                heard[session.id] = session
        return text(replies, [waiting for session in heard.values() for waiting in session.take()])

    def publish(self, owner: str, channel: str, data: str) -> None:
        """Tell an owner's sessions, once each, however many subscriptions match. `data` is JSON."""
        patterns = patterns_matching(channel)
        encoded = event(channel, data)
        size = len(encoded.encode())
        for session in self._sessions.of(owner):
            if not session.subscriptions.isdisjoint(patterns):
                self._deliver(session, encoded, size)

    def close(self) -> None:
        """Let every held connect go, and hold none from now on, so that the process may end."""
        self._is_closing = True
        for poll in self._sessions.polls():
            poll.wake(Wake.DUE)

    # MUST: version, supportedConnectionTypes. MAY: minimumVersion, ext, id (the first two are not looked at).
    def _handshake(self, message: Message, owner: str) -> Reply:
        if self._is_closing:
            return self._refused(message, Refusal.CLOSING, advised=self._advice(Reconnect.RETRY))
        if not message.has_version:
            return self._refused(message, Refusal.VERSION, advised=self._advice(Reconnect.NONE))
        if not message.offers_long_polling:
            return self._refused(message, Refusal.TRANSPORT, advised=self._advice(Reconnect.NONE))
        session = Session(self._new_client_id(), owner)
        self._sessions.add(session)
        return reply(message, client_id=session.id, advised=self._advice(Reconnect.RETRY))

    # MUST: clientId, connectionType. MAY: advice.timeout, ext, id.
    def _connect(self, message: Message, session: Session) -> Reply:
        if not message.is_long_polling:
            # Asking again would end the same way, so no retry.
            return self._refused(message, Refusal.TRANSPORT, session, self._advice(Reconnect.NONE))
        self._sessions.supersede(session)
        session.has_connected = True
        return reply(message, client_id=session.id, advised=self._advice(Reconnect.RETRY))

    # MUST: clientId, subscription (a name or an array of names). MAY: ext, id.
    def _subscribe(self, message: Message, session: Session) -> Reply:
        wanted = message.subscriptions
        if wanted is None:
            return self._refused(message, Refusal.SUBSCRIPTION, session)
        if forbidden := sorted(name for name in wanted if is_meta(name) or not self._grants(name)):
            return reply(message, client_id=session.id, error=Refusal.FORBIDDEN.error(*forbidden))
        if len(session.subscriptions | wanted) > self._limits.subscriptions:
            return self._refused(message, Refusal.TOO_MANY_SUBSCRIPTIONS, session)
        session.subscriptions |= wanted
        return reply(message, client_id=session.id)

    # MUST: clientId, subscription (a name or an array of names). MAY: ext, id.
    def _unsubscribe(self, message: Message, session: Session) -> Reply:
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
        self, message: Message, owner: str, disconnected: Callable[[], Coroutine[Any, Any, None]]
    ) -> str:
        session = self._session_of(message, owner)
        if session is None:
            return text([self._unknown_client(message)])
        seconds = self._seconds_to_hold(message, session)
        answer = self._connect(message, session)
        if not seconds:
            return text([answer], session.take())
        match await self._held(session, seconds, disconnected):
            case Wake.DUE:
                return text([answer], session.take())
            case Wake.OVERFLOWED:
                return text([self._unknown_client(message)])
            case Wake.DISCONNECTED:
                return text([answer | reply(message, advised=self._advice(Reconnect.NONE))])
            case _:  # superseded or gone: what waits is the next connect's
                return text([answer])

    def _seconds_to_hold(self, message: Message, session: Session) -> float:
        # The first connect is not held: several clients wait for it before they call themselves open.
        if self._is_closing or session.queue or not session.has_connected or not message.is_long_polling:
            return 0
        return message.timeout

    async def _held(
        self, session: Session, seconds: float, disconnected: Callable[[], Coroutine[Any, Any, None]]
    ) -> Wake:
        watcher = asyncio.create_task(disconnected())
        poll = self._sessions.park(session)
        timer = self._clock().call_later(seconds, poll.wake, Wake.DUE)
        watcher.add_done_callback(lambda _: poll.wake(Wake.GONE))
        try:
            await poll.woken()
            # The watcher may have ended in this very step, its callback still to come.
            return Wake.GONE if watcher.done() else poll.reason
        finally:
            timer.cancel()
            watcher.cancel()
            self._sessions.unpark(session, poll)

    def _deliver(self, session: Session, encoded: str, size: int) -> None:
        is_full = len(session.queue) >= self._limits.queue_messages
        if is_full or session.queued_bytes + size > self._limits.queue_bytes:
            # To drop silently would leave the client wrong. It is told 402 next, and starts anew.
            self._sessions.remove(session, Wake.OVERFLOWED)
            return
        session.enqueue(encoded, size)
        if session.poll is not None:
            session.poll.wake(Wake.DUE)

    def _session_of(self, message: Message, owner: str) -> Session | None:
        session = self._sessions.find(message.client_id, owner)
        if session is not None:
            self._sessions.extend(session)
        return session

    def _unknown_client(self, message: Message) -> Reply:
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
