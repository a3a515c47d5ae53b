"""Leave as the only agent, and the after-call work."""

from typing import Any

from gws_chat.verify.chat import Chat, NotReached
from gws_chat.verify.http_client import value_at
from gws_chat.verify.names import NOTE
from gws_chat.verify.play import Play
from gws_chat.verify.stories import contents
from gws_chat.verify.stories.arrival import accepted_chat
from gws_chat.verify.stories.conversation import converse, read_as_customer
from gws_chat.verify.stories.members import record_members, record_state


def leave_alone(play: Play) -> None:
    """Messages, Leave without text, a second Leave, the after-call work and Complete."""
    chat = accepted_chat(play)
    converse(play, chat)
    _focus_by_the_other_name(play, chat)
    leave(play, chat, "leave.alone")
    contents.record_listing(play, "leave.alone.listed", chat.owner, chat)
    if chat.customer:
        check_ended_customer_session(play, chat)
    require_left_chat(chat)
    leave_again(play, chat)
    after_call_work(play, chat)
    complete_after_call_work(play, chat)


def leave_with_text(play: Play) -> None:
    """Leave with a farewell, which the customer reads."""
    chat = accepted_chat(play)
    chat.mark_as_read()
    to = {chat.owner: ["NewMessages", "StatusChange"]}
    text: dict[str, Any] = {"text": "Goodbye", "messageType": "Farewell", "treatAs": "System"}
    step = play.perform("leave.text", chat.owner, chat, "Leave", to, **text)
    contents.record_status(play, "leave.text", chat, step.notification(chat.owner, "StatusChange"))
    found = contents.record_messages(play, "leave.text.message", chat, step.notification(chat.owner, "NewMessages"))
    if found:
        contents.record_text(play, found, "Goodbye")
        play.seen.record("message.message-type", found[0].get("messageType", "absent"))
        play.seen.record("message.treat-as", found[0].get("treatAs", "absent"))
    if chat.customer:
        read_as_customer(play, "leave.text.transcript", chat, "Goodbye")
    require_left_chat(chat)
    try:
        _transfer(play, chat)
    except NotReached as reason:
        play.seen.not_reached("transfer.left", str(reason))
    complete_after_call_work(play, chat)


def _transfer(play: Play, chat: Chat) -> None:
    """Transfer the after-call work to the helper, who becomes the owner."""
    owner, helper = chat.owner, chat.require_helper()
    to = {owner: ["StatusChange"], helper: ["StatusChange"]}
    step = play.perform("transfer.left", owner, chat, "Transfer", to, targetUri=str(helper.user.get("uri")))
    contents.record_ending(play, "transfer.left", chat, step.notification(owner, "StatusChange"))
    chat.hand_over()
    step = play.perform("transfer.left.accept", chat.owner, chat, "Accept", {chat.owner: ["StatusChange"]})
    contents.record_status(play, "transfer.left.accept", chat, step.notification(chat.owner, "StatusChange"))


def _focus_by_the_other_name(play: Play, chat: Chat) -> None:
    """If the server lists only one of SetInFocus and InFocus, perform the other one."""
    listed = [name for name in ("SetInFocus", "InFocus") if chat.owner.may(chat.id, name)]
    if len(listed) != 1:
        play.seen.not_reached("operations.focus", "the server lists both SetInFocus and InFocus, or neither")
        return
    other = "InFocus" if listed == ["SetInFocus"] else "SetInFocus"
    contents.try_perform(play, "operations.focus", chat.owner, chat, other, is_unlisted=True)


def leave(play: Play, chat: Chat, prefix: str) -> None:
    """Leave as the only agent, and record the notification."""
    step = play.perform(prefix, chat.owner, chat, "Leave", {chat.owner: ["StatusChange"]})
    data = step.notification(chat.owner, "StatusChange")
    contents.record_status(play, prefix, chat, data)
    contents.record_capabilities(play, "LeftChat", data)


def check_ended_customer_session(play: Play, chat: Chat) -> None:
    """Record the chat that the customer sees after the end of the session, and the rejection of a further message."""
    shown = chat.require_customer().chat()
    play.seen.record("leave.alone.customer", shown.get("state", "absent"))
    if shown.get("state") == "Idle":
        play.seen.record("customer.ended.participants", contents.participant_types(shown.get("participants", [])))
        play.seen.record("customer.ended.capabilities", shown.get("capabilities", "absent"))
        response = chat.require_customer().perform({"operationName": "SendMessage", "text": "Hello?"})
        play.record_response("customer.ended.rejects", response)


def require_left_chat(chat: Chat) -> None:
    """Raise `NotReached` unless the chat is in after-call work."""
    if not chat.owner.is_in_after_call_work(chat.id):
        raise NotReached("the chat is not in LeftChat after Leave")


def leave_again(play: Play, chat: Chat) -> None:
    to = {chat.owner: ["StatusChange"]}
    if step := contents.try_perform(play, "leave.again", chat.owner, chat, "Leave", to):
        contents.record_status(play, "leave.again", chat, step.notification(chat.owner, "StatusChange"))
        contents.record_capabilities(play, "LeftChat", step.notification(chat.owner, "StatusChange"))
    if chat.owner.is_in_after_call_work(chat.id):
        play.expect_rejection("leave.again.text", chat.owner, chat, "Leave", text="Anybody there?")
        require_left_chat(chat)


def after_call_work(play: Play, chat: Chat) -> None:
    """Set user data and the disposition, which the Leave page promises although its sample does not list them."""
    operations: dict[str, dict[str, Any]] = {
        "AttachUserData": {"userData": {NOTE: "a"}},
        "UpdateUserData": {"userData": {NOTE: "b"}},
        "DeleteUserData": {"keys": [NOTE]},
        "SetDisposition": {"disposition": "Resolved"},
    }
    for name, parameters in operations.items():
        prefix = f"after-call-work.{name}"
        # a notification of Leave may be late
        known = chat.owner.capabilities.get(chat.id) if chat.owner.states.get(chat.id) == "LeftChat" else None
        to = {chat.owner: ["PropertiesUpdated"]}
        step = contents.try_perform(play, prefix, chat.owner, chat, name, to, is_unlisted=True, **parameters)
        if step and (data := step.notification(chat.owner, "PropertiesUpdated")):
            record_state(play, "after-call-work.state", data)
            contents.record_same_capabilities(play, data, known)
            _record_change(play, data, name)
    contents.try_perform(play, "operations.InFocus", chat.owner, chat, "InFocus")


def _record_change(play: Play, data: dict[str, Any], operation: str) -> None:
    """Record the members of a `PropertiesUpdated` in LeftChat, and whether the user data has the change."""
    record_members(play, "after-call-work.members", data)
    user_data = value_at(data, "chat", "userData")
    if isinstance(user_data, dict):
        key, value = {
            "AttachUserData": (NOTE, "a"),
            "UpdateUserData": (NOTE, "b"),
            "DeleteUserData": (NOTE, None),
            "SetDisposition": ("DispositionCode", "Resolved"),
        }[operation]
        play.seen.record("after-call-work.user-data", "changed" if user_data.get(key) == value else "another value")


def complete(play: Play, chat: Chat, prefix: str, **parameters: Any) -> None:
    """Complete the chat as the only agent, and record the notification."""
    step = play.perform(prefix, chat.owner, chat, "Complete", {chat.owner: ["StatusChange"]}, **parameters)
    contents.record_ending(play, prefix, chat, step.notification(chat.owner, "StatusChange"))


def complete_after_call_work(play: Play, chat: Chat) -> None:
    complete(play, chat, "complete.left")
    contents.record_listing(play, "complete.left.listed", chat.owner, chat)
    play.expect_rejection("errors.completed-chat", chat.owner, chat, "Leave")
