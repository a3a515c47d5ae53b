"""An agent's features, operation count and identity."""

import pytest

from gws_chat.domain.agent import Agent
from gws_chat.domain.errors import FeatureRequired
from tests.builders import make_agent


@pytest.mark.parametrize(
    "features", [["api-multimedia"], ["api-multimedia-chat"], ["api-voice", "api-multimedia-chat"]], ids=str
)
def test_either_chat_feature_suffices(features):
    assert make_agent("ann", *features).require_chat_feature() is None


@pytest.mark.parametrize(
    ("features", "granted"), [([], "none"), (["api-voice", "api-other"], "api-other, api-voice")], ids=str
)
def test_missing_chat_feature_names_granted_features(features, granted):
    agent = Agent("1", "ann", frozenset(features))

    with pytest.raises(FeatureRequired) as error:
        agent.require_chat_feature()

    assert f"features: must include api-multimedia or api-multimedia-chat, got {granted}" == str(error.value)


@pytest.mark.assumed("notifications.reference-id")
def test_accepted_operations_are_counted_from_one():
    agent = make_agent("ann")

    assert [1, 2, 3] == [agent.next_reference_id() for _ in range(3)]


@pytest.mark.assumed("emulator.invented-values")
def test_device_is_derived_from_the_user_name():
    ann, other_ann = make_agent("ann"), make_agent("ann")

    assert (ann.device_id, ann.phone_number) == (other_ann.device_id, other_ann.phone_number)
    assert ann.phone_number != make_agent("ben").phone_number


def test_agents_with_equal_names_are_different():
    assert make_agent("ann") != make_agent("ann")
