"""Chats are found by their agents and by their customer, each with a separate ID."""

import pytest

from gws_chat.domain.customer import complete, request_chat
from gws_chat.domain.errors import ChatNotFound, FeatureRequired, TooManyChats
from gws_chat.domain.leave import leave
from gws_chat.domain.repository import MAX_CHATS_OF_CUSTOMERS, ChatRepository
from tests.builders import CHAT_ID, CUSTOMER_ID, make_agent, make_center, make_chat


def test_chatting_and_invited_agents_find_the_chat(first_agent, colleague):
    chat = make_chat(chatting=[first_agent], invited=[colleague])
    repository = ChatRepository([chat])

    assert [chat, chat] == [repository.chat_of(agent, CHAT_ID) for agent in (first_agent, colleague)]


def test_missing_feature_is_reported_before_the_lookup():
    repository, agent = ChatRepository(), make_agent("voice", "api-voice")

    with pytest.raises(FeatureRequired):
        repository.chat_of(agent, CHAT_ID)


def test_unknown_ids_are_escaped_and_shortened(first_agent):
    repository, unknown = ChatRepository(), "\n" + "x" * 70
    shown = f"'\\n{'x' * 63}...'"

    with pytest.raises(ChatNotFound) as agent_error:
        repository.chat_of(first_agent, unknown)
    with pytest.raises(ChatNotFound) as customer_error:
        repository.chat_of_customer(unknown)

    assert f"id: must be the ID of one of your chats, got {shown}" == str(agent_error.value)
    assert f"id: must be the ID of a chat, got {shown}" == str(customer_error.value)


def completed_chat(agent):
    chat = make_chat(chatting=[agent, make_agent("other")])
    leave(chat, agent, None)
    return [chat]


def revoked_chat(agent):
    other = make_agent("other")
    chat = make_chat(chatting=[other], invited=[agent])
    leave(chat, other, None)
    return [chat]


@pytest.mark.assumed("errors.chat-of-another-agent", "errors.completed-chat", "errors.unknown-chat")
@pytest.mark.parametrize(
    "make_chats",
    [
        pytest.param(completed_chat, id="Completed"),
        pytest.param(revoked_chat, id="Revoked"),
        pytest.param(lambda _: [], id="unknown"),
        pytest.param(lambda _: [make_chat(chatting=[make_agent("other")])], id="another agent's"),
    ],
)
def test_chats_that_are_not_the_agents_give_one_error(make_chats, first_agent):
    repository = ChatRepository(make_chats(first_agent))

    with pytest.raises(ChatNotFound, match=rf"^id: must be the ID of one of your chats, got '{CHAT_ID}'$"):
        repository.chat_of(first_agent, CHAT_ID)


@pytest.fixture
def chat(first_agent):
    return make_chat(invited=[first_agent], customer_access=True)


@pytest.fixture
def requested(chat):
    repository = ChatRepository()
    repository.add(chat)
    return repository


def test_added_chat_is_found_from_both_sides(requested, chat, first_agent):
    assert chat is requested.chat_of(first_agent, CHAT_ID)
    assert (chat, chat.customer_transcript) == requested.chat_of_customer(CUSTOMER_ID)


@pytest.mark.documented
def test_ids_of_the_other_side_find_nothing(requested, first_agent):
    with pytest.raises(ChatNotFound, match=rf"^id: must be the ID of a chat, got '{CHAT_ID}'$"):
        requested.chat_of_customer(CHAT_ID)
    with pytest.raises(ChatNotFound, match=rf"^id: must be the ID of one of your chats, got '{CUSTOMER_ID}'$"):
        requested.chat_of(first_agent, CUSTOMER_ID)


def test_customer_finds_the_chat_after_its_end(requested, chat):
    chat.end_customer_session()

    assert (chat, chat.customer_transcript) == requested.chat_of_customer(CUSTOMER_ID)


def test_initial_chats_have_no_customer_access():
    repository = ChatRepository([make_chat()])

    with pytest.raises(ChatNotFound):
        repository.chat_of_customer(CHAT_ID)


@pytest.mark.assumed("emulator.limits")
def test_chats_of_customers_are_limited(first_agent):
    center, repository = make_center(queue_agents=[first_agent]), ChatRepository([make_chat(chatting=[first_agent])])
    chats = [request_chat(center, "Ann")[0] for _ in range(MAX_CHATS_OF_CUSTOMERS + 1)]
    for chat in chats[:-1]:
        repository.require_room()
        repository.add(chat)

    with pytest.raises(TooManyChats, match=r"^chats: customers must have at most 5000 that have not ended$"):
        repository.require_room()

    for ended in (chats[7], chats[5]):
        complete(ended)
    repository.require_room()
    for _ in range(2):  # a chat that is stored already takes the place of no other
        repository.add(chats[-1])
    assert [True, False, True, True] == [chats[index].id in repository for index in (0, 5, 7, -1)]
    with pytest.raises(ChatNotFound):
        repository.chat_of_customer(chats[5].customer_transcript.id)
    repository.chat_of(first_agent, CHAT_ID)
