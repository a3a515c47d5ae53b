"""The arrival of a chat: a customer requests one, or the server routes one to an agent."""

import time
from collections.abc import Iterator
from typing import Any

from gws_chat.verify.chat import NEEDS_CUSTOMER, Chat, NotReached
from gws_chat.verify.consistency import parse_date
from gws_chat.verify.customer import Customer, CustomerAccess
from gws_chat.verify.desk import Desk
from gws_chat.verify.http_client import value_at
from gws_chat.verify.listener import Notification
from gws_chat.verify.names import HELPER_NICKNAME, OWNER_NICKNAME, USER_DATA_KEY
from gws_chat.verify.play import Play
from gws_chat.verify.step import Step
from gws_chat.verify.stories import contents, transcripts

ROUTING_TIMES = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)  # seconds to wait; a chat may have been routed to another agent


def accepted_chat(play: Play, *, needs_customer: bool = False) -> Chat:
    """Return a chat in which one of the agents chats with a customer, alone."""
    chat = invited_chat(play, needs_customer=needs_customer)
    accept(play, chat)
    return chat


def invited_chat(play: Play, *, needs_customer: bool = False) -> Chat:
    """Return a chat to which one of the agents is invited. Raises `NotReached`.

    With `needs_customer` it is never a chat of a customer outside this run.
    """
    if play.customer_access is not None and (chat := _requested_chat(play, play.customer_access)):
        return chat
    if needs_customer:
        raise NotReached(NEEDS_CUSTOMER)
    return _routed_chat(play)


def _requested_chat(play: Play, access: CustomerAccess) -> Chat | None:
    """Request chats until one is routed to the agents. Return None if the server rejects two: it allows none.

    Raises `NotReached` if all were routed to other agents.
    """
    failures = 0
    for seconds in ROUTING_TIMES:
        customer = access.new_customer()
        play.all_customers.append(customer)
        response = customer.request_chat()
        play.record_response("customer.request.response", response)
        if not customer.is_open:
            failures += 1
            if failures > 1:
                play.customer_access = None
                return None
            continue
        found = {name: response.get(name) if response else None for name in ("id", "path")}
        play.seen.record("customer.request.members", [name for name in found if isinstance(found[name], str)])
        if isinstance(path := found["path"], str):
            play.seen.record("customer.request.path", path.replace(str(found["id"]), "{id}"))
        step = Step("invited", "RequestChat", None, None, {}, response=response)
        if chat := wait_for_invited_chat(play, customer, step, seconds):
            return chat
        play.others_get_chats = True
        play.record_response("customer.gives-up.response", customer.perform({"operationName": "Complete"}))
    raise NotReached(f"no requested chat was routed to the agents within {sum(ROUTING_TIMES):.0f} s")


def accept(play: Play, chat: Chat) -> None:
    """Accept the invitation of the owner, and record what follows."""
    owner = chat.owner
    to = {owner: ["StatusChange", "ParticipantsUpdated", "NewMessages"]}
    step = play.perform("accept", owner, chat, "Accept", to, nickname=OWNER_NICKNAME)
    joined = step.notification(owner, "ParticipantsUpdated")
    # the vendor's sample has no user data here, but clients read it
    contents.record_status(play, "accept", chat, step.notification(owner, "StatusChange"), without="userData")
    data = step.notification(owner, "StatusChange")
    if data is not None and isinstance(data.get("chat"), dict):
        people = value_at(data, "chat", "participants")
        play.seen.record(
            "accept.empty-participants", contents.participant_types(people) if people is not None else "absent"
        )
        user_data = value_at(data, "chat", "userData")
        if not isinstance(user_data, dict):
            play.seen.not_reached("accept.user-data", "the notification has no user data")
        elif chat.customer:
            play.seen.record("accept.user-data", _user_data(user_data, chat))
    contents.record_participants_updated(play, "accept.update", chat, joined)
    contents.record_capabilities(play, "Chatting", joined)
    names = [value_at(each, "nickname") for each in value_at(joined, "chat", "participants") or []]
    if names:
        play.seen.record("accept.own-nickname", "as sent" if OWNER_NICKNAME in names else "otherwise")
        if chat.customer:
            shown = "as sent" if chat.customer.mark in names else "otherwise"
            play.seen.record("accept.customer-nickname", shown)
    if chat.customer is None:
        play.seen.not_reached("accept", "the beginning of a chat that was routed is unknown")
        return
    logs = step.notifications(owner, "NewMessages")
    if len(logs) > 1:  # the history may come in several notifications
        logs[0] = {**logs[0], "messages": [each for log in logs for each in log.get("messages") or []]}
    history = contents.record_messages(play, "accept.history", chat, logs[0] if logs else None)
    if history:
        indexes = [each.get("index") for each in history]
        play.seen.record("message.index", "from 1" if indexes == [*range(1, len(indexes) + 1)] else "otherwise")


def join(play: Play, chat: Chat, operation: str, prefix: str) -> Desk:
    """Let the owner invite the helper by Invite or Consult, and the helper accept. Return the helper."""
    (helper, reference), owner = invite(play, chat, operation, prefix), chat.owner
    to = {helper: ["StatusChange", "ParticipantsUpdated", "NewMessages"], owner: ["ParticipantsUpdated", "NewMessages"]}
    step = play.perform(f"{prefix}.accept", helper, chat, "Accept", to, nickname=HELPER_NICKNAME)
    data = step.notification(helper, "StatusChange")
    contents.record_status(play, f"{prefix}.accept", chat, data, without="userData")
    transcripts.compare_history(play, f"{prefix}.history", helper, chat, step.notification(helper, "NewMessages"))
    contents.record_participants_updated(
        play, f"{prefix}.update", chat, step.notification(owner, "ParticipantsUpdated")
    )
    if (
        reference is not None
        and (update := step.notification(owner, "ParticipantsUpdated"))
        and isinstance(update.get("referenceId"), int)
    ):
        play.seen.record(f"{prefix}.update.reference", _compare(update["referenceId"], reference))
    contents.record_messages(play, f"{prefix}.joined", chat, step.notification(owner, "NewMessages"))
    contents.record_capabilities(play, "ChattingWithAgents", step.notification(owner, "ParticipantsUpdated"))
    role = "ChattingAsConsultant" if operation == "Consult" else "ChattingWithAgents"
    contents.record_capabilities(play, role, step.notification(helper, "ParticipantsUpdated"))
    return helper


def invite(play: Play, chat: Chat, operation: str, prefix: str) -> tuple[Desk, Any]:
    """Let the owner invite the helper. Return the helper, and the `referenceId` of the response."""
    helper = chat.require_helper()
    uri = helper.user.get("uri")
    if not isinstance(uri, str):
        raise NotReached("GET /api/v2/me has no uri, which is the target of invitations")
    step = play.perform(prefix, chat.owner, chat, operation, {helper: ["StatusChange"]}, targetUri=uri)
    reference = step.response.get("referenceId") if step.response else None
    play.seen.record(f"{prefix}.reference", "in the response" if isinstance(reference, int) else "absent")
    if not isinstance(reference, int):
        for fact_id in (f"{prefix}.update.reference", "reject.error-reference"):
            play.seen.not_reached(fact_id, "the response has no referenceId")
    data = step.notification(helper, "StatusChange")
    contents.record_status(play, f"{prefix}.invited", chat, data)
    contents.record_capabilities(play, "Invited", data)
    return helper, reference


def _compare(found: Any, expected: Any) -> str:
    return "the same" if found == expected else "another"


def wait_for_invited_chat(play: Play, customer: Customer, request: Step, seconds: float) -> Chat | None:
    """Wait for the invitation to the chat of the customer, and add the chat. If it was lost, find the chat by REST."""
    known: dict[str | None, bool] = {each.id: False for each in play.chats}

    def is_requested(desk: Desk, each: Notification) -> bool:
        if each.chat_id is not None and each.chat_id not in known:
            is_marked = _is_of(customer, value_at(each.data, "chat"))
            known[each.chat_id] = is_marked or _is_of(customer, desk.chat(each.chat_id))
        return known.get(each.chat_id, False)

    if found := play.wait_for(is_requested, seconds):
        return _add_invited_chat(play, found[0], str(found[1].chat_id), customer, request)
    for desk in play.desks:
        for each in _invitations(desk):
            if _is_of(customer, each):
                request.has_timed_out = True
                return _add_invited_chat(play, desk, each["id"], customer, request)
    return None


def _routed_chat(play: Play) -> Chat:
    """Wait for a chat of any customer that is routed to one of the agents. Raises `NotReached`.

    An invitation that came before is not accepted, because nobody was warned that it would be.
    """
    if play.options.routed_chat_timeout <= 0 or play.has_given_up:
        raise NotReached("no chat was routed to the agents")
    play.all_desks[0].require_server()
    seconds = play.options.routed_chat_timeout
    names = " or ".join(each.name for each in play.desks)
    started_at, known = time.monotonic(), {each.id for each in play.chats}
    play.report_progress(
        f"  accepts and ends the next chat that is routed to {names}, from any customer (waits {seconds:g} s)"
    )

    def is_new(_: Desk, each: Notification) -> bool:
        is_invitation = value_at(each.data, "chat", "state") == "Invited" and each.received_at >= started_at
        return is_invitation and each.chat_id is not None and each.chat_id not in known

    if found := play.wait_for(is_new, seconds):
        return _add_invited_chat(
            play, found[0], str(found[1].chat_id), None, Step("invited", "routing", None, None, {})
        )
    play.has_given_up = True
    raise NotReached(f"no chat was routed to {names} within {seconds:g} s")


def _add_invited_chat(play: Play, desk: Desk, chat_id: str, customer: Customer | None, step: Step) -> Chat:
    chat = play.new_chat(chat_id, desk, customer)
    step.chat_id, step.expected = chat_id, {desk: ["StatusChange"]}
    play.add_step(step)
    play.settle()
    data = step.notification(desk, "StatusChange")
    contents.record_status(play, "invited", chat, data)
    contents.record_capabilities(play, "Invited", data)
    if isinstance(received := value_at(data, "chat", "receivedDate"), str):
        play.seen.record("invited.received-date", "ISO 8601" if parse_date(received) else "another form")
    if data is None:
        play.seen.not_reached("invited", contents.MISSING)
    elif customer:
        user_data = value_at(data, "chat", "userData")
        play.seen.record("invited.user-data", _user_data(user_data, chat))
        play.seen.record("invited.subject", "Subject" if value_at(user_data, "Subject") == customer.mark else "absent")
    return chat


def _user_data(found: Any, chat: Chat) -> str:
    if not isinstance(found, dict) or chat.customer is None:
        return "absent"
    return "that of the request" if found.get(USER_DATA_KEY) == chat.customer.mark else "without that of the request"


def _invitations(desk: Desk) -> Iterator[dict[str, Any]]:
    chats = desk.read("/me/chats?fields=*", "chats")
    for each in chats if isinstance(chats, list) else []:
        if isinstance(each, dict) and isinstance(each.get("id"), str) and each.get("state") == "Invited":
            yield each


def _is_of(customer: Customer, chat: Any) -> bool:
    """Return whether the chat is that of the customer: by its user data, or by the nickname of a participant."""
    if value_at(chat, "userData", USER_DATA_KEY) == customer.mark:
        return True
    people = value_at(chat, "participants")
    return isinstance(people, list) and customer.mark in [value_at(each, "nickname") for each in people]
