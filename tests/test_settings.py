"""An option, its environment variable, the default: the first that is there."""

from pathlib import Path

import httpx2
import pytest

from handlers.app import build
from handlers.cometd import Limits
from handlers.settings import DEMO, MOST_SESSIONS, Settings, read_settings

SETTINGS = {
    "host": ("::1", Settings(host="::1")),
    "port": ("0", Settings(port=0)),
    "scenario": ("my.yaml", Settings(scenario=Path("my.yaml"))),
    "csrf-protection": ("yes", Settings(csrf_protection=True)),
    "cors-origin": ("http://localhost:3000", Settings(cors_origin=("http://localhost:3000",))),
    "poll-timeout": ("2.5", Settings(poll_timeout=2.5)),
    "max-interval": ("3600", Settings(max_interval=3600.0)),
    "max-sessions-per-agent": ("1", Settings(max_sessions_per_agent=1)),
    "log-format": ("json", Settings(log_format="json")),
    "log-level": ("debug", Settings(log_level="debug")),
    "simulation": ("no", Settings(simulation=False)),
    "external-url": ("https://gws.example/api/v2", Settings(external_url="https://gws.example/api/v2")),
}
"""By option: a value, and what the settings are with it."""


@pytest.fixture
def refusal(capsys):
    """Read settings that are refused, and return the status and the line that says why."""

    def refusal_of(arguments, environment):
        with pytest.raises(SystemExit) as end:
            read_settings(arguments, environment)
        return end.value.code, capsys.readouterr().err.splitlines()[-1]

    return refusal_of


def test_without_options_the_service_is_local_and_shows_the_demo():
    assert Settings("127.0.0.1", 8080, DEMO, None, False, ()) == read_settings([], {})


@pytest.mark.parametrize("option", SETTINGS)
def test_a_setting_is_read_from_its_option(option):
    value, settings = SETTINGS[option]

    assert settings == read_settings([f"--{option}", value], {})


@pytest.mark.parametrize("option", SETTINGS)
def test_a_setting_is_read_from_its_environment_variable(option):
    value, settings = SETTINGS[option]
    variable = f"GWS_CHAT_{option.upper().replace('-', '_')}"

    assert settings == read_settings([], {variable: value})


def test_an_option_beats_the_environment():
    assert Settings(port=2) == read_settings(["--port", "2"], {"GWS_CHAT_PORT": "1"})


def test_other_variables_are_not_looked_at():
    assert Settings() == read_settings([], {"PORT": "1", "GWS_CHAT_PORTS": "2", "gws_chat_port": "3"})


@pytest.mark.parametrize("port", ["0", "65535"])
def test_a_port_is_in_its_range(port):
    assert Settings(port=int(port)) == read_settings(["--port", port], {})


@pytest.mark.parametrize("port", ["-1", "65536", "http", "80.0", ""])
def test_what_is_no_port_ends_the_process_with_a_line_that_says_so(refusal, port):
    assert (
        2,
        f"python -m handlers: error: argument --port: {port!r} is not a port, 0 to 65535",
    ) == refusal([f"--port={port}"], {})


def test_what_is_no_port_is_refused_from_the_environment_too(refusal):
    assert (
        2,
        "python -m handlers: error: argument --port: 'http' is not a port, 0 to 65535",
    ) == refusal([], {"GWS_CHAT_PORT": "http"})


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("localhost:8080/api/v2", id="no scheme"),
        pytest.param("ftp://localhost/api/v2", id="another scheme"),
        pytest.param("http:///api/v2", id="no host"),
        pytest.param("http://localhost:8080", id="no path"),
        pytest.param("http://localhost:8080/api/v1", id="another path"),
        pytest.param("http://localhost:8080/api/v2/", id="a slash at the end"),
        pytest.param("http://[::1/api/v2", id="an open bracket"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_no_external_url_ends_the_process_with_a_line_that_says_so(refusal, url):
    assert (
        2,
        f"python -m handlers: error: argument --external-url: {url!r} is not like http://localhost:8080/api/v2",
    ) == refusal([f"--external-url={url}"], {})


@pytest.mark.parametrize("option", ["poll-timeout", "max-interval"])
@pytest.mark.parametrize(
    "seconds", ["0", "0.0", "-1", "3600.1", "inf", "nan", "1e3", "1,5", "30s", "\u0663", ""]
)
def test_what_is_no_time_ends_the_process_with_a_line_that_says_so(refusal, option, seconds):
    line = f"argument --{option}: {seconds!r} is not some seconds, more than 0, at most 3600"

    assert (2, f"python -m handlers: error: {line}") == refusal([f"--{option}={seconds}"], {})


@pytest.mark.parametrize("number", ["0", "-1", "20001", "1.5", "many", ""])
def test_what_is_no_number_of_sessions_ends_the_process_with_a_line_that_says_so(refusal, number):
    line = f"argument --max-sessions-per-agent: {number!r} is not a number of sessions, 1 to {MOST_SESSIONS}"

    assert (2, f"python -m handlers: error: {line}") == refusal(
        [], {"GWS_CHAT_MAX_SESSIONS_PER_AGENT": number}
    )


def test_the_limits_of_the_exchange_are_its_own_unless_set():
    settings = Settings()

    assert Limits() == Limits(
        poll_timeout=settings.poll_timeout,
        max_interval=settings.max_interval,
        sessions_per_owner=settings.max_sessions_per_agent,
        sessions=MOST_SESSIONS,
    )


async def test_the_limits_of_the_exchange_are_set():
    application = build(Settings(poll_timeout=2.5, max_sessions_per_agent=1))
    transport = httpx2.ASGITransport(application.asgi)
    handshake = [
        {"channel": "/meta/handshake", "version": "1.0", "supportedConnectionTypes": ["long-polling"]}
    ]
    async with httpx2.AsyncClient(
        transport=transport, base_url="http://localhost:8080", auth=("agent1", "secret1")
    ) as http:
        for _ in range(2):
            answer = await http.post("/api/v2/notifications", json=handshake)

    assert (2500, 1) == (answer.json()[0]["advice"]["timeout"], application.cometd.sessions)


def test_an_external_url_may_have_a_path_of_its_own_before_the_apis():
    url = "https://proxy.example/gws/api/v2"

    assert Settings(external_url=url) == read_settings(["--external-url", url], {})


def test_csrf_protection_needs_no_value():
    assert Settings(csrf_protection=True) == read_settings(["--csrf-protection"], {})


@pytest.mark.parametrize(
    ("value", "meaning"),
    [
        *[(value, True) for value in ("yes", "true", "on", "1", "True")],
        *[(value, False) for value in ("no", "false", "off", "0", "NO")],
    ],
)
def test_csrf_protection_is_on_or_off_in_one_of_these_words(value, meaning):
    assert Settings(csrf_protection=meaning) == read_settings([], {"GWS_CHAT_CSRF_PROTECTION": value})


def test_csrf_protection_can_be_turned_off_in_spite_of_the_environment():
    environment = {"GWS_CHAT_CSRF_PROTECTION": "yes"}

    assert Settings(csrf_protection=False) == read_settings(["--csrf-protection=no"], environment)


@pytest.mark.parametrize("value", ["maybe", "2", ""])
def test_what_is_neither_yes_nor_no_ends_the_process_with_a_line_that_says_so(refusal, value):
    line = (
        f"python -m handlers: error: argument --csrf-protection: {value!r} is neither yes, true, on or 1"
        " nor no, false, off or 0"
    )

    assert (2, line) == refusal([], {"GWS_CHAT_CSRF_PROTECTION": value})


def test_several_origins_are_several_options():
    origins = ("http://localhost:3000", "https://desk.example")

    assert Settings(cors_origin=origins) == read_settings([f"--cors-origin={each}" for each in origins], {})


@pytest.mark.parametrize("between", [" ", ",", ", ", "\n"])
def test_several_origins_of_the_environment_are_parted_by_blanks_or_commas(between):
    origins = ("http://localhost:3000", "https://desk.example")

    assert Settings(cors_origin=origins) == read_settings([], {"GWS_CHAT_CORS_ORIGIN": between.join(origins)})


def test_an_empty_list_of_origins_is_none():
    assert Settings() == read_settings([], {"GWS_CHAT_CORS_ORIGIN": ""})


def test_an_origin_of_an_option_is_in_place_of_those_of_the_environment():
    environment = {"GWS_CHAT_CORS_ORIGIN": "http://localhost:3000"}

    assert Settings(cors_origin=("https://desk.example",)) == read_settings(
        ["--cors-origin", "https://desk.example"], environment
    )


@pytest.mark.parametrize(
    "origin",
    [
        pytest.param("https://desk.example:8443", id="a port"),
        pytest.param("http://127.0.0.1:3000", id="an address"),
        pytest.param("http://[::1]:3000", id="an address of IPv6"),
        pytest.param("http://[::80]", id="an address of IPv6 that ends like a port"),
        pytest.param("https://desk.example:80", id="the port of another scheme"),
        pytest.param("chrome-extension://abcdefghijklmnop", id="a browser's extension"),
    ],
)
def test_an_origin_is_as_browsers_write_it(origin):
    assert Settings(cors_origin=(origin,)) == read_settings(["--cors-origin", origin], {})


@pytest.mark.parametrize(
    "origin",
    [
        pytest.param("*", id="a wildcard"),
        pytest.param("null", id="no origin to browsers"),
        pytest.param("localhost:3000", id="no scheme"),
        pytest.param("http://", id="no host"),
        pytest.param("http://*.example", id="a pattern"),
        pytest.param("http://localhost:3000/", id="a slash at the end"),
        pytest.param("http://localhost:3000/desk", id="a path"),
        pytest.param("http://agent@localhost:3000", id="a user"),
        pytest.param("http://localhost:port", id="no port"),
        pytest.param("http://localhost:80", id="the scheme's own port"),
        pytest.param("https://desk.example:443", id="the other scheme's own port"),
        pytest.param("http://[::1", id="an open bracket"),
        pytest.param("http://Desk.example", id="a capital letter"),
    ],
)
def test_what_is_no_origin_ends_the_process_with_a_line_that_says_so(refusal, origin):
    line = (
        f"python -m handlers: error: argument --cors-origin: {origin!r} is not an origin"
        " as browsers write it, like http://localhost:3000"
    )

    assert (2, line) == refusal([], {"GWS_CHAT_CORS_ORIGIN": f"https://desk.example {origin}"})
