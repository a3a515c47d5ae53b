"""Invitations that are not accepted, and customers who leave."""

from typing import Any

from gws_chat.verify.chat import NEEDS_CUSTOMER, Chat, NotReached
from gws_chat.verify.desk import Desk
from gws_chat.verify.http_client import value_at
from gws_chat.verify.names import NOTE
from gws_chat.verify.play import Play
from gws_chat.verify.step import Step
from gws_chat.verify.stories import contents
from gws_chat.verify.stories.alone import complete, leave, require_left_chat
from gws_chat.verify.stories.arrival import accepted_chat, invite, invited_chat, wait_for_invited_chat
from gws_chat.verify.stories.members import known_member_names
from gws_chat.verify.stories.session import change_ready_state

OTHERS = "an agent outside this run may have been invited"


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
    to: dict[Desk, list[str]] = {owner: ["NewMessages"], helper: []}
    contents.try_perform(play, "invite.SendMessage", owner, chat, "SendMessage", to, text="Hello")
    _change_while_invited(play, chat)
    known = owner.capabilities.get(chat.id)
    to = {helper: ["StatusChange"], owner: ["Error"]}
    step = play.perform("reject", helper, chat, "Reject", to)
    contents.record_ending(play, "reject", chat, step.notification(helper, "StatusChange"))
    error = step.notification(owner, "Error")
    if error is not None:
        play.seen.record("reject.error", known_member_names(error, {"referenceId": int, "chat": dict}))
        if isinstance(value_at(error, "chat"), dict) and known is not None:
            same = value_at(error, "chat", "state") == "Chatting" and value_at(error, "chat", "capabilities") == known
            play.seen.record("reject.error-chat", "as before" if same else "otherwise")
        if isinstance(error.get("referenceId"), int) and reference is not None:
            same = error["referenceId"] == reference
            play.seen.record("reject.error-reference", "the same" if same else "another")
    else:
        for fact_id in ("reject.error", "reject.error-chat", "reject.error-reference"):
            play.seen.not_reached(fact_id, contents.MISSING)
    contents.record_listing(play, "reject.listed", helper, chat)
    play.record_error("errors.rejected-chat", helper.get(f"/me/chats/{chat.id}"))
    contents.require_gone(helper, chat)
    _not_ready(play, chat)
    _invite_by_queue(play, chat)
    _invite_by_other_addresses(play, chat)
    invite(play, chat, "Invite", "invite")
    _stay_invited(play, chat)
    to = {owner: ["StatusChange"], helper: ["StatusChange"]}
    step = play.perform("leave.open-invitation", owner, chat, "Leave", to)
    contents.record_status(play, "leave.open-invitation", chat, step.notification(owner, "StatusChange"))
    contents.record_ending(play, "leave.revoked", chat, step.notification(helper, "StatusChange"))
    play.record_error("errors.revoked-chat", helper.get(f"/me/chats/{chat.id}"))
    require_left_chat(chat)
    complete(play, chat, "complete.left")


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
    leave(play, chat, "leave.without-customer")
    require_left_chat(chat)
    if play.options.queue is None:
        play.seen.not_reached("complete.queue", "needs --queue")
        return
    complete(play, chat, "complete.queue", queueName=play.options.queue)
    invited = [desk for desk in play.desks if desk.chat(chat.id) is not None]
    play.seen.record("complete.queue.invited", "an agent" if invited else "nobody")


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


def decline_waiting_customer(play: Play) -> None:
    """Reject a chat that was routed, so that the customer goes on waiting."""
    chat = invited_chat(play, needs_customer=True)
    owner = chat.owner
    step = play.perform("reject.waiting", owner, chat, "Reject")
    others = [desk for desk in play.desks if desk is not owner]
    to = {desk: ["StatusChange"] for desk in others if desk.state_of(chat.id) == "Invited"}
    play.wait_for_expected(step, {owner: ["StatusChange"], **to})
    contents.record_ending(play, "reject.waiting", chat, step.notification(owner, "StatusChange"))
    contents.record_customer_state(play, "reject.waiting.customer", chat)
    contents.record_listing(play, "reject.waiting.listed", owner, chat)
    if to:
        play.seen.record("routing.next", "the next")
    elif play.others_get_chats or not others:
        play.seen.not_reached("routing.next", OTHERS)
    else:
        play.seen.record("routing.next", "nobody")


def wait_for_ready(play: Play) -> None:
    """Request a chat while all agents of the run are NotReady, then make them Ready again."""
    if play.customer_access is None:
        raise NotReached(NEEDS_CUSTOMER)
    customer = play.customer_access.new_customer()
    play.all_customers.append(customer)
    for desk in play.desks:
        change_ready_state(play, desk, "NotReady")
    step = Step("invited", "RequestChat", None, None, {}, response=customer.request_chat())
    play.settle()
    is_invited = wait_for_invited_chat(play, customer, step, play.options.settle) is not None
    play.seen.record("session.not-ready.routing", "an invitation" if is_invited else "none")
    for desk in play.desks:
        change_ready_state(play, desk, "Ready")
    if is_invited:
        return  # without a reason: the fact below follows from the one above
    chat = wait_for_invited_chat(play, customer, step, 1.0)
    if chat is None and play.others_get_chats:
        play.seen.not_reached("session.ready.waiting", OTHERS)
    else:
        play.seen.record("session.ready.waiting", "nothing" if chat is None else "an invitation")


def _not_ready(play: Play, chat: Chat) -> None:
    """Invite an agent who is NotReady, which should fail, and make it Ready again."""
    helper = chat.require_helper()
    step = change_ready_state(play, helper, "NotReady")
    if step.response is not None and step.response.is_http_success:
        play.expect_rejection_although_listed(
            "errors.target-not-ready", chat.owner, chat, "Invite", targetUri=str(helper.user.get("uri"))
        )
        _decline(play, chat)
    change_ready_state(play, helper, "Ready")


def _change_while_invited(play: Play, chat: Chat) -> None:
    """Change the user data, and write as the customer. The invited agent should not notice."""
    owner, helper = chat.owner, chat.require_helper()
    to = {owner: ["PropertiesUpdated"], helper: []}
    contents.try_perform(play, "invite.AttachUserData", owner, chat, "AttachUserData", to, userData={NOTE: 1})
    if chat.customer:
        body = {"operationName": "SendMessage", "text": "Hello?"}
        step = play.customer_performs("invite.customer", chat, {owner: ["NewMessages"]}, body)
        received = [each.kind for each in step.received.get(helper, [])]
        play.seen.record("invite.customer.invited-agent", received)


def _invite_by_queue(play: Play, chat: Chat) -> None:
    """Invite and consult an agent of the queue, and decline as that agent."""
    if play.options.queue is None:
        play.seen.not_reached("queue", "needs --queue")
        return
    others = [desk for desk in play.desks if desk is not chat.owner]
    for prefix, operation in (("queue", "Invite"), ("queue.consult", "Consult")):
        step = contents.try_perform(play, prefix, chat.owner, chat, operation, {}, queueName=play.options.queue)
        if step is None:
            return
        invited = next((desk for desk in others if desk.state_of(chat.id) == "Invited"), None)
        if invited is None:
            # that agent may be the last of the queue, so that the next invitation would fail
            for fact_id in ("queue.invited", "queue.consult"):
                play.seen.not_reached(fact_id, "another agent of the queue may have been invited")
            return
        play.wait_for_expected(step, {chat.owner: [], invited: ["StatusChange"]})
        contents.record_status(play, f"{prefix}.invited", chat, step.notification(invited, "StatusChange"))
        _decline(play, chat, invited)


def _invite_by_other_addresses(play: Play, chat: Chat) -> None:
    """Invite the helper by the URI of another host, by that of a contact, and by a path."""
    helper = chat.require_helper()
    number = helper.user.get("id")
    targets: dict[str, dict[str, Any]] = {
        "invite.other-host": {"targetUri": f"http://gws.example/api/v2/users/{number}"},
        "invite.contact": {"targetUri": f"{helper.http.base_url}/api/v2/contacts/{number}"},
        "invite.path": {"targetPath": helper.user.get("path")},
    }
    for prefix, target in targets.items():
        contents.try_perform(play, prefix, chat.owner, chat, "Invite", {helper: ["StatusChange"]}, **target)
        _decline(play, chat)


def _stay_invited(play: Play, chat: Chat) -> None:
    """Make the invited agent NotReady, and Ready again."""
    helper = chat.require_helper()
    change_ready_state(play, helper, "NotReady")
    play.seen.record("session.not-ready.invitations", helper.state_of(chat.id) or "not listed")
    change_ready_state(play, helper, "Ready")


def _decline(play: Play, chat: Chat, invited: Desk | None = None) -> None:
    """Reject the chat as the agent (by default the helper), if that agent is invited."""
    desk = invited or chat.require_helper()
    if desk.state_of(chat.id) == "Invited":
        play.perform("reject", desk, chat, "Reject", {desk: ["StatusChange"], chat.owner: ["Error"]})
