"""Contacts are found by ID, user name, and patterns of names."""

import pytest

from gws_chat.domain.contacts import ContactQuery, contact_with_id, find_contacts
from gws_chat.domain.errors import TargetNotFound
from tests.builders import make_agent, make_center


@pytest.fixture
def center():
    center = make_center(available=[make_agent(name) for name in ("ann", "ben", "bea")])
    for agent, (first, last) in zip(
        center.agents.values(), [("Ann", "Hill"), ("Ben", "Hillman"), ("Bea", "[x]")], strict=True
    ):
        agent.first_name, agent.last_name = first, last
    return center


@pytest.mark.documented
@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param(ContactQuery(), ["ann", "ben", "bea"], id="all"),
        pytest.param(ContactQuery(types=["Queue", "User"]), ["ann", "ben", "bea"], id="type"),
        pytest.param(ContactQuery(types=["Queue"]), [], id="another type"),
        pytest.param(ContactQuery(names=["bea", "ann", "zoe"]), ["ann", "bea"], id="user names"),
        pytest.param(ContactQuery(names=["HILL", "ben hillman"]), ["ann", "ben"], id="last name and full name"),
        pytest.param(ContactQuery(names=["be", "b*", "1"]), [], id="names are whole"),
        pytest.param(ContactQuery(patterns=["ANN H*"]), ["ann"], id="beginning of the full name"),
        pytest.param(ContactQuery(patterns=["*"]), ["ann", "ben", "bea"], id="any text"),
        pytest.param(ContactQuery(patterns=["BE*"]), ["ben", "bea"], id="case and beginning"),
        pytest.param(ContactQuery(patterns=["hill"]), ["ann"], id="whole last name"),
        pytest.param(ContactQuery(patterns=["*hill*", "b*"]), ["ben"], id="all patterns must match"),
        pytest.param(ContactQuery(patterns=["be?", "[x]"]), [], id="a question mark is no wildcard"),
        pytest.param(ContactQuery(patterns=["[x]"]), ["bea"], id="brackets are no wildcard"),
        pytest.param(ContactQuery(names=["ann"], patterns=["b*"]), [], id="all filters must match"),
    ],
)
def test_contacts_match_every_filter(center, query, found):
    assert found == [agent.user_name for agent in find_contacts(center, query)]


@pytest.mark.documented
def test_contact_is_found_by_phone_number(center):
    (ann, *_) = center.agents.values()

    assert [ann] == find_contacts(center, ContactQuery(patterns=[ann.phone_number]))


def test_contact_has_the_id_of_its_agent(center):
    (ann, *_) = center.agents.values()

    assert ann is contact_with_id(center, ann.id)


@pytest.mark.parametrize("unknown", ["zoe", "", "id-of-ann/"])
def test_unknown_contact_is_not_found(center, unknown):
    with pytest.raises(TargetNotFound, match="id: must be the ID of a contact, got "):
        contact_with_id(center, unknown)
