"""From a password or a token to an agent, from a contact centre to a customer."""

from itertools import count
from uuid import UUID

import pytest

from handlers.domain.customer import Customer
from handlers.identity import Identity
from tests.builders import make_agent


@pytest.fixture
def ann():
    return make_agent("ann")


@pytest.fixture
def ben():
    return make_agent("ben")


@pytest.fixture
def identity(ann, ben):
    numbers = count(1)
    return Identity([(ann, "pässwörd"), (ben, "b")], lambda: f"token{next(numbers)}")


def test_the_right_password_is_the_agents(identity, ann):
    assert ann is identity.by_password("ann", "pässwörd")


@pytest.mark.parametrize(
    ("user_name", "password"),
    [
        pytest.param("ann", "b", id="another's password"),
        pytest.param("ann", "", id="no password"),
        pytest.param("ann", "pässwörd ", id="a blank too many"),
        pytest.param("ann", "\ud800", id="half a character"),
        pytest.param("Ann", "pässwörd", id="a name in other letters"),
        pytest.param("zoe", "pässwörd", id="an unknown name"),
        pytest.param("zoe", "", id="an unknown name without password"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_wrong_credentials_are_nobodys(identity, user_name, password):
    assert identity.by_password(user_name, password) is None


def test_an_empty_password_is_a_password(ann):
    assert ann is Identity([(ann, "")]).by_password("ann", "")


def test_an_agents_token_is_made_once(identity, ann):
    assert ["token1", "token1"] == [identity.token_of(ann), identity.token_of(ann)]


def test_each_agent_has_a_token_of_its_own(identity, ann, ben):
    assert ["token1", "token2"] == [identity.token_of(ann), identity.token_of(ben)]


def test_a_token_is_its_agents(identity, ann, ben):
    identity.token_of(ann)
    token = identity.token_of(ben)

    assert ben is identity.by_token(token)


def test_a_token_that_was_not_given_out_is_nobodys(identity):
    assert identity.by_token("token1") is None


def test_the_csrf_token_of_a_session_is_made_once(identity, ann):
    assert identity.csrf_token_of(ann) == identity.csrf_token_of(ann)


def test_a_csrf_token_is_a_random_uuid(identity, ann, ben):
    tokens = [UUID(identity.csrf_token_of(agent)) for agent in (ann, ben)]

    assert [4, 4] == [token.version for token in tokens]
    assert tokens[0] != tokens[1]


def test_both_tokens_of_a_session_are_the_session(identity, ann):
    assert identity.is_session(ann, identity.token_of(ann), identity.csrf_token_of(ann))


@pytest.mark.parametrize(
    "csrf_token", ["", "pässwörd", "00000000-0000-4000-8000-000000000000"], ids=["none", "no UUID", "another"]
)
def test_with_a_wrong_csrf_token_it_is_no_session(identity, ann, csrf_token):
    identity.csrf_token_of(ann)

    assert not identity.is_session(ann, identity.token_of(ann), csrf_token)


@pytest.mark.parametrize("token", [None, "", "token2"], ids=["none", "an empty one", "another"])
def test_with_a_wrong_token_it_is_no_session(identity, ann, token):
    csrf_token = identity.csrf_token_of(ann)

    assert not identity.is_session(ann, token, csrf_token)


def test_the_csrf_token_of_another_agent_is_no_session(identity, ann, ben):
    identity.csrf_token_of(ann)

    assert not identity.is_session(ann, identity.token_of(ann), identity.csrf_token_of(ben))


def test_the_session_of_another_agent_is_no_session(identity, ann, ben):
    assert not identity.is_session(ann, identity.token_of(ben), identity.csrf_token_of(ben))


def test_before_the_csrf_token_was_given_out_nothing_is_a_session(identity, ann):
    assert not identity.is_session(ann, identity.token_of(ann), "")


def test_a_session_that_has_ended_is_none(identity, ann):
    token, csrf_token = identity.token_of(ann), identity.csrf_token_of(ann)

    identity.end_session(ann)

    assert not identity.is_session(ann, token, csrf_token)


def test_the_next_session_has_another_csrf_token(identity, ann):
    csrf_token = identity.csrf_token_of(ann)
    identity.end_session(ann)

    assert csrf_token != identity.csrf_token_of(ann)


def test_tokens_are_random(ann):
    assert Identity([(ann, "a")]).token_of(ann) != Identity([(ann, "a")]).token_of(ann)


@pytest.mark.decided
@pytest.mark.parametrize("name", ["1", "ann", "pässwörd", " "])
def test_any_contact_centre_makes_a_customer(identity, name):
    assert Customer() == identity.by_contact_center(name)


@pytest.mark.documented
def test_no_contact_centre_makes_nobody(identity):
    assert identity.by_contact_center("") is None
