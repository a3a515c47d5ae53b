"""A conference of two agents: Leave, RemoveParticipantFromConference, Complete and Transfer."""

from typing import Any

from gws_chat.verify.chat import Chat, NotReached
from gws_chat.verify.http_client import value_at
from gws_chat.verify.play import Play
from gws_chat.verify.stories import contents
from gws_chat.verify.stories.alone import leave, require_left_chat
from gws_chat.verify.stories.arrival import accepted_chat, join
from gws_chat.verify.stories.conversation import read_as_customer

AMONG_AGENTS: dict[str, dict[str, Any]] = {
    "SendToAgents": {"text": "Only for agents"},
    "SendStartTypingToAgentsNotification": {},
    "SendStopTypingToAgentsNotification": {},
    "SendCustomNoticeToAgents": {"noticeText": "gwsChatVerify"},
}


def leave_conference(play: Play) -> None:
    """Leave a conference, then leave alone since the other agent left."""
    chat = accepted_chat(play)
    chat.require_helper()
    helper = join(play, chat, "Invite", "invite")
    _write_among_agents(play, chat)
    _mark_as_read(chat)
    owner = chat.owner
    to = {owner: ["NewMessages", "StatusChange"], helper: ["NewMessages", "ParticipantsUpdated", "NewMessages"]}
    step = play.perform("leave.conference", owner, chat, "Leave", to, text="Goodbye")
    contents.record_ending(play, "leave.conference", chat, step.notification(owner, "StatusChange"))
    contents.record_participants_updated(
        play, "leave.conference.update", chat, step.notification(helper, "ParticipantsUpdated")
    )
    contents.record_capabilities(play, "Chatting", step.notification(helper, "ParticipantsUpdated"))
    logs = step.notifications(helper, "NewMessages")
    contents.record_messages(play, "leave.conference.farewell", chat, logs[0] if len(logs) > 1 else None)
    contents.record_messages(play, "leave.conference.departure", chat, logs[-1] if len(logs) > 1 else None)
    contents.record_listing(play, "leave.conference.listed", owner, chat)
    if chat.customer:
        play.seen.record("leave.conference.customer", chat.customer.chat().get("state", "absent"))
        read_as_customer(play, "leave.conference.transcript", chat, "Goodbye")
    chat.hand_over()
    leave(play, chat, "leave.last", helper)
    require_left_chat(chat)
    _complete(play, chat)


def remove_and_complete(play: Play) -> None:
    """Remove the other agent, invite it again, and complete the chat while the other agent stays."""
    chat = accepted_chat(play)
    chat.require_helper()
    helper = join(play, chat, "Invite", "invite")
    owner = chat.owner
    name = "RemoveParticipantFromConference"
    try:
        to = {owner: ["ParticipantsUpdated", "NewMessages", "NewMessages"], helper: ["NewMessages", "StatusChange"]}
        target = str(helper.user.get("uri"))
        step = play.perform("remove", owner, chat, name, to, targetUri=target)
        contents.record_ending(play, "remove", chat, step.notification(helper, "StatusChange"))
        contents.record_participants_updated(
            play, "remove.update", chat, step.notification(owner, "ParticipantsUpdated")
        )
        contents.record_messages(play, "remove.notice", chat, step.notification(helper, "NewMessages"))
        contents.require_gone(helper, chat)
        join(play, chat, "Invite", "invite")
    except NotReached as reason:
        play.seen.not_reached("remove", str(reason))
    to = {owner: ["StatusChange"], helper: ["ParticipantsUpdated", "NewMessages"]}
    step = play.perform("complete.conference", owner, chat, "Complete", to)
    contents.record_ending(play, "complete.conference", chat, step.notification(owner, "StatusChange"))
    if chat.customer:
        play.seen.record("complete.conference.customer", chat.customer.chat().get("state", "absent"))
    chat.hand_over()
    try:
        _transfer(play, chat)
    except NotReached as reason:
        for beginning in ("transfer", "accept.nickname"):
            play.seen.not_reached(beginning, str(reason))
    _complete(play, chat)


def _write_among_agents(play: Play, chat: Chat) -> None:
    helper = chat.require_helper()
    for name, parameters in {"SendMessage": {"text": "To all"}, **AMONG_AGENTS}.items():
        prefix = f"conference.{name}"
        to = {chat.owner: ["NewMessages"], helper: ["NewMessages"]}
        try:
            step = play.perform(prefix, chat.owner, chat, name, to, **parameters)
        except NotReached as reason:
            play.seen.not_reached(prefix, str(reason))
        else:
            found = contents.record_messages(play, f"{prefix}.message", chat, step.notification(helper, "NewMessages"))
            for member in ("text", "noticeText"):
                if member in parameters:
                    contents.record_text(play, found, parameters[member], member)
    to = {chat.owner: ["PropertiesUpdated"], helper: ["PropertiesUpdated"]}
    user_data = {"gwsChatVerifyNote": 1}
    try:
        play.perform("conference.AttachUserData", chat.owner, chat, "AttachUserData", to, userData=user_data)
    except NotReached as reason:
        play.seen.not_reached("conference.AttachUserData", str(reason))


def _transfer(play: Play, chat: Chat) -> None:
    """Transfer the chat to the agent who left it, and let that agent accept."""
    helper, owner = chat.require_helper(), chat.owner
    contents.require_gone(helper, chat)
    to = {owner: ["StatusChange"], helper: ["StatusChange"]}
    step = play.perform("transfer", owner, chat, "Transfer", to, targetUri=str(helper.user.get("uri")))
    contents.record_ending(play, "transfer", chat, step.notification(owner, "StatusChange"))
    contents.record_status(play, "transfer.invited", chat, step.notification(helper, "StatusChange"))
    chat.hand_over()
    to = {helper: ["StatusChange", "ParticipantsUpdated", "NewMessages"]}
    step = play.perform("transfer.accept", helper, chat, "Accept", to)
    data = step.notification(helper, "StatusChange")
    contents.record_status(play, "transfer.accept", chat, data, without="userData")
    contents.record_participants_updated(
        play, "transfer.update", chat, step.notification(helper, "ParticipantsUpdated")
    )
    people = value_at(step.notification(helper, "ParticipantsUpdated"), "chat", "participants")
    own = (
        [value_at(each, "nickname") for each in people if value_at(each, "type") == "Agent"]
        if isinstance(people, list)
        else []
    )
    if own:
        play.seen.record("accept.nickname", "the user name" if own == [helper.user.get("userName")] else "another name")


def _complete(play: Play, chat: Chat) -> None:
    """Complete the chat as the only agent, which also ends the customer's session."""
    prefix = "complete.left" if chat.owner.is_in_after_call_work(chat.id) else "complete.alone"
    step = play.perform(prefix, chat.owner, chat, "Complete", {chat.owner: ["StatusChange"]})
    contents.record_ending(play, prefix, chat, step.notification(chat.owner, "StatusChange"))
    contents.record_listing(play, f"{prefix}.listed", chat.owner, chat)
    if chat.customer and prefix == "complete.alone":
        play.seen.record("complete.alone.customer", chat.customer.chat().get("state", "absent"))


def _mark_as_read(chat: Chat) -> None:
    if chat.customer:
        chat.customer.messages()
