"""The clients there are, what waits for them, and when they expire. Knows no message."""

import asyncio
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol

from handlers.cometd.counters import Counters

# Expiry looks no more often than this, however the deadlines lie.
_SECONDS_BETWEEN_SWEEPS = 1.0


class Timer(Protocol):
    def cancel(self) -> object: ...


class Clock(Protocol):
    """What is used of an event loop's clock."""

    def time(self) -> float: ...
    def call_later(self, delay: float, callback: Callable[..., object], *args: object) -> Timer: ...


class Wake(IntEnum):
    """Why a poll ends. When several reasons come in one step, the last in this list holds."""

    DUE = 1  # an event, the timeout, or the server closing: answer with what there is
    SUPERSEDED = 2
    GONE = 3
    FORGOTTEN = 4  # its queue ran over, or somebody wished so
    DISCONNECTED = 5


class Poll:
    """One held connect, and the browser it came from, if that told its name."""

    __slots__ = ("_woken", "browser", "reason")

    def __init__(self, browser: str | None) -> None:
        self.browser = browser
        self.reason = Wake.DUE
        self._woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def wake(self, reason: Wake) -> None:
        self.reason = max(self.reason, reason)
        if not self._woken.done():
            self._woken.set_result(None)

    async def woken(self) -> Wake:
        await self._woken
        return self.reason


@dataclass(slots=True, eq=False)
class Session:
    """One client. With `acknowledges` it says what has arrived, and nothing is forgotten before.

    `queue` holds what is not known to have arrived. Of its head, `_numbers` tells the number of the answer
    that each was first sent with; every later answer has repeated it.
    """

    id: str
    owner: str
    acknowledges: bool = False
    browser: str | None = None
    subscriptions: frozenset[str] = frozenset()
    queue: list[bytes] = field(default_factory=list)
    queued_bytes: int = 0
    poll: Poll | None = None
    has_connected: bool = False
    interval: float = 0.0
    deadline: float = 0.0
    number: int = 0
    _numbers: list[int] = field(default_factory=list)

    @property
    def unacknowledged(self) -> int:
        """How many of the queue have been sent before."""
        return len(self._numbers)

    def enqueue(self, event: bytes) -> None:
        self.queue.append(event)
        self.queued_bytes += len(event)

    def take(self) -> list[bytes]:
        """Take everything for one answer, of which with acknowledgement everything stays, too."""
        if not self.acknowledges:
            events, self.queue, self.queued_bytes = self.queue, [], 0
            return events
        self.number += 1
        self._numbers += [self.number] * (len(self.queue) - len(self._numbers))
        return self.queue.copy()

    def discard(self) -> int:
        """Forget everything, and return how much that was."""
        count = len(self.queue)
        self.queue, self.queued_bytes, self._numbers = [], 0, []
        return count

    def acknowledge(self, number: int | None) -> None:
        """Forget what arrived with the answer of this number; without one, all that was sent."""
        arrived = len(self._numbers) if number is None else bisect_right(self._numbers, number)
        self.queued_bytes -= sum(map(len, self.queue[:arrived]))
        del self.queue[:arrived], self._numbers[:arrived]


class Sessions:
    """The register of sessions, by id and by owner, and of the idle ones in the order in which they expire.

    A session is idle unless it holds a poll. Each that is heard of goes to the end of the line, and only the
    head of the line is ever looked at: all are given the same time but for the interval that some are advised
    to wait, by which who stands behind one of these may live longer.
    """

    def __init__(self, clock: Callable[[], Clock], max_interval: float, counters: Counters) -> None:
        self._clock = clock
        self._max_interval = max_interval
        self._counters = counters
        self._by_id: dict[str, Session] = {}
        self._by_owner: dict[str, dict[str, Session]] = {}
        self._polling_from: dict[str, Session] = {}
        self._idle: OrderedDict[str, Session] = OrderedDict()
        self._sweep: Timer | None = None

    def __len__(self) -> int:
        return len(self._by_id)

    @property
    def parked(self) -> int:
        return len(self._by_id) - len(self._idle)

    @property
    def queued(self) -> tuple[int, int]:
        """How many events are not known to have arrived, and their bytes."""
        sessions = self._by_id.values()
        return sum(len(each.queue) for each in sessions), sum(each.queued_bytes for each in sessions)

    def polls(self) -> list[Poll]:
        return [session.poll for session in self._by_id.values() if session.poll is not None]

    def find(self, client_id: str | None, owner: str) -> Session | None:
        """Look a session up; another owner's is as unknown as one that never was."""
        session = self._by_id.get(client_id) if client_id is not None else None
        return session if session is not None and session.owner == owner else None

    def all(self) -> list[Session]:
        return list(self._by_id.values())

    def of(self, owner: str) -> list[Session]:
        return list(self._by_owner.get(owner, {}).values())

    def longest_silent_of(self, owner: str) -> Session | None:
        """Find the owner's session that would be the next to expire; None if all of them hold polls."""
        idle = (session for session in self.of(owner) if session.poll is None)
        return min(idle, key=lambda session: session.deadline, default=None)

    def another_polls_from(self, session: Session) -> bool:
        """Whether the session's browser has a poll held already, for another session."""
        return session.browser is not None and self._polling_from.get(session.browser, session) is not session

    def add(self, session: Session) -> None:
        self._by_id[session.id] = session
        self._by_owner.setdefault(session.owner, {})[session.id] = session
        self.extend(session)

    def extend(self, session: Session) -> None:
        """Give a session its full time again, unless a poll suspends the clock anyway."""
        if session.id not in self._by_id or session.poll is not None:
            return
        session.deadline = self._clock().time() + self._max_interval + session.interval
        self._idle[session.id] = session
        self._idle.move_to_end(session.id)
        self._watch()

    def park(self, session: Session) -> Poll:
        self._idle.pop(session.id, None)
        session.poll = Poll(session.browser)
        if session.browser is not None:
            self._polling_from[session.browser] = session
        return session.poll

    def unpark(self, session: Session, poll: Poll) -> None:
        """End a poll's hold on its session, unless a newer one has taken its place."""
        if session.poll is not poll:
            return
        session.poll = None
        if poll.browser is not None:
            del self._polling_from[poll.browser]
        self.extend(session)

    def supersede(self, session: Session) -> None:
        if session.poll is None:
            return
        self._counters.superseded_polls += 1
        session.poll.wake(Wake.SUPERSEDED)
        self.unpark(session, session.poll)

    def remove(self, session: Session, reason: Wake) -> None:
        del self._by_id[session.id]
        self._idle.pop(session.id, None)
        siblings = self._by_owner[session.owner]
        del siblings[session.id]
        if not siblings:
            del self._by_owner[session.owner]
        self._counters.discarded += session.discard()
        if session.poll is not None:
            session.poll.wake(reason)
            self.unpark(session, session.poll)

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
            self._counters.expired_sessions += 1
            self.remove(session, Wake.GONE)
        self._watch()
