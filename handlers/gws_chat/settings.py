"""The settings of the service. `options` reads them from the command line and the environment."""

from dataclasses import dataclass
from pathlib import Path

from gws_chat.cometd.limits import Limits
from gws_chat.gateway.hosts import addresses_of, host_name

SCENARIOS = {
    path.stem: path for path in sorted(Path(__file__).with_name("scenario").glob("*.yaml")) if path.stem != "schema"
}
"""The files of the ready-made scenarios, by name."""
DEMO = SCENARIOS["demo"]
LIMITS = Limits()
LOOPBACK_NAMES = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of the service.

    `external_url` is the base URL in responses and notifications, up to `/api/v2`; None takes it from each request.
    `csrf_protection` requires a CSRF token of agents for every method but GET and HEAD, except for CometD messages that
    are `application/json` or have `Authorization`. Pages of `cors_origin` may read responses. Requests may name each
    `allowed_host`. The headers of each `trusted_proxy` are used. A poll is held for `poll_timeout` seconds. A CometD
    session ends `max_interval` seconds after its last message or held poll. `simulation` None turns the simulation on
    for this computer only, if `host` is a loopback address. `notifications` None takes those of the scenario. `strict`
    rejects unknown members and query parameters of requests.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    scenario: Path = DEMO
    notifications: str | None = None
    strict: bool = False
    external_url: str | None = None
    csrf_protection: bool = False
    cors_origin: tuple[str, ...] = ()
    allowed_host: tuple[str, ...] = ()
    trusted_proxy: tuple[str, ...] = ()
    poll_timeout: float = LIMITS.poll_timeout
    max_interval: float = LIMITS.max_interval
    max_sessions_per_agent: int = LIMITS.sessions_per_owner
    log_format: str = "text"
    log_level: str = "info"
    simulation: bool | None = None

    @property
    def simulation_enabled(self) -> bool:
        return self.is_loopback if self.simulation is None else self.simulation

    @property
    def is_loopback(self) -> bool:
        """Whether only programs on this computer can connect."""
        addresses = addresses_of(self.host)
        return bool(addresses) and all(address.is_loopback for address in addresses)

    @property
    def host_names(self) -> set[str]:
        """The names and addresses by which requests may name the service, in lower case."""
        external_host = self.external_url.split("/")[2] if self.external_url else self.host
        further = (host_name(host) for host in (*self.allowed_host, external_host))
        return {*LOOPBACK_NAMES, self.host.lower(), *filter(None, further)}
