"""Read the parameters of operations from bodies and queries that match openapi.yaml.

Defaults are applied here. Optional members that the client left out are missing in the body.
"""

from collections.abc import Mapping
from typing import Any

from gws_chat.api.serialization import JsonObject
from gws_chat.domain.chat import Target
from gws_chat.domain.contacts import ContactQuery
from gws_chat.domain.transcript import MessageText, TreatAs


def text(body: JsonObject) -> MessageText:
    return MessageText(body["text"], body.get("messageType", "Text"), TreatAs(body.get("treatAs", "Normal")))


def farewell(body: JsonObject) -> MessageText | None:
    """Read `text`, `messageType` and `treatAs`. Without `text` all three are absent."""
    return text(body) if "text" in body else None


def notice(body: JsonObject) -> MessageText:
    return MessageText(body["noticeText"])


def url(body: JsonObject) -> MessageText:
    return MessageText(body["url"])


def nickname(body: JsonObject) -> str | None:
    return body.get("nickname")


def target(body: JsonObject) -> Target:
    """Read the agent or queue from `targetUri`, `targetPath` or `queueName`."""
    if "queueName" in body:
        return Target(queue=body["queueName"])
    return Target(path=target_path(body))


def queue(body: JsonObject) -> str | None:
    return body.get("queueName")


def disposition(body: JsonObject) -> dict[str, Any]:
    """Read the disposition as the user data that stores it."""
    return {body.get("dispositionKey", "DispositionCode"): body["disposition"]}


def channels(body: JsonObject) -> list[str]:
    """Read the channels of a contact-center session. The default is chat (assumed)."""
    return list(body.get("channels", ["chat"]))


def customers_user_data(body: JsonObject) -> dict[str, Any]:
    """Read the user data of RequestChat. The subject is stored as the user data `Subject` (assumed)."""
    subject = {"Subject": body["subject"]} if "subject" in body else {}
    return {**body.get("userData", {}), **subject}


def contact_query(query: Mapping[str, str]) -> ContactQuery:
    """Read the filters of contacts. `filterParameters` separates its arguments by commas (assumed)."""
    has_patterns = query.get("filterName") == "NamesOrPhoneNumberMatches"
    patterns = _values(query, "filterParameters") if has_patterns else []
    return ContactQuery(_values(query, "type"), _values(query, "name"), patterns)


def _values(query: Mapping[str, str], name: str) -> list[str]:
    """Return the values of a parameter that are separated by commas. Empty ones are left out."""
    return [each for each in query.get(name, "").split(",") if each]


def target_path(body: JsonObject) -> str:
    """Return the last two segments of the URI or path, `/users/{id}`. Host and prefix do not matter."""
    uri = str(body.get("targetPath", body.get("targetUri")))
    path = "/" + "/".join(uri.rstrip("/").split("/")[-2:])
    return path.replace("/contacts/", "/users/")  # a contact has the ID of its agent
