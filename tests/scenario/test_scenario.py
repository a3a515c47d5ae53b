"""Tests for loading scenario files and rejecting invalid ones."""

import os
import sys
from pathlib import Path
from random import Random

import pytest

from gws_chat.domain.capabilities import DEFAULT_CAPABILITIES, Capability, Situation
from gws_chat.domain.transcript import Visibility
from gws_chat.scenario import ScenarioError, load_scenario
from gws_chat.settings import DEMO, SCENARIOS
from tests.builders import NOW
from tests.documents import LEFT_CHAT_CAPABILITIES

AGENTS = """
agents:
  - {userName: ann, password: a, features: [api-multimedia]}
  - {userName: ben, password: b, features: [api-multimedia-chat]}
  - {userName: voice, password: v, features: [api-voice]}
"""


def one_chat(**members):
    """Write a scenario with one chat. The members are YAML."""
    defaults = {"id": "c1", "customer": "Cleo", "agents": "[{agent: ann, state: Chatting}]"}
    chat = ", ".join(f"{name}: {value}" for name, value in (defaults | members).items())
    return f"{AGENTS}chats: [{{{chat}}}]\n"


def load_demo():
    return load_scenario(DEMO, lambda: NOW, Random(0))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "scenario.yaml"


@pytest.fixture
def load(path):
    """Load a scenario from the text of its file."""

    def load_text(text):
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load_scenario(path, lambda: NOW, Random(0))

    return load_text


@pytest.fixture
def error(load):
    """Load an invalid scenario and return the error message."""

    def error_of(text):
        with pytest.raises(ScenarioError) as raised:
            load(text)
        return str(raised.value)

    return error_of


def test_demo_has_its_agents():
    """The banner, in tests/servers, lists the chats of the demo."""
    demo = load_demo()

    assert [
        ("agent1", "secret1", {"api-multimedia", "api-voice"}),
        ("agent2", "secret2", {"api-multimedia", "api-voice"}),
        ("agent3", "secret3", {"api-multimedia", "api-voice"}),
        ("voiceonly", "secret4", {"api-voice"}),
    ] == [(agent.user_name, password, agent.features) for agent, password in demo.accounts]
    assert {"agent1", "agent2", "agent3"} == {agent.user_name for agent in demo.center.available_agents}
    assert demo.center.invitation_timeout is None
    assert ("Resolved", "Callback", "Complaint") == demo.center.dispositions


def test_scenario_loaded_twice_has_the_same_ids():
    first, second = [
        (
            [agent.id for agent, _ in demo.accounts],
            [participant.id for chat in demo.chats for participant in chat.participants],
            demo.center.new_customer_chat_id(),
        )
        for demo in (load_demo(), load_demo())
    ]

    assert first == second


@pytest.mark.assumed("emulator.scenario")
def test_optional_members_have_defaults(load):
    scenario = load("agents: [{userName: ann, password: a}]")

    assert ([set()], [], [], None, (), "documented") == (
        [agent.features for agent, _ in scenario.accounts],
        scenario.chats,
        list(scenario.center.available_agents),
        scenario.center.invitation_timeout,
        scenario.center.dispositions,
        scenario.notifications,
    )


@pytest.mark.parametrize("seconds", [20, 0.5, 0.001, 1_000_000])
def test_invitation_timeout_is_read_in_seconds(seconds, load):
    assert seconds == load(f"{AGENTS}invitationTimeout: {seconds}").center.invitation_timeout


@pytest.mark.parametrize(
    ("member", "state"),
    [
        pytest.param("", "Ready", marks=pytest.mark.assumed("session.start-state")),
        pytest.param("sessionState: Ready", "Ready"),
        pytest.param("sessionState: NotReady", "NotReady"),
    ],
)
def test_sessions_start_in_the_given_state(member, state, load):
    scenario = load(f"agents: [{{userName: ann, password: a, features: [api-multimedia], channels: [chat]}}]\n{member}")

    assert {"chat": state} == scenario.agents["ann"].ready_states
    assert (["ann"] if state == "Ready" else []) == [each.user_name for each in scenario.center.available_agents]


def test_capabilities_replace_only_the_given_row(load):
    (chat,) = load(f"{one_chat()}capabilities: {{LeftChat: [SetDisposition, Complete]}}").chats

    assert {
        **DEFAULT_CAPABILITIES,
        Situation.LEFT_CHAT: (Capability.SET_DISPOSITION, Capability.COMPLETE),
    } == chat.center.capabilities


def test_chat_is_built_from_its_entry(load):
    """Dates and keys that are not strings have no JSON equivalent. They become text."""
    agents = "[{agent: ann, state: Chatting}, {agent: ben, state: Chatting, role: consultant}]"
    data = "{tier: gold, visits: 3, rate: 0.5, vip: true, note: null, tags: [a, {b: 1}], 1: a, since: 2026-11-23}"

    (chat,) = load(one_chat(agents=agents, userData=data)).chats

    assert NOW == chat.received_at
    assert [("Cleo", Visibility.ALL), ("ann", Visibility.ALL), ("ben", Visibility.AGENTS)] == [
        (each.nickname, each.visibility) for each in chat.participants
    ]
    user_data = {"tier": "gold", "visits": 3, "rate": 0.5, "vip": True, "note": None, "tags": ["a", {"b": 1}]}
    assert {**user_data, "1": "a", "since": "2026-11-23"} == chat.user_data


@pytest.mark.parametrize(
    "members", [{"customer": "null"}, {"agents": "[{agent: ann, state: LeftChat}]"}], ids=["customer null", "LeftChat"]
)
def test_ended_chat_has_no_customer(load, members):
    (chat,) = load(one_chat(**members)).chats

    assert chat.customer is None


def test_count_repeats_an_entry_with_its_number(load):
    scenario = load("""
agents:
  - {userName: agent1, password: secret1, features: [api-multimedia]}
  - {userName: "load{n}", password: "p{n}", features: [api-multimedia], count: 2}
chats:
  - {id: 0071023821aec011, customer: Ann, agents: [{agent: agent1, state: Chatting}], userData: {tier: gold}}
  - {id: "{n:04d}", customer: "C{n}", agents: [{agent: "load{n}", state: Chatting}],
     userData: {order: "no. {n}", pieces: 5}, count: 2}
  - {id: "only{n}", customer: Zoe, agents: [{agent: agent1, state: Chatting}], count: 1}
""")

    assert [("agent1", "secret1"), ("load1", "p1"), ("load2", "p2")] == [
        (agent.user_name, password) for agent, password in scenario.accounts
    ]
    assert [
        ("0071023821aec011", ["Ann", "agent1"], {"tier": "gold"}),
        ("0001", ["C1", "load1"], {"order": "no. 1", "pieces": 5}),
        ("0002", ["C2", "load2"], {"order": "no. 2", "pieces": 5}),
        ("only1", ["Zoe", "agent1"], {}),
    ] == [(chat.id, [each.nickname for each in chat.participants], chat.user_data) for chat in scenario.chats]


def test_extends_takes_missing_keys_from_demo(load):
    extended = load("{extends: demo, queues: {mine: [agent1]}, notifications: observed}")

    own = {"extends": "demo", "queues": {"mine": ["agent1"]}, "notifications": "observed"}
    assert {**load_demo().content, **own} == extended.content
    assert ["mine"] == list(extended.center.queues)


def test_after_work_differs_from_demo_in_left_chat():
    after_work = load_scenario(SCENARIOS["after-work"], lambda: NOW, Random(0))

    listed = after_work.center.capabilities[Situation.LEFT_CHAT]
    after_call = ["SetDisposition", "AttachUserData", "DeleteUserData", "UpdateUserData"]
    assert [*LEFT_CHAT_CAPABILITIES, *after_call] == list(listed)
    assert {**DEFAULT_CAPABILITIES, Situation.LEFT_CHAT: listed} == after_work.center.capabilities
    own = {"extends": "demo", "capabilities": {"LeftChat": list(listed)}}
    assert {**load_demo().content, **own} == after_work.content


def test_braces_without_a_count_are_text(load):
    (chat,) = load(one_chat(customer='"{n} {"')).chats

    assert "{n} {" == chat.customer.nickname


def test_available_agents_are_ordered_by_idle_time(load):
    """Agents without a chat at start have been idle longest. Channel chat needs the chat feature."""
    scenario = load("""
agents:
  - {userName: ann, password: a, features: [api-multimedia], channels: [chat]}
  - {userName: ben, password: b, features: [api-multimedia], channels: [voice]}
  - {userName: "load{n}", password: p, features: [api-multimedia], channels: [voice, chat], count: 2}
  - {userName: zoe, password: z, features: [api-multimedia]}
  - {userName: voice, password: v, features: [api-voice], channels: [chat]}
chats:
  - {id: c1, customer: Cleo, agents: [{agent: ann, state: Invited}]}
""")

    assert ["load1", "load2", "ann"] == [agent.user_name for agent in scenario.center.available_agents]
    assert [["chat"], [], ["chat"], ["chat"], [], []] == [list(agent.ready_states) for agent, _ in scenario.accounts]


AGENT_NEEDED = "must be the userName of an agent of the scenario, got 'zoe'"
ANN = "{userName: ann, password: a}"
ANN_CHATS = "{agent: ann, state: Chatting}"
INVALID_FILES = {
    "unknown key": ("extra: 1", "extra: is unknown, allowed: extends, agents, "),
    "unknown base": ("extends: fuzz", 'extends: must be one of demo, got "fuzz"'),
    "unknown key with a line break": ('"two\\nlines": 1', "two lines: is unknown, allowed: extends, agents, "),
    "infinity": ("invitationTimeout: .inf", "the file: must contain only values that JSON allows: Out of range"),
    "timeout 0": ("invitationTimeout: 0", "invitationTimeout: must be at least 0.001, got 0"),
    "long timeout": ("invitationTimeout: 1000001", "invitationTimeout: must be at most 1000000, got 1000001"),
    "unknown notifications": ("notifications: short", "notifications: "),
    "unknown state": ("sessionState: AfterCallWork", "sessionState: must be one of Ready, NotReady, got "),
    "queue of an unknown agent": ("queues: {support: [ann, zoe]}", f"queues.support[1]: {AGENT_NEEDED}"),
    "disposition integer": ("dispositions: [1]", "dispositions[0]: must be of type string, got 1"),
    "unknown situation": ("capabilities: {Gone: [Leave]}", "capabilities.Gone: is unknown, allowed: Invited, "),
    "stub without a path": ("stubs: [{method: GET}]", "stubs[0].path: is required"),
    "stub of HEAD": (
        "stubs: [{method: HEAD, path: /x}]",
        'stubs[0].method: must be one of GET, POST, PUT, PATCH, DELETE, got "HEAD"',
    ),
    "stub with a query": (
        "stubs: [{method: GET, path: '/x?y=1'}]",
        'stubs[0].path: must be a path without a query and without a slash at its end, got "/x?y=1"',
    ),
    "stub path with a last slash": ("stubs: [{method: GET, path: /x/}]", "stubs[0].path: must be a path "),
    "stub path without a first slash": ("stubs: [{method: GET, path: x}]", "stubs[0].path: must be a path "),
    "stub of status 199": (
        "stubs: [{method: GET, path: /x, status: 199}]",
        "stubs[0].status: must be at least 200, got 199",
    ),
    "too many agents and chats": (
        "chats: [{id: 'c{n}', customer: Eva, agents: [{agent: ann, state: Chatting}], count: 99998}]",
        "agents and chats: must be at most 100000 together, got 100001",
    ),
    "unknown capability": ("capabilities: {Chatting: [Leaf]}", "capabilities.Chatting[0]: "),
}
NAME_NEEDED = "[0].userName: must not contain a colon, a slash or a control character, nor be a dot or two"
INVALID_AGENTS = {
    "empty list": ("", ": "),
    "no password": ("{userName: ann}", "[0].password: is required"),
    "userName with a colon": ("{userName: 'a:b', password: p}", f'{NAME_NEEDED}, got "a:b"'),
    "userName with a slash": ("{userName: a/b, password: p}", f'{NAME_NEEDED}, got "a/b"'),
    "userName of two dots": ("{userName: .., password: p}", f'{NAME_NEEDED}, got ".."'),
    "userName with a control character": ('{userName: "a\\eb", password: p}', NAME_NEEDED),
    "userName of 257 letters": (
        f"{{userName: {'u' * 257}, password: p}}",
        f'[0].userName: must be at most 256 characters, got "{"u" * 63}...',
    ),
    "password integer": ("{userName: ann, password: 1}", "[0].password: "),
    "unknown key": ("{userName: a, password: p, role: x}", "[0].role: is unknown, allowed: userName"),
    "channels text": ("{userName: a, password: p, channels: chat}", '[0].channels: must be of type array, got "chat"'),
    "empty channel": ("{userName: a, password: p, channels: ['']}", "[0].channels[0]: "),
    "duplicate": (f"{ANN}, {ANN}", "[1].userName: must be unique, got 'ann' again"),
    "duplicate by count": ("{userName: a, password: p, count: 2}", "[0] (n=2).userName: must be unique, got 'a' again"),
}
INVALID_CHATS = {
    "unknown key": ({"subject": "x"}, ".subject: is unknown, allowed: id, "),
    "id integer": ({"id": 12}, ".id: must be of type string, got 12"),
    "empty id": ({"id": '""'}, ".id: "),
    "id with a line break": ({"id": '"a\\nb"'}, ".id: must be 1 to 64 letters, digits, '-' or '_', got 'a\\nb'"),
    "id of 65 letters": ({"id": "x" * 65}, ".id: "),
    "duplicate id by count": ({"count": 2}, " (n=2).id: must be unique, got 'c1' again"),
    "empty customer": ({"customer": '""'}, ".customer: "),
    "list as user data": ({"userData": "[1]"}, ".userData: "),
    "large user data": (
        {"userData": f"{{note: {'x' * 65_536}}}"},
        ".userData: must be at most 65536 characters of JSON in the whole chat, got 65548",
    ),
    "count 0": ({"count": 0}, ".count: "),
}
INVALID_CHAT_AGENTS = {
    "empty list": ("", ": "),
    "unknown agent": ("{agent: zoe, state: Chatting}", f"[0].agent: {AGENT_NEEDED}"),
    "duplicate agent": (f"{ANN_CHATS}, {ANN_CHATS}", "[1].agent: must be unique, got 'ann' again"),
    "no chat feature": (
        "{agent: voice, state: Chatting}",
        "[0].agent: must be an agent with a chat feature (api-multimedia or api-multimedia-chat), got 'voice'",
    ),
    "unknown state": ("{agent: ann, state: Completed}", "[0].state: "),
    "unknown role": ("{agent: ann, state: Chatting, role: owner}", "[0].role: "),
    "consultant without another agent": (
        "{agent: ann, state: Chatting, role: consultant}",
        ": must include an agent in Chatting whom consultant 'ann' can advise",
    ),
    "LeftChat with another agent": (
        "{agent: ann, state: LeftChat}, {agent: ben, state: Chatting}",
        ": an agent in LeftChat must be the only agent of the chat",
    ),
    "consultant in LeftChat": (
        "{agent: ann, state: LeftChat, role: consultant}",
        "[0].state: must be Invited or Chatting for a consultant, got LeftChat",
    ),
}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", "must not be empty", id="empty file"),
        pytest.param("null", "the file: must be of type object, got null", id="null"),
        pytest.param("chats: []", "agents: is required", id="no agents"),
        *(pytest.param(AGENTS + text, message, id=id_) for id_, (text, message) in INVALID_FILES.items()),
        *(
            pytest.param(f"agents: [{agents}]", f"agents{message}", id=f"agents-{id_}")
            for id_, (agents, message) in INVALID_AGENTS.items()
        ),
        *(
            pytest.param(one_chat(**members), f"chats[0]{message}", id=f"chat-{id_}")
            for id_, (members, message) in INVALID_CHATS.items()
        ),
        *(
            pytest.param(one_chat(agents=f"[{agents}]"), f"chats[0].agents{message}", id=f"chat agents-{id_}")
            for id_, (agents, message) in INVALID_CHAT_AGENTS.items()
        ),
        pytest.param(
            one_chat().replace("}]}]", "}]}, {id: c1, customer: Dora, agents: [{agent: ben, state: Chatting}]}]"),
            "chats[1].id: must be unique, got 'c1' again",
            id="duplicate chat id",
        ),
    ],
)
def test_invalid_scenario_is_rejected_in_one_line(path, error, text, message):
    expected = f"{path}: {message}"

    actual = error(text)

    assert expected == actual[: len(expected)]
    assert 1 == len(actual.splitlines())


@pytest.mark.parametrize("template", ["{n}", "{n:03d}", "{n:2d}", "{n:d}"])
def test_braces_are_replaced_by_the_number(load, template):
    _, chat = load(one_chat(id='"c{n}"', customer=f'"{{{{{template}}}}}"', count=2)).chats

    assert f"{{{template.format(n=2)}}}" == chat.customer.nickname


@pytest.mark.parametrize(
    "template", ["{m}", "{n", "{n:s}", "{n[0]}", "{}", "{n:2000000000d}", "{n:c}", "{n:.99f}", "{n!r:>99}", "{n:{n}d}"]
)
def test_braces_must_contain_the_number(path, error, template):
    scenario = one_chat(customer=f'"{template}"', count=2)

    message = f"customer: braces must contain n, as in {{n}} or {{n:04d}}, got '{template}'"
    assert f"{path}: chats[0].{message}" == error(scenario)


def bomb(line):
    """Write a scenario in which each of nine keys repeats the one before nine times."""
    lines = [line.format(name=f"k{n}", aliases=", ".join([f"*k{n - 1}"] * 9)) for n in range(1, 10)]
    return "\n".join(["k0: &k0 {a: 1}", *lines])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("agents:\n  - x\n- y", "line 3, column 1", id="not YAML"),
        pytest.param("agents: *nobody", "", id="unknown alias"),
        pytest.param("agents: !!python/object:os.system {}", "", id="Python tag"),
        pytest.param("agents: 2026-99-99", "", id="invalid date"),
        pytest.param("agents: 1:59" + ":59" * 200 + ".5", "must be YAML: ", id="huge number of base 60"),
        pytest.param("agents: !!bool maybe", "must be YAML: ", id="tag bool"),
        pytest.param("agents: !!int ''", "must be YAML: ", id="tag int"),
        pytest.param("agents: !!timestamp today", "must be YAML: ", id="tag timestamp"),
        pytest.param("agents: &agents [*agents]", "", id="recursive list"),
        pytest.param("[" * 1000, "nested too deep", id="nested too deep"),
        pytest.param(f"{AGENTS}? 2026-11-23\n: x", "keys must be str", id="date as a key"),
        pytest.param(f"{AGENTS}queues: {{!!binary aGk=: [ann]}}", "keys must be str", id="binary key"),
        pytest.param(f"{AGENTS}? [a, b]\n: x", "unhashable key", id="list as a key"),
        pytest.param(f'{AGENTS}dispositions: ["\\ud800"]', "surrogates not allowed", id="half of a surrogate pair"),
        pytest.param(f"{AGENTS}invitationTimeout: 0x{'f' * 5000}", "Exceeds the limit", id="huge integer"),
        pytest.param(bomb("{name}: &{name} [{aliases}]"), "must have at most 100000 values", id="aliases of lists"),
        pytest.param(
            bomb("{name}: &{name} {{<<: [{aliases}]}}"), "must have at most 100000 values", id="aliases of mappings"
        ),
        pytest.param("- x\n" * 100_001, "must have at most 100000 values", id="too many values"),
        pytest.param(f"{AGENTS}# {' ' * 1024 * 1024}", "must be at most 1048576 bytes", id="too large"),
    ],
)
def test_unreadable_file_is_rejected_in_one_line(path, error, content, message):
    actual = error(content)

    assert f"{path}: " == actual[: len(f"{path}: ")]
    assert message in actual
    assert 1 == len(actual.splitlines())


def test_file_that_is_not_utf8_is_rejected(path, error):
    content = "agents: [{userName: Jörg, password: p}]".encode("latin-1")

    actual = error(content)

    assert f"{path}: must be UTF-8, got byte 0xf6 at position 21" == actual


def test_missing_file_is_rejected_with_its_path(path):
    with pytest.raises(ScenarioError) as raised:
        load_scenario(path, lambda: NOW, Random(0))

    assert f"{path}: cannot be read: No such file or directory" == str(raised.value)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has this file")
def test_file_of_unknown_size_is_not_read():
    """Reading /proc/kmsg waits for the next message of the kernel."""
    with pytest.raises(ScenarioError) as raised:
        load_scenario(Path("/proc/version"), lambda: NOW, Random(0))

    assert "/proc/version: must not be empty" == str(raised.value)


@pytest.mark.parametrize("place", ["/dev/zero", "pipe", "."])
def test_only_regular_files_are_read(tmp_path, monkeypatch, place):
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")

    with pytest.raises(ScenarioError) as raised:
        load_scenario(Path(place), lambda: NOW, Random(0))

    assert f"{place}: must be a regular file" == str(raised.value)
