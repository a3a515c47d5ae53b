"""The settings as command-line options and GWS_CHAT_* environment variables."""

import math
import os
import re
from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from gws_chat.gateway.hosts import host_name
from gws_chat.settings import LIMITS, SCENARIOS, Settings

EXTERNAL_URL = re.compile(
    r"https?://([A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*|\[[0-9A-Fa-f:.]+\])(:[0-9]+)?"
    r"(/([A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+)*/api/v2"
)
# lower case, and no port that is the scheme's default, because browsers send origins in this form
ORIGIN = re.compile(
    r"null|(?!http:.*:80$|https:.*:443$)[a-z][a-z0-9+.-]*://"
    r"((\*\.[a-z0-9_-]+\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(:[1-9][0-9]{0,4})?"
)
ORIGIN_REQUIREMENT = "null or an origin such as http://localhost:3000, in lower case, without a path or default port"


class Setting(click.Option):
    """An option with an environment variable, whose default is that of `Settings`."""

    def __init__(self, option: str, **attributes: Any) -> None:
        name = option.removeprefix("--").replace("-", "_")
        attributes.setdefault("show_default", True)
        default = getattr(DEFAULTS, name)
        super().__init__([option], envvar=f"GWS_CHAT_{name.upper()}", show_envvar=True, default=default, **attributes)

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:  # noqa: ARG002 - click's signature
        """Return the variable. click ignores an empty one, which would hide a mistake."""
        return os.environ.get(str(self.envvar))

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        if value == "":
            raise click.BadParameter("must not be empty.", ctx, self)
        return super().process_value(ctx, value)


class Seconds(click.FloatRange):
    """A number of seconds. click's own type accepts NaN."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        seconds: float = super().convert(value, param, ctx)
        if math.isnan(seconds):
            self.fail(f"{value} is not a number.", param, ctx)
        return seconds


class ScenarioPath(click.ParamType[Path]):
    """The path of a scenario file, or the name of a ready-made scenario."""

    name = "SCENARIO"

    def convert(self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = SCENARIOS.get(str(value), Path(value))
        looks_like_name = not {"/", "\\", "."} & set(str(value))
        if looks_like_name and not os.path.isfile(path):  # noqa: PTH113 - Path.is_file raises on a name that is too long
            self.fail(f"{str(value)!r} must be {', '.join(SCENARIOS)} or the path of a file.", param, ctx)
        return path


class HostName(click.ParamType[str]):
    """A host name or an address. Brackets around an IPv6 address, as in URLs, are removed."""

    name = "ADDRESS"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value.strip() in {"", "*"}:
            self.fail(f"must be a host name or an address, got {value!r}.", param, ctx)
        return re.sub(r"^\[(.*:.*)\]$", r"\1", value)


class CheckedText(click.ParamType[str]):
    """A text for which `check` returns something true."""

    def __init__(self, name: str, check: Callable[[str], object], requirement: str) -> None:
        self.name = name
        self._check = check
        self._requirement = requirement

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not self._check(value):
            self.fail(f"must be {self._requirement}, got {value!r}.", param, ctx)
        return value

    def split_envvar_value(self, rv: str) -> list[str]:
        return rv.replace(",", " ").split() or [""]  # `convert` rejects an empty text


def _is_external_url(value: str) -> bool:
    return bool(EXTERNAL_URL.fullmatch(value)) and _has_valid_authority(value)


def _is_origin(value: str) -> bool:
    return bool(ORIGIN.fullmatch(value)) and _has_valid_authority(value)


def _has_valid_authority(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:  # an invalid IPv6 address, or a port over 65535
        return False


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


DEFAULTS = Settings()
SWITCH: dict[str, Any] = {"type": bool, "is_flag": False, "flag_value": "yes", "metavar": "[yes|no]"}
"""An option whose value may be omitted, which means yes."""


def setting_options() -> list[click.Parameter]:
    seconds = Seconds(0, 3600, min_open=True)
    return [
        Setting("--host", type=HostName(), help="The address, or the name of the addresses, to listen on."),
        Setting("--port", type=click.IntRange(0, 65535), help="The port to listen on; 0 takes a free one."),
        Setting(
            "--scenario",
            type=ScenarioPath(),
            metavar="SCENARIO",
            show_default="demo",
            help=f"The agents and chats at start: {', '.join(SCENARIOS)} or the path of a file.",
        ),
        Setting(
            "--notifications",
            type=click.Choice(["documented", "observed"]),
            show_default="from the scenario, otherwise documented",
            help="Send notifications as on the vendor's pages, or with the additional members of real servers.",
        ),
        Setting(
            "--strict", **SWITCH, show_default="no", help="Reject requests with unknown members or query parameters."
        ),
        Setting(
            "--external-url",
            type=CheckedText("URL", _is_external_url, "a URL such as http://localhost:8080/api/v2"),
            show_default="from each request",
            help="The base URL in responses and notifications.",
        ),
        Setting(
            "--allowed-host",
            type=CheckedText("HOST", host_name, "a host such as gws, gws:8080 or [::1]"),
            multiple=True,
            show_default="none",
            help="A host that requests may name; a port is ignored. "
            "Can be repeated; separated by commas in the variable.",
        ),
        Setting(
            "--trusted-proxy",
            type=CheckedText("ADDRESS", _is_network, "an address or network such as 127.0.0.1 or 10.0.0.0/8"),
            multiple=True,
            show_default="none",
            help="A proxy whose X-Forwarded-* headers are used. Can be repeated; separated by commas in the variable.",
        ),
        Setting(
            "--csrf-protection",
            **SWITCH,
            show_default="no",
            help="Require a CSRF token of agents, except for GET, HEAD and most CometD messages.",
        ),
        Setting(
            "--cors-origin",
            type=CheckedText("ORIGIN", _is_origin, ORIGIN_REQUIREMENT),
            multiple=True,
            show_default="none",
            help="An origin whose pages may read responses. Can be repeated; separated by commas in the variable.",
        ),
        Setting("--poll-timeout", type=seconds, help="Seconds for which a CometD poll is held."),
        Setting(
            "--max-interval",
            type=seconds,
            help="Seconds for which a CometD session lasts after its last message or held poll.",
        ),
        Setting(
            "--max-sessions-per-agent",
            type=click.IntRange(1, LIMITS.sessions),
            help="The most CometD sessions per agent.",
        ),
        Setting("--log-format", type=click.Choice(["text", "json"]), help="The format of the log."),
        Setting(
            "--log-level",
            type=click.Choice(["debug", "info", "warning"]),
            help="Log requests and polls (debug), requests, or neither (warning).",
        ),
        Setting(
            "--simulation",
            **SWITCH,
            show_default="this computer only on a loopback address, otherwise off",
            help="Allow requests to /simulation without credentials; yes also admits other computers and proxies.",
        ),
    ]


def settings_from_environment() -> Settings:
    """Read the settings of `flask run`, which has no options for them. Raises `click.UsageError`."""
    command = click.Command("flask run", params=setting_options())
    return Settings(**command.make_context("flask run", []).params)


def unknown_variables() -> list[str]:
    """Return the environment variables that look like those of settings, but are not: they may be misspelt."""
    known = {option.envvar for option in setting_options()}
    return sorted(name for name in os.environ if name.upper().startswith("GWS_CHAT_") and name not in known)
