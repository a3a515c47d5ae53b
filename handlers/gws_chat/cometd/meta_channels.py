"""Processes messages on the meta channels and builds their replies."""

from collections.abc import Callable
from dataclasses import dataclass

from gws_chat.cometd.channels import is_meta
from gws_chat.cometd.errors import ErrorCode
from gws_chat.cometd.messages import Message, Meta
from gws_chat.cometd.registry import SessionRegistry
from gws_chat.cometd.replies import Advice, Reconnect, Reply, make_advice, make_reply
from gws_chat.cometd.session import PollEnd, Session

# Seconds between the connects of a browser's second session, as in CometD's server. Assumed: also after a connect that
# another one of the session superseded. Two loops of connects would otherwise supersede each other all the time.
_BACKOFF_INTERVAL = 2.0
# Seconds after which a client retries a handshake that failed because of too many sessions.
_TOO_MANY_SESSIONS_INTERVAL = 5.0


@dataclass(frozen=True, slots=True)
class MetaChannels:
    """Handshake, connect, subscribe, unsubscribe, disconnect, and the error replies."""

    sessions: SessionRegistry
    may_subscribe: Callable[[str], bool]  # whether clients may subscribe to a channel or pattern
    new_client_id: Callable[[], str]

    def reply_to(self, message: Message, session: Session | None) -> Reply:
        """Process any message except a handshake. `session` is None if the client is unknown."""
        methods: dict[str, Callable[[Message, Session], Reply]] = {
            Meta.CONNECT: self.connect,
            Meta.SUBSCRIBE: self._subscribe,
            Meta.UNSUBSCRIBE: self._unsubscribe,
            Meta.DISCONNECT: self._disconnect,
        }
        if message.channel not in methods:
            # Clients cannot publish, with or without a session.
            return make_reply(message, error=ErrorCode.FORBIDDEN.format(message.safe_channel))
        if session is None:
            return self.unknown_client(message)
        return methods[message.channel](message, session)

    def handshake(self, message: Message, owner: str, *, is_closing: bool) -> Reply:
        """Open a session for the owner. `minimumVersion` is ignored."""
        if is_closing:
            return make_reply(message, error=ErrorCode.CLOSING.format(), advice=self.advice(Reconnect.RETRY))
        if not message.has_version:
            return make_reply(message, error=ErrorCode.VERSION.format(), advice=self.advice(Reconnect.NONE))
        if not message.supports_long_polling:
            return make_reply(message, error=ErrorCode.TRANSPORT.format(), advice=self.advice(Reconnect.NONE))
        if not self.sessions.make_room(owner):
            retry = make_advice(Reconnect.RETRY, self.sessions.limits, interval=_TOO_MANY_SESSIONS_INTERVAL)
            return make_reply(message, error=ErrorCode.TOO_MANY_SESSIONS.format(), advice=retry)
        self.sessions.counters.handshakes += 1
        session = Session(self.new_client_id(), owner, message.supports_acknowledgement)
        self.sessions.add(session)
        return make_reply(message, session, advice=self.advice(Reconnect.RETRY))

    def connect(self, message: Message, session: Session) -> Reply:
        """Acknowledge events and end the session's previous poll. The caller may hold the reply."""
        if not message.uses_long_polling:
            # A retry would fail in the same way.
            no_retry = self.advice(Reconnect.NONE)
            return make_reply(message, session, error=ErrorCode.TRANSPORT.format(), advice=no_retry)
        self.sessions.supersede_poll(session)
        session.acknowledge(message.acknowledged_number)
        return make_reply(message, session, advice=self._advice_for_next_connect(session))

    def _subscribe(self, message: Message, session: Session) -> Reply:
        """Add the subscriptions: all of them or none."""
        names = message.subscriptions
        if names is None:
            return self._subscription_error(message, session)
        if forbidden := sorted(name for name in names if is_meta(name) or not self.may_subscribe(name)):
            return make_reply(message, session, error=ErrorCode.FORBIDDEN.format(*forbidden))
        if len(session.subscriptions | names) > self.sessions.limits.subscriptions:
            return self._too_many_subscriptions(message, session)
        session.subscriptions |= names
        return make_reply(message, session)

    def _unsubscribe(self, message: Message, session: Session) -> Reply:
        names = message.subscriptions
        if names is None:
            return self._subscription_error(message, session)
        session.subscriptions -= names
        return make_reply(message, session)

    def _disconnect(self, message: Message, session: Session) -> Reply:
        self.sessions.remove(session, PollEnd.SESSION_DISCONNECTED)
        return make_reply(message, session)

    def unknown_client(self, message: Message) -> Reply:
        self.sessions.counters.unknown_clients += 1
        # Only the 402 reply to a connect advises a handshake: a batch of 402 replies would cause several handshakes.
        advice = self.advice(Reconnect.HANDSHAKE) if message.channel == Meta.CONNECT else None
        return make_reply(message, error=ErrorCode.UNKNOWN_CLIENT.format(), advice=advice)

    def advice(self, reconnect: Reconnect) -> Advice:
        return make_advice(reconnect, self.sessions.limits)

    def superseded_advice(self) -> Advice:
        """Return the advice for a superseded connect: to wait before the next one."""
        return make_advice(Reconnect.RETRY, self.sessions.limits, interval=_BACKOFF_INTERVAL)

    def _advice_for_next_connect(self, session: Session) -> Advice:
        """Return the advice of a connect reply, and set the session's interval.

        The server holds no poll of a browser's second session, because a browser opens few connections to a
        host. That session is advised to poll at an interval.
        """
        if not self.sessions.other_session_polls_in_browser(session):
            session.interval = 0.0
            return self.advice(Reconnect.RETRY)
        session.interval = _BACKOFF_INTERVAL
        self.sessions.postpone_expiry(session)
        return make_advice(Reconnect.RETRY, self.sessions.limits, interval=_BACKOFF_INTERVAL, multiple_clients=True)

    def _subscription_error(self, message: Message, session: Session) -> Reply:
        """Return the error for a message without valid `subscriptions`."""
        if message.has_too_many_subscriptions:
            return self._too_many_subscriptions(message, session)
        return make_reply(message, session, error=ErrorCode.SUBSCRIPTION.format())

    def _too_many_subscriptions(self, message: Message, session: Session) -> Reply:
        self.sessions.counters.limits_hit["subscriptions"] += 1
        return make_reply(message, session, error=ErrorCode.TOO_MANY_SUBSCRIPTIONS.format())
