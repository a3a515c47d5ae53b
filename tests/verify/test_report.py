"""The report: verdicts, texts without secrets, and scenarios."""

import pytest
from click import unstyle

from gws_chat.verify.calibration import build_scenario
from gws_chat.verify.observations import Observations
from gws_chat.verify.report import Redactor, difference, judge, text_lines
from gws_chat.verify.stories.contents import describe, participant_types
from gws_chat.verify.stories.members import known_member_names
from tests.verify.runs import FACTS


def report(**values):
    """Return the rows of facts that were observed once, by ID."""
    seen = Observations()
    for name, value in values.items():
        seen.record(name, value)
    return judge(FACTS, seen)


def row(rows, name):
    return next(each for each in rows if each.fact.id == name)


def test_a_named_alternative_differs():
    found = row(report(**{"ended.capabilities": []}), "ended.capabilities")

    assert ("differs", "empty capabilities", []) == (found.verdict, found.note, found.actual)


def test_the_first_unexpected_value_counts():
    seen = Observations()
    for value in ("prompt", "3 s", "4 s"):
        seen.record("notifications.prompt", value)

    assert "3 s" == row(judge(FACTS, seen), "notifications.prompt").actual


def test_a_consequence_is_not_reached():
    rows = report(**{"leave.alone.state": "Completed", "leave.alone.listed": "not listed"})

    found = row(rows, "leave.alone.listed")
    reason = "follows from leave.alone.state, which is not as expected"
    assert ("not reached", reason) == (found.verdict, found.note)


def test_a_fact_without_observation_names_its_cause():
    rows = report(**{"customer.message.members": ["from", "index as string", "type"]})

    reason = "follows from customer.message.members, which is not as expected"
    assert ("not reached", reason) == (row(rows, "customer.index").verdict, row(rows, "customer.index").note)


def test_only_rows_that_differ_say_so():
    lines = map(unstyle, text_lines(report(**{"leave.alone.state": "LeftChat", "leave.alone.response": [500, 4]})))

    assert ["leave.alone.response"] == [line.split()[1].rstrip(":") for line in lines if "differs" in line]


@pytest.mark.parametrize(
    ("expected", "actual", "shown"),
    [
        ("a", "b", ("a", "b")),
        ([200, 0], "no response", ("[200, 0]", "no response")),
        ([*"abcde"], [*"abcdf"], ('["a", "b", "c", "d", "e"]', 'without ["e"], also ["f"]')),
        (
            [*"abcde"],
            [*"edcba"],
            (
                '["a", "b", "c", "d", "e"]',
                'the same elements, otherwise ordered or repeated: ["e", "d", "c", "b", "a"]',
            ),
        ),
        ("a", "x" * 1000, ("a", "x" * 120 + "...")),
        ("a", "\x1b[31m\n", ("a", "?[31m?")),
        ("a", "", ("a", '""')),
    ],
)
def test_values_are_shortened(expected, actual, shown):
    assert shown == difference(expected, actual)


def test_objects_from_the_server_are_not_kept():
    state = {"nickname": "Eva"}

    assert "object" == row(report(**{"update.state": state}), "update.state").actual
    assert ["object"] == row(report(**{"ended.participants": [state]}), "ended.participants").actual
    assert "object from object to null" == describe({"type": state, "from": {"type": state}})
    assert "object" == participant_types(state)


def test_unexpected_types_of_members_are_named():
    types = {"index": int, "successful": bool}

    assert ["index", "successful"] == known_member_names({"index": 1, "successful": True}, types)
    assert ["index as boolean", "successful as string"] == known_member_names({"index": True, "successful": ""}, types)


def test_secrets_are_replaced_anywhere():
    redactor = Redactor(["secret1", "secret12", ""], FACTS)

    assert {"***": ["a *** b", 5, None]} == redactor.clean({"secret12": ["a secret1 b", 5, None]})


def test_short_passwords_leave_known_values():
    redactor = Redactor(["e", "Leave"], FACTS)

    assert ["NotReady", "Leave", "SendUrl", "***xtra"] == redactor.clean(["NotReady", "Leave", "SendUrl", "extra"])


def test_capabilities_without_an_accepted_operation_are_left_out():
    rows = report(**{"capabilities.Invited": [], "accept.response": [200, 0], "capabilities.LeftChat": ["Complete"]})

    content, unexpressed = build_scenario(rows, None)

    assert {"LeftChat": ["Complete"]} == content["capabilities"]
    assert ["capabilities.Invited: the server accepted Accept, which it does not list"] == unexpressed


def test_scenario_says_what_it_can():
    rows = report(
        **{
            "session.start-state": "NotReady",
            "capabilities.Invited": ["Accept", "Forward"],
            "ended.capabilities": [],
            "errors.unknown-chat": [404, 12],
            "unknown-members.query": [400, 2],
        }
    )

    content, unexpressed = build_scenario(rows, ["Resolved"])

    assert {
        "extends": "demo",
        "sessionState": "NotReady",
        "capabilities": {"Invited": ["Accept"]},
        "dispositions": ["Resolved"],
    } == content
    assert [
        "capabilities.Invited: the emulator has no operation Forward",
        "ended.capabilities: the emulator cannot do this",
        "errors.unknown-chat: the emulator cannot do this",
        "unknown-members.query: start the emulator with --strict",
    ] == sorted(unexpressed)


def test_changing_behaviour_is_not_in_the_scenario():
    seen = Observations()
    for name in ("notifications.path", "notifications.metrics", "ended.capabilities", "ended.participants"):
        seen.record(name, next(each.value for each in FACTS[name].alternatives[1:]))
    seen.record("notifications.path", "absent")
    rows = judge(FACTS, seen)

    content, unexpressed = build_scenario(rows, None)

    assert {"extends": "demo"} == content
    assert "notifications.path: the server did so only sometimes" in unexpressed
    [line] = [each for each in map(unstyle, text_lines(rows)) if "actual:   /chats/{id}" in each]
    assert line.endswith("(the alternative: with path), but not always")
