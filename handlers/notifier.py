"""From what happened to what the agents concerned are told."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from handlers import wire
from handlers.domain.events import StatusChanged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from handlers.domain.agent import Agent
    from handlers.domain.events import Deadline, Event

CHANNEL = "/v2/me/chats"


class Publisher:
    """Hands what an agent is told to its sessions, now; without a document there is nobody to be told.

    `publish` takes an agent's id, a channel and a JSON text, and returns for how many sessions that was;
    `told` learns of it.
    """

    def __init__(
        self,
        publish: Callable[[str, str, str], int],
        told: Callable[[Event, wire.JSON | None, int], None] | None = None,
    ) -> None:
        self._publish = publish
        self._told = told

    def deliver(self, event: Event, document: wire.JSON | None) -> None:
        sessions = 0 if document is None else self._publish(event.agent.id, CHANNEL, json.dumps(document))
        if self._told is not None:
            self._told(event, document, sessions)


class Notifier:
    """Tells each event to its agent, after the answer to the request that caused it.

    `listens` says of an agent's id whether anybody is there to be told: who is not when it happens
    reads how things are afterwards. `deliver` takes an event and its document; with `delivers_missed` also
    an event that nobody is there for, without a document. `after_answer` takes what is to be done once the
    answer was written; `later` takes seconds and what is to be done then, which is where a deadline passes;
    `write` makes the document of an event, with the addresses that it gives out.
    """

    def __init__(
        self,
        listens: Callable[[str], bool],
        deliver: Callable[[Event, wire.JSON | None], None],
        after_answer: Callable[[Callable[[], None]], None],
        later: Callable[[float, Callable[[], None]], None],
        write: Callable[[Event, str], wire.JSON] = wire.notification,
        *,
        delivers_missed: bool = False,
    ) -> None:
        self._listens = listens
        self._deliver = deliver
        self._after_answer = after_answer
        self._later = later
        self._write = write
        self._delivers_missed = delivers_missed
        self._external_urls: dict[str, str] = {}

    def reached_by(self, agent: Agent, external_url: str) -> None:
        """Note how an agent addresses the service: so begin the addresses that it is told.

        Not as somebody else's request did, least of all a customer's, who needs no password.
        """
        self._external_urls[agent.id] = external_url

    def tell(self, events: Iterable[Event]) -> None:
        for event in events:
            if self._listens(event.agent.id):
                document = self._write(event, self._external_urls[event.agent.id])
                self._after_answer(partial(self._deliver, event, document))
            elif self._delivers_missed:
                self._after_answer(partial(self._deliver, event, None))
            if isinstance(event, StatusChanged) and event.deadline is not None:
                self._later(event.deadline.seconds, partial(self._pass_by, event.deadline))

    def _pass_by(self, deadline: Deadline) -> None:
        self.tell(deadline.pass_by())
