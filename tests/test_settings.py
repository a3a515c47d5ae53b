"""An option, its environment variable, the default: the first that is there."""

from pathlib import Path

import pytest

from handlers.settings import DEMO, Settings, read_settings

SETTINGS = {
    "host": ("::1", Settings(host="::1")),
    "port": ("0", Settings(port=0)),
    "scenario": ("my.yaml", Settings(scenario=Path("my.yaml"))),
    "csrf-protection": ("yes", Settings(csrf_protection=True)),
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
    assert Settings("127.0.0.1", 8080, DEMO, None, False) == read_settings([], {})


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
