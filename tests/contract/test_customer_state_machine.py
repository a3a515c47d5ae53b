"""Whatever customers and agents do, in whatever order, each customer is looked after and sees what it should.

A run begins with RequestChat, and goes on until every chat is completed. Longer by hand:
`STATE_MACHINE_EXAMPLES=2000 pytest -s tests/contract/test_customer_state_machine.py`.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from handlers.customers import OPERATIONS
from tests.contract.play import WORDS, Service, Told, bodies_in

if TYPE_CHECKING:
    from tests.contract.play import JSON, View
    from tests.customers import CustomerClient

SCENARIO = Path(__file__).parents[1] / "scenarios" / "customers.yaml"
AGENTS = ("agent1", "agent2", "agent3")
NICKNAMES = ("Eva", "Finn", "Gina", "Hugo")
OFTEN_ENOUGH = settings(
    max_examples=int(os.environ.get("STATE_MACHINE_EXAMPLES", "15")),
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow],  # an application is built for each example
)
BODIES = {
    name: st.fixed_dictionaries(
        {"operationName": st.just(name)} | ({"text": WORDS} if name == "SendMessage" else {})
    )
    for name in OPERATIONS
}
# by state: what an agent does until it has no chat any more
WAY_OUT = {"Invited": "Reject", "Chatting": "Leave", "LeftChat": "Complete"}


@dataclass
class Person:
    """A customer, and what it has seen so far."""

    nickname: str
    client: CustomerClient
    # the agents' id of the chat, of which the customer knows nothing
    chat_id: str
    chat: JSON
    messages: list[JSON] = field(default_factory=list)
    is_over: bool = False
    shown: set[str] = field(default_factory=set)


class Customers(RuleBasedStateMachine):
    """Customers and agents who do what they like. A rule holds if it held after each step."""

    def __init__(self, validators: dict[str, jsonschema_rs.Draft4Validator], accepted: Counter[str]) -> None:
        super().__init__()
        self.validators = validators
        self.accepted = accepted
        self.service = Service(SCENARIO, AGENTS)
        self.view: View = self.service.view()
        self.people: list[Person] = []
        self.working = {"agent1", "agent2"}
        # by chat id: the agents who did not take it when they were asked
        self.turned_down: dict[str, set[str]] = {}

    def teardown(self) -> None:
        try:
            self.everybody_goes()
        finally:
            self.service.close()

    # What happens

    @initialize()
    def a_run_begins_with_a_request(self):
        self.a_customer_requests_a_chat()

    @precondition(lambda self: len(self.people) < len(NICKNAMES))
    @rule()
    def a_customer_requests_a_chat(self):
        known = set(self.turned_down)
        before = self.view
        client = self.service.request_chat(NICKNAMES[len(self.people)])
        told = self.service.told()
        invited = [each for each in told if each.state == "Invited"]
        (chat_id,) = ({each.chat_id for each in invited} | self.service.waiting()) - known
        self.turned_down[chat_id] = set()
        chat = self.service.wait(client.chat())
        self.people.append(Person(NICKNAMES[len(self.people)], client, chat_id, chat))
        self.accepted["RequestChat"] += 1
        # the longest idle: nobody who has chats is asked while somebody at work has none
        idle = {name for name in self.working if not before[name]}
        assert {each.user_name for each in invited} <= (idle or self.working)
        assert bool(self.working) == bool(invited)
        self.look_around(before, told, None)

    @precondition(lambda self: bool(self.people))
    @rule(data=st.data())
    def a_customer_does_something(self, data):
        person = data.draw(st.sampled_from(self.people), "customer")
        # Complete ends everything, so it is drawn more rarely than in its turn
        names = [name for name in OPERATIONS if name != "Complete"] * 3 + ["Complete"]
        body = data.draw(st.sampled_from(names).flatmap(BODIES.get), "body")
        self.customer_does(person, body)

    def customer_does(self, person: Person, body: JSON) -> None:
        before, was_over = self.view, person.is_over
        answer = self.service.wait(person.client.perform(body))
        note(f"# {person.nickname}: {body} is answered {answer.text}")
        assert ((403, 3) if was_over else (200, 0)) == (answer.status_code, answer.json()["statusCode"])
        person.is_over |= body["operationName"] == "Complete"
        self.accepted[body["operationName"]] += answer.is_success
        told = self.service.told()
        self.become_free(told)
        assert not was_over or [] == told
        self.look_around(before, told, person)

    @precondition(lambda self: any(self.view.values()))
    @rule(data=st.data())
    def an_agent_does_what_is_open(self, data):
        seats = [(name, chat_id) for name, chats in self.view.items() for chat_id in chats]
        user_name, chat_id = data.draw(st.sampled_from(seats), "agent and chat")
        body = data.draw(bodies_in(self.view[user_name][chat_id]), "body")
        self.agent_does(user_name, chat_id, body)

    @precondition(lambda self: self.invitations())
    @rule(data=st.data())
    def an_agent_accepts(self, data):
        user_name, chat_id = data.draw(st.sampled_from(self.invitations()), "agent and chat")
        self.agent_does(user_name, chat_id, {"operationName": "Accept"})

    @precondition(lambda self: self.owners())
    @rule(data=st.data(), expert=st.sampled_from(AGENTS), words=WORDS)
    def an_agent_asks_for_advice(self, data, expert, words):
        """A consultant comes, and writes to the agents: what customers must not notice."""
        user_name, chat_id = data.draw(st.sampled_from(self.owners()), "agent and chat")
        if chat_id not in self.view[expert]:
            self.agent_does(user_name, chat_id, {"operationName": "Consult", "targetPath": expert})
            self.agent_does(expert, chat_id, {"operationName": "Accept"})
        self.agent_does(expert, chat_id, {"operationName": "SendToAgents", "text": words})

    def owners(self) -> list[tuple[str, str]]:
        return [
            (name, chat["id"])
            for name, chats in self.view.items()
            for chat in chats.values()
            if "Consult" in chat["capabilities"]
        ]

    def invitations(self) -> list[tuple[str, str]]:
        return [
            (name, chat["id"])
            for name, chats in self.view.items()
            for chat in chats.values()
            if chat["state"] == "Invited"
        ]

    def agent_does(self, user_name: str, chat_id: str, body: JSON) -> bool:
        before, name = self.view, body["operationName"]
        answer = self.service.perform(user_name, chat_id, body)
        note(f"# {user_name} in {chat_id}: {body} is answered {answer.text}")
        person = self.person_in(chat_id)
        told = self.service.told()
        if answer.is_success:
            self.accepted[f"agent's {name}"] += 1
            was_alone = [user_name] == chatting(before, chat_id)
            person.is_over |= was_alone and name in {"Leave", "Complete"}
            if name == "Accept":
                self.turned_down[chat_id].clear()
            if name == "Reject":
                self.turned_down[chat_id].add(user_name)
            else:
                self.become_free(told)
        self.look_around(before, told, person)
        return answer.is_success

    def become_free(self, told: list[Told]) -> None:
        """Whose chat has come to its end may be asked into any chat again."""
        for each in told:
            if each.state in {"Completed", "Revoked"} and each.user_name in self.working:
                for names in self.turned_down.values():
                    names.discard(each.user_name)

    @rule(user_name=st.sampled_from(AGENTS), starts=st.booleans())
    def an_agent_starts_or_ends_working(self, user_name, starts):
        before = self.view
        self.service.work(user_name, "StartContactCenterSession" if starts else "EndContactCenterSession")
        self.working = self.working | {user_name} if starts else self.working - {user_name}
        if starts:
            for names in self.turned_down.values():
                names.discard(user_name)
        self.look_around(before, self.service.told(), None)

    @rule()
    def nobody_answers(self):
        before = self.view
        self.service.pass_time()
        told = self.service.told()
        for each in told:
            if each.state == "Revoked":
                self.accepted["expiry"] += 1
                self.turned_down[each.chat_id].add(each.user_name)
        self.look_around(before, told, None)

    def everybody_goes(self) -> None:
        """Whatever has happened, every customer can go, and every agent can be done with its chats."""
        for person in self.people:
            self.customer_does(person, {"operationName": "Complete"})
        while seats := [(name, chat) for name, chats in self.view.items() for chat in chats.values()]:
            name, chat = seats[0]
            assert self.agent_does(name, chat["id"], {"operationName": WAY_OUT[chat["state"]]})
        assert set() == self.service.waiting()
        assert all(person.chat["state"] == "Idle" for person in self.people)

    # What holds then

    def person_in(self, chat_id: str) -> Person:
        return next(person for person in self.people if person.chat_id == chat_id)

    def look_around(self, before: View, told: list[Told], acted: Person | None) -> None:
        self.view = self.service.view()
        for each in told:
            self.validators[each.notification["messageType"]].validate(each.notification)
        for person in self.people:
            self.a_customer_sees_what_it_should(person, before, told)
            if person is not acted and not chatting(before, person.chat_id):
                # what happens in other chats does not end a wait
                assert person.is_over == (person.chat["state"] == "Idle")
        self.nobody_waits_for_an_agent_who_is_there()
        for each in told:
            if each.state == "Invited" and before[each.user_name].get(each.chat_id) is None:
                assert each.chat_id in self.view[each.user_name]

    def nobody_waits_for_an_agent_who_is_there(self):
        waiting = self.service.waiting()
        nobody = {
            person.chat_id
            for person in self.people
            if not person.is_over and not any(person.chat_id in chats for chats in self.view.values())
        }
        assert nobody == waiting
        for chat_id in waiting:
            assert self.working <= self.turned_down[chat_id]

    def a_customer_sees_what_it_should(self, person: Person, before: View, told: list[Told]) -> None:
        chat = self.service.wait(person.client.chat())
        messages = self.service.wait(person.client.messages())
        was_over, seen = person.chat["state"] == "Idle", person.messages
        person.chat, person.messages = chat, messages
        new = messages[len(seen) :]

        # the state, and who is there: the agents whom it may see, in the agents' own order
        agents = agents_shown(self.view, person.chat_id)
        is_chatting = bool(chatting(self.view, person.chat_id))
        expected = "Idle" if person.is_over else "Chatting" if is_chatting else "WaitingForAgent"
        assert expected == chat["state"]
        there = [] if person.is_over else [person.nickname, *agents]
        assert there == [each["nickname"] for each in chat["participants"]]
        assert bool(agents) == is_chatting
        assert ([] if person.is_over else list(OPERATIONS)) == chat["capabilities"]

        # the messages: what was read stays, and there is no hole
        assert seen == messages[: len(seen)]
        assert list(range(1, len(messages) + 1)) == [each["index"] for each in messages]
        numbers = list(dict.fromkeys(each["from"]["participantId"] for each in messages))
        assert [str(number) for number in range(1, len(numbers) + 1)] == numbers

        # nobody but whom it was ever shown
        person.shown |= {person.nickname, *agents}
        assert {each["from"]["nickname"] for each in new} <= person.shown

        # and of what agents were told, just what is for all; only the customer sees the last agent go
        heard = [each for each in told if each.chat_id == person.chat_id]
        present = set(chatting(before, person.chat_id)) if not was_over else set()
        lines = {line["index"]: line for each in heard if each.user_name in present for line in each.lines}
        for_all = [shown(line) for _, line in sorted(lines.items()) if line["visibility"] == "All"]
        if present:
            assert for_all == [
                line for line in map(shown, new) if line in for_all or not line[0].startswith("Participant")
            ]
        assert not was_over or [] == new


def shown(line: JSON) -> tuple[Any, ...]:
    """What agents and customers are both shown of a line."""
    return (
        line["type"],
        line["from"]["nickname"],
        line.get("text"),
        line.get("messageType"),
        line.get("treatAs"),
    )


def chatting(view: View, chat_id: str) -> list[str]:
    return [name for name, chats in view.items() if chats.get(chat_id, {}).get("state") == "Chatting"]


def agents_shown(view: View, chat_id: str) -> list[str]:
    """Name the agents in a chat whom its customer may see."""
    participants = next((chats[chat_id]["participants"] for chats in view.values() if chat_id in chats), [])
    return [
        each["nickname"] for each in participants if (each["type"], each["visibility"]) == ("Agent", "All")
    ]


def test_every_customer_is_looked_after(document):
    accepted = Counter()
    validators = {
        name: jsonschema_rs.Draft4Validator(
            {**document["components"]["schemas"][name], "components": document["components"]},
            validate_formats=True,
        )
        for name in ("ChatStateChangeMessage", "MessageLogUpdated")
    }

    run_state_machine_as_test(lambda: Customers(validators, accepted), settings=OFTEN_ENOUGH)

    print(f"accepted: {dict(accepted.most_common())}")
    # else the rules would hold for what never happened
    by_agents = ("Accept", "Reject", "Leave", "Complete", "Consult", "SendToAgents")
    expected = {"RequestChat", *OPERATIONS, "expiry", *(f"agent's {name}" for name in by_agents)}
    assert set() == expected - set(accepted)
