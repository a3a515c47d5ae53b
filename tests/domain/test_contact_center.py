"""The contact center: look-up of agents and queues, generated IDs, and available agents."""

import re
from random import Random
from uuid import UUID

import pytest

from gws_chat.domain.capabilities import DEFAULT_CAPABILITIES, State
from gws_chat.domain.chat import ContactCenter, Target
from gws_chat.domain.errors import OperationNotAllowed, TargetNotFound
from gws_chat.domain.invitation import accept
from tests.builders import NOW, make_agent, make_center, make_chat

pytestmark = pytest.mark.assumed("routing.longest-idle", "emulator.queues", "queue.invited.state")
WITHOUT_FEATURE = "voice lacks a chat feature (api-multimedia or api-multimedia-chat)"


@pytest.fixture
def voice():
    return make_agent("voice", "api-voice")


@pytest.fixture
def center(first_agent, colleague, expert, voice):
    return ContactCenter(
        lambda: NOW,
        agents={agent.path: agent for agent in (first_agent, colleague, expert, voice)},
        queues={"all": (voice, first_agent, colleague, expert), "closed": (), "phones": (voice,)},
    )


def test_capabilities_have_a_default():
    assert DEFAULT_CAPABILITIES == ContactCenter(lambda: NOW).capabilities


def test_agents_and_queues_are_found(center, first_agent, colleague, expert, voice):
    assert colleague is center.agent_at("/users/id-of-colleague")
    assert (voice, first_agent, colleague, expert) == center.agents_in("all")


@pytest.mark.parametrize(
    "path",
    ["/users/nobody", "/users/colleague", "/groups/id-of-colleague", "/users/ID-OF-COLLEAGUE", "id-of-colleague", ""],
)
def test_unknown_agent_path_is_not_found(center, path):
    with pytest.raises(TargetNotFound, match=rf"^target: must be the path of an agent, got '{path}'$"):
        center.agent_at(path)


@pytest.mark.parametrize("name", ["sales", "ALL", ""])
def test_unknown_queue_is_not_found(center, name):
    with pytest.raises(TargetNotFound, match=rf"^queueName: must be the name of a queue, got '{name}'$"):
        center.agents_in(name)


@pytest.mark.parametrize("find", [ContactCenter.agent_at, ContactCenter.agents_in])
def test_unknown_names_are_escaped_and_shortened(center, find):
    with pytest.raises(TargetNotFound, match=rf"'{'x' * 60}\\n{'x' * 3}\.\.\.'$"):
        find(center, "x" * 60 + "\n" + "x" * 1000)


def test_queue_skips_unsuitable_agents(center, first_agent, colleague, expert):
    chat = make_chat(chatting=[first_agent], invited=[colleague])

    assert expert is center.resolve_target(chat, Target(queue="all"))


def test_agents_of_other_chats_are_free(center, first_agent, colleague):
    make_chat(chat_id="1", chatting=[colleague])

    assert colleague is center.resolve_target(make_chat(chat_id="2", chatting=[first_agent]), Target(queue="all"))


@pytest.mark.parametrize(
    ("target", "message"),
    [
        pytest.param(
            Target(path="/users/id-of-first_agent"),
            "target: no agent can join: first_agent is already in the chat",
            id="chatting",
        ),
        pytest.param(
            Target(path="/users/id-of-expert"), "target: no agent can join: expert is already in the chat", id="invited"
        ),
        pytest.param(
            Target(path="/users/id-of-voice"), f"target: no agent can join: {WITHOUT_FEATURE}", id="without the feature"
        ),
        pytest.param(
            Target(queue="phones"), f"queueName: no agent can join: {WITHOUT_FEATURE}", id="queue without the feature"
        ),
        pytest.param(
            Target(queue="all"),
            f"queueName: no agent can join: {WITHOUT_FEATURE}, first_agent is already in the chat,"
            " colleague is already in the chat, expert is already in the chat",
            id="queue of present agents",
        ),
        pytest.param(Target(queue="closed"), "queueName: queue 'closed' has no agents", id="empty queue"),
    ],
)
def test_unsuitable_target_is_rejected(center, first_agent, colleague, expert, target, message):
    chat = make_chat(chatting=[first_agent, colleague], invited=[expert])

    with pytest.raises(OperationNotAllowed, match=f"^{re.escape(message)}$"):
        center.resolve_target(chat, target)


def test_chat_id_has_the_vendor_format():
    assert re.fullmatch(r"[0-9A-Z]{16}", ContactCenter(lambda: NOW).new_chat_id())


def test_customer_id_is_a_random_uuid():
    customer_chat_id = ContactCenter(lambda: NOW).new_customer_chat_id()

    assert (customer_chat_id, 4) == (str(UUID(customer_chat_id)), UUID(customer_chat_id).version)


@pytest.mark.parametrize("make", [ContactCenter.new_chat_id, ContactCenter.new_customer_chat_id])
def test_ids_are_predictable_only_with_a_seed(make):
    unseeded = [ContactCenter(lambda: NOW) for _ in range(2)]
    seeded = [ContactCenter(lambda: NOW, random=Random(7)) for _ in range(2)]

    assert (2, 1) == (len({make(each) for each in unseeded}), len({make(each) for each in seeded}))


def test_agent_without_chats_precedes_busy_agents(first_agent, colleague, expert):
    center = make_center(available=[first_agent, colleague])
    for number, agent in enumerate([first_agent, colleague]):
        make_chat(center=center, chat_id=f"{number}", chatting=[agent])
    center.make_available(expert)
    chat = make_chat(center=center, chat_id="3")

    assert expert is center.next_agent(chat)


def test_busy_agents_are_ordered_by_latest_chat(first_agent, colleague):
    center = make_center(available=[first_agent, colleague])
    for chat_id, agent in (("1", colleague), ("2", colleague), ("3", first_agent)):
        make_chat(center=center, chat_id=chat_id, chatting=[agent])
    chat = make_chat(center=center, chat_id="4")

    assert colleague is center.next_agent(chat)


def test_ended_chat_restarts_the_idle_time(first_agent, colleague):
    center = make_center(available=[first_agent, colleague])
    make_chat(center=center, chat_id="1", chatting=[first_agent]).remove_agent(first_agent)
    chat = make_chat(center=center, chat_id="2")

    assert colleague is center.next_agent(chat)


def test_agent_becomes_free_with_its_last_chat(first_agent, colleague):
    center = make_center(available=[first_agent, colleague])
    chats = [make_chat(center=center, chat_id=f"{number}", chatting=[first_agent]) for number in range(2)]
    assert [colleague] == list(center.free_agents)

    chats[0].remove_agent(first_agent)
    assert [colleague] == list(center.free_agents)
    chats[1].remove_agent(first_agent)

    assert [colleague, first_agent] == list(center.free_agents)


class CountedLookups(dict):
    count = 0

    def get(self, key, default=None):
        self.count += 1
        return super().get(key, default)


@pytest.mark.parametrize("chatting", [0, 1, 100])
def test_search_ends_at_the_first_candidate(chatting):
    agents = [make_agent(f"agent{number}") for number in range(100)]
    center = make_center(available=agents)
    for number, agent in enumerate(agents[:chatting]):
        make_chat(center=center, chat_id=f"{number}", chatting=[agent])
    chat = make_chat(center=center, chat_id="new")
    chat.declined_by = CountedLookups()

    agent = center.next_agent(chat)

    assert (agents[chatting % 100], 1) == (agent, chat.declined_by.count)


def test_agent_without_feature_is_never_available(center, voice):
    center.make_available(voice)

    assert [] == list(center.available_agents)


def test_new_and_ended_chats_move_agents_last(first_agent, colleague):
    center = make_center(available=[first_agent, colleague])

    chat = make_chat(center=center, invited=[first_agent])

    assert [colleague, first_agent] == list(center.available_agents)

    chat.add_agent(colleague, State.CHATTING)
    chat.remove_agent(first_agent)

    assert [colleague, first_agent] == list(center.available_agents)


def test_accepting_does_not_move_agents(first_agent, colleague):
    center = make_center(available=[first_agent, colleague])
    chat = make_chat(center=center, invited=[first_agent, colleague])

    accept(chat, first_agent, None)

    assert [first_agent, colleague] == list(center.available_agents)


def test_chats_do_not_make_agents_available(first_agent):
    center = make_center()

    make_chat(center=center, chatting=[first_agent]).remove_agent(first_agent)

    assert [] == list(center.available_agents)


def test_chats_of_an_agent_are_in_order_of_arrival(first_agent, colleague):
    center = make_center()
    late, early, _ = (
        make_chat(center=center, chat_id=chat_id, chatting=[agent])
        for chat_id, agent in (("1", first_agent), ("0", first_agent), ("2", colleague))
    )

    assert [late, early] == center.chats_of(first_agent)


def test_the_list_of_chats_is_a_copy(first_agent):
    chat = make_chat(chatting=[first_agent])

    chat.center.chats_of(first_agent).clear()

    assert [chat] == chat.center.chats_of(first_agent)
