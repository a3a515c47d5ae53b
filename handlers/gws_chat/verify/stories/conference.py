"""A conference: messages among agents, Leave, and Leave of the last agent."""

from typing import Any

from gws_chat.verify.chat import Chat
from gws_chat.verify.desk import Desk
from gws_chat.verify.names import HELPER_NICKNAME, NOTE
from gws_chat.verify.play import Play
from gws_chat.verify.stories import contents, transcripts
from gws_chat.verify.stories.alone import complete, leave, require_left_chat
from gws_chat.verify.stories.arrival import accepted_chat, join
from gws_chat.verify.stories.conversation import read_as_customer

AMONG_AGENTS: dict[str, dict[str, Any]] = {
    "SendToAgents": {"text": "Only for agents"},
    "SendStartTypingToAgentsNotification": {},
    "SendStopTypingToAgentsNotification": {},
    "SendCustomNoticeToAgents": {"noticeText": "gwsChatVerify"},
}


def leave_conference(play: Play) -> None:
    """Leave a conference, then leave as the last agent."""
    chat = accepted_chat(play)
    chat.require_helper()
    chat.mark_as_read()
    helper = join(play, chat, "Invite", "invite")
    if chat.customer:
        read_as_customer(play, "invite.transcript", chat)
    _write_among_agents(play, chat)
    if chat.customer and "conference.SendMessage" not in play.seen.reasons:
        read_as_customer(play, "conference.transcript", chat, "To all")
    if chat.customer:
        to = {chat.owner: ["NewMessages"], helper: ["NewMessages"]}
        body = {"operationName": "SendMessage", "text": "Hello, both of you"}
        play.customer_performs("conference.customer", chat, to, body)
        chat.mark_as_read()
    transcripts.compare(play, chat)
    owner, third = chat.owner, _invite_third(play, chat)
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
    contents.record_customer_state(play, "leave.conference.customer", chat)
    if chat.customer:
        read_as_customer(play, "leave.conference.transcript", chat, "Goodbye")
    chat.hand_over()
    if third:
        play.seen.record("leave.conference.invitations", third.state_of(chat.id) or "not listed")
        _transfer_in_conference(play, chat, third)
    leave(play, chat, "leave.last")
    require_left_chat(chat)
    complete_as_last_agent(play, chat)


def _invite_third(play: Play, chat: Chat) -> Desk | None:
    """Invite a third agent, if there is one."""
    third = next((desk for desk in play.desks if desk not in {chat.owner, chat.helper}), None)
    if third is None:
        for beginning in ("leave.conference.invitations", "third", "transfer.conference"):
            play.seen.not_reached(beginning, "needs a third --agent")
        return None
    to = {third: ["StatusChange"]}
    play.perform("invite", chat.owner, chat, "Invite", to, targetUri=str(third.user.get("uri")))
    return third


def _transfer_in_conference(play: Play, chat: Chat, third: Desk) -> None:
    """Let the third agent join, and transfer the chat to the agent who has left while the other agent stays."""
    staying, gone = chat.owner, chat.require_helper()
    to = {
        third: ["StatusChange", "ParticipantsUpdated", "NewMessages"],
        staying: ["ParticipantsUpdated", "NewMessages"],
    }
    step = play.perform("third.accept", third, chat, "Accept", to, nickname=HELPER_NICKNAME)
    contents.record_participants_updated(play, "third.update", chat, step.notification(staying, "ParticipantsUpdated"))
    to = {third: ["StatusChange"], staying: ["ParticipantsUpdated", "NewMessages"], gone: ["StatusChange"]}
    prefix = "transfer.conference"
    step = play.perform(prefix, third, chat, "Transfer", to, targetUri=str(gone.user.get("uri")))
    contents.record_ending(play, prefix, chat, step.notification(third, "StatusChange"))
    update = step.notification(staying, "ParticipantsUpdated")
    contents.record_participants_updated(play, f"{prefix}.update", chat, update)
    contents.record_messages(play, f"{prefix}.departure", chat, step.notification(staying, "NewMessages"))
    contents.record_status(play, f"{prefix}.invited", chat, step.notification(gone, "StatusChange"))
    play.perform(f"{prefix}.reject", gone, chat, "Reject", {gone: ["StatusChange"]})


def _write_among_agents(play: Play, chat: Chat) -> None:
    helper = chat.require_helper()
    for name, parameters in {"SendMessage": {"text": "To all"}, **AMONG_AGENTS}.items():
        prefix = f"conference.{name}"
        to = {chat.owner: ["NewMessages"], helper: ["NewMessages"]}
        if step := contents.try_perform(play, prefix, chat.owner, chat, name, to, **parameters):
            found = contents.record_messages(play, f"{prefix}.message", chat, step.notification(helper, "NewMessages"))
            for member in ("text", "noticeText"):
                if member in parameters:
                    contents.record_text(play, found, parameters[member], member)
    to = {chat.owner: ["PropertiesUpdated"], helper: ["PropertiesUpdated"]}
    prefix, user_data = "conference.AttachUserData", {NOTE: 1}
    contents.try_perform(play, prefix, chat.owner, chat, "AttachUserData", to, userData=user_data)


def complete_as_last_agent(play: Play, chat: Chat) -> None:
    """Complete the chat as the only agent, or the after-call work if the chat is in LeftChat."""
    prefix = "complete.left" if chat.owner.is_in_after_call_work(chat.id) else "complete.alone"
    complete(play, chat, prefix)
    contents.record_listing(play, f"{prefix}.listed", chat.owner, chat)
    if prefix == "complete.alone":
        contents.record_customer_state(play, "complete.alone.customer", chat)
