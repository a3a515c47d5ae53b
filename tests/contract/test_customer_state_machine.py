"""Random sequences of customers' and agents' operations; every customer is served and sees the right state.

A run starts with RequestChat and ends when every chat is completed. A longer run:
`STATE_MACHINE_EXAMPLES=2000 pytest tests/contract/test_customer_state_machine.py`.
"""

from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from tests.contract.emulator import JSON, Emulator, Notification, View
from tests.contract.strategies import CUSTOMER_OPERATIONS, WAY_OUT, WORDS, bodies_in, settings_for
from tests.customers import CustomerClient

SCENARIO = Path(__file__).parents[1] / "scenarios" / "customers.yaml"
AGENTS = ("agent1", "agent2", "agent3")
START, END = "StartContactCenterSession", "EndContactCenterSession"
SESSION_OPERATIONS = (START, END, "Ready", "NotReady")
NICKNAMES = ("Eva", "Finn", "Gina", "Hugo")
BODIES = {
    name: st.fixed_dictionaries({"operationName": st.just(name)} | ({"text": WORDS} if name == "SendMessage" else {}))
    for name in CUSTOMER_OPERATIONS
}


@dataclass
class Person:
    """A customer, and the part of the chat that the customer has seen so far."""

    nickname: str
    client: CustomerClient
    # The ID of the chat for agents, which the customer does not know.
    chat_id: str
    chat: JSON
    messages: list[JSON] = field(default_factory=list)
    is_over: bool = False
    shown: set[str] = field(default_factory=set)


class Customers(RuleBasedStateMachine):
    """Customers and agents who perform random operations."""

    def __init__(self, emulator: Emulator) -> None:
        super().__init__()
        self.emulator = emulator
        emulator.reset()
        self.view: View = emulator.view()
        self.people: list[Person] = []
        self.in_session = {"agent1", "agent2"}
        # The agents in a session who are Ready.
        self.working = {"agent1", "agent2"}
        # By chat ID: the agents who declined the invitation or let it expire.
        self.declined: dict[str, set[str]] = {}

    def teardown(self) -> None:
        """After any sequence, every customer can leave and every agent can complete its chats."""
        for person in self.people:
            self.customer_performs(person, {"operationName": "Complete"})
        while chats := self.chats():
            name, chat = chats[0]
            assert self.agent_performs(name, chat["id"], {"operationName": WAY_OUT[chat["state"]]})
        assert set() == self.emulator.waiting()
        assert all(person.chat["state"] == "Idle" for person in self.people)

    @initialize()
    def a_run_starts_with_a_request(self):
        self.a_customer_requests_a_chat()

    @precondition(lambda self: len(self.people) < len(NICKNAMES))
    @rule()
    def a_customer_requests_a_chat(self):
        before = self.view
        nickname = NICKNAMES[len(self.people)]
        client = self.emulator.request_chat(nickname)
        notifications = self.emulator.notifications()
        invited = [each for each in notifications if each.state == "Invited"]
        (chat_id,) = ({each.chat_id for each in invited} | self.emulator.waiting()) - self.declined.keys()
        self.declined[chat_id] = set()
        self.people.append(Person(nickname, client, chat_id, self.emulator.wait(client.chat())))
        self.emulator.accepted["RequestChat"] += 1
        # An agent with chats is invited only if no working agent is idle.
        idle = {name for name in self.working if not before[name]}
        assert {each.user_name for each in invited} <= (idle or self.working)
        assert bool(self.working) == bool(invited)
        self.check_all(before, notifications, None)

    @precondition(lambda self: bool(self.people))
    @rule(data=st.data())
    def a_customer_performs_an_operation(self, data):
        person = data.draw(st.sampled_from(self.people), "customer")
        # Complete ends the chat, so it is drawn less often.
        names = [name for name in CUSTOMER_OPERATIONS if name != "Complete"] * 3 + ["Complete"]
        body = data.draw(st.sampled_from(names).flatmap(BODIES.get), "body")
        self.customer_performs(person, body)

    def customer_performs(self, person: Person, body: JSON) -> None:
        before, was_over = self.view, person.is_over
        response = self.emulator.wait(person.client.perform(body))
        note(f"# {person.nickname}: {body} -> {response.text}")
        actual = response.status_code, response.json()["statusCode"]
        assert ((403, 3) if was_over else (200, 0)) == actual
        person.is_over |= body["operationName"] == "Complete"
        self.emulator.accepted[body["operationName"]] += response.is_success
        notifications = self.emulator.notifications()
        self.become_available(notifications)
        assert not was_over or [] == notifications
        self.check_all(before, notifications, person)

    @precondition(lambda self: self.chats())
    @rule(data=st.data())
    def an_agent_performs_a_permitted_operation(self, data):
        user_name, chat = data.draw(st.sampled_from(self.chats()), "agent and chat")
        self.agent_performs(user_name, chat["id"], data.draw(bodies_in(chat), "body"))

    @precondition(lambda self: self.chats(can="Accept"))
    @rule(data=st.data(), operation=st.sampled_from(["Accept", "Accept", "Reject"]))
    def an_agent_answers_an_invitation(self, data, operation):
        user_name, chat = data.draw(st.sampled_from(self.chats(can="Accept")), "agent and chat")
        self.agent_performs(user_name, chat["id"], {"operationName": operation})

    @precondition(lambda self: self.chats(can="Consult"))
    @rule(data=st.data(), consultant=st.sampled_from(AGENTS), words=WORDS)
    def an_agent_consults_another(self, data, consultant, words):
        """The consultant writes to the agents, which the customer must not see."""
        user_name, chat = data.draw(st.sampled_from(self.chats(can="Consult")), "agent and chat")
        if chat["id"] not in self.view[consultant]:
            consult = {"operationName": "Consult", "targetPath": consultant}
            self.agent_performs(user_name, chat["id"], consult)
            self.agent_performs(consultant, chat["id"], {"operationName": "Accept"})
        self.agent_performs(consultant, chat["id"], {"operationName": "SendToAgents", "text": words})

    def chats(self, can: str | None = None) -> list[tuple[str, JSON]]:
        """Return pairs of agent and chat; with `can`, those that have this capability."""
        return [
            (name, chat)
            for name, chats in self.view.items()
            for chat in chats.values()
            if can is None or can in chat["capabilities"]
        ]

    def agent_performs(self, user_name: str, chat_id: str, body: JSON) -> bool:
        before, name = self.view, body["operationName"]
        response = self.emulator.perform(user_name, chat_id, body)
        note(f"# {user_name} in {chat_id}: {body} -> {response.text}")
        person = next(person for person in self.people if person.chat_id == chat_id)
        notifications = self.emulator.notifications()
        if response.is_success:
            self.emulator.accepted[f"agent: {name}"] += 1
            was_alone = [user_name] == chatting(before, chat_id)
            person.is_over |= was_alone and name in {"Leave", "Complete"}
            if name == "Accept":
                self.declined[chat_id].clear()
            if name == "Reject":
                self.declined[chat_id].add(user_name)
            else:
                self.become_available(notifications)
        self.check_all(before, notifications, person)
        return response.is_success

    def become_available(self, notifications: list[Notification]) -> None:
        """Let agents whose chat has ended be invited to any chat again."""
        for each in notifications:
            if each.state in {"Completed", "Revoked"} and each.user_name in self.working:
                for names in self.declined.values():
                    names.discard(each.user_name)

    @rule(user_name=st.sampled_from(AGENTS), operation=st.sampled_from(SESSION_OPERATIONS))
    def an_agent_changes_its_session(self, user_name, operation):
        before, is_working = self.view, user_name in self.working
        response = self.emulator.perform_session_operation(user_name, operation)
        assert (operation in {START, END} or user_name in self.in_session) == response.is_success
        self.emulator.accepted[operation] += response.is_success
        if operation == START:
            self.in_session.add(user_name)
        elif operation == END:
            self.in_session.discard(user_name)
        becomes_ready = operation == "Ready" and response.is_success and not is_working
        if operation in {END, "NotReady"}:
            self.working.discard(user_name)
        elif operation == START or becomes_ready:
            self.working.add(user_name)
            for names in self.declined.values():
                names.discard(user_name)
        self.check_all(before, self.emulator.notifications(), None)

    @rule()
    def all_invitations_expire(self):
        before = self.view
        self.emulator.expire_invitations()
        notifications = self.emulator.notifications()
        for each in notifications:
            if each.state == "Revoked":
                self.emulator.accepted["expiry"] += 1
                self.declined[each.chat_id].add(each.user_name)
        self.check_all(before, notifications, None)

    def check_all(self, before: View, notifications: list[Notification], actor: Person | None) -> None:
        self.view = self.emulator.view()
        for person in self.people:
            self.check_customer(person, before, notifications)
            if person is not actor and not chatting(before, person.chat_id):
                # Events in other chats do not end the wait for an agent.
                assert person.is_over == (person.chat["state"] == "Idle")
        self.check_waiting_chats()
        for each in notifications:
            if each.state == "Invited":
                assert each.chat_id in before[each.user_name] | self.view[each.user_name]

    def check_waiting_chats(self):
        """A chat waits only if every working agent has declined it."""
        waiting = self.emulator.waiting()
        without_agents = {
            person.chat_id
            for person in self.people
            if not person.is_over and not any(person.chat_id in chats for chats in self.view.values())
        }
        assert without_agents == waiting
        for chat_id in waiting:
            assert self.working <= self.declined[chat_id]

    def check_customer(self, person: Person, before: View, notifications: list[Notification]) -> None:
        chat = self.emulator.wait(person.client.chat())
        messages = self.emulator.wait(person.client.messages())
        was_over, seen = person.chat["state"] == "Idle", person.messages
        person.chat, person.messages = chat, messages
        new = messages[len(seen) :]

        # The customer sees the agents with visibility All, in the order in which the agents see them.
        agents = visible_agents(self.view, person.chat_id)
        is_chatting = bool(chatting(self.view, person.chat_id))
        assert bool(agents) == is_chatting
        state = "Idle" if person.is_over else "Chatting" if is_chatting else "WaitingForAgent"
        participants = [] if person.is_over else [person.nickname, *agents]
        capabilities = [] if person.is_over else list(CUSTOMER_OPERATIONS)
        nicknames = [each["nickname"] for each in chat["participants"]]
        assert (state, participants, capabilities) == (chat["state"], nicknames, chat["capabilities"])

        # Messages never change, and their indexes have no gaps.
        assert seen == messages[: len(seen)]
        assert list(range(1, len(messages) + 1)) == [each["index"] for each in messages]
        numbers = list(dict.fromkeys(each["from"]["participantId"] for each in messages))
        assert [str(number) for number in range(1, len(numbers) + 1)] == numbers

        # Every sender was a participant at some time.
        person.shown |= {person.nickname, *agents}
        assert {each["from"]["nickname"] for each in new} <= person.shown

        # The customer receives the agents' messages with visibility All. Only the customer receives the
        # message that the last agent has left.
        present = set() if was_over else set(chatting(before, person.chat_id))
        received = {
            message["index"]: message
            for each in notifications
            if each.chat_id == person.chat_id and each.user_name in present
            for message in each.messages
        }
        for_all = [common_members(each) for _, each in sorted(received.items()) if each["visibility"] == "All"]
        if present:
            actual = map(common_members, new)
            assert for_all == [each for each in actual if each in for_all or not each[0].startswith("Participant")]
        assert not was_over or [] == new


def common_members(message: JSON) -> tuple[Any, ...]:
    """Return the members of a message that agents and customers both see."""
    optional = (message.get(name) for name in ("text", "messageType", "treatAs"))
    return message["type"], message["from"]["nickname"], *optional


def chatting(view: View, chat_id: str) -> list[str]:
    return [name for name, chats in view.items() if chats.get(chat_id, {}).get("state") == "Chatting"]


def visible_agents(view: View, chat_id: str) -> list[str]:
    """Return the nicknames of the agents in a chat whom the customer sees."""
    participants = next((chats[chat_id]["participants"] for chats in view.values() if chat_id in chats), [])
    return [each["nickname"] for each in participants if (each["type"], each["visibility"]) == ("Agent", "All")]


def test_customers_are_served_after_random_operations(record_property):
    with closing(Emulator(SCENARIO, AGENTS, strict=True)) as emulator:
        run_state_machine_as_test(lambda: Customers(emulator), settings=settings_for(10))

    record_property("figures", f"accepted operations: {dict(emulator.accepted.most_common())}")
    # A rule proves nothing about an operation that was never accepted.
    by_agents = ("Accept", "Reject", "Leave", "Complete", "Consult", "SendToAgents")
    agents_operations = [f"agent: {name}" for name in by_agents]
    expected = {"RequestChat", *CUSTOMER_OPERATIONS, "expiry", *SESSION_OPERATIONS, *agents_operations}
    assert set() == expected - set(+emulator.accepted)
