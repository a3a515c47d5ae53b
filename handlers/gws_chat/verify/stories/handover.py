"""Remove an agent, Transfer and Complete, each without and with a last message."""

from typing import Any

from gws_chat.verify.chat import Chat, NotReached
from gws_chat.verify.http_client import value_at
from gws_chat.verify.names import OWNER_NICKNAME
from gws_chat.verify.play import Play
from gws_chat.verify.stories import contents
from gws_chat.verify.stories.arrival import accepted_chat, join
from gws_chat.verify.stories.conference import complete_as_last_agent
from gws_chat.verify.stories.conversation import read_as_customer
from gws_chat.verify.stories.errors import UNKNOWN_USER

REMOVED = "REMOVE_PARTICIPANT_FROM_CONFERENCE"  # the beginning of the text of a Notice


def remove_and_complete(play: Play) -> None:
    """Remove the other agent twice, complete the chat while the other agent stays, and transfer it to and fro."""
    chat = accepted_chat(play)
    chat.require_helper()
    helper = join(play, chat, "Invite", "invite")
    owner = chat.owner
    play.expect_rejection_although_listed(
        "errors.remove-unknown", owner, chat, "RemoveParticipantFromConference", targetPath=f"/users/{UNKNOWN_USER}"
    )
    try:
        _remove(play, chat, "remove", targetUri=str(helper.user.get("uri")))
        join(play, chat, "Invite", "invite")
        chat.mark_as_read()
        _remove(play, chat, "remove.text", targetPath=str(helper.user.get("path")), text="Thank you")
        join(play, chat, "Invite", "invite")
    except NotReached as reason:
        play.seen.not_reached("remove", str(reason))
    to = {owner: ["StatusChange"], helper: ["ParticipantsUpdated", "NewMessages"]}
    step = play.perform("complete.conference", owner, chat, "Complete", to)
    contents.record_ending(play, "complete.conference", chat, step.notification(owner, "StatusChange"))
    contents.record_customer_state(play, "complete.conference.customer", chat)
    chat.hand_over()
    try:
        _transfer(play, chat)
        _transfer_with_text(play, chat)
    except NotReached as reason:
        for beginning in ("transfer", "accept.nickname"):
            play.seen.not_reached(beginning, str(reason))
    try:
        _complete_with_text(play, chat)
    except NotReached as reason:
        play.seen.not_reached("complete.text", str(reason))
        complete_as_last_agent(play, chat)


def _remove(play: Play, chat: Chat, prefix: str, **parameters: Any) -> None:
    """Remove the helper, with a last message or without."""
    helper, owner = chat.require_helper(), chat.owner
    texts = ["NewMessages"] if "text" in parameters else []
    to = {
        owner: [*texts, "ParticipantsUpdated", "NewMessages", "NewMessages"],
        helper: [*texts, "NewMessages", "StatusChange"],
    }
    step = play.perform(prefix, owner, chat, "RemoveParticipantFromConference", to, **parameters)
    contents.record_ending(play, prefix, chat, step.notification(helper, "StatusChange"))
    update = step.notification(owner, "ParticipantsUpdated")
    contents.record_participants_updated(play, f"{prefix}.update", chat, update)
    if chat.customer and isinstance(user_data := value_at(update, "chat", "userData"), dict):
        play.seen.record("remove.user-data", contents.describe_user_data(user_data, chat))
    received, own = step.notifications(helper, "NewMessages"), step.notifications(owner, "NewMessages")
    is_complete = (len(received), len(own)) == (len(texts) + 1, len(texts) + 2)
    if is_complete:
        notice = contents.record_messages(play, "remove.notice", chat, received[-1])
        text = str(value_at(notice, 0, "text")).replace(str(helper.user.get("id")), "{id}")
        play.seen.record("remove.notice-text", text if text == REMOVED + "{id}" else "another")
        contents.record_messages(play, "remove.own-notice", chat, own[-2])
        contents.record_messages(play, "remove.departure", chat, own[-1])
    if texts:
        data = received[0] if is_complete else None
        _last_message(play, chat, prefix, data, str(parameters["text"]))
    contents.require_gone(helper, chat)


def _last_message(play: Play, chat: Chat, prefix: str, data: dict[str, Any] | None, text: str) -> list[dict[str, Any]]:
    """Record the last message as an agent receives it, and as the customer reads it. Return the messages in `data`."""
    found = contents.record_messages(play, f"{prefix}.message", chat, data)
    contents.record_text(play, found, text)
    if chat.customer:
        read_as_customer(play, f"{prefix}.transcript", chat, text)
    return found


def _transfer(play: Play, chat: Chat) -> None:
    """Transfer the chat to the agent who left it, and let that agent accept."""
    helper, owner = chat.require_helper(), chat.owner
    contents.require_gone(helper, chat)
    to = {owner: ["StatusChange"], helper: ["StatusChange"]}
    step = play.perform("transfer", owner, chat, "Transfer", to, targetUri=str(helper.user.get("uri")))
    contents.record_ending(play, "transfer", chat, step.notification(owner, "StatusChange"))
    contents.record_status(play, "transfer.invited", chat, step.notification(helper, "StatusChange"))
    contents.record_customer_state(play, "transfer.customer", chat)
    chat.hand_over()
    update = _accept(play, chat)
    people = value_at(update, "chat", "participants")
    own = (
        [value_at(each, "nickname") for each in people if value_at(each, "type") == "Agent"]
        if isinstance(people, list)
        else []
    )
    if own:
        is_user_name = own == [chat.owner.user.get("userName")]
        play.seen.record("accept.nickname", "the user name" if is_user_name else "another name")


def _accept(play: Play, chat: Chat, **parameters: Any) -> dict[str, Any] | None:
    """Accept the chat that was transferred to the owner. Return the `ParticipantsUpdated`."""
    owner = chat.owner
    to = {owner: ["StatusChange", "ParticipantsUpdated", "NewMessages"]}
    step = play.perform("transfer.accept", owner, chat, "Accept", to, **parameters)
    data = step.notification(owner, "StatusChange")
    contents.record_status(play, "transfer.accept", chat, data, without="userData")
    update = step.notification(owner, "ParticipantsUpdated")
    contents.record_participants_updated(play, "transfer.update", chat, update)
    return update


def _transfer_with_text(play: Play, chat: Chat) -> None:
    """Transfer the chat back by the path of the target, with a last message."""
    helper, owner = chat.require_helper(), chat.owner
    contents.require_gone(helper, chat)
    chat.mark_as_read()
    to = {owner: ["NewMessages", "StatusChange"], helper: ["StatusChange"]}
    path, text = str(helper.user.get("path")), "My colleague takes over"
    defaults: dict[str, Any] = {"messageType": "Text", "treatAs": "Normal"}
    step = play.perform("transfer.text", owner, chat, "Transfer", to, targetPath=path, text=text, **defaults)
    contents.record_ending(play, "transfer.text", chat, step.notification(owner, "StatusChange"))
    found = _last_message(play, chat, "transfer.text", step.notification(owner, "NewMessages"), text)
    if found:
        play.seen.record("message.explicit-defaults", [name for name in defaults if name in found[0]])
    chat.hand_over()
    _accept(play, chat, nickname=OWNER_NICKNAME)


def _complete_with_text(play: Play, chat: Chat) -> None:
    """Complete the chat as the only agent, with a last message."""
    owner, text = chat.owner, "Goodbye"
    chat.mark_as_read()
    step = play.perform("complete.text", owner, chat, "Complete", {owner: ["NewMessages", "StatusChange"]}, text=text)
    contents.record_ending(play, "complete.text", chat, step.notification(owner, "StatusChange"))
    _last_message(play, chat, "complete.text", step.notification(owner, "NewMessages"), text)
    contents.record_customer_state(play, "complete.text.customer", chat)
    contents.record_listing(play, "complete.text.listed", owner, chat)
