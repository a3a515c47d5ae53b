"""What is to go wrong, on demand: with requests, and with what is told."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from handlers import wire
from handlers.gateway.provoking import EFFECTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from handlers.domain.events import Event


@dataclass(slots=True, eq=False)
class Fault:
    """One fault; of what it matches None stands for anything. `times` None is until it is cleared."""

    effect: str
    times: int | None = None
    user_name: str | None = None
    path: str | None = None
    operation_name: str | None = None
    chat_id: str | None = None
    kind: str | None = None
    seconds: float = 0.0
    status: int = 500
    status_code: int = 4
    message: str = "provoked"


class Faults:
    """The faults there are, oldest first.

    `tell` hands an event and its document over to be told, `later` takes seconds and what is to be done then.
    """

    def __init__(
        self,
        tell: Callable[[Event, wire.JSON | None], None],
        later: Callable[[float, Callable[[], None]], object],
    ) -> None:
        self._tell = tell
        self._later = later
        self._faults: list[Fault] = []
        self._held_back: dict[str, list[Callable[[], None]]] = {}
        self.resets = 0

    def are_of_requests(self) -> bool:
        """Whether anything is to happen to requests at all."""
        return any(each.effect in EFFECTS for each in self._faults)

    def add(self, fault: Fault) -> None:
        self._faults.append(fault)

    def clear(self) -> None:
        """Provoke nothing any more, and tell what was held back."""
        self._faults.clear()
        held_back, self._held_back = self._held_back, {}
        for action in chain.from_iterable(held_back.values()):
            action()

    def reset(self) -> None:
        """Provoke nothing any more, and tell nobody what was held back or is late."""
        self._faults.clear()
        self._held_back.clear()
        self.resets += 1

    def of_request(self, path: str, operation_name: str | None, user_name: str | None) -> Fault | None:
        """Return what is to happen to a request, which counts as having happened."""
        return self._next(
            lambda each: (
                each.effect in EFFECTS
                and each.user_name in {None, user_name}
                and each.operation_name in {None, operation_name}
                and (each.path is None or fnmatchcase(path, each.path))
            )
        )

    def deliver(self, event: Event, document: wire.JSON | None) -> None:
        """Tell an event, or what a fault makes of it."""
        if event.agent.id in self._held_back or not self._faults:
            self._tell(event, document)
            for action in self._held_back.pop(event.agent.id, []):
                action()
            return
        fault = self._next(
            lambda each: (
                each.effect in TIMES_TOLD
                and each.user_name in {None, event.agent.user_name}
                and each.chat_id in {None, event.chat_id}
                and each.kind in {None, wire.KINDS[type(event)]}
            )
        )

        def tell() -> None:
            self._tell(event, document)

        effect = None if fault is None else fault.effect
        if fault is not None and effect == "notifyLate":
            self._later(fault.seconds, partial(self._tell_unless_reset, self.resets, tell))
        if effect == "notifySwapped":
            self._held_back.setdefault(event.agent.id, []).append(tell)
            return
        for _ in range(TIMES_TOLD.get(effect, 1)):
            tell()

    def _tell_unless_reset(self, resets: int, tell: Callable[[], None]) -> None:
        if resets == self.resets:
            tell()

    def _next(self, matches: Callable[[Fault], bool]) -> Fault | None:
        fault = next(filter(matches, self._faults), None)
        if fault is not None and fault.times is not None:
            fault.times -= 1
            if not fault.times:
                self._faults.remove(fault)
        return fault


TIMES_TOLD: dict[str | None, int] = {"notifyNever": 0, "notifyTwice": 2, "notifyLate": 0, "notifySwapped": 0}
"""By effect, how often a notification is told where it would be told once."""
