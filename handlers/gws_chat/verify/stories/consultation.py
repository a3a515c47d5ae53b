"""Consultations: Leave as consultant, and as owner while only a consultant stays."""

from gws_chat.verify.chat import Chat
from gws_chat.verify.http_client import value_at
from gws_chat.verify.play import Play
from gws_chat.verify.stories import contents
from gws_chat.verify.stories.arrival import accepted_chat, join
from gws_chat.verify.stories.conference import complete_as_last_agent
from gws_chat.verify.stories.conversation import read_as_customer


def leave_consultation(play: Play) -> None:
    """The consultant leaves, is consulted again, and then the owner leaves."""
    chat = accepted_chat(play)
    chat.require_helper()
    chat.mark_as_read()
    join(play, chat, "Consult", "consult")
    _consultant_writes(play, chat)
    _consultant_leaves(play, chat)
    if chat.customer:
        shown = chat.customer.chat()
        play.seen.record("consult.customer", contents.participant_types(shown.get("participants", [])))
        read_as_customer(play, "consult.transcript", chat)
    contents.require_gone(chat.require_helper(), chat)
    join(play, chat, "Consult", "consult")
    _owner_leaves(play, chat)
    complete_as_last_agent(play, chat)


def _consultant_writes(play: Play, chat: Chat) -> None:
    helper, prefix = chat.require_helper(), "consult.SendToAgents"
    to = {chat.owner: ["NewMessages"], helper: ["NewMessages"]}
    if step := contents.try_perform(play, prefix, helper, chat, "SendToAgents", to, text="Offer a refund"):
        contents.record_messages(play, f"{prefix}.message", chat, step.notification(chat.owner, "NewMessages"))
    contents.try_perform(play, "consult.owner", chat.owner, chat, "SendMessage", to, text="One moment, please")
    chat.mark_as_read()
    play.expect_rejection_unless_listed("consult.SendMessage", helper, chat, "SendMessage", text="Hello")
    play.expect_rejection_unless_listed("consult.SendUrl", helper, chat, "SendUrl", url="https://example.com/")


def _consultant_leaves(play: Play, chat: Chat) -> None:
    helper, owner = chat.require_helper(), chat.owner
    to = {helper: ["NewMessages", "StatusChange"], owner: ["NewMessages", "ParticipantsUpdated", "NewMessages"]}
    step = play.perform("leave.consultant", helper, chat, "Leave", to, text="Good luck")
    contents.record_ending(play, "leave.consultant", chat, step.notification(helper, "StatusChange"))
    contents.record_participants_updated(
        play, "leave.consultant.update", chat, step.notification(owner, "ParticipantsUpdated")
    )
    logs = step.notifications(owner, "NewMessages")
    contents.record_messages(play, "leave.consultant.farewell", chat, logs[0] if len(logs) > 1 else None)
    contents.record_messages(play, "leave.consultant.departure", chat, logs[-1] if len(logs) > 1 else None)
    contents.record_listing(play, "leave.consultant.listed", helper, chat)


def _owner_leaves(play: Play, chat: Chat) -> None:
    helper, owner = chat.require_helper(), chat.owner
    to = {owner: ["StatusChange"], helper: ["ParticipantsUpdated", "NewMessages"]}
    step = play.perform("leave.owner", owner, chat, "Leave", to)
    contents.record_ending(play, "leave.owner", chat, step.notification(owner, "StatusChange"))
    contents.record_participants_updated(
        play, "leave.owner.update", chat, step.notification(helper, "ParticipantsUpdated")
    )
    chatting = play.seen.values.get("capabilities.Chatting")
    found = value_at(step.notification(helper, "ParticipantsUpdated"), "chat", "capabilities")
    if chatting and isinstance(found, list):
        play.seen.record("leave.owner.capabilities", "those of Chatting" if found == chatting[0] else "others")
    contents.record_messages(play, "leave.owner.departure", chat, step.notification(helper, "NewMessages"))
    if chat.customer:
        shown = chat.customer.chat()
        play.seen.record("leave.owner.customer", contents.participant_types(shown.get("participants", [])))
        read_as_customer(play, "leave.owner.transcript", chat)
    chat.hand_over()
