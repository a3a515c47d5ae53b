"""All sessions: lookup, held polls and expiry."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

from gws_chat.cometd.counters import Counters
from gws_chat.cometd.limits import Limits
from gws_chat.cometd.session import EncodedEvent, Poll, PollEnd, Session


class Timer(Protocol):
    def cancel(self) -> object: ...


class Clock(Protocol):
    """The clock of an event loop, reduced to the methods that the server needs."""

    def time(self) -> float: ...
    def call_later(self, delay: float, callback: Callable[..., object], *args: object) -> Timer: ...


class SessionRegistry:
    """The sessions by id and by owner.

    A session is idle if it holds no poll. It expires `max_interval` seconds after its last message or poll,
    plus the interval that its client was advised to wait. Idle sessions are kept in the order in which they
    became idle. A sweep removes expired sessions from the front. It stops at the first session that has not
    expired, so sessions behind it may expire late.
    """

    def __init__(self, clock: Callable[[], Clock], limits: Limits, counters: Counters) -> None:
        self._clock = clock
        self.limits = limits
        self.counters = counters
        self._by_id: dict[str, Session] = {}
        self._by_owner: dict[str, dict[str, Session]] = {}
        self._polling_by_browser: dict[str, Session] = {}
        self._idle: OrderedDict[str, Session] = OrderedDict()
        self._sweep_timer: Timer | None = None
        self._sweep_time = 0.0

    def __len__(self) -> int:
        return len(self._by_id)

    @property
    def held_poll_count(self) -> int:
        return len(self._by_id) - len(self._idle)

    @property
    def queue_totals(self) -> tuple[int, int]:
        """The number of events not yet delivered or acknowledged, in all sessions, and their size in bytes."""
        sessions = self._by_id.values()
        return sum(len(session.queue) for session in sessions), sum(session.queued_bytes for session in sessions)

    @property
    def next_expiry(self) -> float | None:
        """When the next sweep removes a session, unless its client sends a message until then. None if none is idle."""
        if not self._idle:
            return None
        deadline = next(iter(self._idle.values())).deadline
        return self._sweep_time if deadline <= self._sweep_time else max(deadline, self._sweep_time + 1.0)

    def find(self, client_id: str | None, owner: str) -> Session | None:
        """Return the session with this id. None if it does not exist or belongs to another owner."""
        session = self._by_id.get(client_id) if client_id is not None else None
        return session if session is not None and session.owner == owner else None

    def all(self, owner: str | None = None) -> list[Session]:
        """Return all sessions, or those of one owner."""
        sessions = self._by_id if owner is None else self._by_owner.get(owner, {})
        return list(sessions.values())

    def make_room(self, owner: str) -> bool:
        """Return whether the owner may open a session. Remove the owner's longest idle session if necessary."""
        if len(self._by_owner.get(owner, {})) >= self.limits.sessions_per_owner:
            self.counters.limits_hit["sessions_per_owner"] += 1
            idle = [session for session in self.all(owner) if session.poll is None]
            if not idle:
                return False
            self.remove(min(idle, key=lambda session: session.deadline))
        if len(self) >= self.limits.sessions:
            self.counters.limits_hit["sessions"] += 1
            return False
        return True

    def add(self, session: Session) -> None:
        self._by_id[session.id] = session
        self._by_owner.setdefault(session.owner, {})[session.id] = session
        self.postpone_expiry(session)

    def remove(self, session: Session, reason: PollEnd = PollEnd.SESSION_REMOVED) -> None:
        """Remove the session, drop its events and end its held poll for the given reason."""
        del self._by_id[session.id]
        self._idle.pop(session.id, None)
        siblings = self._by_owner[session.owner]
        del siblings[session.id]
        if not siblings:
            del self._by_owner[session.owner]
        self.counters.discarded += session.drop_events()
        if session.poll is not None:
            session.poll.end(reason)
            self.release(session, session.poll)

    def enqueue(self, session: Session, event: EncodedEvent) -> bool:
        """Queue the event. If the queue was full before it, remove the session and return False.

        While a poll is held the limits do not apply, because its response takes all events.
        """
        limits = self.limits
        is_full = len(session.queue) >= limits.queue_messages or session.queued_bytes >= limits.queue_bytes
        if is_full and session.poll is None:
            # Without the event, the client's state would be wrong. It receives 402 and sends a new handshake.
            self.counters.limits_hit["queue"] += 1
            self.counters.discarded += 1
            self.remove(session)
            return False
        session.enqueue(event)
        return True

    def hold(self, session: Session) -> Poll:
        """Start a held poll. The session does not expire while it lasts."""
        self._idle.pop(session.id, None)
        session.poll = Poll(session.browser)
        if session.browser is not None:
            self._polling_by_browser[session.browser] = session
        return session.poll

    def release(self, session: Session, poll: Poll) -> None:
        """Make the session idle again, unless a newer poll has replaced this one."""
        if session.poll is not poll:
            return
        session.poll = None
        if poll.browser is not None:
            del self._polling_by_browser[poll.browser]
        self.postpone_expiry(session)

    def supersede_poll(self, session: Session) -> None:
        """End the held poll of the session, if any, because of a newer connect."""
        if session.poll is not None:
            self.counters.superseded_polls += 1
            session.poll.end(PollEnd.SUPERSEDED)
            self.release(session, session.poll)

    def other_session_polls_in_browser(self, session: Session) -> bool:
        """Return whether another session of the same browser holds a poll."""
        if session.browser is None:
            return False
        return self._polling_by_browser.get(session.browser, session) is not session

    def postpone_expiry(self, session: Session) -> None:
        """Restart the session's time until expiry. Ignore sessions that hold a poll or were removed."""
        if session.id not in self._by_id or session.poll is not None:
            return
        session.deadline = self._clock().time() + self.limits.max_interval + session.interval
        self._idle[session.id] = session
        self._idle.move_to_end(session.id)
        self._schedule_sweep()

    def _schedule_sweep(self) -> None:
        if self._sweep_timer is not None or not self._idle:
            return
        clock = self._clock()
        # There is at most one sweep a second.
        delay = max(next(iter(self._idle.values())).deadline - clock.time(), 1.0)
        self._sweep_time = clock.time() + delay
        self._sweep_timer = clock.call_later(delay, self._sweep)

    def _sweep(self) -> None:
        """Remove the expired sessions."""
        self._sweep_timer = None
        now = self._clock().time()
        while self._idle:
            session = next(iter(self._idle.values()))
            if session.deadline > now:
                break
            self.counters.expired_sessions += 1
            self.remove(session)
        self._schedule_sweep()
