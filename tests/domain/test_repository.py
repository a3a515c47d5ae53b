"""Chats are found among the agent's own."""

import pytest

from handlers.domain.errors import ChatNotFound, FeatureRequired
from handlers.domain.repository import InMemoryChatRepository
from tests.builders import CHAT_ID, make_agent, make_chat


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
