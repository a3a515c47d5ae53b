"""Requests of customers, and requests with the credentials of the wrong side."""

from typing import Any
from uuid import uuid4

from gws_chat.verify.chat import Chat
from gws_chat.verify.customer import Customer
from gws_chat.verify.http_client import value_at
from gws_chat.verify.names import OWNER_NICKNAME
from gws_chat.verify.play import Play
from gws_chat.verify.stories import contents
from gws_chat.verify.stories.members import known_member_names

CHAT_MEMBERS = {"id": str, "state": str, "capabilities": list, "participants": list}


def check_requests(play: Play, chat: Chat, customer: Customer) -> None:
    """Send requests that read only, and those that should be rejected."""
    path = customer.path
    for name, (asked, headers) in {
        "contact-center-id": (path, {"ContactCenterId": "gwsChatVerify"}),
        "no-contact-center": (path, {}),
        "unknown-chat": (f"/chats/{uuid4()}", customer.identity),
        "id-of-agents": (f"/chats/{chat.id}", customer.identity),
    }.items():
        response = customer.http.try_request("GET", asked, headers=headers, is_anonymous=True)
        play.record_error(f"customer.{name}", response)
    if customer.http.base_url == chat.owner.http.base_url:  # otherwise another server would read the password
        found = chat.owner.http.try_request("GET", f"{path}/messages", headers=customer.identity)
        play.record_error("customer.authorization", found)
    else:
        play.seen.not_reached("customer.authorization", "customers use another URL")
    play.record_error("customer.id-for-agents", chat.owner.get(f"/me{path}"))
    for fact_id, parameters in (("text", {}), ("checked", {"text": "Hello", "treatAs": "Loud"})):
        response = customer.perform({"operationName": "SendMessage", **parameters})
        play.record_error(f"customer.SendMessage.{fact_id}", response)
    headers = {**customer.identity, "Content-Type": ""}
    response = customer.http.try_request(
        "POST", f"/chats/{uuid4()}", b'{"operationName": "Complete"}', headers=headers, is_anonymous=True
    )
    play.record_error("customer.no-media-type", response)


def record_chat(play: Play, chat: Chat, shown: dict[str, Any]) -> None:
    """Record the members of the chat that the customer sees, and of its participants."""
    play.seen.record("customer.chat.members", known_member_names(shown, CHAT_MEMBERS))
    people = shown.get("participants")
    if isinstance(people, list):
        names = [value_at(each, "nickname") for each in people]
        # another fact says whether Accept ignores the nickname
        expected = [[chat.require_customer().mark, name] for name in (OWNER_NICKNAME, chat.owner.user.get("userName"))]
        play.seen.record("customer.chat.nicknames", "as sent" if names in expected else "otherwise")
        for each in people:
            found = known_member_names(each, contents.PARTICIPANT_MEMBERS)
            play.seen.record("customer.chat.participant", found)


def record_indexes(play: Play, messages: list[dict[str, Any]]) -> None:
    """Record whether the messages that a customer reads are numbered without gaps."""
    indexes = [each.get("index") for each in messages]
    is_complete = indexes == [*range(1, len(indexes) + 1)]
    play.seen.record("customer.index-gaps", "from 1 without gaps" if is_complete else "otherwise")
