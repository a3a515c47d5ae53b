"""Agents and chats that the domain tests share."""

import pytest

from gws_chat.domain.invitation import reject
from tests.builders import make_agent, make_center, make_chat


@pytest.fixture
def first_agent():
    return make_agent("first_agent")


@pytest.fixture
def colleague():
    return make_agent("colleague")


@pytest.fixture
def expert():
    return make_agent("expert")


@pytest.fixture
def stranger():
    return make_agent("stranger")


@pytest.fixture
def chat(first_agent, colleague):
    """A chat of the first_agent, who is available for more. The colleague is in the queue `support`."""
    center = make_center(available=[first_agent], queue_agents=[colleague])
    return make_chat(center=center, chatting=[first_agent])


@pytest.fixture
def waiting(chat, first_agent):
    """A waiting chat that the first_agent has rejected."""
    waiting = make_chat(chat_id="1", center=chat.center, invited=[first_agent])
    reject(waiting, first_agent)
    return waiting
