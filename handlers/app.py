"""The composition root: the only place that knows every concrete class.

Nothing lives at import time, and two applications in one process share nothing.
"""

from __future__ import annotations

import asyncio
import inspect
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import flask
import yaml
from connexion import ConnexionMiddleware
from connexion.middleware.exceptions import ExceptionMiddleware
from connexion.middleware.routing import RoutingMiddleware
from connexion.middleware.security import SecurityMiddleware
from connexion.middleware.swagger_ui import SwaggerUIMiddleware
from connexion.options import SwaggerUIOptions
from connexion.utils import get_function_from_name

from handlers import cometd, wire
from handlers.clock import MovableClock
from handlers.domain.repository import InMemoryChatRepository
from handlers.faults import Faults
from handlers.gateway.abridged import abridged
from handlers.gateway.after_answer import AfterAnswer
from handlers.gateway.control import ControlMiddleware
from handlers.gateway.cors import CorsMiddleware
from handlers.gateway.csrf import CsrfGuard, CsrfMiddleware
from handlers.gateway.development import DevelopmentServer
from handlers.gateway.documentation import DocumentApp, methods_of
from handlers.gateway.entry import EntryMiddleware, external_url_of
from handlers.gateway.operations import OperationsMiddleware
from handlers.gateway.provoking import ProvokingMiddleware
from handlers.gateway.request_log import RequestLog
from handlers.gateway.security import security_map, unguarded
from handlers.gateway.views import CompactJSON, FlaskViews
from handlers.gateway.waiting import WaitingMiddleware
from handlers.identity import Identity
from handlers.journal import Journal
from handlers.notifier import Notifier, Publisher
from handlers.problems import HANDLED, Problems
from handlers.prometheus import Prometheus
from handlers.scenario import load_scenario
from handlers.settings import LOOPBACK
from handlers.simulator import Simulator

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from starlette.types import ASGIApp, Scope

    from handlers.gateway.request_log import Noted
    from handlers.scenario import Scenario
    from handlers.settings import Settings

NOTIFICATIONS = "/api/v2/notifications"
GRANTED = frozenset({"/notifications/services", "/*", "/**", "/v2/*", "/v2/**", "/v2/me/*", "/v2/me/**"})


@dataclass(frozen=True, slots=True)
class Application:
    """The service: `asgi` is all of it, `flask` the same for Flask's command line.

    `close` lets go all who wait, so that the process may end.
    """

    asgi: ASGIApp
    flask: flask.Flask
    scenario: Scenario
    cometd: cometd.Server
    close: Callable[[], None]


def build(
    settings: Settings,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    timers: cometd.Clock | None = None,
    random: Random | None = None,
    log: Callable[[Noted], None] | None = None,
) -> Application:
    """Make the service. Raises `ScenarioError` if the scenario cannot be used.

    `clock` tells the time of day; `timers` are the event loop's own unless others are given; `random` makes
    the ids of chats, which are not to be guessed unless it is given. `log` is told of each request.
    """
    movable = MovableClock(clock, timers)
    if settings.simulates:
        clock, timers = movable.now, movable
    scenario = load_scenario(settings.scenario, clock, random or SystemRandom())
    identity = Identity(scenario.accounts)
    after_answer = AfterAnswer()
    bayeux = cometd.Server(grants=_grants, limits=_limits(settings), clock=timers)

    def later(seconds: float, action: Callable[[], None]) -> None:
        (timers or asyncio.get_running_loop()).call_later(seconds, after_answer.perform, action)

    write = wire.SHAPES[scenario.notifications](clock)
    chats = InMemoryChatRepository(scenario.chats)
    journal = Journal(clock, wire.KINDS, write)
    publisher = Publisher(bayeux.publish, journal.told if settings.simulates else None)
    faults = Faults(publisher.deliver, later)
    deliver = faults.deliver if settings.simulates else publisher.deliver
    services = {
        "chats": chats,
        "center": scenario.center,
        "notifier": Notifier(
            bayeux.listens, deliver, after_answer.defer, later, write, delivers_missed=settings.simulates
        ),
        "cometd": bayeux,
        "identity": identity,
        "prometheus": Prometheus(bayeux),
        "simulator": Simulator(scenario, chats, identity, bayeux, movable, journal, faults),
        "journal": journal,
        "faults": faults,
    }
    # static files would be Flask's own business, outside the document
    flask_app = flask.Flask("handlers", static_folder=None)
    flask_app.json = CompactJSON(flask_app)
    provoking = partial(ProvokingMiddleware, faults=faults, after_answer=after_answer)
    performing = partial(
        OperationsMiddleware,
        views=FlaskViews(flask_app),
        after_answer=after_answer,
        external_url=_external_url(settings),
    )
    csrf = CsrfGuard(identity, exempt=NOTIFICATIONS) if settings.csrf_protection else None
    controlling = partial(
        ControlMiddleware, hosts=_control_hosts(settings), from_afar=settings.simulation is True
    )
    asgi: ASGIApp = _connexion(
        [*([provoking] if settings.simulates else []), performing], controlling, identity, services, csrf
    )
    if settings.cors_origin:
        asgi = CorsMiddleware(asgi, settings.cors_origin)
    if interested := [*([journal.answered] if settings.simulates else []), *([log] if log else [])]:
        asgi = RequestLog(asgi, *interested)
    flask_app.wsgi_app = DevelopmentServer(asgi)  # type: ignore[method-assign]  # Flask's documented seam

    def close() -> None:
        bayeux.close()
        journal.close()

    return Application(asgi, flask_app, scenario, bayeux, close)


def _connexion(
    performing: list[Callable[[ASGIApp], Any]],
    controlling: Callable[[ASGIApp], ControlMiddleware],
    identity: Identity,
    services: dict[str, Any],
    csrf: CsrfGuard | None,
) -> ConnexionMiddleware:
    path = document_path()
    document = _load_document(path)
    application = ConnexionMiddleware(
        DocumentApp(path, document, page=Path(__file__).with_name("page")),
        import_name="handlers",
        middlewares=[
            partial(EntryMiddleware, exchange=NOTIFICATIONS),
            *([CsrfMiddleware] if csrf else []),
            ExceptionMiddleware,
            WaitingMiddleware,
            controlling,
            RoutingMiddleware,
            SecurityMiddleware,
            *performing,
            SwaggerUIMiddleware,  # last: its router costs, and only what is not in the document needs it
        ],
        resolver=lambda name: _bound(get_function_from_name(name), services),
        pythonic_params=True,
        security_map=security_map(identity, csrf.guarded if csrf else unguarded),
        swagger_ui_options=SwaggerUIOptions(
            serve_spec=False,
            spec_path="/openapi.yaml",
            swagger_ui_config={"defaultModelsExpandDepth": 0},  # the operations first, the schemas on demand
        ),
    )
    problems = Problems(methods_of(document))
    for kind in HANDLED:
        application.add_error_handler(kind, problems.answer)
    # as a dictionary: from a file connexion would render the document as a Jinja template
    application.add_api(abridged(document))
    return application


@cache
def _load_document(path: Path) -> dict[str, Any]:
    """Parse the OpenAPI document once per process. The result is shared and must not be changed."""
    # libyaml's loader, where PyYAML was built with it, is ten times as fast
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), loader)  # noqa: S506 - both are safe
    return document


def document_path() -> Path:
    """Find openapi.yaml: inside an installed package, beside it in a checkout."""
    installed = Path(__file__).with_name("openapi.yaml")
    return installed if installed.exists() else installed.parents[1] / installed.name


def _bound(function: Callable[..., Any], services: dict[str, Any]) -> Callable[..., Any]:
    """Hand an endpoint the services that it names as keywords."""
    wanted = services.keys() & inspect.signature(function).parameters.keys()
    return partial(function, **{name: services[name] for name in wanted})


def _grants(channel: str) -> bool:
    """Whether a client may subscribe: what it is told is its own chats, whatever it subscribes to."""
    return channel in GRANTED or (channel.startswith("/v2/me/") and channel.count("/") == 3)  # noqa: PLR2004 - one level


def _control_hosts(settings: Settings) -> frozenset[str]:
    """By which names tests reach the service, if they may."""
    if not settings.simulates:
        return frozenset()
    named = urlsplit(settings.external_url or "").hostname
    return LOOPBACK | {settings.host.lower()} | ({named} if named else set())


def _limits(settings: Settings) -> cometd.Limits:
    return cometd.Limits(
        poll_timeout=settings.poll_timeout,
        max_interval=settings.max_interval,
        sessions_per_owner=settings.max_sessions_per_agent,
    )


def _external_url(settings: Settings) -> Callable[[Scope], str]:
    fixed = settings.external_url
    return external_url_of if fixed is None else lambda _: fixed
