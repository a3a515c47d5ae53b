"""Who is found by path and by queue, and who of them can be asked into a chat."""

import pytest

from handlers.domain.capabilities import DEFAULT_CAPABILITIES
from handlers.domain.contact_center import ContactCenter, Target
from handlers.domain.errors import OperationNotAllowed, TargetNotFound
from tests.builders import NOW, make_agent, make_chat

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


def test_the_rules_are_the_default_ones_unless_others_are_given():
    assert DEFAULT_CAPABILITIES == ContactCenter(lambda: NOW).capabilities


def test_an_agent_is_found_by_path(center, colleague):
    assert colleague is center.agent_at("/users/id-of-colleague")


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/users/nobody", id="unknown"),
        pytest.param("/users/colleague", id="a name instead of an id"),
        pytest.param("/groups/id-of-colleague", id="another collection"),
        pytest.param("/users/ID-OF-COLLEAGUE", id="in other letters"),
        pytest.param("id-of-colleague", id="the id alone"),
        pytest.param("", id="nothing"),
    ],
)
def test_at_another_path_there_is_nobody(center, path):
    with pytest.raises(TargetNotFound, match=rf"^target: there is no agent at '{path}'$"):
        center.agent_at(path)


def test_a_queue_lists_its_agents_in_order(center, owner, colleague, expert, voice):
    assert (voice, owner, colleague, expert) == center.agents_in("all")


@pytest.mark.parametrize("name", ["sales", "ALL", ""])
def test_by_another_name_there_is_no_queue(center, name):
    with pytest.raises(TargetNotFound, match=rf"^queueName: there is no queue '{name}'$"):
        center.agents_in(name)


@pytest.mark.parametrize("find", [ContactCenter.agent_at, ContactCenter.agents_in])
def test_what_is_not_found_is_told_in_one_clipped_line(center, find):
    with pytest.raises(TargetNotFound, match=rf"'{'x' * 60}\\n{'x' * 3}'$"):
        find(center, "x" * 60 + "\n" + "x" * 1000)


class TestNewcomer:
    """Who can be asked into a chat."""

    def test_an_agent_is_asked_by_path(self, center, owner, expert):
        chat = make_chat(chatting=[owner])

        assert expert is center.newcomer(chat, Target(path=expert.path))

    def test_of_a_queue_those_are_passed_over_who_have_no_feature_or_are_in_the_chat(
        self, center, owner, colleague, expert
    ):
        chat = make_chat(chatting=[owner], invited=[colleague])

        assert expert is center.newcomer(chat, Target(queue="all"))

    def test_an_agent_of_another_chat_is_free(self, center, owner, colleague):
        make_chat(chat_id="1", chatting=[colleague])

        assert colleague is center.newcomer(make_chat(chat_id="2", chatting=[owner]), Target(queue="all"))

    @pytest.mark.parametrize("feature", ["api-multimedia", "api-multimedia-chat"])
    def test_either_feature_suffices(self, owner, feature):
        agent = make_agent("newcomer", feature)
        chat = make_chat(chatting=[owner], elsewhere=[agent])

        assert agent is chat.center.newcomer(chat, Target(queue="support"))

    @pytest.mark.parametrize(
        ("target", "names"),
        [
            pytest.param(Target(path="/users/id-of-owner"), "owner", id="in the chat"),
            pytest.param(Target(path="/users/id-of-voice"), "voice", id="without the feature"),
            pytest.param(Target(queue="phones"), "voice", id="a queue without the feature"),
            pytest.param(
                Target(queue="all"), "voice, owner, colleague, expert", id="a queue of the chat's own"
            ),
            pytest.param(Target(queue="closed"), "nobody", id="an empty queue"),
        ],
    )
    def test_who_cannot_come_in_is_named(self, center, owner, colleague, expert, target, names):
        chat = make_chat(chatting=[owner, colleague], invited=[expert])

        with pytest.raises(
            OperationNotAllowed, match=rf"^target: {names} is in the chat already, or has no feature"
        ):
            center.newcomer(chat, target)

    def test_an_unknown_agent_is_not_found(self, center, owner):
        with pytest.raises(TargetNotFound):
            center.newcomer(make_chat(chatting=[owner]), Target(path="/users/nobody"))

    def test_an_unknown_queue_is_not_found(self, center, owner):
        with pytest.raises(TargetNotFound):
            center.newcomer(make_chat(chatting=[owner]), Target(queue="sales"))
