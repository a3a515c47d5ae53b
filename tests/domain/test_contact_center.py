"""Who is found by path and by queue, who can be asked into a chat, who has been idle longest."""

import re
from random import Random
from uuid import UUID

import pytest

from handlers.domain.capabilities import DEFAULT_CAPABILITIES
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


class TestIds:
    """What a chat is called, on either side."""

    def test_the_agents_id_has_the_form_of_the_vendors(self):
        assert re.fullmatch(r"[0-9A-Z]{16}", ContactCenter(lambda: NOW).new_interaction_id())

    def test_the_customers_id_is_a_random_uuid(self):
        made = ContactCenter(lambda: NOW).new_customer_id()

        assert (made, 4) == (str(UUID(made)), UUID(made).version)

    @pytest.mark.parametrize("make", [ContactCenter.new_interaction_id, ContactCenter.new_customer_id])
    def test_an_id_cannot_be_known_before_unless_its_source_is_given(self, make):
        centers = [ContactCenter(lambda: NOW) for _ in range(2)]
        known = [ContactCenter(lambda: NOW, random=Random(7)) for _ in range(2)]

        assert (2, 1) == (len({make(each) for each in centers}), len({make(each) for each in known}))


class TestLongestIdle:
    """Who is asked in where a customer has nobody."""

    def test_with_nobody_in_line_it_is_nobody(self, owner):
        chat = make_chat(center=make_center(elsewhere=[owner]))

        assert chat.center.longest_idle(chat) is None

    def test_of_those_without_a_chat_it_is_who_came_first(self, owner, colleague):
        chat = make_chat(center=make_center(line=[owner, colleague]))

        assert owner is chat.center.longest_idle(chat)

    def test_who_has_no_chat_goes_first_even_who_comes_last(self, owner, colleague, expert):
        center = make_center(line=[owner, colleague])
        for number, agent in enumerate([owner, colleague]):
            make_chat(center=center, chat_id=f"{number}", chatting=[agent])
        center.enter_line(expert)
        chat = make_chat(center=center, chat_id="3")

        assert expert is center.longest_idle(chat)

    def test_where_all_have_chats_it_is_who_got_the_latest_first_however_many_there_are(
        self, owner, colleague
    ):
        center = make_center(line=[owner, colleague])
        for chat_id, agent in (("1", colleague), ("2", colleague), ("3", owner)):
            make_chat(center=center, chat_id=chat_id, chatting=[agent])
        chat = make_chat(center=center, chat_id="4")

        assert colleague is center.longest_idle(chat)

    def test_who_has_had_a_chat_until_now_waits_behind_who_has_had_none(self, owner, colleague):
        center = make_center(line=[owner, colleague])
        make_chat(center=center, chat_id="1", chatting=[owner]).give_up_seat(owner)
        chat = make_chat(center=center, chat_id="2")

        assert colleague is center.longest_idle(chat)

    def test_who_turned_the_chat_down_is_passed_over(self, owner, colleague):
        chat = make_chat(center=make_center(line=[owner, colleague]))
        chat.turned_down[owner] = owner.times_free

        assert colleague is chat.center.longest_idle(chat)

    def test_who_turned_the_chat_down_and_has_become_free_since_is_not(self, owner, colleague):
        chat = make_chat(center=make_center(line=[owner, colleague]))
        chat.turned_down[owner] = owner.times_free
        owner.times_free += 1

        assert owner is chat.center.longest_idle(chat)

    def test_who_has_left_the_line_is_passed_over(self, owner, colleague):
        chat = make_chat(center=make_center(line=[owner, colleague]))
        chat.center.leave_line(owner)

        assert colleague is chat.center.longest_idle(chat)

    def test_who_has_no_feature_does_not_come_into_the_line(self, center, voice):
        center.enter_line(voice)

        assert {} == center.line


class TestLine:
    """The order of those who can be asked in."""

    def test_who_gets_a_chat_goes_to_the_end(self, owner, colleague):
        center = make_center(line=[owner, colleague])

        make_chat(center=center, invited=[owner])

        assert [colleague, owner] == list(center.line)

    def test_whose_chat_ends_goes_to_the_end(self, owner, colleague):
        center = make_center(line=[owner, colleague])
        chat = make_chat(center=center, chatting=[owner, colleague])

        chat.give_up_seat(owner)

        assert [colleague, owner] == list(center.line)

    def test_who_accepts_stays_in_its_place(self, owner, colleague):
        center = make_center(line=[owner, colleague])
        chat = make_chat(center=center, invited=[owner, colleague])

        accept(chat, owner, None)

        assert [owner, colleague] == list(center.line)

    def test_who_is_not_in_line_does_not_come_into_it_by_a_chat(self, owner):
        center = make_center()

        make_chat(center=center, chatting=[owner]).give_up_seat(owner)

        assert {} == center.line

    def test_to_leave_it_without_being_in_it_is_no_fault(self, owner, colleague):
        center = make_center(line=[colleague])

        center.leave_line(owner)

        assert [colleague] == list(center.line)
