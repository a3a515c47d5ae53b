"""Connects the objects of one application.

Nothing is created at import time, and two applications in one process share nothing but the parsed OpenAPI documents.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random, SystemRandom
from typing import Any
from urllib.parse import unquote

from connexion import ConnexionMiddleware
from connexion.middleware.main import API
from connexion.utils import get_function_from_name
from starlette.types import ASGIApp, Scope

from gws_chat.api.invitation_timeout import start_timer_if_invitation
from gws_chat.api.metrics_text import MetricsText
from gws_chat.api.notifier import Notification, Notifier
from gws_chat.api.serialization.notifications import event_serializer
from gws_chat.api.services import Services
from gws_chat.cometd.limits import Limits
from gws_chat.cometd.messages import Meta
from gws_chat.cometd.registry import Clock
from gws_chat.cometd.server import Server
from gws_chat.domain.events import Event
from gws_chat.domain.repository import ChatRepository
from gws_chat.gateway.cors import Cors
from gws_chat.gateway.csrf import CsrfProtection
from gws_chat.gateway.front import FrontMiddleware
from gws_chat.gateway.hosts import AllowedHosts
from gws_chat.gateway.identity import Identity
from gws_chat.gateway.notification_queue import NotificationQueue
from gws_chat.gateway.openapi import (
    ValidSpecification,
    content_for_connexion,
    document_path,
    load_content,
    operation_names,
    read_document,
    strict_document,
)
from gws_chat.gateway.paths import Paths
from gws_chat.gateway.pipeline import Pipeline
from gws_chat.gateway.proxies import TrustedProxies
from gws_chat.gateway.request import addressed_url
from gws_chat.gateway.request_record import STUB, RequestRecord
from gws_chat.gateway.responses import to_json
from gws_chat.gateway.security import SecuritySchemes
from gws_chat.gateway.static_files import StaticFiles
from gws_chat.gateway.stubs import StubsMiddleware, UnknownRequests
from gws_chat.scenario import Scenario, ScenarioError, load_scenario
from gws_chat.settings import Settings
from gws_chat.simulation import NoSimulation, Simulation
from gws_chat.simulation.clock import MovableClock

CHANNELS = frozenset({"/notifications/services", "/*", "/**", "/v2/*", "/v2/**", "/v2/me/*", "/v2/me/**"})
"""Allowed subscriptions, besides one segment below `/v2/me/`."""


@dataclass(frozen=True, slots=True)
class Application:
    """The service as an ASGI application.

    Each of `rejection_observers` receives the record of a request that a server rejects without the application.
    `close` ends all waiting requests, so that the process can end. `cometd` is for tests.
    """

    asgi: ASGIApp
    rejection_observers: Sequence[Callable[[RequestRecord], None]]
    scenario: Scenario
    cometd: Server
    close: Callable[[], None]


def build(
    settings: Settings,
    *,
    now: Callable[[], datetime] = partial(datetime.now, UTC),  # noqa: B008 - it has no state
    timer_clock: Clock | None = None,
    random: Random | None = None,
    observers: Iterable[Callable[[RequestRecord], None]] = (),
) -> Application:
    """Create the service.

    `now` returns the time of day. `timer_clock` is by default the event loop's. `random` creates the IDs of chats;
    the default cannot be guessed. Each of `observers` receives the record of every request.

    Raises `ScenarioError` if the scenario cannot be used.
    """
    clock = MovableClock(now, timer_clock)
    scenario = load_scenario(settings.scenario, clock.now, random or SystemRandom())
    chats = ChatRepository(scenario.chats)
    identity = Identity(scenario.accounts)
    limits = Limits(
        poll_timeout=settings.poll_timeout,
        max_interval=settings.max_interval,
        sessions_per_owner=settings.max_sessions_per_agent,
    )
    cometd_server = Server(may_subscribe=_may_subscribe, limits=limits, clock=clock, encode_reply=to_json)
    serialize_event = event_serializer(settings.notifications or scenario.notifications, clock.now)
    notifier = Notifier(cometd_server, serialize_event)
    metrics = MetricsText(cometd_server, {STUB, *Meta, *operation_names(load_content(document_path()))})
    services = Services(chats, scenario.center, identity, cometd_server, notifier, metrics)
    unknown_requests = UnknownRequests()
    hosts, is_loopback = AllowedHosts(settings.host_names), settings.is_loopback
    proxies = TrustedProxies(settings.trusted_proxy)

    def create_notification_and_start_timer(event: Event, cause: RequestRecord | None) -> Notification:
        # the timer starts here, because every event passes through the queue, which is created below
        start_timer_if_invitation(event, chats, partial(clock.call_unless_reset, purpose="invitation"), queue)
        return notifier.create_notification(event, cause)

    simulation = (
        Simulation(settings, services, scenario, clock, serialize_event, unknown_requests)
        if settings.simulation_enabled
        else NoSimulation(notifier)
    )
    queue = NotificationQueue(create_notification_and_start_timer, simulation.publish)

    def check_host_and_simulation(scope: Scope) -> None:
        if is_loopback:
            hosts.check(scope, proxies.forwarded(scope).get("host"))
        simulation.check_access(scope)

    def external_url_of(scope: Scope) -> str:
        return settings.external_url or addressed_url(scope, proxies.forwarded(scope))

    simulation_services = simulation.handler_services(queue)

    def handler_of(operation_id: str) -> Callable[..., Any]:
        # connexion calls this to resolve an operationId; `Operation.handle` is what it returns
        is_simulation = operation_id.startswith("gws_chat.simulation.")
        handler_services = simulation_services if is_simulation else services
        return partial(get_function_from_name(operation_id), services=handler_services)

    document_paths = {"/": document_path(), **simulation.document_paths}
    documents = {base: read_document(path) for base, path in document_paths.items()}
    if settings.strict:
        documents["/"] = strict_document(document_path())
    url_paths = Paths(each.content for each in documents.values())
    front_factory = partial(
        FrontMiddleware,
        identity=identity,
        check_access=check_host_and_simulation,
        cors=Cors(settings.cors_origin) if settings.cors_origin else None,
        observers=[metrics.add_request, simulation.end_request, *observers],
        queue=queue,
    )
    csrf = CsrfProtection(identity) if settings.csrf_protection else None
    security = SecuritySchemes(identity)
    pipeline_factory = partial(
        Pipeline,
        paths=url_paths,
        security=security,
        queue=queue,
        csrf=csrf,
        external_url_of=external_url_of,
        hooks=simulation,
    )
    files = StaticFiles(
        documents, console=Path(__file__).with_name("console"), allowed_methods=url_paths.allowed_methods
    )
    stubs = scenario.content.get("stubs", [])
    _check_stubs(stubs, settings.scenario, url_paths.allowed_methods, files)
    stubs_factory = partial(
        StubsMiddleware,
        stubs=stubs,
        authenticate=security.agent_of,
        name_of=security.name_of,
        csrf=csrf,
        unknown_requests=unknown_requests,
        hooks=simulation,
    )
    asgi = ConnexionMiddleware(
        files, import_name="gws_chat", middlewares=[front_factory, pipeline_factory, stubs_factory], resolver=handler_of
    )
    for each in documents.values():
        # like `asgi.add_api`, which would parse and validate the document again
        specification = ValidSpecification(content_for_connexion(each.content))
        asgi.apis.append(API(specification, base_path=None, name=None, **asgi.options.__dict__))

    def close() -> None:
        cometd_server.close()
        simulation.close()

    return Application(asgi, [metrics.add_request, *observers], scenario, cometd_server, close)


def _check_stubs(
    stubs: Iterable[dict[str, Any]], scenario: Path, allowed_methods: Callable[[str], str], files: StaticFiles
) -> None:
    """Raise `ScenarioError` if a stub is for an operation of openapi.yaml or a file."""
    for index, (method, path) in enumerate((stub["method"], unquote(stub["path"])) for stub in stubs):
        if method in allowed_methods(path).split(", ") or (method == "GET" and files.has(path)):
            place = f"{scenario}: stubs[{index}]"
            raise ScenarioError(f"{place}: must not be an operation of openapi.yaml or a file, got {method} {path!r}")


def _may_subscribe(channel: str) -> bool:
    """Return whether clients may subscribe. On any channel an agent receives only its own notifications."""
    return channel in CHANNELS or (channel.startswith("/v2/me/") and channel.count("/") == 3)  # noqa: PLR2004 - one level
