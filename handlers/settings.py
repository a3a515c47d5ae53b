"""What can be set, by an option or by its environment variable."""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass, fields
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

DEMO = Path(__file__).with_name("demo.yaml")
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
PREFIX = "GWS_CHAT_"
YES = frozenset({"yes", "true", "on", "1"})
NO = frozenset({"no", "false", "off", "0"})
ORIGIN = re.compile(
    r"(?!http:.*:80$|https:.*:443$)[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[1-9][0-9]{0,4})?"
)
"""As a browser writes it, since it is compared as it is: small letters, and a port only where it is not
the scheme's own."""
LOG_FORMATS = ("text", "json")
LOG_LEVELS = ("debug", "info", "warning")
LONGEST = 3600
"""Seconds that a poll may be held, or a session silent."""
MOST_SESSIONS = 20_000
"""As many as all agents together may have."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How the service is run.

    `external_url` is the address that notifications and answers give out, ending in `/api/v2`;
    None takes it from each request. `csrf_protection` demands a token of agents who change something;
    `cors_origin` are the origins whose pages may read answers. `poll_timeout` and `max_interval` are seconds:
    how long a poll is held, and how long a session lives that is not heard of. `log_level` is "debug" (polls,
    too), "info" (requests) or "warning" (neither). `simulation` None leaves to `host` whether tests may
    control the service.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    scenario: Path = DEMO
    external_url: str | None = None
    csrf_protection: bool = False
    cors_origin: tuple[str, ...] = ()
    poll_timeout: float = 30.0
    max_interval: float = 30.0
    max_sessions_per_agent: int = 200
    log_format: str = "text"
    log_level: str = "info"
    simulation: bool | None = None

    @property
    def simulates(self) -> bool:
        """Whether tests may control the service: unless it is set, where nobody else reaches it."""
        return self.host.lower() in LOOPBACK if self.simulation is None else self.simulation


def read_settings(arguments: Sequence[str], environment: Mapping[str, str]) -> Settings:
    """Read the command line, and for what it does not say the environment.

    Ends the process with one line of explanation if a value cannot be used.
    """
    parser = _Parser(
        prog="python -m handlers",
        description="A local stand-in for the Chat API of Genesys Web Services v2.",
        epilog=f"Each option may be set in the environment, too: --external-url is {PREFIX}EXTERNAL_URL.",
    )
    parser.add_argument("--host", help="the address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=_port, help="the port to listen on (default: %(default)s)")
    parser.add_argument(
        "--scenario", type=Path, metavar="FILE", help="the agents and chats at start (default: the demo)"
    )
    parser.add_argument(
        "--external-url",
        type=_external_url,
        metavar="URL",
        help="what uris in answers begin with, such as http://localhost:8080/api/v2"
        " (default: as each request was addressed)",
    )
    parser.add_argument(
        "--csrf-protection",
        type=_yes_or_no,
        nargs="?",
        const=True,
        metavar="yes|no",
        help="demand a CSRF token of agents who change something (default: no)",
    )
    parser.add_argument(
        "--cors-origin",
        type=_origins,
        action=_Gather,
        metavar="ORIGIN",
        help="an origin whose pages may read answers, such as http://localhost:3000; may be repeated, in the"
        " environment several are parted by blanks or commas (default: none)",
    )
    parser.add_argument(
        "--poll-timeout",
        type=_seconds,
        metavar="SECONDS",
        help="how long a CometD poll is held at the longest (default: %(default)s)",
    )
    parser.add_argument(
        "--max-interval",
        type=_seconds,
        metavar="SECONDS",
        help="how long a CometD session lives without a poll (default: %(default)s)",
    )
    parser.add_argument(
        "--max-sessions-per-agent",
        type=_sessions,
        metavar="NUMBER",
        help="how many CometD sessions an agent may have (default: %(default)s)",
    )
    parser.add_argument(
        "--log-format",
        type=_one_of(LOG_FORMATS),
        metavar="|".join(LOG_FORMATS),
        help="how the log looks (default: %(default)s)",
    )
    parser.add_argument(
        "--log-level",
        type=_one_of(LOG_LEVELS),
        metavar="|".join(LOG_LEVELS),
        help="log requests and polls, requests only, or neither (default: %(default)s)",
    )
    parser.add_argument(
        "--simulation",
        type=_yes_or_no,
        nargs="?",
        const=True,
        metavar="yes|no",
        help="let tests control the service at /simulation (default: where it listens on loopback)",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {version('gws-chat-handlers')}")
    parser.set_defaults(
        **{
            field.name: environment.get(PREFIX + field.name.upper(), field.default)
            for field in fields(Settings)
        }
    )
    return Settings(**vars(parser.parse_args(arguments)))


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line, without the usage."""
        self.exit(2, f"{self.prog}: error: {message}\n")


class _Gather(argparse.Action):
    """Adds up what each occurrence of an option names; the first one replaces the default."""

    def __call__(
        self, _: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, __: str | None = None
    ) -> None:
        gathered = getattr(namespace, self.dest)
        setattr(namespace, self.dest, values if gathered is self.default else (*gathered, *values))


def _port(value: str) -> int:
    if not (value.isdecimal() and int(value) in range(65536)):
        raise argparse.ArgumentTypeError(f"{value!r} is not a port, 0 to 65535")
    return int(value)


def _seconds(value: str) -> float:
    if not (re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", value) and 0 < float(value) <= LONGEST):
        raise argparse.ArgumentTypeError(f"{value!r} is not some seconds, more than 0, at most {LONGEST}")
    return float(value)


def _sessions(value: str) -> int:
    if not (re.fullmatch(r"[0-9]{1,9}", value) and int(value) in range(1, MOST_SESSIONS + 1)):
        raise argparse.ArgumentTypeError(f"{value!r} is not a number of sessions, 1 to {MOST_SESSIONS}")
    return int(value)


def _external_url(value: str) -> str:
    if not re.fullmatch(r"https?://([^/?#\s\[\]]+|\[[0-9A-Fa-f:.]+\](:\d+)?)(/[^?#\s]+)?/api/v2", value):
        raise argparse.ArgumentTypeError(f"{value!r} is not like http://localhost:8080/api/v2")
    return value


def _yes_or_no(value: str) -> bool:
    if value.lower() not in YES | NO:
        raise argparse.ArgumentTypeError(f"{value!r} is neither yes, true, on or 1 nor no, false, off or 0")
    return value.lower() in YES


def _one_of(choices: tuple[str, ...]) -> Callable[[str], str]:
    """Return what reads one of these: argparse's own `choices` does not look at what the environment says."""

    def read(value: str) -> str:
        if value not in choices:
            raise argparse.ArgumentTypeError(f"{value!r} is none of {', '.join(choices)}")
        return value

    return read


def _origins(value: str) -> tuple[str, ...]:
    origins = tuple(value.replace(",", " ").split())
    for origin in origins:
        if not ORIGIN.fullmatch(origin):
            raise argparse.ArgumentTypeError(
                f"{origin!r} is not an origin as browsers write it, like http://localhost:3000"
            )
    return origins
