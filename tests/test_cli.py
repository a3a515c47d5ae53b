"""The command `gws-chat`."""

import sys
from importlib.metadata import version

import pytest

from tests.commands import run

GWS_CHAT = [sys.executable, "-m", "gws_chat"]


def test_version_is_that_of_openapi_yaml(document):
    expected = document["info"]["version"]

    assert expected == version("gws-chat-emulator")
    assert (0, f"gws-chat {expected}\n", "") == run([*GWS_CHAT, "--version"])


@pytest.mark.parametrize(
    ("arguments", "unused"),
    [
        (["--help"], ["asyncio", "connexion", "httpx2", "uvicorn"]),
        (["--scenario", "/none"], ["httpx._client", "urllib3"]),
    ],
    ids=["help", "service"],
)
def test_unused_libraries_are_not_imported(arguments, unused):
    program = f"""
import atexit, sys
from gws_chat import cli
atexit.register(lambda: print(set({unused}) & sys.modules.keys()))
sys.argv[1:] = {arguments}
cli.main()
"""

    assert run([sys.executable, "-c", program])[1].endswith("set()\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--port", "http"],
            "Invalid value for '--port' (env var: 'GWS_CHAT_PORT'): 'http' is not a valid integer range.",
        ),
        (["--prot", "1"], "No such option '--prot'. (Did you mean one of: '--host', '--port'?)"),
        (["serve"], "No such command 'serve'."),
    ],
)
def test_an_invalid_option_is_reported_in_one_line(arguments, message):
    assert (2, "", f"gws-chat: error: {message}\n") == run([*GWS_CHAT, *arguments])


def test_an_invalid_scenario_is_reported_in_one_line(tmp_path):
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text("agents: [{userName: agent1, password: 1}]", encoding="utf-8")

    status, output, error = run([*GWS_CHAT, "--port", "0", "--scenario", str(scenario)])

    assert (1, "") == (status, output)
    assert error.startswith(f"scenario: {scenario}: agents[0].password: ")
    assert 1 == error.count("\n")


@pytest.mark.parametrize("path", [f"{'x' * 5000}/y", "/dev/zero", "/dev/null/x"])
def test_an_unusable_scenario_path_is_reported_in_one_line(path):
    status, output, error = run([*GWS_CHAT, "--port", "0", "--scenario", path])

    assert (1, "", 1) == (status, output, error.count("\n"))
    assert error.startswith(f"scenario: {path}: ")


@pytest.mark.parametrize("host", ["a..b", "[::1", "1.2.3.4.5"])
def test_an_unusable_host_is_reported_in_one_line(host):
    status, output, error = run([*GWS_CHAT, "--port", "0", "--host", host])

    assert (1, "", 1) == (status, output, error.count("\n"))
