"""The simulation: the API by which tests control the emulator, at `/simulation`.

`app` calls `create_simulation`, and always uses `clock.MovableClock`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.types import Scope

from gws_chat.api.notifier import Notification
from gws_chat.api.serialization.notifications import SerializeEvent
from gws_chat.api.services import Services
from gws_chat.gateway.errors import EndedByReset
from gws_chat.gateway.hosts import AllowedHosts
from gws_chat.gateway.notification_queue import NotificationQueue
from gws_chat.gateway.pipeline import RecordAndSelectEffect, RequestEffect
from gws_chat.gateway.request import API_PATHS
from gws_chat.gateway.request_record import RequestRecord
from gws_chat.gateway.stubs import UnknownRequests
from gws_chat.scenario import Scenario
from gws_chat.settings import Settings
from gws_chat.simulation.access import SimulationAccess
from gws_chat.simulation.clock import MovableClock
from gws_chat.simulation.endpoints import SimulationServices
from gws_chat.simulation.faults import Faults
from gws_chat.simulation.journal import Journal
from gws_chat.simulation.request_faults import DelayScheduler


@dataclass(frozen=True, slots=True)
class Simulation:
    """The parts of the service that the simulation replaces or adds to.

    `deliver` publishes a notification, with the effect of a fault. `check_access` rejects disallowed requests.
    `before_body` receives the record of a request before its body is read. `record_and_select_effect` records a request
    that has arrived and returns the effect of a fault on it. Each of `observers` receives the record of every request
    that has ended. `services` are those of the handlers of `/simulation`. `document_paths` maps the base URL path to
    the file of their OpenAPI document. `close` ends the waiting requests for the journal.
    """

    deliver: Callable[[Notification], object]
    check_access: Callable[[Scope], None] = lambda _: None
    before_body: Callable[[RequestRecord], None] = lambda _: None
    record_and_select_effect: RecordAndSelectEffect = lambda *_: None
    observers: tuple[Callable[[RequestRecord], None], ...] = ()
    services: SimulationServices | None = None
    document_paths: Mapping[str, Path] = field(default_factory=dict)
    close: Callable[[], None] = lambda: None


def create_simulation(
    settings: Settings,
    services: Services,
    scenario: Scenario,
    clock: MovableClock,
    serialize_event: SerializeEvent,
    unknown_requests: UnknownRequests,
    queue: NotificationQueue,
) -> Simulation:
    """Create the simulation. If the settings turn it off, its paths return 404, and there are no faults."""
    notifier = services.notifier
    if not settings.simulation_enabled:
        return Simulation(deliver=notifier.publish)
    access = SimulationAccess(AllowedHosts(settings.host_names), allow_remote_clients=settings.simulation is True)
    journal = Journal(clock.now, serialize_event)

    def publish_and_record(notification: Notification) -> None:
        sent_at: list[datetime] = []

        def add_time() -> None:
            sent_at.append(clock.now())
            journal.mark_changed(position)

        # add_time runs only later, when the response to a poll is written
        sessions = notifier.publish(notification, add_time)
        position = journal.add_notification(notification, sessions, sent_at)

    def before_body(record: RequestRecord) -> None:
        record.journal_resets = journal.resets

    def record_and_select_effect(path: str, body: Any, record: RequestRecord) -> RequestEffect | None:
        if record.journal_resets not in {None, journal.resets} and path.startswith(API_PATHS):
            raise EndedByReset  # after its body began to arrive
        journal.add_request(record)
        return faults.select_effect(path, body, record)

    faults = Faults(
        publish_and_record, DelayScheduler(clock.call_unless_reset, journal.mark_request_changed), services.cometd
    )
    return Simulation(
        deliver=faults.deliver,
        check_access=access.check,
        before_body=before_body,
        record_and_select_effect=record_and_select_effect,
        observers=(journal.end_request,),
        services=SimulationServices(services, scenario, clock, journal, faults, unknown_requests, queue),
        document_paths={"/simulation/": Path(__file__).with_name("openapi.yaml")},
        close=journal.close,
    )
