"""The table of facts covers every assumption of openapi.yaml and of the tests."""

import ast
import re

from gws_chat.domain.capabilities import DEFAULT_CAPABILITIES
from gws_chat.gateway.openapi import document_path
from gws_chat.verify.facts import PROVENANCES
from tests.service import ROOT
from tests.verify.runs import FACTS, STORY

DOCUMENT = " ".join(document_path().read_text(encoding="utf-8").split())
ASSUMED = re.compile(r"\(assumed\)|assumed unless noted")
EMULATOR_ONLY = {
    # assumptions of openapi.yaml about the emulator itself, not about GWS: the words, and the reason
    "20,000 notifications or 16 MiB wait for its client and it holds no poll (assumed)": "limits of the emulator",
    "if none has, it rejects the request (503, 4) (assumed)": "limits of the emulator",
    "so that no more can be requested (assumed)": "limits of the emulator",
    "Seven digits, derived from the user name (assumed)": "values that the emulator invents",
    "description: {type: string, description: Always empty (assumed)., example: ''} switchName": "invented values",
    "switchName: {type: string, description: The same for all agents (assumed)": "values that the emulator invents",
    "nodeProcessingTimeNanos: {type: integer, description: Always 0 (assumed)": "values that the emulator invents",
    "The time of the change in milliseconds since 1970 (assumed)": "values that the emulator invents",
    "serverProcessingTimeTotalMs: {type: integer, description: Always 0 (assumed)": "values that the emulator invents",
    "Of several cookies with this name, one has to be valid (assumed)": "cookies of other programs on one computer",
}
EMULATOR_MARKS = {
    # what markers of tests say about the emulator itself, and why no story checks it
    "emulator.agents-after-the-customer": "agents who go on without the customer are invisible to it",
    "emulator.defaults": "how the emulator reads parameters that are left out",
    "emulator.invented-values": "values that the emulator invents",
    "emulator.invitations": "most runs have two agents",
    "emulator.limits": "limits of the emulator",
    "emulator.order-of-checks": "which of several errors is reported",
    "emulator.participant-numbers": "numbers that a customer cannot relate to agents",
    "emulator.queues": "the agents of the queues of a server are unknown",
    "emulator.replaced-capabilities": "scenarios can replace capabilities",
    "emulator.routing": "routing depends on all agents of the contact center",
    "emulator.scenario": "the format of scenarios",
    "emulator.several-agents": "most runs have two agents",
    "emulator.several-consultants": "most runs have two agents",
    "emulator.shared-path": "paths that agents and customers share",
}


def marked_facts():
    """Yield the file and the arguments of each mark `assumed` in the tests."""
    for path in sorted((ROOT / "tests").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and ast.unparse(node) == "pytest.mark.assumed":
                yield path, None
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.assumed":
                yield path, [argument.value for argument in node.args]


def positions(words):
    start = DOCUMENT.index(words)
    return {match.start() for match in ASSUMED.finditer(DOCUMENT, start, start + len(words))}


def test_facts_stand_once_in_the_document():
    assert {} == {name: fact.where for name, fact in FACTS.items() if DOCUMENT.count(fact.where) != 1}


def test_every_assumption_of_the_document_has_a_row():
    covered = {position for fact in FACTS.values() for position in positions(fact.where)}
    excepted = {position for words in EMULATOR_ONLY for position in positions(words)}

    assert {match.start() for match in ASSUMED.finditer(DOCUMENT)} == covered | excepted
    assert set() == covered & excepted


def test_documented_facts_quote_no_assumption():
    documented = {name: fact.where for name, fact in FACTS.items() if fact.expected.provenance == "documented"}

    assert {} == {name: words for name, words in documented.items() if "(assumed)" in words}


def test_every_marker_names_known_facts():
    calls = [(path, facts) for path, facts in marked_facts() if facts is not None]
    marks = [path for path, facts in marked_facts() if facts is None]

    assert len(calls) == len(marks)  # each mark has arguments
    named = {fact for _, facts in calls for fact in facts}
    assert set() == named - {*FACTS, *EMULATOR_MARKS}
    assert {*EMULATOR_MARKS} == {fact for fact in named if fact.startswith("emulator.")}


def test_facts_are_complete():
    for fact in FACTS.values():
        assert fact.statement
        assert fact.check
        assert fact.needs is None or fact.needs in FACTS
        assert fact.story in {*STORY, "all", "end", "none", "sign-in"}
        order = [PROVENANCES.index(each.provenance) for each in fact.alternatives]
        assert sorted(order) == order


def test_capabilities_are_those_of_the_emulator():
    expected = {f"capabilities.{situation}": list(names) for situation, names in DEFAULT_CAPABILITIES.items()}

    assert expected == {name: FACTS[name].expected.value for name in expected}
