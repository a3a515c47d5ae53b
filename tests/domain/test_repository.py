"""Chats are found among the agent's own, or by what their customer calls them."""

import pytest

from handlers.domain.errors import ChatNotFound, FeatureRequired
from handlers.domain.repository import InMemoryChatRepository
from tests.builders import CHAT_ID, CUSTOMER_ID, make_agent, make_chat


def test_an_agent_gets_its_own_chat(owner):
    chat = make_chat(chatting=[owner])

    assert chat is InMemoryChatRepository([chat]).chat_of(owner, CHAT_ID)


def test_an_agent_gets_a_chat_it_is_only_invited_to(owner, colleague):
    chat = make_chat(chatting=[owner], invited=[colleague])

    assert chat is InMemoryChatRepository([chat]).chat_of(colleague, CHAT_ID)


def test_an_agents_chats_are_listed_in_order_of_arrival(owner, colleague):
    late, early = make_chat(chat_id="1", chatting=[owner]), make_chat(chat_id="0", chatting=[owner])
    others = make_chat(chat_id="2", chatting=[colleague])

    assert [late, early] == InMemoryChatRepository([early, others, late]).chats_of(owner)


def test_an_agent_without_chats_has_an_empty_list(owner):
    assert [] == InMemoryChatRepository().chats_of(owner)


def test_the_list_is_the_callers_own(owner):
    chat = make_chat(chatting=[owner])

    InMemoryChatRepository([chat]).chats_of(owner).clear()

    assert {CHAT_ID: chat} == owner.chats


def test_an_id_that_is_not_found_is_told_in_one_clipped_line(owner):
    repository = InMemoryChatRepository()

    with pytest.raises(ChatNotFound) as refusal:
        repository.chat_of(owner, "\n" + "x" * 70)

    assert f"id: you have no chat '\\n{'x' * 63}...'" == str(refusal.value)


def test_one_of_the_chats_is_refused_to_an_account_without_the_feature_before_it_is_looked_for():
    repository = InMemoryChatRepository()

    with pytest.raises(FeatureRequired):
        repository.chat_of(make_agent("voice", "api-voice"), CHAT_ID)


def test_the_list_is_refused_to_an_account_without_the_feature():
    repository = InMemoryChatRepository()

    with pytest.raises(FeatureRequired):
        repository.chats_of(make_agent("voice", "api-voice"))


class TestRequested:
    """A chat that a customer has requested."""

    @pytest.fixture
    def chat(self, owner):
        return make_chat(invited=[owner], seen=True)

    @pytest.fixture
    def repository(self, chat):
        repository = InMemoryChatRepository()
        repository.add(chat.customer_view)
        return repository

    def test_its_customer_finds_it_by_its_own_id(self, repository, chat):
        assert chat.customer_view is repository.seen_by_customer(CUSTOMER_ID)

    def test_its_agent_finds_it_by_the_agents_id(self, repository, chat, owner):
        assert chat is repository.chat_of(owner, CHAT_ID)

    @pytest.mark.documented
    def test_the_agents_id_finds_nothing_for_a_customer(self, repository):
        with pytest.raises(ChatNotFound, match=rf"^id: there is no chat '{CHAT_ID}'$"):
            repository.seen_by_customer(CHAT_ID)

    @pytest.mark.documented
    def test_the_customers_id_finds_nothing_for_an_agent(self, repository, owner):
        with pytest.raises(ChatNotFound, match=rf"^id: you have no chat '{CUSTOMER_ID}'$"):
            repository.chat_of(owner, CUSTOMER_ID)

    def test_it_is_found_after_its_customers_session_is_over(self, repository, chat):
        chat.end_customer_session()

        assert chat.customer_view is repository.seen_by_customer(CUSTOMER_ID)


def test_a_chat_of_the_scenario_is_no_customers():
    repository = InMemoryChatRepository([make_chat()])

    with pytest.raises(ChatNotFound):
        repository.seen_by_customer(CHAT_ID)


def test_an_id_that_no_customer_has_is_told_in_one_clipped_line():
    repository = InMemoryChatRepository()

    with pytest.raises(ChatNotFound) as refusal:
        repository.seen_by_customer("\n" + "x" * 70)

    assert f"id: there is no chat '\\n{'x' * 63}...'" == str(refusal.value)
