"""Whatever agents do, in whatever order, the rules of a chat hold.

Hypothesis plays agents who do what is open to them, and what is not, each of them listening.
Longer by hand: `STATE_MACHINE_EXAMPLES=2000 pytest -s tests/contract/test_state_machine.py`.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
import yaml
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
    run_state_machine_as_test,
)

from handlers.chats import OPERATIONS
from tests.contract.play import AGENTS, BODIES, CONDITIONAL, TO_OTHERS, Service, Told, bodies_in, permitted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    JSON = dict[str, Any]
    # by user name and chat id: each agent's own view of its chats
    View = dict[str, dict[str, JSON]]

SCENARIO = Path(__file__).parents[1] / "scenarios" / "state_machine.yaml"
CHATS = ("alone", "conference", "consultation", "invited", "left", "customer-gone")
OFTEN_ENOUGH = settings(
    max_examples=int(os.environ.get("STATE_MACHINE_EXAMPLES", "25")),
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow],  # an application is built for each example
)


@dataclass(frozen=True)
class Surroundings:
    """The chats at one time, and which agents are to be consultants in them then."""

    view: View
    with_customer: set[str]
    consultants: dict[str, set[str]]

    def chatting(self, chat_id: str) -> set[str]:
        return {
            name for name, chats in self.view.items() if chats.get(chat_id, {}).get("state") == "Chatting"
        }

    def having(self, chat_id: str) -> set[str]:
        return {name for name, chats in self.view.items() if chat_id in chats}

    def participants(self, chat_id: str) -> list[JSON]:
        """Return what any of its agents sees: they all see the same."""
        return next((chats[chat_id]["participants"] for chats in self.view.values() if chat_id in chats), [])


@dataclass(frozen=True)
class Step:
    """What one agent asked for, and what came of it."""

    user_name: str
    chat_id: str
    body: JSON
    status: int
    answer: JSON
    told: list[Told]
    before: Surroundings
    after: Surroundings
    # by user name: the chat as GET finds it afterwards, if it does; after an error nobody asked
    found: dict[str, JSON]
    transcript_before: list[JSON]
    # None where no agent has the chat any more
    transcript_after: list[JSON] | None
    # by index: lines of which nobody had been told before
    new_lines: dict[int, JSON]

    @property
    def operation(self) -> str:
        return self.body["operationName"]

    @property
    def is_accepted(self) -> bool:
        return self.answer["statusCode"] == 0

    @property
    def others_chatting(self) -> set[str]:
        return self.before.chatting(self.chat_id) - {self.user_name}

    def told_to(self, user_name: str) -> list[Told]:
        return [each for each in self.told if each.user_name == user_name]


@dataclass
class Knowledge:
    """What clients know who look once and then listen."""

    # by user name and chat id: the capabilities last told
    capabilities: dict[tuple[str, str], list[str]]
    # by user name and chat id: the indexes of all lines told since the agent joined
    indexes: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    # by chat id and index: each line as it was first told
    lines: dict[tuple[str, int], JSON] = field(default_factory=dict)
    transcripts: dict[str, list[JSON]] = field(default_factory=dict)
    # by user name: how many operations were accepted
    accepted: Counter[str] = field(default_factory=Counter)

    def learn(self, told: Told) -> None:
        key = told.user_name, told.chat_id
        if told.state in {"Completed", "Revoked"}:
            self.capabilities.pop(key, None)
            self.indexes.pop(key, None)
            return
        if "capabilities" in told.notification.get("chat", {}):
            self.capabilities[key] = told.notification["chat"]["capabilities"]
        for line in told.lines:
            self.indexes.setdefault(key, []).append(line["index"])
            self.lines.setdefault((told.chat_id, line["index"]), line)


AT_EVERY_STEP: list[Callable[[Chats], None]] = []


def at_every_step(check: Callable[[Chats], None]) -> Callable[[Chats], None]:
    """Do as hypothesis's own `invariant`, which prints the name of each after each step."""
    AT_EVERY_STEP.append(check)
    return check


class Chats(RuleBasedStateMachine):
    """Agents who do what they like. A rule holds if it held after each step."""

    step: Step

    def __init__(self, validators: dict[str, jsonschema_rs.Draft4Validator], accepted: Counter[str]) -> None:
        super().__init__()
        self.validators = validators
        self.accepted = accepted
        self.service = Service(SCENARIO, AGENTS)
        consultants = {chat_id: set() for chat_id in CHATS} | {"consultation": {"agent3"}}
        self.now = Surroundings(self.service.view(), self.service.with_customer(), consultants)
        self.known = Knowledge(
            {
                (name, chat_id): chat["capabilities"]
                for name, chats in self.now.view.items()
                for chat_id, chat in chats.items()
            }
        )

    def teardown(self) -> None:
        self.service.close()

    # What happens

    @rule(
        user_name=st.sampled_from(AGENTS),
        chat_id=st.sampled_from(CHATS),
        body=st.sampled_from(list(BODIES)).flatmap(BODIES.get),
    )
    def an_agent_tries(self, user_name, chat_id, body):
        self.perform(user_name, chat_id, body)

    @precondition(lambda self: any(self.now.view.values()))
    @rule(data=st.data())
    def an_agent_does_what_is_open(self, data):
        seats = [(name, chat_id) for name, chats in self.now.view.items() for chat_id in chats]
        user_name, chat_id = data.draw(st.sampled_from(seats), "agent and chat")
        body = data.draw(bodies_in(self.now.view[user_name][chat_id]), "body")
        self.perform(user_name, chat_id, body)

    def perform(self, user_name: str, chat_id: str, body: JSON) -> None:
        before, heard = self.now, set(self.known.lines)
        answer = self.service.perform(user_name, chat_id, body)
        told = self.service.told()
        for each in told:
            self.known.learn(each)
        self.now = self.look_around(before, chat_id, body)
        lines = [(each.chat_id, line) for each in told for line in each.lines]
        self.step = Step(
            user_name=user_name,
            chat_id=chat_id,
            body=body,
            status=answer.status_code,
            answer=answer.json(),
            told=told,
            before=before,
            after=self.now,
            found=self.service.find(chat_id) if answer.is_success else {},
            transcript_before=self.known.transcripts.get(chat_id, []),
            transcript_after=self.read_transcript(chat_id),
            new_lines={line["index"]: line for chat, line in lines if (chat, line["index"]) not in heard},
        )
        self.accepted[self.step.operation] += self.step.is_accepted
        self.known.accepted[user_name] += self.step.is_accepted
        note(f"# {user_name} in {chat_id}: {body} is answered {answer.text}")
        for check in AT_EVERY_STEP:
            check(self)

    def look_around(self, before: Surroundings, chat_id: str, body: JSON) -> Surroundings:
        now = Surroundings(self.service.view(), self.service.with_customer(), {})
        consultants = set(before.consultants[chat_id])
        if body["operationName"] == "Consult":
            consultants |= now.having(chat_id) - before.having(chat_id)
        consultants &= now.having(chat_id)
        chatting = now.chatting(chat_id)
        if chatting and chatting <= consultants:
            consultants -= set(sorted(self.visible(now, chat_id))[:1])
        now.consultants.update(before.consultants | {chat_id: consultants})
        return now

    def visible(self, now: Surroundings, chat_id: str) -> set[str]:
        """Name the agents in a chat whom the customer sees."""
        return {
            self.service.user_names[each["id"]]
            for each in now.participants(chat_id)
            if each["type"] == "Agent" and each["visibility"] == "All"
        }

    def read_transcript(self, chat_id: str) -> list[JSON] | None:
        readers = sorted(self.now.having(chat_id))
        if not readers:
            return None
        self.known.transcripts[chat_id] = self.service.transcript(readers[0], chat_id)
        return self.known.transcripts[chat_id]

    # What is answered

    @at_every_step
    def only_what_is_listed_is_accepted_and_else_refused(self):
        step = self.step
        chat = step.before.view[step.user_name].get(step.chat_id)
        answered = step.status, step.answer["statusCode"]
        if chat is None:
            assert (404, 6) == answered
        elif step.operation not in permitted(chat):
            assert (403, 3) == answered
        elif step.operation in TO_OTHERS or not step.body.keys() & CONDITIONAL:
            assert (200, 0) == answered
        else:
            assert answered in {(200, 0), (403, 3), (404, 6)}

    @at_every_step
    def an_error_changes_nothing_and_nobody_is_told(self):
        step = self.step
        if not step.is_accepted:
            assert step.before == step.after
            assert [] == step.told
            assert step.transcript_after in (None, step.transcript_before)

    @at_every_step
    def an_invitation_is_answered_with_the_count_of_accepted_operations(self):
        if self.step.is_accepted and self.step.operation in {"Invite", "Consult"}:
            assert self.known.accepted[self.step.user_name] == self.step.answer["referenceId"]

    # What becomes of the chat

    @at_every_step
    def no_other_chat_is_touched(self):
        step = self.step
        before, after = (
            {(name, chat_id): chat for name, chats in view.items() for chat_id, chat in chats.items()}
            for view in (step.before.view, step.after.view)
        )
        changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
        assert {chat_id for _, chat_id in changed} <= {step.chat_id}
        assert {each.chat_id for each in step.told} <= {step.chat_id}

    @at_every_step
    def the_session_of_the_customer_ends_with_the_last_agent_only(self):
        step = self.step
        was_chatting = step.user_name in step.before.chatting(step.chat_id)
        went = step.is_accepted and step.operation in {"Leave", "Complete"} and was_chatting
        ended = {step.chat_id} if went and not step.others_chatting else set()
        assert step.before.with_customer - ended == step.after.with_customer

    @at_every_step
    def who_leaves_others_is_completed_and_who_leaves_last_has_left(self):
        step = self.step
        if step.is_accepted and step.operation == "Leave":
            expected = "Completed" if step.others_chatting else "LeftChat"
            told = [each.state for each in step.told_to(step.user_name) if each.state]
            assert [expected] == told
            left = step.after.view[step.user_name].get(step.chat_id, {"state": "Completed"})
            assert expected == left["state"]

    @at_every_step
    def the_list_and_the_chat_agree(self):
        step = self.step
        listed = {
            name: chats[step.chat_id] for name, chats in step.after.view.items() if step.chat_id in chats
        }
        if step.is_accepted:
            assert listed == step.found

    @at_every_step
    def a_chat_that_is_over_for_an_agent_is_not_found(self):
        for each in self.step.told:
            if each.state in {"Completed", "Revoked"}:
                assert each.chat_id not in self.step.after.view[each.user_name]
                assert each.user_name not in self.step.found

    @at_every_step
    def everybody_sees_the_same_participants_and_just_those_who_chat(self):
        step = self.step
        expected = step.after.participants(step.chat_id)
        names = {self.service.user_names[each["id"]] for each in expected if each["type"] == "Agent"}
        assert step.after.chatting(step.chat_id) == names
        for chat in step.found.values():
            assert expected == chat["participants"]

    # What is told

    @at_every_step
    def nobody_is_told_of_a_chat_of_others(self):
        step = self.step
        theirs = {name: step.before.view[name].keys() | step.after.view[name].keys() for name in AGENTS}
        for each in step.told:
            assert each.chat_id in theirs[each.user_name]

    @at_every_step
    def a_notification_is_as_the_document_says(self):
        for each in self.step.told:
            self.validators[each.notification["messageType"]].validate(each.notification)

    @at_every_step
    def what_was_told_last_is_what_may_be_done_now(self):
        expected = {
            (name, chat_id): chat["capabilities"]
            for name, chats in self.step.after.view.items()
            for chat_id, chat in chats.items()
        }
        assert expected == self.known.capabilities

    @at_every_step
    def participants_are_told_as_they_are(self):
        for each in self.step.told:
            if each.notification["notificationType"] == "ParticipantsUpdated":
                seen = self.step.after.view[each.user_name][each.chat_id]["participants"]
                assert seen == each.notification["chat"]["participants"]

    # What is written

    @at_every_step
    def indexes_grow(self):
        for indexes in [*self.known.indexes.values(), indexes_of(self.step.transcript_after or ())]:
            assert sorted(set(indexes)) == indexes

    @at_every_step
    def what_is_written_stays(self):
        step = self.step
        for line in [*(step.transcript_after or ()), *(line for each in step.told for line in each.lines)]:
            assert self.known.lines.setdefault((step.chat_id, line["index"]), line) == line
        if step.transcript_after is not None:
            assert step.transcript_before == step.transcript_after[: len(step.transcript_before)]

    @at_every_step
    def who_stays_is_told_each_new_line(self):
        step = self.step
        for name in step.before.chatting(step.chat_id) & step.after.chatting(step.chat_id):
            told = [line["index"] for each in step.told_to(name) for line in each.lines]
            assert sorted(step.new_lines) == told

    @at_every_step
    def what_is_told_is_kept_but_for_typing(self):
        step = self.step
        kept = {index: line for index, line in step.new_lines.items() if "Typing" not in line["type"]}
        if step.transcript_after is not None:
            transcript = {line["index"]: line for line in step.transcript_after}
            assert kept == {index: transcript.get(index) for index in kept}

    # What the customer sees

    @at_every_step
    def a_consultant_is_seen_by_agents_only_until_it_is_the_only_one_left(self):
        step = self.step
        chatting = step.after.chatting(step.chat_id)
        visible = self.visible(step.after, step.chat_id)
        assert chatting - step.after.consultants[step.chat_id] == visible
        assert bool(chatting) == bool(visible)

    @at_every_step
    def what_a_consultant_writes_is_seen_by_agents_only(self):
        step = self.step
        unseen = step.before.consultants[step.chat_id]
        for line in step.new_lines.values():
            is_unseen = self.service.user_names[line["from"]["id"]] in unseen
            assert ("Agents" if is_unseen else "All") == line["from"]["visibility"]
            among_agents = is_unseen or "ToAgents" in step.operation or line["type"] == "Notice"
            assert ("Agents" if among_agents else "All") == line["visibility"]


def indexes_of(lines: Iterable[JSON]) -> list[int]:
    return [line["index"] for line in lines]


def test_the_rules_hold_whatever_agents_do(document):
    accepted = Counter()
    validators = {
        name: jsonschema_rs.Draft4Validator(
            {**document["components"]["schemas"][name], "components": document["components"]},
            validate_formats=True,
        )
        for name in ("ChatStateChangeMessage", "MessageLogUpdated")
    }

    run_state_machine_as_test(lambda: Chats(validators, accepted), settings=OFTEN_ENOUGH)

    print(f"accepted: {dict(accepted.most_common())}")
    # else the rules would hold for what never happened
    assert set(OPERATIONS) == set(+accepted)


DEPARTURES = ("Reject", "Accept", "Leave", "Complete")
ENOUGH_COPIES = 8
CONTENT = yaml.safe_load(SCENARIO.read_text(encoding="utf-8"))
SEATS = [(chat["id"], seat["agent"]) for chat in CONTENT["chats"] for seat in chat["agents"]]


@pytest.mark.parametrize(("chat_id", "user_name"), SEATS)
def test_from_any_situation_capabilities_lead_to_the_end_of_the_chat(chat_id, user_name, copies):
    walks = Walks(copies, chat_id, user_name)

    walks.explore()

    for situation in walks.onward:
        assert "gone" in walks.reachable_from(situation), situation


@pytest.fixture
def copies(tmp_path) -> Iterator[Service]:
    """The service with several copies of each chat: a walk through one spoils it for the next."""
    chats = [{**chat, "id": chat["id"] + "-{n}", "count": ENOUGH_COPIES} for chat in CONTENT["chats"]]
    scenario = tmp_path / "copies.yaml"
    scenario.write_text(yaml.safe_dump({**CONTENT, "chats": chats}), encoding="utf-8")
    service = Service(scenario, AGENTS)
    yield service
    service.close()


class Walks:
    """The ways on of an agent who does nothing but go out of a chat, by what is listed only."""

    def __init__(self, service: Service, chat_id: str, user_name: str) -> None:
        self.service = service
        self.user_name = user_name
        self.fresh = (f"{chat_id}-{n}" for n in range(1, ENOUGH_COPIES + 1))
        self.onward: dict[str, set[str]] = {}

    def explore(self) -> None:
        """Try, breadth first, all that is listed in each situation that can be reached."""
        waiting = [((), *self.walk(()))]
        for path, situation, listed in waiting:
            if situation not in self.onward and situation != "gone":
                ways = [((*path, name), *self.walk((*path, name))) for name in listed]
                self.onward[situation] = {reached for _, reached, _ in ways}
                waiting += ways

    def walk(self, path: tuple[str, ...]) -> tuple[str, list[str]]:
        """Follow a path through a fresh copy, and return where it leads and what is listed there."""
        chat_id = next(self.fresh)
        for name in path:
            answer = self.service.perform(self.user_name, chat_id, {"operationName": name})
            assert 200 == answer.status_code, path
        chat = self.service.find(chat_id).get(self.user_name, {"state": "gone", "capabilities": []})
        return chat["state"], [name for name in DEPARTURES if name in chat["capabilities"]]

    def reachable_from(self, situation: str) -> set[str]:
        reached = [situation]
        for each in reached:
            reached += [further for further in sorted(self.onward.get(each, ())) if further not in reached]
        return set(reached)
