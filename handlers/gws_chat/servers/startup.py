"""The start of the service under either server, and the banner with its URLs."""

import logging
import sys
from collections.abc import Callable, Iterator

from gws_chat.app import Application, build
from gws_chat.domain.chat import Chat
from gws_chat.gateway.hosts import addresses_of
from gws_chat.gateway.request_record import RequestRecord
from gws_chat.options import unknown_variables
from gws_chat.scenario import ScenarioError
from gws_chat.settings import Settings

logger = logging.getLogger(__name__)

PUBLIC_PASSWORDS = frozenset({"secret1", "secret2", "secret3", "secret4"})  # of the ready-made scenarios
# seconds until a connection without a request is closed. uvicorn's default of 5 closes a CometD client's second
# connection between two requests
IDLE_TIMEOUT = 75
MAX_LISTED = 10  # agents and chats that the banner lists; it counts the rest


def build_or_exit(settings: Settings, log_request: Callable[[RequestRecord], None]) -> Application:
    for name in unknown_variables():
        logger.warning("the environment variable %s is unknown, and ignored", name)
    try:
        return build(settings, observers=[log_request])
    except ScenarioError as error:
        sys.exit(f"scenario: {error}")


def banner(application: Application, settings: Settings) -> str:
    """Return the lines that a person sees first: the URLs, the agents and the chats."""
    url = f"http://{_host_of_urls(settings)}:{settings.port}"
    scenario = application.scenario
    agents = [f"{agent.user_name} / {password}" for agent, password in scenario.accounts[:MAX_LISTED]]
    lines = [
        f"API            {url}/api/v2",
        *([f"External URL   {settings.external_url}"] if settings.external_url else []),
        f"Console        {url}/",
        f"Documentation  {url}/ui/",
        f"CometD         {url}/api/v2/notifications",
        *_listed("Agents", agents, len(scenario.accounts)),
        *_listed("Chats", list(map(_summary, scenario.chats[:MAX_LISTED])), len(scenario.chats)),
    ]
    has_public_password = any(password in PUBLIC_PASSWORDS for _, password in scenario.accounts)
    if not settings.is_loopback and has_public_password:
        lines.append(f"WARNING        other computers can reach {settings.host}, and its passwords are public")
    return "\n".join(lines)


def _host_of_urls(settings: Settings) -> str:
    """Return the host to connect to. It is another one if the service listens on 0.0.0.0 or ::, for all addresses."""
    host = settings.host
    if any(address.is_unspecified for address in addresses_of(settings.host)):
        host = "::1" if ":" in host else "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _summary(chat: Chat) -> str:
    customer = chat.customer.nickname if chat.customer else "customer has left"
    agents = [
        f"{each.agent.user_name} {'Consultant' if each.is_consultant else each.state}"
        for each in chat.participations.values()
    ]
    return f"{chat.id}: {', '.join([customer, *agents])}"


def _listed(title: str, entries: list[str], count: int) -> Iterator[str]:
    if count > len(entries):
        entries = [*entries, f"and {count - len(entries)} more"]
    for number, entry in enumerate(entries):
        yield f"{'' if number else title:<15}{entry}"
