"""Writes a scenario that makes the emulator behave as the server did, and reads the facts of a scenario."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from gws_chat.domain.capabilities import Capability, Situation
from gws_chat.scenario.reader import read_scenario
from gws_chat.verify.facts import Fact
from gws_chat.verify.report import DIFFERS, Row

OBSERVED_SHAPE: dict[str, Any] = {
    # the facts that `notifications: observed` changes, with the values that it leads to
    "notifications.path": "/chats/{id}",
    "notifications.metrics": "present",
    "ended.capabilities": [],
    "ended.participants": [],
}
CANNOT = "the emulator cannot do this"
CHANGES = "the server did so only sometimes"
HINTS = {
    "unknown-members.response": "start the emulator with --strict",
    "unknown-members.query": "start the emulator with --strict",
    "notifications.base-url": "start the emulator with --external-url",
}
"""Options that a scenario lacks."""
RESPONSE_FACTS: dict[str, dict[str, str]] = {
    # by situation: some operations, and the fact about their response. If the server accepts one that its capabilities
    # lack, these are left out of the scenario
    "Invited": {"Accept": "accept.response", "Reject": "reject.response"},
    "Chatting": {
        "Leave": "leave.text.response",
        "Complete": "complete.alone.response",
        "Invite": "invite.response",
        "Consult": "consult.response",
        "SendMessage": "operations.SendMessage.response",
    },
    "ChattingWithAgents": {
        "Leave": "leave.conference.response",
        "Complete": "complete.conference.response",
        "SendMessage": "conference.SendMessage.response",
        "RemoveParticipantFromConference": "remove.response",
    },
    "ChattingAsConsultant": {"Leave": "leave.consultant.response", "SendToAgents": "consult.SendToAgents.response"},
    "LeftChat": {"Complete": "complete.left.response", "Transfer": "transfer.left.response"},
}
HEADER = (
    "# Written by gws-chat verify: the demo, which behaves as the checked server did as far as a scenario can say.\n"
)


def facts_of_scenario(path: Path, facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """Return the facts with the values that a scenario leads to. Raises `ScenarioError`."""
    content = read_scenario(path)
    values: dict[str, Any] = {
        f"capabilities.{situation}": names for situation, names in content.get("capabilities", {}).items()
    }
    if content.get("notifications") == "observed":
        values |= OBSERVED_SHAPE
    if "sessionState" in content:
        values["session.start-state"] = content["sessionState"]
    return {name: fact.expecting(values[name]) if name in values else fact for name, fact in facts.items()}


def write_scenario(path: Path, rows: list[Row], dispositions: list[str] | None) -> list[str]:
    """Write a scenario with the behaviour that was observed. Return the differences that it cannot express.

    Raises `OSError`.
    """
    content, unexpressed = build_scenario(rows, dispositions)
    path.write_text(
        HEADER + yaml.safe_dump(content, sort_keys=False, allow_unicode=True, default_flow_style=None), encoding="utf-8"
    )
    return unexpressed


def build_scenario(rows: list[Row], dispositions: list[str] | None) -> tuple[dict[str, Any], list[str]]:
    """Return the content of the scenario, and the differences that it cannot express."""
    actual = {row.fact.id: row.actual for row in rows if row.verdict == DIFFERS}
    changing = {row.fact.id for row in rows if not row.is_constant}
    values = {row.fact.id: actual.get(row.fact.id, row.fact.expected.value) for row in rows if row.is_reached}
    values = {name: value for name, value in values.items() if name not in changing}
    content: dict[str, Any] = {"extends": "demo"}
    expressed: set[str] = set()
    unexpressed: list[str] = []
    if all(values.get(name) == value for name, value in OBSERVED_SHAPE.items()):
        content["notifications"] = "observed"
        expressed |= set(OBSERVED_SHAPE)
    if values.get("session.start-state") in {"Ready", "NotReady"}:
        content["sessionState"] = values["session.start-state"]
        expressed.add("session.start-state")
    capabilities = {}
    for situation in Situation:
        name = f"capabilities.{situation}"
        unlisted = [
            operation
            for operation, fact in RESPONSE_FACTS[situation].items()
            if values.get(fact) == [200, 0] and operation not in values.get(name, [])
        ]
        if name in values and unlisted:
            # with these capabilities the emulator would reject what the server accepted
            unexpressed.append(f"{name}: the server accepted {', '.join(unlisted)}, which it does not list")
            expressed.add(name)
        elif name in values:
            listed = [each for each in values[name] if isinstance(each, str)]
            capabilities[str(situation)] = [each for each in listed if each in set(Capability)]
            expressed.add(name)
            unknown = [each for each in listed if each not in set(Capability)]
            unexpressed += [f"{name}: the emulator has no operation {each}" for each in unknown]
    if capabilities:
        content["capabilities"] = capabilities
    if dispositions:
        content["dispositions"] = dispositions
    unexpressed += [
        f"{name}: {CHANGES if name in changing else HINTS.get(name, CANNOT)}"
        for name in actual
        if name not in expressed
    ]
    return content, unexpressed
