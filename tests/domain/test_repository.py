"""Chats are found by their agents and by their customer, each with a separate ID."""

import pytest

from handlers.domain.errors import ChatNotFound, FeatureRequired
from handlers.domain.repository import InMemoryChatRepository
from tests.builders import CHAT_ID, CUSTOMER_ID, make_agent, make_chat


def test_chatting_and_invited_agents_find_the_chat(owner, colleague):
    chat = make_chat(chatting=[owner], invited=[colleague])
    repository = InMemoryChatRepository([chat])

    assert [chat, chat] == [repository.chat_of(agent, CHAT_ID) for agent in (owner, colleague)]


def test_chats_are_listed_in_order_of_arrival(owner, colleague):
    late, early = make_chat(chat_id="1", chatting=[owner]), make_chat(chat_id="0", chatting=[owner])
    other = make_chat(chat_id="2", chatting=[colleague])

    assert [late, early] == InMemoryChatRepository([early, other, late]).chats_of(owner)


def test_agent_without_chats_gets_an_empty_list(owner):
    assert [] == InMemoryChatRepository().chats_of(owner)


def test_listed_chats_are_a_copy(owner):
    chat = make_chat(chatting=[owner])

    InMemoryChatRepository([chat]).chats_of(owner).clear()

    assert {CHAT_ID: chat} == owner.chats


def test_missing_feature_is_reported_before_the_lookup():
    repository, agent = InMemoryChatRepository(), make_agent("voice", "api-voice")

    with pytest.raises(FeatureRequired):
        repository.chat_of(agent, CHAT_ID)
    with pytest.raises(FeatureRequired):
        repository.chats_of(agent)


def test_unknown_ids_are_escaped_and_shortened(owner):
    repository, unknown = InMemoryChatRepository(), "\n" + "x" * 70
    shown = f"'\\n{'x' * 63}...'"

    with pytest.raises(ChatNotFound) as agent_error:
        repository.chat_of(owner, unknown)
    with pytest.raises(ChatNotFound) as customer_error:
        repository.seen_by_customer(unknown)

    assert f"id: you have no chat {shown}" == str(agent_error.value)
    assert f"id: there is no chat {shown}" == str(customer_error.value)


@pytest.fixture
def chat(owner):
    return make_chat(invited=[owner], seen=True)


@pytest.fixture
def requested(chat):
    repository = InMemoryChatRepository()
    repository.add(chat.customer_view)
    return repository


def test_added_chat_is_found_from_both_sides(requested, chat, owner):
    assert chat is requested.chat_of(owner, CHAT_ID)
    assert chat.customer_view is requested.seen_by_customer(CUSTOMER_ID)


@pytest.mark.documented
def test_ids_of_the_other_side_find_nothing(requested, owner):
    with pytest.raises(ChatNotFound, match=rf"^id: there is no chat '{CHAT_ID}'$"):
        requested.seen_by_customer(CHAT_ID)
    with pytest.raises(ChatNotFound, match=rf"^id: you have no chat '{CUSTOMER_ID}'$"):
        requested.chat_of(owner, CUSTOMER_ID)


def test_customer_finds_the_chat_after_its_end(requested, chat):
    chat.end_customer_session()

    assert chat.customer_view is requested.seen_by_customer(CUSTOMER_ID)


def test_initial_chats_have_no_customer_access():
    repository = InMemoryChatRepository([make_chat()])

    with pytest.raises(ChatNotFound):
        repository.seen_by_customer(CHAT_ID)
