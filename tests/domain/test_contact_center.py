"""The contact center: look-up of agents and queues, generated IDs, and available agents."""

import re
from random import Random
from uuid import UUID

import pytest

from handlers.domain.capabilities import DEFAULT_CAPABILITIES, State
from handlers.domain.contact_center import ContactCenter, Target
from handlers.domain.errors import OperationNotAllowed, TargetNotFound
from handlers.domain.invitation import accept
from tests.builders import NOW, make_agent, make_center, make_chat

pytestmark = pytest.mark.decided


@pytest.fixture
def voice():
    return make_agent("voice", "api-voice")


@pytest.fixture
def center(owner, colleague, expert, voice):
    return ContactCenter(
        lambda: NOW,
        agents={agent.path: agent for agent in (owner, colleague, expert, voice)},
        queues={"all": (voice, owner, colleague, expert), "closed": (), "phones": (voice,)},
    )


def test_capabilities_have_a_default():
    assert DEFAULT_CAPABILITIES == ContactCenter(lambda: NOW).capabilities


def test_agents_and_queues_are_found(center, owner, colleague, expert, voice):
    assert colleague is center.agent_at("/users/id-of-colleague")
    assert (voice, owner, colleague, expert) == center.agents_in("all")


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/users/nobody", id="unknown"),
        pytest.param("/users/colleague", id="user name"),
        pytest.param("/groups/id-of-colleague", id="other collection"),
        pytest.param("/users/ID-OF-COLLEAGUE", id="upper case"),
        pytest.param("id-of-colleague", id="ID only"),
        pytest.param("", id="empty"),
    ],
)
def test_unknown_agent_path_is_not_found(center, path):
    with pytest.raises(TargetNotFound, match=rf"^target: there is no agent at '{path}'$"):
        center.agent_at(path)


@pytest.mark.parametrize("name", ["sales", "ALL", ""])
def test_unknown_queue_is_not_found(center, name):
    with pytest.raises(TargetNotFound, match=rf"^queueName: there is no queue '{name}'$"):
        center.agents_in(name)


@pytest.mark.parametrize("find", [ContactCenter.agent_at, ContactCenter.agents_in])
def test_unknown_names_are_escaped_and_shortened(center, find):
    with pytest.raises(TargetNotFound, match=rf"'{'x' * 60}\\n{'x' * 3}'$"):
        find(center, "x" * 60 + "\n" + "x" * 1000)


def test_queue_skips_unsuitable_agents(center, owner, colleague, expert):
    chat = make_chat(chatting=[owner], invited=[colleague])

    assert expert is center.newcomer(chat, Target(queue="all"))


def test_agents_of_other_chats_are_free(center, owner, colleague):
    make_chat(chat_id="1", chatting=[colleague])

    assert colleague is center.newcomer(make_chat(chat_id="2", chatting=[owner]), Target(queue="all"))


@pytest.mark.parametrize(
    ("target", "names"),
    [
        pytest.param(Target(path="/users/id-of-owner"), "owner", id="chatting"),
        pytest.param(Target(path="/users/id-of-expert"), "expert", id="invited"),
        pytest.param(Target(path="/users/id-of-voice"), "voice", id="without the feature"),
        pytest.param(Target(queue="phones"), "voice", id="queue without the feature"),
        pytest.param(Target(queue="all"), "voice, owner, colleague, expert", id="queue of present agents"),
        pytest.param(Target(queue="closed"), "nobody", id="empty queue"),
    ],
)
def test_unsuitable_target_is_rejected(center, owner, colleague, expert, target, names):
    chat = make_chat(chatting=[owner, colleague], invited=[expert])

    with pytest.raises(
        OperationNotAllowed, match=rf"^target: {names} is in the chat already, or has no feature for chats$"
    ):
        center.newcomer(chat, target)


def test_interaction_id_has_the_vendor_format():
    assert re.fullmatch(r"[0-9A-Z]{16}", ContactCenter(lambda: NOW).new_interaction_id())


def test_customer_id_is_a_random_uuid():
    customer_id = ContactCenter(lambda: NOW).new_customer_id()

    assert (customer_id, 4) == (str(UUID(customer_id)), UUID(customer_id).version)


@pytest.mark.parametrize("make", [ContactCenter.new_interaction_id, ContactCenter.new_customer_id])
def test_ids_are_predictable_only_with_a_seed(make):
    unseeded = [ContactCenter(lambda: NOW) for _ in range(2)]
    seeded = [ContactCenter(lambda: NOW, random=Random(7)) for _ in range(2)]

    assert (2, 1) == (len({make(each) for each in unseeded}), len({make(each) for each in seeded}))


def test_agent_without_chats_precedes_busy_agents(owner, colleague, expert):
    center = make_center(line=[owner, colleague])
    for number, agent in enumerate([owner, colleague]):
        make_chat(center=center, chat_id=f"{number}", chatting=[agent])
    center.enter_line(expert)
    chat = make_chat(center=center, chat_id="3")

    assert expert is center.longest_idle(chat)


def test_busy_agents_are_ordered_by_latest_chat(owner, colleague):
    center = make_center(line=[owner, colleague])
    for chat_id, agent in (("1", colleague), ("2", colleague), ("3", owner)):
        make_chat(center=center, chat_id=chat_id, chatting=[agent])
    chat = make_chat(center=center, chat_id="4")

    assert colleague is center.longest_idle(chat)


def test_ended_chat_restarts_the_idle_time(owner, colleague):
    center = make_center(line=[owner, colleague])
    make_chat(center=center, chat_id="1", chatting=[owner]).give_up_seat(owner)
    chat = make_chat(center=center, chat_id="2")

    assert colleague is center.longest_idle(chat)


def test_decliner_is_skipped_until_free_again(owner, colleague):
    chat = make_chat(center=make_center(line=[owner, colleague]))
    chat.turned_down[owner] = owner.times_free

    assert colleague is chat.center.longest_idle(chat)

    owner.times_free += 1

    assert owner is chat.center.longest_idle(chat)


def test_agent_without_feature_is_never_available(center, voice):
    center.enter_line(voice)

    assert {} == center.line


def test_new_and_ended_chats_move_agents_last(owner, colleague):
    center = make_center(line=[owner, colleague])

    chat = make_chat(center=center, invited=[owner])

    assert [colleague, owner] == list(center.line)

    chat.take_seat(colleague, State.CHATTING)
    chat.give_up_seat(owner)

    assert [colleague, owner] == list(center.line)


def test_accepting_does_not_move_agents(owner, colleague):
    center = make_center(line=[owner, colleague])
    chat = make_chat(center=center, invited=[owner, colleague])

    accept(chat, owner, None)

    assert [owner, colleague] == list(center.line)


def test_chats_do_not_make_agents_available(owner):
    center = make_center()

    make_chat(center=center, chatting=[owner]).give_up_seat(owner)

    assert {} == center.line
