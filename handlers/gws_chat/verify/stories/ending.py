"""The end of contact-center sessions with an open invitation and with a chat."""

from gws_chat.verify.chat import Chat
from gws_chat.verify.desk import Desk
from gws_chat.verify.play import Play
from gws_chat.verify.step import Step
from gws_chat.verify.stories import contents
from gws_chat.verify.stories.arrival import accepted_chat, invite
from gws_chat.verify.stories.session import change_ready_state, end_session, ready_state, record_channels


def end_sessions(play: Play) -> None:
    """End the session of an invited agent, then that of the agent in the chat."""
    chat = accepted_chat(play, needs_customer=True)
    if chat.helper:
        _end_invited(play, chat, chat.helper)
    else:
        for beginning in ("session.end.others", "session.end.invitations", "session.again", "session.default-channel"):
            play.seen.not_reached(beginning, chat.why_alone)
    play.record_error("session.no-channels", chat.owner.post("/me", _start(channels=[])))
    play.record_error("session.unknown-channel", chat.owner.post("/me", _start(channels=["gwsChatVerify"])))
    end_session(play, chat.owner)
    contents.record_listing(play, "session.end.chats", chat.owner, chat)


def _end_invited(play: Play, chat: Chat, helper: Desk) -> None:
    invite(play, chat, "Invite", "invite")
    change_ready_state(play, helper, "NotReady")
    play.record_response("session.again.response", helper.post("/me", _start()))
    if "Ready" in play.seen.values.get("session.start-state", []):
        play.seen.record("session.again.state", ready_state(helper))
    else:
        play.seen.not_reached("session.again.state", "sessions start NotReady, so that both would look the same")
    record_channels(play, "session.default-channel", helper)
    play.seen.record("session.again.invitations", helper.state_of(chat.id) or "not listed")
    step = play.add_step(Step("session.end", "EndContactCenterSession", chat.id, None, {}))
    step.response = end_session(play, helper)
    play.wait_for_expected(step, {chat.owner: ["Error"]})
    contents.record_listing(play, "session.end.invitations", helper, chat)


def _start(**parameters: list[str]) -> dict[str, object]:
    return {"operationName": "StartContactCenterSession", **parameters}
