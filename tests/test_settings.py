"""A setting comes from its option, else from its environment variable, else from its default."""

from pathlib import Path

import click
import pytest

from gws_chat.app import build
from gws_chat.options import setting_options, unknown_variables
from gws_chat.settings import DEMO, SCENARIOS, Settings
from tests.agents import AgentClient
from tests.service import client_of

SETTINGS = {
    "host": ("::1", Settings(host="::1")),
    "port": ("0", Settings(port=0)),
    "scenario": ("my.yaml", Settings(scenario=Path("my.yaml"))),
    "strict": ("yes", Settings(strict=True)),
    "csrf-protection": ("yes", Settings(csrf_protection=True)),
    "cors-origin": ("http://localhost:3000", Settings(cors_origin=("http://localhost:3000",))),
    "allowed-host": ("gws:8080", Settings(allowed_host=("gws:8080",))),
    "trusted-proxy": ("10.0.0.0/8", Settings(trusted_proxy=("10.0.0.0/8",))),
    "poll-timeout": ("2.5", Settings(poll_timeout=2.5)),
    "max-interval": ("3600", Settings(max_interval=3600.0)),
    "max-sessions-per-agent": ("1", Settings(max_sessions_per_agent=1)),
    "log-format": ("json", Settings(log_format="json")),
    "log-level": ("debug", Settings(log_level="debug")),
    "simulation": ("no", Settings(simulation=False)),
    "notifications": ("observed", Settings(notifications="observed")),
    "external-url": ("https://gws.example/api/v2", Settings(external_url="https://gws.example/api/v2")),
}
"""By option: a value, and the settings with it."""
INVALID = {
    "host": ["", " ", "*"],
    "port": ["-1", "65536", "http", ""],
    "log-level": ["error", ""],
    "external-url": [
        "",
        "ftp://localhost/api/v2",
        "http:///api/v2",
        "http://localhost:8080",
        "http://localhost:8080/api/v2/",
        "http://[::1/api/v2",
        "http://[::::]/api/v2",
        "http://:80/api/v2",
        "http://agent1@localhost/api/v2",
        "http://[1.2.3.4]/api/v2",
        "http://localhost:65536/api/v2",
        "http://localhost:0/api/v2",
        'http://h"<x>/api/v2',
        "http://h,/api/v2",
        "http://..../api/v2",
        "http://gws..example/api/v2",
        "http://jörg/api/v2",
        "http://localhost:٣/api/v2",
        "https://h/a%zz/api/v2",
        "https://h/a b/api/v2",
        "https://h/<a>/api/v2",
        "https://h//api/v2",
    ],
    "scenario": ["nosuch", "", "x" * 5000],
    "poll-timeout": ["0", "3600.1", "nan", "30s", ""],
    "max-sessions-per-agent": ["0", "20001", "1.5", ""],
    "csrf-protection": ["maybe", ""],
    "notifications": ["extended", ""],
    "log-format": ["xml"],
    "allowed-host": ["*", "http://gws", "gws/", "agent@gws", "gws:port", "gws:99999", "::1"],
    "trusted-proxy": ["*", "localhost", "10.0.0.1/8", "127.0.0.1:80", "[::1]"],
    "cors-origin": [
        "",
        " ",
        ",",
        "*",
        "localhost:3000",
        "http://",
        "http://*.example",
        "http://*",
        "http://*.*.example.com",
        "http://desk.*.com",
        "http://*desk.example.com",
        "http://*..com",
        "*.example.com",
        "NULL",
        "http://localhost:3000/",
        "http://agent@localhost:3000",
        "http://localhost:port",
        "http://localhost:80",
        "https://desk.example:443",
        "http://[::1",
        "http://[::::]",
        "http://localhost:65536",
        "http://Desk.example",
        "http://....",
        "http://desk..example",
    ],
}
"""By option: values that are rejected."""


@pytest.fixture
def read(monkeypatch):
    """Return a function that reads the settings from arguments and environment variables."""

    def read_settings(*arguments, **variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        command = click.Command("gws-chat", params=setting_options())
        return Settings(**command.make_context("gws-chat", list(arguments)).params)

    return read_settings


def variable_of(option):
    return f"GWS_CHAT_{option.upper().replace('-', '_')}"


def test_default_settings_are_local_with_the_demo(read):
    assert Settings("127.0.0.1", 8080, DEMO, None, False, None, False, ()) == read()


@pytest.mark.parametrize("name", ["after-work", "demo", "desktop", "fuzz"])
def test_a_scenario_is_selected_by_name(read, name):
    assert Settings(scenario=SCENARIOS[name]) == read("--scenario", name)
    assert f"{name}.yaml" == SCENARIOS[name].name


def test_unknown_scenario_name_is_rejected_with_the_names(read):
    with pytest.raises(
        click.UsageError, match=r"'nosuch' must be after-work, demo, desktop, fuzz or the path of a file\."
    ):
        read("--scenario", "nosuch")


def test_a_scenario_file_needs_no_extension(read, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mine").touch()

    assert Settings(scenario=Path("mine")) == read("--scenario", "mine")


@pytest.mark.parametrize("option", SETTINGS)
def test_a_setting_is_read_from_option_or_variable(read, option):
    value, settings = SETTINGS[option]

    assert settings == read(f"--{option}", value)
    assert settings == read(**{variable_of(option): value})


@pytest.mark.parametrize(
    ("option", "value"), [(option, value) for option, values in INVALID.items() for value in values]
)
def test_an_invalid_variable_is_rejected(read, option, value):
    with pytest.raises(click.UsageError) as error:
        read(**{variable_of(option): value})

    assert f"--{option}" in error.value.format_message()
    assert variable_of(option) in error.value.format_message()


def test_an_option_overrides_the_variable(read):
    assert Settings(port=2) == read("--port", "2", GWS_CHAT_PORT="1")


def test_other_variables_are_ignored(read):
    assert Settings() == read(PORT="1", GWS_CHAT_PORTS="2", gws_chat_port="3")


@pytest.mark.parametrize("option", SETTINGS)
def test_an_empty_option_is_rejected(read, option):
    with pytest.raises(click.UsageError):
        read(f"--{option}=")


def test_unknown_variables_are_found(monkeypatch):
    for name in ("GWS_CHAT_PORTS", "gws_chat_port", "GWS_CHAT_HOST", "PORT"):
        monkeypatch.setenv(name, "1")

    assert ["GWS_CHAT_PORTS", "gws_chat_port"] == unknown_variables()


@pytest.mark.parametrize(("value", "meaning"), [("on", True), ("1", True), ("NO", False), ("false", False)])
def test_a_switch_accepts_several_words(read, value, meaning):
    assert Settings(csrf_protection=meaning) == read(GWS_CHAT_CSRF_PROTECTION=value)


@pytest.mark.parametrize(
    ("arguments", "settings"),
    [
        (["--csrf-protection", "--port", "1"], Settings(csrf_protection=True, port=1)),
        (["--simulation"], Settings(simulation=True)),
        (["--csrf-protection=no"], Settings()),
    ],
)
def test_a_switch_needs_no_value(read, arguments, settings):
    assert settings == read(*arguments)


@pytest.mark.parametrize(("host", "listened"), [("[::1]", "::1"), ("[::]", "::"), ("LocalHost", "LocalHost")])
def test_an_ipv6_address_may_have_brackets(read, host, listened):
    assert Settings(host=listened) == read("--host", host)


@pytest.mark.parametrize("separator", [" ", ",", ", ", "\n"])
def test_a_variable_holds_several_origins(read, separator):
    origins = ("http://localhost:3000", "https://desk.example")

    assert Settings(cors_origin=origins) == read(GWS_CHAT_CORS_ORIGIN=separator.join(origins))


def test_repeated_origins_override_the_variable(read):
    origins = ("https://one.example", "https://two.example")
    options = [f"--cors-origin={origin}" for origin in origins]

    assert Settings(cors_origin=origins) == read(*options, GWS_CHAT_CORS_ORIGIN="http://localhost:3000")


@pytest.mark.parametrize(
    "origin",
    [
        "https://desk.example:8443",
        "http://127.0.0.1:3000",
        "http://[::1]:3000",
        "http://[::80]",
        "https://desk.example:80",
        "chrome-extension://abcdefghijklmnop",
        "https://*.example.com",
        "http://*.desk.example.com:8080",
        "null",
    ],
)
def test_origin_in_browser_form_is_accepted(read, origin):
    assert Settings(cors_origin=(origin,)) == read("--cors-origin", origin)


def test_an_external_url_may_have_a_path(read):
    url = "https://proxy.example/gws/api/v2"

    assert Settings(external_url=url) == read("--external-url", url)


async def test_cometd_uses_the_limits_of_the_settings():
    application = build(Settings(poll_timeout=2.5, max_sessions_per_agent=1))
    async with client_of(application) as http:
        agent = AgentClient(http, "agent1", "secret1")
        await agent.listen()
        [reply] = await agent.send("/meta/handshake", version="1.0", supportedConnectionTypes=["long-polling"])

    assert (2500, 1) == (reply["advice"]["timeout"], len(application.cometd.sessions))


@pytest.mark.parametrize(
    ("option", "in_scenario", "is_observed"),
    [
        (None, None, False),
        (None, "observed", True),
        ("observed", None, True),
        ("documented", "observed", False),
        ("observed", "documented", True),
    ],
)
async def test_the_notifications_option_overrides_the_scenario(option, in_scenario, is_observed, tmp_path):
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text("extends: demo\n" + (f"notifications: {in_scenario}\n" if in_scenario else ""), "utf-8")

    notification = await notification_of_leave(Settings(scenario=scenario, notifications=option))

    assert is_observed == ("metrics" in notification)


async def notification_of_leave(settings):
    """Let agent1 of the demo leave a chat, and return the notification."""
    async with client_of(build(settings)) as http:
        agent = AgentClient(http, "agent1", "secret1")
        await agent.listen()
        await agent.leave("0071023821aec011")
        [notification] = await agent.notifications()
    return notification["data"]
