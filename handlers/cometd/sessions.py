"""The clients there are, what waits for them, and when they expire. Knows no message."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol

# Expiry looks no more often than this, however the deadlines lie.
_SECONDS_BETWEEN_SWEEPS = 1.0


class Timer(Protocol):
    def cancel(self) -> object: ...


class Clock(Protocol):
    """What is used of an event loop's clock."""

    def time(self) -> float: ...
    def call_later(self, delay: float, callback: Callable[..., object], *args: object) -> Timer: ...


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in seconds, lengths in characters."""

    poll_timeout: float = 30.0
    # Thrice CometD's own: clients' backoff and the throttled timers of background tabs need it.
    max_interval: float = 30.0
    channel_length: int = 256
    id_length: int = 64
    subscriptions: int = 50
    queue_messages: int = 1_000
    queue_bytes: int = 1_048_576


class Wake(IntEnum):
    """Why a poll ends. When several reasons come in one step, the last in this list holds."""

    DUE = 1  # an event, the timeout, or the server closing: answer with what there is
    SUPERSEDED = 2
    GONE = 3
    OVERFLOWED = 4
    DISCONNECTED = 5


class Poll:
    """One held connect."""

    def __init__(self) -> None:
        self.reason = Wake.DUE
        self._woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def wake(self, reason: Wake) -> None:
        self.reason = max(self.reason, reason)
        if not self._woken.done():
            self._woken.set_result(None)

    async def woken(self) -> None:
        await self._woken


@dataclass(slots=True, eq=False)
class Session:
    id: str
    owner: str
    subscriptions: set[str] = field(default_factory=set)
    queue: deque[str] = field(default_factory=deque)
    queued_bytes: int = 0
    poll: Poll | None = None
    has_connected: bool = False
    deadline: float = 0.0

    def enqueue(self, event: str, size: int) -> None:
        self.queue.append(event)
        self.queued_bytes += size

    def take(self) -> list[str]:
        events = list(self.queue)
        self.queue.clear()
        self.queued_bytes = 0
        return events


class Sessions:
    """The register of sessions, by id and by owner, and of the idle ones in the order in which they expire.

    A session is idle unless it holds a poll. All are given the same time, so each that is heard of goes to
    the end of the line, and only the head of the line is ever looked at.
    """

    def __init__(self, clock: Callable[[], Clock], max_interval: float) -> None:
        self._clock = clock
        self._max_interval = max_interval
        self._by_id: dict[str, Session] = {}
        self._by_owner: dict[str, dict[str, Session]] = {}
        self._idle: OrderedDict[str, Session] = OrderedDict()
        self._sweep: Timer | None = None

    def __len__(self) -> int:
        return len(self._by_id)

    @property
    def parked(self) -> int:
        return len(self._by_id) - len(self._idle)

    def polls(self) -> list[Poll]:
        return [session.poll for session in self._by_id.values() if session.poll is not None]

    def find(self, client_id: str | None, owner: str) -> Session | None:
        """Look a session up; another owner's is as unknown as one that never was."""
        session = self._by_id.get(client_id) if client_id is not None else None
        return session if session is not None and session.owner == owner else None

    def of(self, owner: str) -> list[Session]:
        return list(self._by_owner.get(owner, {}).values())

    def add(self, session: Session) -> None:
        self._by_id[session.id] = session
        self._by_owner.setdefault(session.owner, {})[session.id] = session
        self.extend(session)

    def extend(self, session: Session) -> None:
        """Give a session its full time again, unless a poll suspends the clock anyway."""
        if session.id not in self._by_id or session.poll is not None:
            return
        session.deadline = self._clock().time() + self._max_interval
        self._idle[session.id] = session
        self._idle.move_to_end(session.id)
        self._watch()

    def park(self, session: Session) -> Poll:
        self._idle.pop(session.id, None)
        session.poll = Poll()
        return session.poll

    def unpark(self, session: Session, poll: Poll) -> None:
        """End a poll's hold on its session, unless a newer one has taken its place."""
        if session.poll is not poll:
            return
        session.poll = None
        self.extend(session)

    def supersede(self, session: Session) -> None:
        if session.poll is None:
            return
        session.poll.wake(Wake.SUPERSEDED)
        self.unpark(session, session.poll)

    def remove(self, session: Session, reason: Wake) -> None:
        del self._by_id[session.id]
        self._idle.pop(session.id, None)
        siblings = self._by_owner[session.owner]
        del siblings[session.id]
        if not siblings:
            del self._by_owner[session.owner]
        session.take()
        if session.poll is not None:
            session.poll.wake(reason)

    def _watch(self) -> None:
        if self._sweep is not None or not self._idle:
            return
        clock = self._clock()
        remaining = next(iter(self._idle.values())).deadline - clock.time()
        self._sweep = clock.call_later(max(remaining, _SECONDS_BETWEEN_SWEEPS), self._expire)

    def _expire(self) -> None:
        self._sweep = None
        now = self._clock().time()
        while self._idle:
            session = next(iter(self._idle.values()))
            if session.deadline > now:
                break
            self.remove(session, Wake.GONE)
        self._watch()
