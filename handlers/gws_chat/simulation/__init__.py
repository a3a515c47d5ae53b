"""The simulation: the API by which tests control the emulator, at `/simulation`.

`app` creates a `Simulation`, or `NoSimulation` if the settings turn it off, and always uses `clock.MovableClock`.
"""

from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from starlette.types import Scope

from gws_chat.api.notifier import Notification, Notifier
from gws_chat.api.serialization.notifications import SerializeEvent
from gws_chat.api.services import Services
from gws_chat.gateway.errors import EndedByReset
from gws_chat.gateway.hooks import RequestEffect, RequestHooks
from gws_chat.gateway.hosts import AllowedHosts
from gws_chat.gateway.notification_queue import NotificationQueue
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


class Simulation(RequestHooks):
    """Records requests and notifications in the journal, and lets faults take effect on them.

    `document_paths` maps the base URL path of `/simulation` to the file of its OpenAPI document.
    """

    document_paths = MappingProxyType({"/simulation/": Path(__file__).with_name("openapi.yaml")})

    def __init__(
        self,
        settings: Settings,
        services: Services,
        scenario: Scenario,
        clock: MovableClock,
        serialize_event: SerializeEvent,
        unknown_requests: UnknownRequests,
    ) -> None:
        self._services = services
        self._scenario = scenario
        self._clock = clock
        self._unknown_requests = unknown_requests
        self._access = SimulationAccess(
            AllowedHosts(settings.host_names), allow_remote_clients=settings.simulation is True
        )
        self._journal = Journal(clock.now, serialize_event)
        scheduler = DelayScheduler(clock.call_unless_reset, self._journal.mark_request_changed)
        self._faults = Faults(self._publish_and_record, scheduler, services.cometd)

    def handler_services(self, queue: NotificationQueue) -> SimulationServices:
        """Return the services of the handlers of `/simulation`."""
        return SimulationServices(
            self._services, self._scenario, self._clock, self._journal, self._faults, self._unknown_requests, queue
        )

    def check_access(self, scope: Scope) -> None:
        self._access.check(scope)

    def before_body(self, record: RequestRecord) -> None:
        record.journal_resets = self._journal.resets

    def select_effect(self, path: str, body: Any, record: RequestRecord) -> RequestEffect:
        if record.journal_resets not in {None, self._journal.resets} and path.startswith(API_PATHS):
            raise EndedByReset  # after its body began to arrive
        self._journal.add_request(record)
        return self._faults.select_effect(path, body, record)

    def end_request(self, record: RequestRecord) -> None:
        self._journal.end_request(record)

    def publish(self, notification: Notification) -> None:
        """Publish the notification, unless a fault prevents or delays it."""
        self._faults.publish_with_fault(notification)

    def close(self) -> None:
        """End the waiting requests for the journal."""
        self._journal.close()

    def _publish_and_record(self, notification: Notification) -> None:
        sent_at: list[datetime] = []

        def add_time() -> None:
            sent_at.append(self._clock.now())
            self._journal.mark_changed(position)

        # add_time runs only later, when the response to a poll is written
        sessions = self._services.notifier.publish(notification, add_time)
        position = self._journal.add_notification(notification, sessions, sent_at)


class NoSimulation(RequestHooks):
    """Takes the place of the simulation if it is turned off: its paths are unknown, and there are no faults."""

    document_paths = MappingProxyType[str, Path]({})

    def __init__(self, notifier: Notifier) -> None:
        self._notifier = notifier

    def publish(self, notification: Notification) -> None:
        self._notifier.publish(notification)

    def handler_services(self, queue: NotificationQueue) -> None:
        """Return None: there are no handlers."""

    def close(self) -> None:
        """Nothing waits."""
