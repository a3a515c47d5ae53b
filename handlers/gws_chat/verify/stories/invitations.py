"""Invitations that are not accepted, and customers who leave."""

from gws_chat.verify.chat import Chat, NotReached
from gws_chat.verify.http_client import value_at
from gws_chat.verify.listener import READY_STATE_CHANGE
from gws_chat.verify.play import Play
from gws_chat.verify.stories import contents
from gws_chat.verify.stories.alone import leave, require_left_chat
from gws_chat.verify.stories.arrival import accepted_chat, invite, invited_chat
from gws_chat.verify.stories.session import CHANNEL


def decline(play: Play) -> None:
    """Errors in Invited, Reject, an invitation by the name of a queue, and Leave while an invitation is open."""
    chat = accepted_chat(play)
    owner = chat.owner
    helper, reference = invite(play, chat, "Invite", "invite")
    play.expect_rejection_unless_listed("errors.wrong-state", helper, chat, "Leave")
    play.expect_rejection_unless_listed("errors.wrong-state-message", helper, chat, "SendMessage", text="Too early")
    play.expect_rejection_although_listed(
        "errors.target-in-chat", owner, chat, "Invite", targetUri=str(helper.user.get("uri"))
    )
    try:
        play.perform(
            "invite.SendMessage", owner, chat, "SendMessage", {owner: ["NewMessages"], helper: []}, text="Hello"
        )
    except NotReached as reason:
        play.seen.not_reached("invite.SendMessage", str(reason))
    known = owner.capabilities.get(chat.id)
    to = {helper: ["StatusChange"], owner: ["Error"]}
    step = play.perform("reject", helper, chat, "Reject", to)
    contents.record_ending(play, "reject", chat, step.notification(helper, "StatusChange"))
    error = step.notification(owner, "Error")
    if error is not None:
        play.seen.record("reject.error", contents.known_member_names(error, {"referenceId": int, "chat": dict}))
        if isinstance(value_at(error, "chat"), dict) and known is not None:
            same = value_at(error, "chat", "state") == "Chatting" and value_at(error, "chat", "capabilities") == known
            play.seen.record("reject.error-chat", "as before" if same else "otherwise")
        if "referenceId" in error and reference is not None:
            same = error["referenceId"] == reference
            play.seen.record("reject.error-reference", "the same" if same else "another")
    else:
        play.seen.not_reached("reject.error", contents.MISSING)
    contents.record_listing(play, "reject.listed", helper, chat)
    contents.require_gone(helper, chat)
    _not_ready(play, chat)
    _invite_by_queue(play, chat)
    _invite_by_other_host(play, chat)
    invite(play, chat, "Invite", "invite")
    _stay_invited(play, chat)
    to = {owner: ["StatusChange"], helper: ["StatusChange"]}
    step = play.perform("leave.open-invitation", owner, chat, "Leave", to)
    contents.record_status(play, "leave.open-invitation", chat, step.notification(owner, "StatusChange"))
    contents.record_ending(play, "leave.revoked", chat, step.notification(helper, "StatusChange"))
    require_left_chat(chat)
    step = play.perform("complete.left", owner, chat, "Complete", {owner: ["StatusChange"]})
    contents.record_ending(play, "complete.left", chat, step.notification(owner, "StatusChange"))


def customer_leaves(play: Play) -> None:
    """The customer completes the chat, then the agent leaves."""
    chat = accepted_chat(play, needs_customer=True)
    owner = chat.owner
    to = {owner: ["ParticipantsUpdated", "NewMessages"]}
    step = play.customer_performs("customer.Complete", chat, to, {"operationName": "Complete"})
    contents.record_participants_updated(
        play, "customer.Complete.update", chat, step.notification(owner, "ParticipantsUpdated")
    )
    contents.record_messages(play, "customer.Complete.message", chat, step.notification(owner, "NewMessages"))
    contents.record_listing(play, "customer.Complete.listed", owner, chat)
    play.expect_rejection("leave.without-customer.text", owner, chat, "Leave", text="Anybody there?")
    leave(play, chat, "leave.without-customer", owner)
    require_left_chat(chat)
    step = play.perform("complete.left", owner, chat, "Complete", {owner: ["StatusChange"]})
    contents.record_ending(play, "complete.left", chat, step.notification(owner, "StatusChange"))


def customer_gives_up(play: Play) -> None:
    """A customer writes before an agent has accepted, and gives up."""
    chat = invited_chat(play, needs_customer=True)
    customer = chat.require_customer()
    shown = customer.chat()
    play.seen.record("customer.waiting.state", shown.get("state", "absent"))
    play.seen.record("customer.waiting.participants", contents.participant_types(shown.get("participants", [])))
    play.seen.record("customer.waiting.capabilities", shown.get("capabilities", "absent"))
    play.customer_performs(
        "customer.waiting.SendMessage", chat, {chat.owner: []}, {"operationName": "SendMessage", "text": "Hello?"}
    )
    to = {chat.owner: ["StatusChange"]}
    step = play.customer_performs("customer.gives-up", chat, to, {"operationName": "Complete"})
    contents.record_ending(play, "customer.gives-up", chat, step.notification(chat.owner, "StatusChange"))


def _not_ready(play: Play, chat: Chat) -> None:
    """Invite an agent who is NotReady, which should fail, and make it Ready again."""
    helper = chat.require_helper()
    kinds = [READY_STATE_CHANGE]
    step = play.perform_on_session("session.not-ready", helper, CHANNEL, {"operationName": "NotReady"}, kinds)
    if step.response is not None and step.response.is_http_success:
        play.expect_rejection_although_listed(
            "errors.target-not-ready", chat.owner, chat, "Invite", targetUri=str(helper.user.get("uri"))
        )
        _decline(play, chat)
    play.perform_on_session("session.ready", helper, CHANNEL, {"operationName": "Ready"}, kinds)


def _invite_by_queue(play: Play, chat: Chat) -> None:
    if play.options.queue is None:
        play.seen.not_reached("queue", "needs --queue")
        return
    helper = chat.require_helper()
    try:
        step = play.perform("queue", chat.owner, chat, "Invite", {}, queueName=play.options.queue)
    except NotReached as reason:
        play.seen.not_reached("queue", str(reason))
        return
    if value_at(helper.chat(chat.id), "state") == "Invited":
        play.wait_for_expected(step, {chat.owner: [], helper: ["StatusChange"]})
        contents.record_status(play, "queue.invited", chat, step.notification(helper, "StatusChange"))
    else:
        play.seen.not_reached("queue.invited", "another agent of the queue may have been invited")
    _decline(play, chat)


def _invite_by_other_host(play: Play, chat: Chat) -> None:
    helper = chat.require_helper()
    uri = f"http://gws.example/api/v2/users/{helper.user.get('id')}"
    try:
        play.perform("invite.other-host", chat.owner, chat, "Invite", {helper: ["StatusChange"]}, targetUri=uri)
    except NotReached as reason:
        play.seen.not_reached("invite.other-host", str(reason))
    _decline(play, chat)


def _stay_invited(play: Play, chat: Chat) -> None:
    """Make the invited agent NotReady, and Ready again."""
    helper = chat.require_helper()
    for prefix, name in (("session.not-ready", "NotReady"), ("session.ready", "Ready")):
        play.perform_on_session(prefix, helper, CHANNEL, {"operationName": name}, [READY_STATE_CHANGE])
        if name == "NotReady":
            play.seen.record("session.not-ready.invitations", value_at(helper.chat(chat.id), "state") or "not listed")


def _decline(play: Play, chat: Chat) -> None:
    """Decline an invitation of the helper, if there is one."""
    helper = chat.require_helper()
    if value_at(helper.chat(chat.id), "state") == "Invited":
        play.perform("reject", helper, chat, "Reject", {helper: ["StatusChange"], chat.owner: ["Error"]})
