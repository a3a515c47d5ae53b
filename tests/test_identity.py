"""From a password or a token to an agent, from a contact centre to a customer."""

from itertools import count

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


def test_tokens_are_random(ann):
    assert Identity([(ann, "a")]).token_of(ann) != Identity([(ann, "a")]).token_of(ann)


@pytest.mark.decided
@pytest.mark.parametrize("name", ["1", "ann", "pässwörd", " "])
def test_any_contact_centre_makes_a_customer(identity, name):
    assert Customer() == identity.by_contact_center(name)


@pytest.mark.documented
def test_no_contact_centre_makes_nobody(identity):
    assert identity.by_contact_center("") is None
