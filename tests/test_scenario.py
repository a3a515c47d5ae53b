"""Which agents and chats exist at start, and which files are refused."""

from random import Random

import pytest

from handlers.domain.capabilities import DEFAULT_CAPABILITIES, Capability, Situation, State
from handlers.domain.chat import Visibility
from handlers.scenario import ScenarioError, load_scenario
from handlers.settings import DEMO
from tests.builders import NOW

AGENTS = """
agents:
  - {userName: ann, password: a, features: [api-multimedia]}
  - {userName: ben, password: b, features: [api-multimedia-chat]}
  - {userName: voice, password: v, features: [api-voice]}
"""


def chats(entries):
    return f"{AGENTS}chats:\n{entries}"


def one_chat(**members):
    """Write a scenario of one chat, whose members are as given in YAML."""
    usual = {"id": "c1", "customer": "Cleo", "agents": "[{agent: ann, state: Chatting}]"}
    return chats("  - {" + ", ".join(f"{key}: {value}" for key, value in (usual | members).items()) + "}")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "scenario.yaml"


@pytest.fixture
def load(path):
    """Load a scenario that a file holds."""

    def load_text(text):
        path.write_text(text, encoding="utf-8")
        return load_scenario(path, lambda: NOW, Random(0))

    return load_text


@pytest.fixture
def refusal(load):
    """Load a scenario that is refused, and return what is said."""

    def refusal_of(text):
        with pytest.raises(ScenarioError) as raised:
            load(text)
        return str(raised.value)

    return refusal_of


@pytest.fixture
def demo():
    return load_scenario(DEMO, lambda: NOW, Random(0))


def test_the_demo_has_the_four_agents_of_the_design(demo):
    assert [
        ("agent1", "secret1", {"api-multimedia"}),
        ("agent2", "secret2", {"api-multimedia"}),
        ("agent3", "secret3", {"api-multimedia"}),
        ("voiceonly", "secret4", {"api-voice"}),
    ] == [(agent.user_name, password, agent.features) for agent, password in demo.accounts]


def test_the_demo_has_the_four_chats_of_the_design(demo):
    assert {
        "0071023821aec011": [("agent1", State.CHATTING, False)],
        "0000Na9B26EF002X": [("agent1", State.CHATTING, False), ("agent2", State.CHATTING, False)],
        "0000Na9B26EF003Y": [("agent1", State.CHATTING, False), ("agent3", State.CHATTING, True)],
        "0000Na9B26EF004Z": [("agent2", State.INVITED, False)],
    } == {
        chat.id: [(seat.agent.user_name, seat.state, seat.is_consultant) for seat in chat.seats.values()]
        for chat in demo.chats
    }


def test_each_chat_of_the_demo_has_a_customer(demo):
    assert ["Ann", "Ben", "Cleo", "Dora"] == [chat.customer.nickname for chat in demo.chats]


def test_an_agent_is_the_same_in_every_run(demo):
    again = load_scenario(DEMO, lambda: NOW, Random(0))

    assert [agent.id for agent, _ in demo.accounts] == [agent.id for agent, _ in again.accounts]


def test_a_participant_is_the_same_in_every_run(demo):
    again = load_scenario(DEMO, lambda: NOW, Random(0))

    assert [[each.id for each in chat.participants] for chat in demo.chats] == [
        [each.id for each in chat.participants] for chat in again.chats
    ]


def test_two_scenarios_share_no_state(demo):
    again = load_scenario(DEMO, lambda: NOW, Random(0))

    assert not {id(chat) for chat in demo.chats} & {id(chat) for chat in again.chats}


@pytest.mark.decided
def test_notifications_are_as_documented_unless_the_scenario_says_extended(load):
    assert "documented" == load(AGENTS).notifications
    assert "extended" == load(f"{AGENTS}notifications: extended").notifications


def test_notifications_of_another_shape_are_refused(refusal):
    assert "notifications: " in refusal(f"{AGENTS}notifications: short")


def test_a_scenario_needs_no_chats(load):
    assert [] == load(AGENTS).chats


def test_features_may_be_left_out(load):
    ((agent, _),) = load("agents: [{userName: ann, password: a}]").accounts

    assert set() == agent.features


def test_a_chat_arrives_when_the_scenario_is_loaded(load):
    assert [NOW] == [chat.received_at for chat in load(one_chat()).chats]


def test_user_data_are_attached_as_they_are_written(load):
    (chat,) = load(one_chat(userData="{tier: gold, visits: 3, rate: 0.5, vip: true, note: null}")).chats

    assert {"tier": "gold", "visits": 3, "rate": 0.5, "vip": True, "note": None} == chat.user_data


def test_a_consultant_is_visible_to_agents_only(load):
    agents = "[{agent: ann, state: Chatting}, {agent: ben, state: Chatting, role: consultant}]"
    (chat,) = load(one_chat(agents=agents)).chats

    assert [("Cleo", Visibility.ALL), ("ann", Visibility.ALL), ("ben", Visibility.AGENTS)] == [
        (each.nickname, each.visibility) for each in chat.participants
    ]


def test_a_customer_of_null_has_gone(load):
    (chat,) = load(one_chat(customer="null")).chats

    assert chat.customer is None


def test_a_chat_that_was_left_has_no_customer_any_more(load):
    (chat,) = load(one_chat(agents="[{agent: ann, state: LeftChat}]")).chats

    assert chat.customer is None


def test_an_entry_with_count_stands_for_that_many_agents(load):
    scenario = load(
        "agents: [{userName: 'load{n}', password: 'load{n}', features: [api-multimedia], count: 3}]"
    )

    assert [("load1", "load1"), ("load2", "load2"), ("load3", "load3")] == [
        (agent.user_name, password) for agent, password in scenario.accounts
    ]


def test_an_entry_with_count_stands_for_that_many_chats(load):
    scenario = load("""
agents:
  - {userName: agent1, password: secret1, features: [api-multimedia]}
  - {userName: "load{n}", password: "load{n}", features: [api-multimedia], count: 2}
chats:
  - {id: 0071023821aec011, customer: Ann, agents: [{agent: agent1, state: Chatting}], userData: {tier: gold}}
  - {id: "{n:016d}", customer: "Customer {n}", agents: [{agent: "load{n}", state: Chatting}], count: 2}
""")

    assert [
        ("0071023821aec011", ["Ann", "agent1"]),
        ("0000000000000001", ["Customer 1", "load1"]),
        ("0000000000000002", ["Customer 2", "load2"]),
    ] == [(chat.id, [each.nickname for each in chat.participants]) for chat in scenario.chats]


def test_the_number_stands_in_user_data_too(load):
    scenario = load(one_chat(id='"{n}"', userData='{order: "no. {n}", pieces: 5}', count=2))

    assert [{"order": "no. 1", "pieces": 5}, {"order": "no. 2", "pieces": 5}] == [
        chat.user_data for chat in scenario.chats
    ]


def test_a_count_of_one_replaces_the_number_too(load):
    assert ["c1"] == [chat.id for chat in load(one_chat(id='"c{n}"', count=1)).chats]


def test_without_a_count_braces_are_text(load):
    (chat,) = load(one_chat(customer='"{n} {"')).chats

    assert "{n} {" == chat.customer.nickname


def test_a_row_of_capabilities_replaces_the_default_and_leaves_the_others(load):
    (chat,) = load(f"{one_chat()}\ncapabilities: {{LeftChat: [SetDisposition, Complete]}}").chats

    assert {
        **DEFAULT_CAPABILITIES,
        Situation.LEFT_CHAT: (Capability.SET_DISPOSITION, Capability.COMPLETE),
    } == chat.center.capabilities


def test_in_the_demo_everybody_who_may_chat_is_at_work(demo):
    assert {"agent1", "agent2", "agent3"} == {agent.user_name for agent in demo.center.line}


def test_in_the_demo_an_invitation_is_good_for_ever(demo):
    assert demo.center.invitation_timeout is None


def test_who_has_the_channel_chat_is_asked_in_in_the_order_of_the_file(load):
    scenario = load("""
agents:
  - {userName: ann, password: a, features: [api-multimedia], channels: [chat]}
  - {userName: ben, password: b, features: [api-multimedia], channels: [voice]}
  - {userName: "load{n}", password: p, features: [api-multimedia], channels: [voice, chat], count: 2}
  - {userName: zoe, password: z, features: [api-multimedia]}
""")

    assert ["ann", "load1", "load2"] == [agent.user_name for agent in scenario.center.line]


def test_the_channel_chat_without_the_feature_is_no_fault_but_nobody_is_asked_in(load):
    scenario = load("agents: [{userName: voice, password: v, features: [api-voice], channels: [chat]}]")

    assert {} == scenario.center.line


def test_who_has_no_chat_at_the_start_has_been_idle_longest(load):
    scenario = load("""
agents:
  - {userName: ann, password: a, features: [api-multimedia], channels: [chat]}
  - {userName: ben, password: b, features: [api-multimedia], channels: [chat]}
chats:
  - {id: c1, customer: Cleo, agents: [{agent: ann, state: Invited}]}
""")

    assert ["ben", "ann"] == [agent.user_name for agent in scenario.center.line]


@pytest.mark.parametrize("seconds", [20, 0.5, 0.001, 1_000_000])
def test_an_invitation_is_good_for_as_many_seconds_as_the_scenario_says(seconds, load):
    assert seconds == load(f"{AGENTS}invitationTimeout: {seconds}").center.invitation_timeout


def test_the_ids_to_be_made_come_from_the_given_source(path):
    path.write_text(AGENTS)

    made = [load_scenario(path, lambda: NOW, Random(0)).center.new_customer_id() for _ in range(2)]

    assert made[0] == made[1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("", 'the file: null is not of type "object"', id="an empty file"),
        pytest.param("[]", 'the file: [] is not of type "object"', id="a list"),
        pytest.param("chats: []", "the file: ", id="no agents at all"),
        pytest.param("agents: []", "agents: ", id="an empty list of agents"),
        pytest.param("agents: {}", "agents: ", id="agents of the wrong type"),
        pytest.param("agents: [{userName: ann}]", "agents[0]: ", id="no password"),
        pytest.param(
            "agents: [{userName: 'a:b', password: p}]", "agents[0].userName: ", id="userName with a colon"
        ),
        pytest.param(
            "agents: [{userName: ann, password: 1}]", "agents[0].password: ", id="password of an int"
        ),
        pytest.param(f"{AGENTS}extra: 1", "the file: ", id="unknown key of the file"),
        pytest.param(f'{AGENTS}"two\\nlines": 1', "the file: ", id="unknown key of two lines"),
        pytest.param(
            "agents: [{userName: a, password: p, role: x}]", "agents[0]: ", id="unknown key of an agent"
        ),
        pytest.param(
            "agents: [{userName: a, password: p, channels: chat}]",
            'agents[0].channels: "chat" is not of type "array"',
            id="channels that are no list",
        ),
        pytest.param(
            "agents: [{userName: a, password: p, channels: [1]}]",
            'agents[0].channels[0]: 1 is not of type "string"',
            id="a channel of an int",
        ),
        pytest.param(
            "agents: [{userName: a, password: p, channels: ['']}]",
            "agents[0].channels[0]: ",
            id="an empty channel",
        ),
        pytest.param(
            f"{AGENTS}invitationTimeout: 0", "invitationTimeout: 0 is less than", id="no time at all"
        ),
        pytest.param(
            f"{AGENTS}invitationTimeout: -1", "invitationTimeout: -1 is less than", id="less than none"
        ),
        pytest.param(
            f"{AGENTS}invitationTimeout: 1000001",
            "invitationTimeout: 1000001 is greater than",
            id="a time of weeks",
        ),
        pytest.param(
            f"{AGENTS}invitationTimeout: soon",
            'invitationTimeout: "soon" is not of type "number"',
            id="a time in words",
        ),
        pytest.param(
            f"{AGENTS}invitationTimeout: null",
            'invitationTimeout: null is not of type "number"',
            id="a time of null",
        ),
        pytest.param(
            f"{AGENTS}invitationTimeout: .inf", "Out of range float values", id="a time without end"
        ),
        pytest.param(one_chat(subject="x"), "chats[0]: ", id="unknown key of a chat"),
        pytest.param(
            "agents: [{userName: ann, password: a}, {userName: ann, password: b}]",
            "agents[1].userName: 'ann' stands twice",
            id="userName twice",
        ),
        pytest.param(
            "agents: [{userName: ann, password: a, count: 2}]",
            "agents[0] (n=2).userName: 'ann' stands twice",
            id="userName twice by count",
        ),
        pytest.param(one_chat(id=12), 'chats[0].id: 12 is not of type "string"', id="id of an int"),
        pytest.param(one_chat(id='""'), "chats[0].id: ", id="empty id"),
        pytest.param(
            one_chat(id="a/b"),
            "chats[0].id: 'a/b' is not 1 to 64 letters, digits, - and _",
            id="id with a slash",
        ),
        pytest.param(
            one_chat(id='"a\\nb"'),
            "chats[0].id: 'a\\nb' is not 1 to 64 letters, digits, - and _",
            id="id of two lines",
        ),
        pytest.param(one_chat(id="x" * 65), "chats[0].id: ", id="id of 65 letters"),
        pytest.param(
            chats(
                "  - {id: c1, customer: Cleo, agents: [{agent: ann, state: Chatting}]}\n"
                "  - {id: c1, customer: Dora, agents: [{agent: ben, state: Chatting}]}"
            ),
            "chats[1].id: 'c1' stands twice",
            id="id twice",
        ),
        pytest.param(one_chat(count=2), "chats[0] (n=2).id: 'c1' stands twice", id="id twice by count"),
        pytest.param(one_chat(customer='""'), "chats[0].customer: ", id="empty customer"),
        pytest.param(one_chat(agents="[]"), "chats[0].agents: ", id="no agents of a chat"),
        pytest.param(
            one_chat(agents="[{agent: zoe, state: Chatting}]"),
            "chats[0].agents[0].agent: there is no agent 'zoe'",
            id="unknown agent",
        ),
        pytest.param(
            one_chat(agents="[{agent: ann, state: Chatting}, {agent: ann, state: Invited}]"),
            "chats[0].agents[1].agent: 'ann' stands twice",
            id="agent twice in a chat",
        ),
        pytest.param(
            one_chat(agents="[{agent: voice, state: Chatting}]"),
            "chats[0].agents[0].agent: 'voice' has no feature for chats",
            id="agent without the feature",
        ),
        pytest.param(
            one_chat(agents="[{agent: ann, state: Completed}]"),
            "chats[0].agents[0].state: ",
            id="unknown state",
        ),
        pytest.param(
            one_chat(agents="[{agent: ann, state: Chatting, role: owner}]"),
            "chats[0].agents[0].role: ",
            id="unknown role",
        ),
        pytest.param(
            one_chat(agents="[{agent: ann, state: Chatting, role: consultant}]"),
            "chats[0].agents: a consultant needs an agent who is Chatting",
            id="lone consultant",
        ),
        pytest.param(
            one_chat(agents="[{agent: ann, state: LeftChat}, {agent: ben, state: Chatting}]"),
            "chats[0].agents: who has LeftChat is the last agent of a chat",
            id="LeftChat beside another",
        ),
        pytest.param(
            one_chat(agents="[{agent: ann, state: LeftChat, role: consultant}]"),
            "chats[0].agents: a consultant who leaves has Completed, not LeftChat",
            id="LeftChat as consultant",
        ),
        pytest.param(
            one_chat(id='"{n}"', customer='"{m}"', count=2),
            "chats[0].customer: only {n} may stand in braces, not '{m}'",
            id="another name in braces",
        ),
        pytest.param(
            one_chat(id='"{n"', count=2),
            "chats[0].id: only {n} may stand in braces, not '{n'",
            id="an open brace",
        ),
        pytest.param(
            one_chat(id='"{n:s}"', count=2),
            "chats[0].id: only {n} may stand in braces, not '{n:s}'",
            id="a format that is not a number's",
        ),
        pytest.param(
            one_chat(id='"{n[0]}"', count=2),
            "chats[0].id: only {n} may stand in braces, not '{n[0]}'",
            id="an index in braces",
        ),
        pytest.param(one_chat(count=0), "chats[0].count: ", id="count of nothing"),
        pytest.param(one_chat(userData="{a: [1]}"), "chats[0].userData.a: ", id="a list in user data"),
        pytest.param(f"{AGENTS}capabilities: {{Gone: [Leave]}}", "capabilities: ", id="unknown row"),
        pytest.param(
            f"{AGENTS}capabilities: {{Chatting: [Leaf]}}",
            "capabilities.Chatting[0]: ",
            id="unknown capability",
        ),
    ],
)
def test_a_broken_scenario_is_refused_in_one_line_with_file_place_and_fault(path, refusal, text, said):
    line = refusal(text)

    assert ([f"{path}: {said}"], 1) == ([line[: len(f"{path}: {said}")]], len(line.splitlines()))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("agents: [", id="not YAML"),
        pytest.param("agents:\n\t- x", id="a tab"),
        pytest.param("agents: *nobody", id="an unknown alias"),
        pytest.param("agents: !!python/object:os.system {}", id="a tag of Python's"),
        pytest.param("agents: 2026-99-99", id="a date that does not exist"),
        pytest.param("agents: &agents [*agents]", id="a list that holds itself"),
        pytest.param("[" * 1000, id="nested too deep"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_line_that_names_it(path, refusal, text):
    line = refusal(text)

    assert (f"{path}: ", 1) == (line[: len(f"{path}: ")], len(line.splitlines()))


def test_a_fault_of_yaml_is_told_with_its_place(refusal):
    assert "line 3, column 1" in refusal("agents:\n  - x\n- y")


def test_a_file_that_is_not_utf_8_is_refused_in_one_line_that_names_it(path):
    path.write_bytes("agents: [{userName: Jörg, password: p}]".encode("latin-1"))

    with pytest.raises(ScenarioError) as raised:
        load_scenario(path, lambda: NOW, Random(0))

    assert (f"{path}: 'utf-8' codec can't decode byte 0xf6 in position 21: invalid start byte") == str(
        raised.value
    )


def test_a_missing_file_is_refused_in_one_line_that_names_it(path):
    with pytest.raises(ScenarioError) as raised:
        load_scenario(path, lambda: NOW, Random(0))

    assert f"{path}: [Errno 2] No such file or directory: '{path}'" == str(raised.value)


def test_what_json_has_no_word_for_becomes_text(tmp_path):
    file = tmp_path / "scenario.yaml"
    file.write_text(one_chat(userData="{1: a, since: 2026-11-23}"))

    (chat,) = load_scenario(file, lambda: NOW, Random(0)).chats

    assert {"1": "a", "since": "2026-11-23"} == chat.user_data
