"""Requests that should be rejected. If they are accepted, they do no harm."""

from typing import Any

from gws_chat.verify.chat import Chat
from gws_chat.verify.http_client import NoResponse
from gws_chat.verify.play import Play
from gws_chat.verify.stories.alone import complete_after_call_work, leave, require_left_chat
from gws_chat.verify.stories.arrival import accepted_chat
from gws_chat.verify.stories.polling import FORBIDDEN

UNKNOWN_CHAT = "0000gwsChatVerify"
UNKNOWN_USER = "00000000000000000000000000000000"
WRONG_CREDENTIALS = {
    "Authorization": "Basic Z3dzQ2hhdFZlcmlmeTp3cm9uZw=="
}  # an unknown user, so that no account is locked
IN_A_CHAT: dict[str, tuple[str, dict[str, Any]]] = {
    "errors.missing-parameter": ("SendMessage", {}),
    "errors.null-parameter": ("SendMessage", {"text": None}),
    "errors.wrong-type": ("SendMessage", {"text": 5}),
    "errors.wrong-value": ("SendMessage", {"text": "Hello", "treatAs": "Loud"}),
    "errors.empty-text": ("SendMessage", {"text": ""}),
    "errors.long-text": ("SendMessage", {"text": "x" * 64_001}),
    "errors.unknown-operation": ("GwsChatVerifyUnknown", {}),
    "errors.no-target": ("Invite", {}),
    "errors.two-targets": ("Invite", {"targetPath": f"/users/{UNKNOWN_USER}", "queueName": "gwsChatVerifyUnknown"}),
    "errors.no-user-data": ("AttachUserData", {}),
    "errors.no-keys": ("DeleteUserData", {}),
    "errors.no-disposition": ("SetDisposition", {}),
    "errors.no-url": ("SendUrl", {}),
}
WRONG_TEXTS: dict[str, dict[str, Any]] = {
    # of a Leave in LeftChat, where an accepted one would change nothing
    "leave-wrong-type": {"text": 5},
    "leave-wrong-value": {"text": "Goodbye", "treatAs": "Loud"},
    "leave-empty-text": {"text": ""},
    "leave-long-text": {"text": "x" * 64_001},
}
UNKNOWN_TARGETS = {
    "errors.unknown-target": {"targetUri": f"http://localhost/api/v2/users/{UNKNOWN_USER}"},
    "errors.unknown-queue": {"queueName": "gwsChatVerifyUnknown"},
}


def send_invalid_requests(play: Play) -> None:
    """Errors that need no chat."""
    desk, http = play.desks[0], play.desks[0].http
    path = f"/me/chats/{UNKNOWN_CHAT}"
    leave_body = {"operationName": "Leave"}
    play.record_error("errors.unknown-chat", desk.post(path, leave_body))
    play.record_error("errors.unknown-chat-get", desk.get(path))
    play.record_error("errors.unknown-path", desk.get("/gwsChatVerifyUnknown"))
    play.record_error("errors.not-json", desk.post(path, b"{"))
    play.record_error("errors.not-an-object", desk.post(path, b"[]"))
    play.record_error("errors.missing-operation", desk.post(path, {"text": "Hello"}))
    text = {"Content-Type": "text/plain"}
    play.record_error("errors.media-type-415", http.try_request("POST", path, b"{}", headers=text))
    play.record_error("errors.no-credentials", http.try_request("GET", "/me", is_anonymous=True))
    wrong = http.try_request("GET", "/me", headers=WRONG_CREDENTIALS, is_anonymous=True)
    play.record_error("errors.wrong-credentials", wrong)
    wrong_method = desk.post("/features", {"operationName": "Ready"})
    play.record_error("errors.wrong-method", wrong_method)
    if wrong_method and "allow" in wrong_method.headers:
        play.seen.record("errors.allow", wrong_method.headers["allow"])
    else:
        play.seen.record("errors.allow", "absent")
    head = http.try_request("HEAD", "/me")
    play.seen.record("errors.head", head.status if head else "no response")
    play.record_error("errors.compressed", http.try_request("POST", path, b"{}", headers={"Content-Encoding": "gzip"}))
    latin = {"Content-Type": "application/json; charset=latin-1"}
    play.record_error("errors.not-utf-8", http.try_request("POST", path, b"{}", headers=latin))
    text_json = {"Content-Type": "text/json"}
    play.record_error("errors.text-json", http.try_request("POST", path, leave_body, headers=text_json))
    play.record_error("errors.several", desk.post(path, {"operationName": "SendMessage"}))
    play.record_error("errors.unknown-channel-operation", desk.post("/me/channels/chat", {"operationName": "Leave"}))
    play.record_error("errors.no-session-channel", desk.post("/me/channels/gwsChatVerify", {"operationName": "Ready"}))
    listening = [each for each in play.desks if each.listener.client_id]
    if not listening:
        play.seen.not_reached("cometd", "the CometD session could not be opened")
        return
    desk = listening[0]
    try:
        replies = desk.listener.subscribe(FORBIDDEN).content
    except NoResponse:
        return
    reply = replies[0] if isinstance(replies, list) and replies and isinstance(replies[0], dict) else {}
    play.seen.record("cometd.forbidden", str(reply.get("error", "accepted"))[:3])


def perform_invalid_operations(play: Play) -> None:
    """Send operations that should be rejected.

    The owner sends invalid requests for Leave in LeftChat, where Leave would change nothing.
    """
    chat = accepted_chat(play)
    for fact_id, (name, parameters) in IN_A_CHAT.items():
        play.expect_rejection(fact_id, chat.owner, chat, name, **parameters)
    play.expect_rejection_unless_listed("errors.wrong-state-accept", chat.owner, chat, "Accept")
    play.expect_rejection_unless_listed("errors.wrong-state-reject", chat.owner, chat, "Reject")
    for fact_id, target in UNKNOWN_TARGETS.items():
        play.expect_rejection_although_listed(fact_id, chat.owner, chat, "Invite", **target)
    _chat_of_another_agent(play, chat)
    leave(play, chat, "leave.alone")
    require_left_chat(chat)
    play.expect_rejection("errors.treat-as-alone", chat.owner, chat, "Leave", treatAs="System")
    play.expect_rejection("errors.message-type-alone", chat.owner, chat, "Leave", messageType="Farewell")
    for name, parameters in WRONG_TEXTS.items():
        play.expect_rejection(f"errors.{name}", chat.owner, chat, "Leave", **parameters)
    play.expect_rejection_unless_listed("errors.wrong-state-left", chat.owner, chat, "SendMessage", text="Too late")
    queue = UNKNOWN_TARGETS["errors.unknown-queue"]
    play.expect_rejection_although_listed("errors.complete-unknown-queue", chat.owner, chat, "Complete", **queue)
    require_left_chat(chat)
    complete_after_call_work(play, chat)


def _chat_of_another_agent(play: Play, chat: Chat) -> None:
    if chat.helper is None:
        for fact_id in ("errors.chat-of-another-agent", "errors.chat-of-another-agent-get"):
            play.seen.not_reached(fact_id, chat.why_alone)
        return
    play.expect_rejection("errors.chat-of-another-agent", chat.helper, chat, "Leave")
    play.record_error("errors.chat-of-another-agent-get", chat.helper.get(f"/me/chats/{chat.id}"))
