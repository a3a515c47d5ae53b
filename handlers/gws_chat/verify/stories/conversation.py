"""Messages, typing, user data and the focus in a chat with one agent, for the agent and for the customer."""

from typing import Any

from gws_chat.verify.chat import Chat, NotReached
from gws_chat.verify.customer import Customer
from gws_chat.verify.http_client import value_at
from gws_chat.verify.names import HELPER_NICKNAME, NEW, NOTE, NULL, OWNER_NICKNAME
from gws_chat.verify.play import Play
from gws_chat.verify.stories import contents, customers, transcripts
from gws_chat.verify.stories.members import CHAT_MEMBERS, known_member_names, record_members, record_state, word

OPERATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    # the kind of notification that each causes, and its parameters
    "SendMessage": ("NewMessages", {"text": "Welcome to the café & bistro. How may I help you?"}),
    "SendStartTypingNotification": ("NewMessages", {}),
    "SendStopTypingNotification": ("NewMessages", {}),
    "AttachUserData": ("PropertiesUpdated", {"userData": {NOTE: {"nested": [1, None]}, NULL: None}}),
    "UpdateUserData": ("PropertiesUpdated", {"userData": {NOTE: 2, NEW: 1}}),
    "DeleteUserData": ("PropertiesUpdated", {"keys": [NEW, "gwsChatVerifyUnknown"]}),
    "SetDisposition": ("PropertiesUpdated", {"disposition": "Resolved"}),
    "SetInFocus": ("", {}),
}
MESSAGES = [name for name, (kind, _) in OPERATIONS.items() if kind == "NewMessages"]


def converse(play: Play, chat: Chat) -> None:
    """Perform the operations that need no second agent, then let the customer write and read."""
    owner = chat.owner
    if chat.customer:
        read_as_customer(play, "customer.arrival", chat)
    indexes: dict[str, Any] = {}
    for name, (kind, parameters) in OPERATIONS.items():
        prefix = f"operations.{name}"
        known = owner.capabilities.get(chat.id)
        to = {owner: [kind] if kind else []}
        step = contents.try_perform(play, prefix, owner, chat, name, to, **parameters)
        if step is None:
            continue
        data = step.notification(owner, kind)
        if kind == "NewMessages":
            found = contents.record_messages(play, f"{prefix}.message", chat, data)
            indexes[name] = found[0].get("index") if found else None
            if name == "SendMessage":
                contents.record_text(play, found, parameters["text"])
                if found:
                    unusual = known_member_names(found[0], {"messageType": str, "treatAs": str})
                    play.seen.record("message.defaults", unusual)
        elif kind:
            _record_properties(play, prefix, chat, data, known)
    started, stopped = indexes.get("SendStartTypingNotification"), indexes.get("SendStopTypingNotification")
    if isinstance(started, int) and isinstance(stopped, int):
        play.seen.record("message.typing-index", "the next" if stopped == started + 1 else f"{stopped - started} more")
    if chat.customer:
        _read_messages(play, chat, chat.customer, were_sent=len(indexes) == len(MESSAGES))
    _set_disposition_by_key(play, chat)
    _send_url(play, chat)
    _send_unknown_member(play, chat)
    _read_as_agent(play, chat)
    if chat.customer:
        _converse_as_customer(play, chat, chat.customer)


def _read_messages(play: Play, chat: Chat, customer: Customer, *, were_sent: bool) -> None:
    """Read the messages of the agent as the customer."""
    if were_sent:
        read_as_customer(play, "operations.transcript", chat, OPERATIONS["SendMessage"][1]["text"])
    else:
        play.seen.not_reached("operations.transcript", "not all of the messages could be sent")
        customer.messages()


def _converse_as_customer(play: Play, chat: Chat, customer: Customer) -> None:
    """Write as the customer, and read the messages."""
    _customer_writes(play, chat)
    customer.messages("?index=1")  # marks nothing as received
    read_as_customer(play, "customer.transcript", chat, "Where is my parcel?")
    again = customer.messages()
    if again is not None:
        play.seen.record("customer.again", len(again))
    everything = customer.messages("?index=1") or []
    customers.record_indexes(play, everything)
    if isinstance(last := value_at(everything, -1, "index"), int):
        since = customer.messages(f"?index={last}")
        play.seen.record("customer.index", len(since) if since is not None else "no messages")
    response = customer.perform({"operationName": "Leave"})
    play.record_response("customer.agents-operations", response)
    customers.check_requests(play, chat, customer)


def read_as_customer(play: Play, fact_id: str, chat: Chat, *texts: str) -> None:
    """Record the types of the messages that the customer has not received before, and whether they have the texts."""
    earlier = [*chat.require_customer().received]
    found = chat.require_customer().messages()
    if found is None:
        play.seen.not_reached(fact_id, "the customer's messages could not be read")
        play.seen.record("customer.message.members", "no messages")
        return
    if not all(isinstance(value_at(each, "from"), dict) and "type" in each for each in found):
        play.seen.record("customer.message.members", "messages without type or sender")
        play.seen.not_reached(fact_id, "a message has no type or sender")
        return
    if repeated := [each for each in found if each in earlier]:
        play.seen.record("customer.again", len(repeated))
        found = [each for each in found if each not in earlier]
    kinds = [f"{word(each.get('type'))} from {word(value_at(each, 'from', 'type'))}" for each in found]
    play.seen.record(fact_id, kinds)
    shown = [each.get("text") for each in found if each.get("type") == "Text"]
    if texts and len(shown) == len(texts):
        play.seen.record("customer.message.text", "as sent" if shown == [*texts] else "otherwise")
    for each in found:
        kind = value_at(each, "from", "type")
        names = [OWNER_NICKNAME, HELPER_NICKNAME, *(desk.user.get("userName") for desk in play.all_desks)]
        known: dict[str, list[Any]] = {"Agent": names, "Customer": [chat.require_customer().mark]}
        nicknames = known.get(str(kind), [])
        if isinstance(name := value_at(each, "from", "nickname"), str):
            play.seen.record("customer.message.nickname", "as sent" if name in nicknames else "another")
        members = known_member_names(each, {"index": int, "type": str, "from": dict, "timestamp": str})
        play.seen.record("customer.message.members", members)
        sender_members = known_member_names(each.get("from"), contents.PARTICIPANT_MEMBERS)
        play.seen.record("customer.message.from", sender_members)


def _record_properties(
    play: Play, prefix: str, chat: Chat, data: dict[str, Any] | None, known: list[str] | None
) -> None:
    if data is None:
        play.seen.not_reached(prefix, contents.MISSING)
        return
    content = data.get("chat")
    record_state(play, "properties.state", data)
    contents.record_same_capabilities(play, data, known)
    record_members(play, f"{prefix}.members", data)
    user_data = value_at(content, "userData")
    if isinstance(user_data, dict):
        play.seen.record("properties.user-data", contents.describe_user_data(user_data, chat))
        own = {name: value for name, value in user_data.items() if name in {NOTE, NEW, NULL}}
        if prefix == "operations.SetDisposition":
            default = user_data.get("DispositionCode")
            play.seen.record(f"{prefix}.key", "DispositionCode" if default == "Resolved" else "another key")
        else:
            play.seen.record(f"{prefix}.user-data", own)


def _set_disposition_by_key(play: Play, chat: Chat) -> None:
    """Set a disposition that no list has, by a key of this run."""
    prefix, key = "operations.dispositionKey", "gwsChatVerifyDisposition"
    parameters: dict[str, Any] = {"disposition": "gwsChatVerify", "dispositionKey": key}
    to = {chat.owner: ["PropertiesUpdated"]}
    if step := contents.try_perform(play, prefix, chat.owner, chat, "SetDisposition", to, **parameters):
        data = step.notification(chat.owner, "PropertiesUpdated")
        user_data = value_at(data, "chat", "userData")
        if isinstance(user_data, dict):
            is_set = user_data.get(key) == "gwsChatVerify"
            kept = user_data.get("DispositionCode") != "gwsChatVerify"
            play.seen.record(f"{prefix}.key", "that of the request" if is_set and kept else "another key")


def _send_url(play: Play, chat: Chat) -> None:
    to = {chat.owner: ["NewMessages"]}
    is_listed = "SendUrl" in chat.owner.capabilities.get(chat.id, [])
    try:
        url = "https://example.com/"
        step = play.perform("operations.SendUrl", chat.owner, chat, "SendUrl", to, is_unlisted=True, url=url)
    except NotReached as reason:
        play.seen.not_reached("operations.SendUrl", str(reason) if is_listed else f"{reason}, and not listed")
    else:
        found = contents.record_messages(
            play, "operations.SendUrl.message", chat, step.notification(chat.owner, "NewMessages")
        )
        if found:
            play.seen.record("operations.SendUrl.url", "as sent" if found[0].get("url") == url else "otherwise")
        if chat.customer:
            read_as_customer(play, "operations.SendUrl.transcript", chat)


def _send_unknown_member(play: Play, chat: Chat) -> None:
    to = {chat.owner: ["NewMessages"]}
    extra: dict[str, Any] = {"gwsChatVerifyUnknown": True, "treatAs": None}
    contents.try_perform(play, "unknown-members", chat.owner, chat, "SendMessage", to, text="Again", **extra)


def _read_as_agent(play: Play, chat: Chat) -> None:
    found = chat.owner.read(f"/me/chats/{chat.id}/messages", "messages")
    if not isinstance(found, list):
        play.seen.record("transcript.typing", "no messages")
        return
    types = {value_at(each, "type") for each in found}
    play.seen.record("transcript.typing", "kept" if types & {"TypingStarted", "TypingStopped"} else "not kept")
    transcripts.compare(play, chat)
    by_uri = chat.owner.get(f"/chats/{chat.id}")
    shown = chat.owner.chat(chat.id) or {}
    if by_uri and by_uri.is_success:
        play.seen.record("chat.by-uri-content", "the same" if by_uri.get("chat") == shown else "otherwise")
    if chat.owner.may(chat.id, "SetInFocus"):
        response = chat.owner.post(f"/chats/{chat.id}", {"operationName": "SetInFocus"})
        play.record_response("chat.by-uri-operation", response)
        if response and response.is_http_success:
            chat.owner.count_operation(is_certain=response.is_success)
    else:
        play.seen.not_reached("chat.by-uri-operation", "the server does not list SetInFocus here")
    play.record_response("chat.by-uri", by_uri)
    members = known_member_names(shown, {**CHAT_MEMBERS, "path": str})
    play.seen.record("chat.members", members)
    if chat.customer:
        play.seen.record("chat.user-data", contents.describe_user_data(shown.get("userData"), chat))
    play.seen.record("chat.participants", contents.participant_types(shown.get("participants", [])))
    user = chat.owner.read("/me?subresources=chats,interactions", "user")
    same = value_at(user, "chats") == value_at(user, "interactions")
    play.seen.record("me.interactions", "the same" if same else "otherwise")


def _customer_writes(play: Play, chat: Chat) -> None:
    customer = chat.require_customer()
    shown = customer.chat()
    play.seen.record("customer.chatting.state", shown.get("state", "absent"))
    play.seen.record("customer.chatting.participants", contents.participant_types(shown.get("participants", [])))
    play.seen.record("customer.chatting.capabilities", shown.get("capabilities", "absent"))
    customers.record_chat(play, chat, shown)
    customer.messages()
    operations: dict[str, dict[str, Any]] = {
        "SendMessage": {"text": "Where is my parcel?", "messageType": "Greeting", "treatAs": "System"},
        "SendStartTypingNotification": {},
        "SendStopTypingNotification": {},
    }
    for name, parameters in operations.items():
        prefix, to = f"customer.{name}", {chat.owner: ["NewMessages"]}
        try:
            step = play.customer_performs(prefix, chat, to, {"operationName": name, **parameters})
        except NotReached as reason:
            play.seen.not_reached(prefix, str(reason))
        else:
            found = contents.record_messages(
                play, f"{prefix}.message", chat, step.notification(chat.owner, "NewMessages")
            )
            if found and name == "SendMessage":
                play.seen.record("customer.SendMessage.message-type", found[0].get("messageType", "absent"))
                play.seen.record("customer.SendMessage.treat-as", found[0].get("treatAs", "absent"))
