"""The resources of the contact center that a desktop reads before the first chat."""

from urllib.parse import quote

from gws_chat.verify.desk import Desk
from gws_chat.verify.http_client import HttpClient, Response, value_at
from gws_chat.verify.play import Play
from gws_chat.verify.stories.members import known_member_names

CONTACT = {"id": str, "name": str, "type": str, "userName": str, "firstName": str, "lastName": str, "uri": str}

MATCHES = "filterName=NamesOrPhoneNumberMatches&filterParameters="  # the beginning of a filter


def read_resources(play: Play) -> None:
    """Settings, features, contacts and dispositions."""
    desk = play.desks[0]
    states = desk.get("/settings/agent-states")
    play.record_response("settings.response", states)
    found = states.get("settings") if states else None
    if isinstance(found, list):
        play.seen.record("settings.states", [value_at(each, "operationName") for each in found])
        for each in found:
            members = {"displayName": str, "id": str, "operationName": str, "state": str}
            play.seen.record("settings.members", known_member_names(each, members))
        modes = [value_at(each, "workMode") for each in found if value_at(each, "operationName") == "AfterCallWork"]
        if modes:
            play.seen.record("settings.work-mode", modes[0] or "absent")
    _features(play, desk)
    _subresources(play, desk)
    play.seen.record("features.uris", known_member_names(desk.read("/features"), {"uris": list, "features": list}))
    version = desk.get("/diagnostics/version")
    play.record_response("version.response", version)
    play.seen.record("version.members", known_member_names(version.content if version else None, {"version": str}))
    chats = desk.get("/me/chats")
    play.seen.record("chats.uris", known_member_names(chats.content if chats else None, {"uris": list, "chats": list}))
    if chats:
        play.seen.record("responses.cache-control", chats.headers.get("cache-control", "absent"))
    play.record_response("slash.response", desk.get("/me/chats/"))
    play.record_response("slash.start", _get_with_two_slashes(desk))
    play.record_response("unknown-members.query", desk.get("/me/chats?gwsChatVerify=1"))
    if found_dispositions := dispositions(desk):
        play.seen.record("dispositions.name", found_dispositions[0])
    else:
        play.seen.not_reached("dispositions", "the server has no dispositions")
    _contacts(play)


def _get_with_two_slashes(desk: Desk) -> Response | None:
    http = HttpClient(desk.http.base_url, desk.http.timeout)
    http.base_path += "/"
    http.credentials = desk.http.credentials
    return http.try_request("GET", "/me")


def _features(play: Play, desk: Desk) -> None:
    features = desk.get("/features?fields=*")
    play.record_response("features.response", features)
    names = {"id": str, "displayName": str, "description": str, "uri": str, "path": str}
    found = features.get("features") if features else None
    for each in found if isinstance(found, list) else []:
        play.seen.record("features.members", known_member_names(each, names))
    number = value_at(found, 0, "id")
    if isinstance(number, str):
        same = desk.read(f"/features/{quote(number)}", "feature") == value_at(found, 0)
        play.seen.record("features.one", "the same" if same else "otherwise")
    play.record_error("features.unknown", desk.get("/features/gwsChatVerifyUnknown"))


def _subresources(play: Play, desk: Desk) -> None:
    """Record the settings and the devices of the agent, and that the subresource chats is absent without chats."""
    user = desk.read("/me?subresources=*", "user")
    groups = value_at(user, "settings")
    settings = [list(each.values()) for each in groups.values() if isinstance(each, dict)] if groups else []
    play.seen.record("me.settings", "DispositionCode" if ["DispositionCode"] in settings else "otherwise")
    devices = value_at(user, "devices")
    if isinstance(devices, list):
        play.seen.record("me.devices", len(devices))
        play.seen.record("me.do-not-disturb", value_at(devices, 0, "doNotDisturb") or "absent")
    listed = desk.get("/me/chats?fields=*")
    if listed and not listed.get("chats"):
        play.seen.record("me.no-chats", "absent" if value_at(user, "chats") is None else "present")
    else:
        play.seen.not_reached("me.no-chats", "the agent has chats already")


def dispositions(desk: Desk) -> tuple[str, list[str]] | None:
    """Return the name of the business attribute of dispositions, and its values."""
    attributes = desk.read("/internal-api/business-attributes", "businessAttributes")
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
        employee_id = desk.read(f"/contacts/{own[0]['id']}", "contact", "employeeId")
        play.seen.record("contacts.employee-id", "the user name" if employee_id == name else "otherwise")
    for fact_id, query in {
        "contacts.unknown": "name=gwsChatVerifyUnknown",
        "contacts.wildcard": "name=*",
        "contacts.several-names": f"name=gwsChatVerifyUnknown,{quote(name)}",
        "contacts.type": f"name={quote(name)}&type=User",
        "contacts.all-filters": f"name={quote(name)}&type=gwsChatVerifyUnknown",
        "contacts.filter-parameters": f"{MATCHES}{quote(name)},{quote(name.upper())}",
        "contacts.filter-each": f"{MATCHES}{quote(name)},gwsChatVerifyUnknown",
        "contacts.filter-wildcard": f"{MATCHES}{quote(name[:-1])}*",
        "contacts.filter-unknown": f"{MATCHES}gwsChatVerifyUnknown",
    }.items():
        ids = [value_at(each, "id") for each in desk.read(f"/contacts?{query}", "contacts") or []]
        play.seen.record(fact_id, "listed" if desk.user.get("id") in ids else "not listed")
    play.record_error("contacts.unknown-contact", desk.get("/contacts/gwsChatVerifyUnknown"))
    unfiltered = desk.read("/contacts?name=", "contacts")
    play.seen.record("contacts.empty", "ignored" if unfiltered else "applied")
    listed = desk.read(f"/contacts?name={quote(name.upper())}", "contacts")
    play.seen.record("contacts.case", "ignored" if listed else "distinguished")
