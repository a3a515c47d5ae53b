"""Agents that the domain tests share."""

import pytest

from tests.builders import make_agent


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
