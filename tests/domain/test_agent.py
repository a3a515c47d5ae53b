"""What an account is granted, and the count of its operations."""

import pytest

from handlers.domain.agent import Agent
from handlers.domain.errors import FeatureRequired
from tests.builders import make_agent


@pytest.mark.parametrize(
    "features",
    [
        pytest.param(["api-multimedia"], id="the page's feature"),
        pytest.param(["api-multimedia-chat"], id="the feature of real servers"),
        pytest.param(["api-voice", "api-multimedia-chat"], id="one among others"),
    ],
)
def test_either_chat_feature_suffices(features):
    assert make_agent("ann", *features).require_chat_feature() is None


@pytest.mark.parametrize(
    ("features", "granted"),
    [
        pytest.param([], "none", id="no feature"),
        pytest.param(["api-voice", "api-other"], "api-other, api-voice", id="other features"),
    ],
)
def test_an_account_without_a_chat_feature_is_told_what_it_needs_and_has(features, granted):
    agent = Agent("1", "ann", frozenset(features))

    with pytest.raises(FeatureRequired) as refusal:
        agent.require_chat_feature()

    assert (f"features: api-multimedia or api-multimedia-chat is required, the account has {granted}") == str(
        refusal.value
    )


@pytest.mark.decided
def test_accepted_operations_are_counted_from_one():
    agent = make_agent("ann")

    assert [1, 2, 3] == [agent.accept_operation() for _ in range(3)]


def test_two_agents_of_the_same_name_are_two_agents():
    assert make_agent("ann") != make_agent("ann")
