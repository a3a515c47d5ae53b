"""Random sequences of agents' operations, permitted or not; the rules of a chat hold after each step.

A longer run: `STATE_MACHINE_EXAMPLES=2000 pytest tests/contract/test_state_machine.py`.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from tests.contract.emulator import JSON, Emulator, Notification, View
from tests.contract.strategies import AGENT_OPERATIONS, AGENTS, BODIES, WAY_OUT, bodies_in, permitted, settings_for

SCENARIO = Path(__file__).parents[1] / "scenarios" / "state_machine.yaml"
CONTENT = yaml.safe_load(SCENARIO.read_text(encoding="utf-8"))
CHATS = tuple(chat["id"] for chat in CONTENT["chats"])
# These parameters can make a permitted operation fail: the target may be wrong, nobody may read the text.
CONDITIONAL = {"text", "queueName", "targetPath", "targetUri"}
REMOVE = "RemoveParticipantFromConference"
# The text of these operations is always accepted.
MESSAGES = {"SendMessage", "SendToAgents"}


@dataclass(frozen=True)
class Situation:
    """The chats at one time, and the agents who are consultants in each of them."""

    view: View
    with_customer: set[str]
    consultants: dict[str, set[str]]

    @property
    def chats(self) -> dict[tuple[str, str], JSON]:
        """All views of chats by user name and chat ID."""
        return {(name, chat_id): chat for name, chats in self.view.items() for chat_id, chat in chats.items()}

    def views_of(self, chat_id: str) -> dict[str, JSON]:
        return {name: chats[chat_id] for name, chats in self.view.items() if chat_id in chats}

    def chatting(self, chat_id: str) -> set[str]:
        return {name for name, chat in self.views_of(chat_id).items() if chat["state"] == "Chatting"}

    def participants(self, chat_id: str) -> list[JSON]:
        """Return the participants as any agent of the chat sees them; all agents see the same."""
        return next((chat["participants"] for chat in self.views_of(chat_id).values()), [])


@dataclass
class Knowledge:
    """The knowledge of clients that read the chats once and then only listen."""

    # By user name and chat ID: the capabilities received last.
    capabilities: dict[tuple[str, str], list[str]]
    # By user name and chat ID: the indexes of all messages received since the agent joined.
    indexes: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    # By chat ID and index: each message as it was first received.
    messages: dict[tuple[str, int], JSON] = field(default_factory=dict)
    transcripts: dict[str, list[JSON]] = field(default_factory=dict)

    def learn(self, notification: Notification) -> None:
        key = notification.user_name, notification.chat_id
        if notification.state in {"Completed", "Revoked"}:
            self.capabilities.pop(key, None)
            self.indexes.pop(key, None)
            return
        if "capabilities" in notification.content.get("chat", {}):
            self.capabilities[key] = notification.content["chat"]["capabilities"]
        for message in notification.messages:
            self.indexes.setdefault(key, []).append(message["index"])
            self.messages.setdefault((notification.chat_id, message["index"]), message)


CHECKS: list[Callable[["Chats"], None]] = []


def check(method: Callable[["Chats"], None]) -> Callable[["Chats"], None]:
    """Run the method after each step. Hypothesis's own `invariant` prints each name after each step."""
    CHECKS.append(method)
    return method


class Chats(RuleBasedStateMachine):
    """Agents who try any operation in any chat. The attributes describe the last step."""

    user_name: str
    chat_id: str
    operation: str
    body: JSON
    status: int
    response: JSON
    is_accepted: bool
    notifications: list[Notification]
    before: Situation
    after: Situation
    # By user name: the chat as GET returns it after an accepted request.
    found: dict[str, JSON]
    transcript_before: list[JSON]
    # None if no agent has the chat any more.
    transcript_after: list[JSON] | None
    # By index: messages that nobody had received before.
    new_messages: dict[int, JSON]

    def __init__(self, emulator: Emulator) -> None:
        super().__init__()
        self.emulator = emulator
        self.has_removed = False
        emulator.reset()
        consultants = {chat_id: set() for chat_id in CHATS} | {"consultation": {"agent3"}}
        self.after = Situation(emulator.view(), emulator.with_customer(), consultants)
        self.known = Knowledge({key: chat["capabilities"] for key, chat in self.after.chats.items()})

    def teardown(self) -> None:
        """After any sequence, every agent can end its chats by listed capabilities."""
        for user_name, chat_id in self.after.chats:
            while chat := self.emulator.find(chat_id).get(user_name):
                name = WAY_OUT[chat["state"]]
                assert name in chat["capabilities"]
                assert 200 == self.emulator.perform(user_name, chat_id, {"operationName": name}).status_code

    @rule(
        user_name=st.sampled_from(AGENTS),
        chat_id=st.sampled_from(CHATS),
        body=st.sampled_from(list(BODIES)).flatmap(BODIES.get),
    )
    def an_agent_tries_any_operation(self, user_name, chat_id, body):
        self.perform(user_name, chat_id, body)

    @precondition(lambda self: self.after.chats)
    @rule(data=st.data())
    def an_agent_performs_a_permitted_operation(self, data):
        user_name, chat_id = data.draw(st.sampled_from(list(self.after.chats)), "agent and chat")
        body = data.draw(bodies_in(self.after.view[user_name][chat_id]), "body")
        self.perform(user_name, chat_id, body)

    @precondition(lambda self: not self.has_removed and self.removals())
    @rule(data=st.data())
    def an_agent_removes_another_once(self, data):
        """Random targets are seldom in the same chat. Once per run is enough; it ends the conference."""
        user_name, chat_id, target = data.draw(st.sampled_from(self.removals()), "agent, chat and target")
        self.has_removed = True
        self.perform(user_name, chat_id, {"operationName": REMOVE, "targetPath": target})

    def removals(self) -> list[tuple[str, str, str]]:
        return [
            (user_name, chat_id, target)
            for (user_name, chat_id), chat in self.after.chats.items()
            if REMOVE in chat["capabilities"]
            for target in sorted(self.after.chatting(chat_id) - {user_name})
        ]

    def perform(self, user_name: str, chat_id: str, body: JSON) -> None:
        received = set(self.known.messages)
        response = self.emulator.perform(user_name, chat_id, body)
        note(f"# {user_name} in {chat_id}: {body} -> {response.text}")
        self.user_name, self.chat_id, self.body = user_name, chat_id, body
        self.operation = body["operationName"]
        self.status, self.response = response.status_code, response.json()
        self.is_accepted = self.response["statusCode"] == 0
        self.notifications = self.emulator.notifications()
        for each in self.notifications:
            self.known.learn(each)
        self.before, self.after = self.after, self.situation_after(self.after, chat_id, body)
        self.found = self.emulator.find(chat_id) if self.is_accepted else {}
        self.transcript_before = self.known.transcripts.get(chat_id, [])
        self.transcript_after = self.read_transcript(chat_id)
        self.new_messages = {
            message["index"]: message
            for each in self.notifications
            for message in each.messages
            if (each.chat_id, message["index"]) not in received
        }
        self.emulator.accepted[self.operation] += self.is_accepted
        for each in CHECKS:
            each(self)

    @property
    def others_chatting(self) -> set[str]:
        return self.before.chatting(self.chat_id) - {self.user_name}

    def received_by(self, user_name: str) -> list[Notification]:
        return [each for each in self.notifications if each.user_name == user_name]

    def situation_after(self, before: Situation, chat_id: str, body: JSON) -> Situation:
        now = Situation(self.emulator.view(), self.emulator.with_customer(), {})
        consultants = set(before.consultants[chat_id])
        if body["operationName"] == "Consult":
            consultants |= now.views_of(chat_id).keys() - before.views_of(chat_id).keys()
        consultants &= now.views_of(chat_id).keys()
        chatting = now.chatting(chat_id)
        if chatting and chatting <= consultants:
            consultants -= set(sorted(self.visible(now, chat_id))[:1])
        now.consultants.update(before.consultants | {chat_id: consultants})
        return now

    def visible(self, now: Situation, chat_id: str) -> set[str]:
        """Name the agents in a chat whom the customer sees."""
        return {
            self.emulator.user_names[each["id"]]
            for each in now.participants(chat_id)
            if each["type"] == "Agent" and each["visibility"] == "All"
        }

    def read_transcript(self, chat_id: str) -> list[JSON] | None:
        readers = sorted(self.after.views_of(chat_id))
        if not readers:
            return None
        self.known.transcripts[chat_id] = self.emulator.transcript(readers[0], chat_id)
        return self.known.transcripts[chat_id]

    # Responses

    @check
    def only_permitted_operations_are_accepted(self):
        chat = self.before.view[self.user_name].get(self.chat_id)
        actual = self.status, self.response["statusCode"]
        if chat is None:
            assert (404, 6) == actual
        elif self.operation not in permitted(chat):
            assert (403, 3) == actual
        elif self.operation in MESSAGES or not self.body.keys() & CONDITIONAL:
            assert (200, 0) == actual
        else:
            assert actual in {(200, 0), (403, 3), (404, 6)}

    @check
    def a_rejected_operation_changes_and_notifies_nothing(self):
        if not self.is_accepted:
            assert (self.before, []) == (self.after, self.notifications)
            assert self.transcript_after in (None, self.transcript_before)

    # The state of the chat

    @check
    def other_chats_do_not_change_unless_they_wait(self):
        waiting = {chat_id for chat_id in CHATS if not self.before.views_of(chat_id)}
        before, after = self.before.chats, self.after.chats
        changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
        assert {chat_id for _, chat_id in changed} <= {self.chat_id, *waiting}
        assert {each.chat_id for each in self.notifications} <= {self.chat_id, *waiting}

    @check
    def the_customer_session_ends_with_the_last_agent(self):
        was_chatting = self.user_name in self.before.chatting(self.chat_id)
        left = self.is_accepted and self.operation in {"Leave", "Complete"} and was_chatting
        ended = {self.chat_id} if left and not self.others_chatting else set()
        assert self.before.with_customer - ended == self.after.with_customer

    @check
    def leave_completes_unless_the_agent_is_alone(self):
        if self.is_accepted and self.operation == "Leave":
            expected = "Completed" if self.others_chatting else "LeftChat"
            own = [each for each in self.received_by(self.user_name) if each.chat_id == self.chat_id]
            assert [expected] == [each.state for each in own if each.state]
            chat = self.after.view[self.user_name].get(self.chat_id, {"state": "Completed"})
            assert expected == chat["state"]

    @check
    def the_list_and_the_chat_agree(self):
        if self.is_accepted:
            assert self.after.views_of(self.chat_id) == self.found

    @check
    def a_completed_chat_is_not_found(self):
        for each in self.notifications:
            if each.state in {"Completed", "Revoked"}:
                assert each.chat_id not in self.after.view[each.user_name]
                assert each.user_name not in self.found

    @check
    def all_agents_see_exactly_the_chatting_participants(self):
        expected = self.after.participants(self.chat_id)
        names = {self.emulator.user_names[each["id"]] for each in expected if each["type"] == "Agent"}
        assert self.after.chatting(self.chat_id) == names
        for chat in self.found.values():
            assert expected == chat["participants"]

    # Notifications

    @check
    def agents_are_notified_of_their_own_chats_only(self):
        own = {name: self.before.view[name].keys() | self.after.view[name].keys() for name in AGENTS}
        for each in self.notifications:
            assert each.chat_id in own[each.user_name]

    @check
    def the_capabilities_received_last_are_current(self):
        expected = {key: chat["capabilities"] for key, chat in self.after.chats.items()}
        assert expected == self.known.capabilities

    @check
    def participants_updated_has_the_current_participants(self):
        for each in self.notifications:
            if each.content["notificationType"] == "ParticipantsUpdated":
                expected = self.after.view[each.user_name][each.chat_id]["participants"]
                assert expected == each.content["chat"]["participants"]

    # Messages

    @check
    def indexes_increase(self):
        transcript = [message["index"] for message in self.transcript_after or ()]
        for indexes in [*self.known.indexes.values(), transcript]:
            assert sorted(set(indexes)) == indexes

    @check
    def messages_never_change(self):
        received = [message for each in self.notifications for message in each.messages]
        for message in [*(self.transcript_after or ()), *received]:
            assert self.known.messages.setdefault((self.chat_id, message["index"]), message) == message
        if self.transcript_after is not None:
            assert self.transcript_before == self.transcript_after[: len(self.transcript_before)]

    @check
    def staying_agents_receive_every_new_message(self):
        for name in self.before.chatting(self.chat_id) & self.after.chatting(self.chat_id):
            received = [message["index"] for each in self.received_by(name) for message in each.messages]
            assert sorted(self.new_messages) == received

    @check
    def the_transcript_has_every_message_but_typing(self):
        kept = {index: each for index, each in self.new_messages.items() if "Typing" not in each["type"]}
        if self.transcript_after is not None:
            transcript = {message["index"]: message for message in self.transcript_after}
            assert kept == {index: transcript.get(index) for index in kept}

    # Visibility

    @check
    def consultants_are_visible_to_agents_only(self):
        """A consultant who is the only agent left becomes visible to the customer."""
        chatting = self.after.chatting(self.chat_id)
        visible = self.visible(self.after, self.chat_id)
        assert chatting - self.after.consultants[self.chat_id] == visible
        assert bool(chatting) == bool(visible)

    @check
    def messages_of_consultants_are_visible_to_agents_only(self):
        consultants = self.before.consultants[self.chat_id]
        for message in self.new_messages.values():
            from_consultant = self.emulator.user_names[message["from"]["id"]] in consultants
            assert ("Agents" if from_consultant else "All") == message["from"]["visibility"]
            to_agents = from_consultant or "ToAgents" in self.operation or message["type"] == "Notice"
            assert ("Agents" if to_agents else "All") == message["visibility"]


def test_chat_rules_hold_after_random_operations(record_property):
    with closing(Emulator(SCENARIO, AGENTS)) as emulator:
        run_state_machine_as_test(lambda: Chats(emulator), settings=settings_for(25))

    record_property("figures", f"accepted operations: {dict(emulator.accepted.most_common())}")
    # A rule proves nothing about an operation that was never accepted.
    assert set(AGENT_OPERATIONS) == set(+emulator.accepted)
