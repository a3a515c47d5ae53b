"""Test control at `/simulation`: reset, clock, chats in any state, the other side of a chat, journal, faults.

`install` is the only function that the rest of the service calls.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.types import Scope

from gws_chat.api.notifier import Notification
from gws_chat.api.serialization.notifications import ToNotification
from gws_chat.api.services import Services
from gws_chat.gateway.pipeline import EffectSelector
from gws_chat.gateway.request_record import RequestRecord
from gws_chat.scenario import Scenario
from gws_chat.settings import LOOPBACK_HOSTS, Settings
from gws_chat.simulation.access import SimulationAccess
from gws_chat.simulation.clock import MovableClock
from gws_chat.simulation.endpoints import SimulationServices
from gws_chat.simulation.faults import Faults
from gws_chat.simulation.journal import Journal


@dataclass(frozen=True, slots=True)
class TestControl:
    """The parts of the service that the simulation replaces or adds to.

    `send` sends a notification. `check_access` rejects disallowed requests. `faults` selects effects on
    requests. Each of `observers` receives the record of every request. `services` are those of the handlers of
    `/simulation`. `close` ends waiting journal requests.
    """

    send: Callable[[Notification], object]
    check_access: Callable[[Scope], None]
    faults: EffectSelector | None = None
    observers: tuple[Callable[[RequestRecord], None], ...] = ()
    services: SimulationServices | None = None
    close: Callable[[], None] = lambda: None


def install(
    settings: Settings, services: Services, scenario: Scenario, clock: MovableClock, to_notification: ToNotification
) -> TestControl:
    """Create the simulation. If the settings turn it off, its paths return 404."""
    notifier = services.notifier
    if not settings.simulation_enabled:
        return TestControl(notifier.send, SimulationAccess(frozenset(), allow_remote_clients=False).check)
    external_host = urlsplit(settings.external_url or "").hostname or settings.host
    hosts = LOOPBACK_HOSTS | {settings.host.lower(), external_host.lower()}
    access = SimulationAccess(hosts, allow_remote_clients=settings.simulation is True)
    journal = Journal(clock.now, to_notification)

    def send_and_record(notification: Notification) -> None:
        journal.add_notification(notification, notifier.send(notification))

    faults = Faults(send_and_record, clock.call_later)
    return TestControl(
        faults.send,
        access.check,
        faults,
        (journal.add_request,),
        SimulationServices(services, scenario, clock, journal, faults),
        journal.close,
    )
