"""The resources of the contact center that a desktop reads before the first chat."""

from urllib.parse import quote

from gws_chat.verify.desk import Desk
from gws_chat.verify.http_client import value_at
from gws_chat.verify.play import Play
from gws_chat.verify.stories.contents import known_member_names

CONTACT = {"id": str, "name": str, "type": str, "userName": str, "firstName": str, "lastName": str, "uri": str}


def read_resources(play: Play) -> None:
    """Settings, features, contacts and dispositions."""
    desk = play.desks[0]
    states = desk.get("/settings/agent-states")
    play.record_response("settings.response", states)
    found = states.get("settings") if states else None
    if isinstance(found, list):
        play.seen.record("settings.states", [value_at(each, "operationName") for each in found])
    features = desk.get("/features?fields=*")
    play.record_response("features.response", features)
    uris = desk.get("/features")
    play.seen.record(
        "features.uris", known_member_names(uris.content if uris else None, {"uris": list, "features": list})
    )
    version = desk.get("/diagnostics/version")
    play.record_response("version.response", version)
    chats = desk.get("/me/chats")
    play.seen.record("chats.uris", known_member_names(chats.content if chats else None, {"uris": list, "chats": list}))
    play.record_response("slash.response", desk.get("/me/chats/"))
    play.record_response("unknown-members.query", desk.get("/me/chats?gwsChatVerify=1"))
    if found_dispositions := dispositions(desk):
        play.seen.record("dispositions.name", found_dispositions[0])
    else:
        play.seen.not_reached("dispositions", "the server has no dispositions")
    _contacts(play)


def dispositions(desk: Desk) -> tuple[str, list[str]] | None:
    """Return the name of the business attribute of dispositions, and its values."""
    response = desk.get("/internal-api/business-attributes")
    attributes = response.get("businessAttributes") if response else None
    for each in attributes if isinstance(attributes, list) else []:
        name, values = value_at(each, "name"), value_at(each, "values")
        if isinstance(name, str) and "disposition" in name.lower() and isinstance(values, list):
            return name, [value["name"] for value in values if isinstance(value_at(value, "name"), str)]
    return None


def _contacts(play: Play) -> None:
    desk = play.desks[0]
    name = desk.user.get("userName")
    if not isinstance(name, str):
        play.seen.not_reached("contacts", "GET /api/v2/me has no userName")
        return
    response = desk.get(f"/contacts?name={quote(name)}")
    play.record_response("contacts.response", response)
    found = response.get("contacts") if response else None
    own = [each for each in found if value_at(each, "id") == desk.user.get("id")] if isinstance(found, list) else []
    play.seen.record("contacts.agents", "listed" if own else "not listed")
    if own:
        play.seen.record("contacts.members", known_member_names(own[0], CONTACT))
        one = desk.get(f"/contacts/{own[0]['id']}")
        play.seen.record(
            "contacts.employee-id",
            "the user name" if value_at(one and one.content, "contact", "employeeId") == name else "otherwise",
        )
    empty = desk.get("/contacts?name=")
    unfiltered = empty.get("contacts") if empty else None
    play.seen.record("contacts.empty", "nothing" if unfiltered else "everything")
    upper = desk.get(f"/contacts?name={quote(name.upper())}")
    listed = upper.get("contacts") if upper else None
    play.seen.record("contacts.case", "ignored" if listed else "distinguished")
