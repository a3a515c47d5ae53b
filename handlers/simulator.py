"""What a test may do to the service as a whole."""

from __future__ import annotations

from random import Random, SystemRandom
from typing import TYPE_CHECKING, Any

from handlers.domain.customer import view_of
from handlers.scenario import ScenarioError, add_chat, restore

if TYPE_CHECKING:
    from handlers.clock import MovableClock
    from handlers.cometd import Server
    from handlers.domain.customer_view import CustomerView
    from handlers.domain.events import Event
    from handlers.domain.repository import InMemoryChatRepository
    from handlers.faults import Faults
    from handlers.identity import Identity
    from handlers.journal import Journal
    from handlers.scenario import Scenario


class Simulator:
    """Brings everything back to where it began, without a restart."""

    def __init__(
        self,
        scenario: Scenario,
        chats: InMemoryChatRepository,
        identity: Identity,
        cometd: Server,
        clock: MovableClock,
        journal: Journal,
        faults: Faults,
    ) -> None:
        self._scenario = scenario
        self._chats = chats
        self._identity = identity
        self._cometd = cometd
        self._clock = clock
        self._journal = journal
        self._faults = faults

    def reset(self, seed: int | None, *, keeps_sessions: bool) -> None:
        """Begin the scenario anew. With a `seed` the ids that are made from now on are the same each time.

        Sessions that are kept, the agents' and those of CometD, are told nothing any more of what was before.
        """
        self._clock.tell_real_time()
        self._faults.reset()
        self._journal.clear()
        restore(self._scenario, SystemRandom() if seed is None else Random(seed))  # noqa: S311 - to be repeated
        self._chats.replace(self._scenario.chats)
        if keeps_sessions:
            self._cometd.discard_events()
        else:
            self._cometd.forget_sessions()
            self._identity.end_sessions()

    def create_chat(self, entry: dict[str, Any]) -> tuple[CustomerView, list[Event]]:
        """Make a chat as an entry of the scenario, under a new id if it has none. Raises `ScenarioError`."""
        if "id" in entry and entry["id"] in self._chats:
            raise ScenarioError(f"chat.id: {entry['id']!r} exists already")
        chat, events = add_chat(self._scenario, entry)
        view = view_of(chat)
        self._chats.add(view)
        return view, events

    def forget_sessions(self, user_name: str | None) -> None:
        """Forget an agent's CometD sessions, or everybody's. Raises `TargetNotFound`."""
        self._cometd.forget_sessions(None if user_name is None else self._identity.by_name(user_name).id)

    def advance(self, seconds: float) -> None:
        """Put the clock forward: what was to happen until then has happened when this returns."""
        self._clock.advance(seconds)
