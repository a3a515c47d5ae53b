"""Signing in, the contact-center session, ready states, and the end of the session."""

from http import HTTPStatus
from typing import Any

from gws_chat.verify.desk import Desk, NoVerdict
from gws_chat.verify.http_client import PARTIAL_SUCCESS, NoResponse, Response, value_at, without_password
from gws_chat.verify.listener import READY_STATE_CHANGE, CometdError
from gws_chat.verify.play import Play
from gws_chat.verify.step import Step
from gws_chat.verify.stories.members import known_member_names, word

NOT_AUTHENTICATED = 20  # the statusCode
CHAT_CHANNEL_PATH = "/me/channels/chat"
READY_STATES = {"AfterCallWork": "session.after-call-work", "NotReady": "session.not-ready", "Ready": "session.ready"}
"""The operations on the channel chat, with the beginning of the IDs of the facts about each."""
USER_MEMBERS = {
    "id": str,
    "userName": str,
    "firstName": str,
    "lastName": str,
    "emailAddress": str,
    "roles": list,
    "contactCenterId": str,
    "uri": str,
    "path": str,
}


def sign_in(play: Play, desk: Desk) -> None:
    """Read the agent, as the first request of a desktop. Raises `NoVerdict`."""
    try:
        response = desk.http.request("GET", "/me?subresources=*")
    except NoResponse as error:
        raise NoVerdict(f"cannot reach {desk.http.base_url}: {error}") from None
    code = response.outcome[1]
    if code == NOT_AUTHENTICATED or response.status == HTTPStatus.UNAUTHORIZED:
        raise NoVerdict(f"the server rejects the credentials of agent {desk.name} (HTTP {response.status})")
    user = response.get("user")
    location = response.headers.get("location")
    if code is None and location:
        target = without_password(location.partition("?")[0])
        raise NoVerdict(f"{desk.http.base_url} redirects to {target} (HTTP {response.status}), see --url")
    if code is None or (response.is_success and not isinstance(user, dict)):
        raise NoVerdict(
            f"{desk.http.base_url} is not a GWS: GET /api/v2/me got HTTP {response.status} and no statusCode"
        )
    if response.is_success and not {"id", "userName"} & {*user}:
        raise NoVerdict(f"{desk.http.base_url} is not a GWS: the user in GET /api/v2/me has neither id nor userName")
    if not response.is_success:
        raise NoVerdict(f"the server rejects GET /api/v2/me: HTTP {response.status}, statusCode {code}")
    desk.user = user
    token_name = response.headers.get("x-csrf-header")
    if token_name and (token := response.headers.get("x-csrf-token")):
        desk.http.headers[token_name] = token
    desk.share_identity()
    play.record_response("me.response", response)
    play.seen.record("me.members", known_member_names(user, USER_MEMBERS))
    play.seen.record("me.user-name", "that of the request" if user.get("userName") == desk.name else "another")
    number = str(user.get("id"))
    play.seen.record("me.path", str(user.get("path")).replace(number, "{id}"))
    play.seen.record("me.enabled", [user.get("enabled"), user.get("changePasswordOnFirstLogin")])
    play.seen.record("me.uri", "absolute" if "://" in str(user.get("uri")) else "not absolute")
    play.seen.record("me.cookie", "JSESSIONID" if "JSESSIONID" in desk.http.cookies else "another cookie or none")
    embedded = {"features": list, "devices": list, "settings": dict, "calls": list}
    play.seen.record("me.subresources", known_member_names(user, embedded))
    if features := value_at(user, "features"):
        flags = [value_at(each, "autoAssignOnContactCenterCreate") for each in features]
        play.seen.record("me.auto-assign", False not in flags)
    if devices := value_at(user, "devices"):
        play.seen.record("me.device-description", "a text" if value_at(devices, 0, "description") else "empty")


def warn_of_other_work(play: Play, desk: Desk) -> None:
    """Warn if the agent has a session, whose other channels end, or chats, whose unanswered invitations are revoked."""
    if channels := channels_of(value_at(desk.user, "channels")):
        listed = ", ".join(channels)
        play.report_progress(f"  {desk.name} has a session already ({listed}): it becomes one for chat, and is ended")
    chats = value_at(desk.user, "chats")
    if isinstance(chats, list) and chats:
        play.report_progress(f"  {desk.name} has chats already ({len(chats)}): its unanswered invitations are revoked")


def listen(play: Play, desk: Desk) -> bool:
    """Open the CometD session. Return whether it works."""
    try:
        response = desk.listener.start()
    except (CometdError, NoResponse) as error:
        play.seen.record("cometd.start", str(error))
        return False
    play.seen.record("cometd.start", "accepted")
    play.seen.record("cometd.subscribe", response.get(0, "subscription") or response.get("subscription"))
    return True


def start_session(play: Play, desk: Desk) -> None:
    """Start the contact-center session with the channel chat, and become Ready."""
    start = {"operationName": "StartContactCenterSession", "channels": ["chat"]}
    desk.has_contact_center_session = True  # even if the run is interrupted before the response
    step = play.perform_on_session("session.start", desk, "/me", start, [])
    # without a response or a statusCode it may have started
    code = step.response.outcome[1] if step.response else None
    desk.has_contact_center_session = code in {0, PARTIAL_SUCCESS, None}
    if step.response is None or not step.response.is_http_success:
        play.seen.not_reached("session", "StartContactCenterSession was rejected")
        return
    play.seen.record("session.start-state", ready_state(desk))
    before = [each for each in channels_of(desk.user.get("channels")) if each != "chat"]
    if before:
        record_channels(play, "session.restart", desk)
    else:
        play.seen.not_reached("session.restart", "no agent had a session with other channels before")
    states = desk.read("/settings/agent-states", "settings")
    for name, prefix in READY_STATES.items():
        step = change_ready_state(play, desk, name)
        data = step.notification(desk, READY_STATE_CHANGE)
        if data is not None:
            shown = _chat_channel(data.get("channels"))
            play.seen.record(f"{prefix}.state", _describe(value_at(shown, "userState")))
            play.seen.record(
                "session.channel.members",
                known_member_names(shown, {"channel": str, "dndState": str, "userState": dict}),
            )
            play.seen.record("session.channel.dnd", value_at(shown, "dndState") or "absent")
            if isinstance(states, list) and name in [value_at(each, "operationName") for each in states]:
                same = _is_one_of(states, value_at(shown, "userState"))
                play.seen.record("session.channel.user-state", "one of the settings" if same else "another")
    not_ready, ready = {"operationName": "NotReady"}, {"operationName": "Ready"}
    # the channel is Ready already
    play.perform_on_session("session.all-channels", desk, "/me", ready, [READY_STATE_CHANGE])
    step = play.perform_on_session("session.all-not-ready", desk, "/me", not_ready, [READY_STATE_CHANGE])
    if (data := step.notification(desk, READY_STATE_CHANGE)) is not None:
        found = [_describe(value_at(each, "userState")) for each in data.get("channels") or []]
        play.seen.record("session.all-not-ready.state", "NotReady" if {*found} == {"NotReady"} else found)
    play.perform_on_session("session.all-ready", desk, "/me", ready, [READY_STATE_CHANGE])
    response = desk.get("/me?subresources=channels,channelStates,gwsChatVerify")
    play.record_response("me.other-subresources", response)
    if response and (found := response.get("user", "channels")) is not None:
        same = found == response.get("user", "channelStates")
        play.seen.record("me.channel-states", "the same" if same else "otherwise")


def change_ready_state(play: Play, desk: Desk, name: str) -> Step:
    """Change the ready state of the channel chat by the operation of this name."""
    body = {"operationName": name}
    return play.perform_on_session(READY_STATES[name], desk, CHAT_CHANNEL_PATH, body, [READY_STATE_CHANGE])


def end_session(play: Play, desk: Desk) -> Response | None:
    """End the contact-center session, and record what becomes of the login. Return the response."""
    desk.listener.session_end_is_expected = True
    cookies = desk.http.cookie_header  # the next poll may get another one
    response = desk.post("/me", {"operationName": "EndContactCenterSession"})
    play.record_response("session.end.response", response)
    if response is None or not response.is_http_success:
        return response
    desk.has_contact_center_session = False
    has_ended = desk.listener.thread_has_ended.wait(min(5.0, play.options.timeout))
    play.seen.record("session.end.cometd-sessions", "ended" if has_ended else "polls go on")
    if has_ended and not desk.listener.was_advised_to_stop:
        play.seen.not_reached("session.end.cometd", "the last poll failed")
    else:
        play.seen.record("session.end.cometd", "none" if has_ended else "polls go on")
    old = desk.http.try_request("GET", "/me", headers={"Cookie": cookies}, is_anonymous=True)
    play.record_response("session.end.cookie", old)
    play.record_response("session.end.password", desk.get("/me"))
    play.record_response("session.end.ready", desk.post(CHAT_CHANNEL_PATH, {"operationName": "Ready"}))
    return response


def record_channels(play: Play, fact_id: str, desk: Desk) -> None:
    """Record the channels of the session."""
    play.seen.record(fact_id, channels_of(desk.read("/me?subresources=channels", "user", "channels")))


def channels_of(channels: Any) -> list[str]:
    """Return the names of channels."""
    return [word(value_at(each, "channel")) for each in channels] if isinstance(channels, list) else []


def ready_state(desk: Desk) -> str:
    shown = _chat_channel(desk.read("/me?subresources=channels", "user", "channels"))
    return _describe(value_at(shown, "userState")) if shown else "absent"


def _chat_channel(channels: Any) -> Any:
    """Return the channel chat, or None. The agent may have others."""
    found = channels if isinstance(channels, list) else []
    return next((each for each in found if value_at(each, "channel") == "chat"), None)


def _is_one_of(states: list[Any], shown: Any) -> bool:
    """Return whether ID, name and state are those of one of the states that agents can choose."""
    names = ("id", "displayName", "state")
    return [value_at(shown, name) for name in names] in [[value_at(each, name) for name in names] for each in states]


def _describe(user_state: Any) -> str:
    return word(value_at(user_state, "workMode") or value_at(user_state, "state"))
