"""The banner lists addresses, agents and chats."""

from dataclasses import replace

import pytest

from gws_chat.app import build
from gws_chat.servers.startup import banner
from gws_chat.settings import SCENARIOS, Settings

MANY = """
agents:
  - {userName: "load{n}", password: "pass{n}", features: [api-multimedia], count: 12}
chats:
  - {id: "{n:016d}", customer: null, agents: [{agent: "load{n}", state: LeftChat}], count: 11}
"""


@pytest.fixture
def many(tmp_path):
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text(MANY, encoding="utf-8")
    return Settings(scenario=scenario)


def lines(settings):
    return banner(build(settings), settings).splitlines()


def test_banner_lists_addresses_agents_and_chats():
    assert [
        "API            http://127.0.0.1:8080/api/v2",
        "Console        http://127.0.0.1:8080/",
        "Documentation  http://127.0.0.1:8080/ui/",
        "CometD         http://127.0.0.1:8080/api/v2/notifications",
        "Agents         agent1 / secret1",
        "               agent2 / secret2",
        "               agent3 / secret3",
        "               voiceonly / secret4",
        "Chats          0071023821aec011: Ann, agent1 Chatting",
        "               0000Na9B26EF002X: Ben, agent1 Chatting, agent2 Chatting",
        "               0000Na9B26EF003Y: Cleo, agent1 Chatting, agent3 Consultant",
        "               0000Na9B26EF004Z: Dora, agent2 Invited",
    ] == lines(Settings())


@pytest.mark.parametrize(
    ("host", "printed"),
    [("0.0.0.0", "127.0.0.1"), ("0", "127.0.0.1"), ("::", "[::1]"), ("0::0", "[::1]"), ("gws.invalid", "gws.invalid")],  # noqa: S104 - see above
)
def test_banner_has_addresses_that_can_be_opened(host, printed):
    assert f"API            http://{printed}:8080/api/v2" == lines(Settings(host=host))[0]


def test_banner_has_the_external_url():
    url = "https://gws.example/api/v2"

    assert f"External URL   {url}" == lines(Settings(external_url=url))[1]


def test_banner_lists_ten_entries_and_counts_the_rest(many):
    assert [
        "Agents         load1 / pass1",
        *(f"               load{n} / pass{n}" for n in range(2, 11)),
        "               and 2 more",
        "Chats          0000000000000001: customer has left, load1 LeftChat",
        *(f"               {n:016d}: customer has left, load{n} LeftChat" for n in range(2, 11)),
        "               and 1 more",
    ] == lines(many)[4:]


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_banner_does_not_warn_on_loopback_addresses(host):
    assert "WARNING" not in "".join(lines(Settings(host=host)))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])  # noqa: S104 - the warning is about it
def test_banner_warns_of_public_passwords_on_other_addresses(host):
    warning = f"WARNING        other computers can reach {host}, and its passwords are public"

    assert warning == lines(Settings(host=host))[-1]


@pytest.mark.parametrize("path", SCENARIOS.values(), ids=SCENARIOS)
def test_banner_warns_of_every_readymade_scenario(path):
    assert "WARNING" in lines(Settings(host="192.0.2.1", scenario=path))[-1]


def test_banner_warns_of_scenarios_that_extend_demo(tmp_path):
    path = tmp_path / "scenario.yaml"
    path.write_text("extends: demo", encoding="utf-8")

    assert "WARNING" in lines(Settings(host="192.0.2.1", scenario=path))[-1]


def test_banner_does_not_warn_of_own_passwords(many):
    assert "WARNING" not in "".join(lines(replace(many, host="192.0.2.1")))
