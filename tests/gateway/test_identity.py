"""Passwords and tokens identify agents."""

from itertools import count
from uuid import UUID

import pytest

from gws_chat.gateway.identity import Identity
from tests.builders import make_agent

ANN, BEN = make_agent("ann"), make_agent("ben")


@pytest.fixture
def identity():
    numbers = count(1)
    return Identity([(ANN, "pässwörd"), (BEN, "")], lambda: f"token{next(numbers)}")


@pytest.mark.parametrize(
    ("user_name", "password", "agent"),
    [
        pytest.param("ann", "pässwörd", ANN, id="right password"),
        pytest.param("ben", "", BEN, id="right empty password"),
        pytest.param("ben", "pässwörd", None, id="password of another"),
        pytest.param("ann", "pässwörd ", None, id="trailing space"),
        pytest.param("ann", "\ud800", None, id="unpaired surrogate"),
        pytest.param("Ann", "pässwörd", None, id="name in other case"),
        pytest.param("zoe", "pässwörd", None, id="unknown name"),
        pytest.param("zoe", "", None, id="unknown name, no password"),
    ],
)
def test_only_the_right_password_identifies_an_agent(identity, user_name, password, agent):
    assert agent is identity.by_password(user_name, password)


def test_each_agent_has_one_token(identity):
    assert identity.by_token("token1") is None
    assert ["token1", "token2", "token1"] == [identity.start_login(agent) for agent in (ANN, BEN, ANN)]
    assert [ANN, BEN] == [identity.by_token(token) for token in ("token1", "token2")]


def test_tokens_are_random():
    assert Identity([(ANN, "a")]).start_login(ANN) != Identity([(ANN, "a")]).start_login(ANN)


@pytest.mark.documented
def test_csrf_token_is_a_random_uuid_per_session(identity):
    first, of_another, repeated = (identity.csrf_token(agent) for agent in (ANN, BEN, ANN))
    identity.end_login(ANN)
    following = identity.csrf_token(ANN)

    assert first == repeated
    assert 3 == len({first, of_another, following})
    assert [4, 4, 4] == [UUID(token).version for token in (first, of_another, following)]


def test_session_needs_both_of_its_tokens(identity):
    right, other = identity.csrf_token(ANN), identity.csrf_token(BEN)
    other_csrf_tokens = ["", "pässwörd", "00000000-0000-4000-8000-000000000000", other]

    assert identity.is_current_login(ANN, "token1", right)
    assert [False] * 4 == [identity.is_current_login(ANN, "token1", token) for token in other_csrf_tokens]
    assert [False] * 2 == [identity.is_current_login(ANN, token, right) for token in ("", "token2")]
    assert not identity.is_current_login(ANN, "token2", other)


def test_session_without_a_csrf_token_is_invalid(identity):
    assert not identity.is_current_login(ANN, identity.start_login(ANN), "")


def test_ended_session_is_invalid(identity):
    token, csrf_token = identity.start_login(ANN), identity.csrf_token(ANN)

    identity.end_login(ANN)

    assert not identity.is_current_login(ANN, token, csrf_token)
