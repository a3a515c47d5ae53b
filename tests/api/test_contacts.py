"""`/api/v2/contacts` finds agents, whose addresses are targets of operations."""

import pytest

CONTACTS = "/api/v2/contacts"
ALONE = "0071023821aec011"
ALL = ["agent1", "agent2", "agent3", "voiceonly"]


@pytest.mark.documented
@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("", ALL, id="all"),
        pytest.param("?name=agent2,voiceonly", ["agent2", "voiceonly"], id="names"),
        pytest.param("?type=Queue", [], id="type"),
        pytest.param("?name=&type=,", ALL, id="empty"),
        pytest.param("?name=AGENT2,", ["agent2"], id="empty name"),
        pytest.param("?filterName=NamesOrPhoneNumberMatches&filterParameters=", ALL, id="empty patterns"),
        pytest.param("?filterName=NamesOrPhoneNumberMatches&filterParameters=AG*,*2", ["agent2"], id="patterns"),
        pytest.param("?filterName=NamesOrPhoneNumberMatches", ALL, id="no patterns"),
        pytest.param("?filterName=Others&filterParameters=agent2", ALL, id="unknown filter"),
    ],
)
async def test_filters_select_contacts(agent, query, found):
    response = await agent("agent1").get(CONTACTS + query)

    assert (len(found), found) == (response["totalCount"], [contact["name"] for contact in response["contacts"]])


@pytest.mark.assumed("invite.other-host.response")
@pytest.mark.parametrize(("parameter", "member"), [("targetUri", "uri"), ("targetPath", "path")])
async def test_contact_is_a_target(agent, parameter, member):
    (contact,) = (await agent("agent1").get(f"{CONTACTS}?name=agent2"))["contacts"]

    response = await agent("agent1").perform(ALONE, {"operationName": "Invite", parameter: contact[member]})

    assert 200 == response.status_code
    assert ALONE in [chat["id"] for chat in (await agent("agent2").get("/api/v2/me/chats?fields=*"))["chats"]]
