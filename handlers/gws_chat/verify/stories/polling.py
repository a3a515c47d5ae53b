"""Further CometD sessions of an agent: acknowledgement, several polls at once, rejected messages, and formats."""

import json
import threading
import time
from typing import Any
from urllib.parse import quote

from gws_chat.verify.chat import NotReached
from gws_chat.verify.desk import Desk
from gws_chat.verify.http_client import HttpClient, NoResponse, value_at
from gws_chat.verify.listener import CHANNELS, CHATS, READY_STATE_CHANGE
from gws_chat.verify.play import Play
from gws_chat.verify.stories.members import known_member_names
from gws_chat.verify.stories.session import change_ready_state

BROWSER = "BAYEUX_BROWSER"  # the cookie by which servers recognize the sessions of one browser
FORBIDDEN = "/gwsChatVerify/unknown"
PATTERNS = ["/*", "/**", "/v2/*", "/v2/**", "/v2/me/*", "/v2/me/**", "/notifications/services"]
AT_ONCE = 1.0  # seconds for a reply that should not wait; longer if the handshake has taken longer
HANDSHAKE = {"version": "1.0", "supportedConnectionTypes": ["long-polling"]}


class Session:
    """A CometD session beside that of the run. Its methods return replies or raise `NotReached`."""

    def __init__(self, desk: Desk, *, in_same_browser: bool = False) -> None:
        self.http = HttpClient(desk.http.base_url, desk.http.timeout)
        self.http.credentials, self.http.headers = desk.http.credentials, desk.http.headers
        self.http.cookies = {
            name: value for name, value in desk.http.cookies.items() if in_same_browser or name != BROWSER
        }
        self.client_id = ""
        self.duration = 0.0  # of the last request, in seconds
        self.others: list[Any] = []  # the elements of the last response that are no reply to the message
        self._numbers = iter(range(1, 1000))

    def send(self, channel: str, **members: Any) -> dict[str, Any]:
        return self.send_body([self.message(channel, **members)])

    def connect(self, timeout: int = 0, **members: Any) -> dict[str, Any]:
        """Poll for at most `timeout` milliseconds."""
        return self.send("/meta/connect", connectionType="long-polling", advice={"timeout": timeout}, **members)

    def message(self, channel: str, **members: Any) -> dict[str, Any]:
        own = {"clientId": self.client_id} if self.client_id else {}
        return {"channel": channel, "id": f"verify-{next(self._numbers)}", **own, **members}

    def send_body(self, body: Any, media_type: str = "application/json", segment: str = "") -> dict[str, Any]:
        started_at = time.monotonic()
        try:
            headers = {"Content-Type": media_type}
            response = self.http.request("POST", f"/notifications{segment}", body, headers=headers)
        except NoResponse as error:
            raise NotReached(f"a further CometD session: {error}") from None
        self.duration = time.monotonic() - started_at
        found = response.content if isinstance(response.content, list) else []
        reply = next((each for each in found if str(value_at(each, "channel")).startswith("/meta/")), None)
        reply = reply or (value_at(found, 0) if found else None)
        self.others = [each for each in found if each is not reply]
        return reply if isinstance(reply, dict) else {"error": f"HTTP {response.status} without a reply"}

    @property
    def has_notifications(self) -> bool:
        return any(value_at(each, "data") is not None for each in self.others)


def use_further_sessions(play: Play) -> None:
    """Open further CometD sessions of the first agent, and cause notifications by Ready."""
    desk = play.desks[0]
    session = Session(desk)
    _handshake(play, session)
    longest = max(AT_ONCE, 2 * session.duration)
    _subscribe(play, desk, session, longest)
    _acknowledge(play, desk, session)
    _supersede(play, session, longest)
    _unsubscribe(play, desk, session)
    _send_invalid_messages(play, session, longest)
    _use_other_formats(play, session)
    _poll_in_the_same_browser(play, desk)
    reply = session.send("/meta/disconnect")
    play.seen.record("cometd.disconnect", "accepted" if reply.get("successful") is True else "rejected")
    reply = session.connect()
    play.seen.record("cometd.unknown-client", reply.get("error", "accepted"))
    play.seen.record("cometd.unknown-client-advice", value_at(reply, "advice", "reconnect") or "absent")
    play.seen.record("cometd.unknown-client-other", session.send("/meta/subscribe", subscription=CHATS).get("error"))


def _handshake(play: Play, session: Session) -> None:
    sent = session.message("/meta/handshake", **HANDSHAKE, ext={"ack": True})
    extra = session.message("/meta/subscribe", subscription=CHATS)
    reply = session.send_body([sent, extra])
    session.client_id = str(reply.get("clientId"))
    if reply.get("successful") is not True:
        raise NotReached("a second CometD session of the agent was rejected")
    play.seen.record("cometd.handshake-alone", len(session.others))
    play.seen.record("cometd.id", "the same" if reply.get("id") == sent["id"] else "another or none")
    play.seen.record("cometd.version", reply.get("version", "absent"))
    play.seen.record("cometd.connection-types", reply.get("supportedConnectionTypes", "absent"))
    types = {"advice": dict, "channel": str, "clientId": str, "minimumVersion": str, "successful": bool}
    play.seen.record("cometd.handshake-members", known_member_names(reply, types))
    advice = value_at(reply, "advice")
    play.seen.record("cometd.advice", [value_at(advice, "reconnect"), value_at(advice, "interval")])
    hold_time = value_at(advice, "timeout")
    if isinstance(hold_time, int):
        play.seen.record("cometd.hold-time", "at most 30 s" if hold_time <= 30_000 else f"{hold_time} ms")  # noqa: PLR2004
    else:
        play.seen.record("cometd.hold-time", "absent")
    play.seen.record("cometd.browser", "set" if BROWSER in session.http.cookies else "not set")
    play.seen.record("cometd.ack", "in the reply" if value_at(reply, "ext", "ack") is True else "absent")


def _subscribe(play: Play, desk: Desk, session: Session, longest: float) -> None:
    """Subscribe in vain, then to two channels. Nothing from before the subscription should come."""
    reply = session.send("/meta/subscribe", subscription=[CHANNELS, FORBIDDEN])
    play.seen.record("cometd.forbidden-text", reply.get("error", "accepted"))
    _cause_notification(play, desk)
    reply = session.send("/meta/connect", connectionType="long-polling")
    play.seen.record("cometd.first-connect", "at once" if session.duration < longest else "held")
    play.seen.record("cometd.advice", [value_at(reply, "advice", each) for each in ("reconnect", "interval")])
    play.seen.record("cometd.all-or-none", "none" if not session.has_notifications else "some")
    reply = session.send("/meta/subscribe", subscription=[CHATS, CHANNELS])
    play.seen.record("cometd.several", reply.get("subscription", "absent") if reply.get("successful") else "rejected")
    session.connect()
    play.seen.record("cometd.no-wait", "at once" if session.duration < longest else "held")
    play.seen.record("cometd.new-subscription", "nothing" if not session.has_notifications else "earlier notifications")
    play.seen.record("cometd.patterns", _outcome(session.send("/meta/subscribe", subscription=PATTERNS)))


def _acknowledge(play: Play, desk: Desk, session: Session) -> None:
    """Receive a notification with each connect, until one acknowledges its number."""
    before = value_at(session.connect(), "ext", "ack")
    _cause_notification(play, desk)
    session.send("/meta/subscribe", subscription=CHATS)
    play.seen.record("cometd.ack-connects-only", "connects" if not session.has_notifications else "other messages")
    number = value_at(session.connect(ext={"ack": before}), "ext", "ack")
    play.seen.record("cometd.ack-number", "a number" if isinstance(number, int) else "absent")
    if not session.has_notifications:
        play.seen.not_reached("cometd", "the notification did not come to the second session")
        return
    play.seen.record("cometd.once", len([each for each in session.others if value_at(each, "data") is not None]))
    for fact_id, extension in (
        ("cometd.ack-lost", {"ext": {"ack": before}}),
        ("cometd.acknowledgement", {}),
        ("cometd.acknowledgement", {"ext": {"ack": 10**6}}),
    ):
        number = value_at(session.connect(**extension), "ext", "ack")
        play.seen.record(fact_id, "again" if session.has_notifications else "not again")
    session.connect(ext={"ack": number})
    play.seen.record("cometd.acknowledged", "again" if session.has_notifications else "not again")


def _supersede(play: Play, session: Session, longest: float) -> None:
    """Hold a poll, and end it by other polls."""
    held: list[dict[str, Any]] = []

    def poll() -> None:
        try:
            # long enough for another poll to arrive meanwhile
            held.append(session.connect(int(1000 * min(5.0, 1 + longest))))
        except NotReached:
            return

    thread = threading.Thread(target=poll, daemon=True)
    thread.start()
    while thread.is_alive():
        session.connect()  # the first may come before the one in the thread
        thread.join(0.1)
    if held:
        play.seen.record("cometd.superseded", value_at(held[0], "advice", "interval"))
        play.seen.record("cometd.superseded-ack", "absent" if value_at(held[0], "ext") is None else "present")


def _unsubscribe(play: Play, desk: Desk, session: Session) -> None:
    reply = session.send("/meta/unsubscribe", subscription=[CHATS, CHANNELS, *PATTERNS])
    play.seen.record("cometd.unsubscribe", _outcome(reply))
    _cause_notification(play, desk)
    session.connect()
    play.seen.record("cometd.unsubscribed", "nothing" if not session.has_notifications else "notifications")


def _send_invalid_messages(play: Play, session: Session, longest: float) -> None:
    invalid: dict[str, tuple[str, dict[str, Any]]] = {
        "publish": ("/gwsChatVerify", {"data": {}}),
        "no-version": ("/meta/handshake", {"supportedConnectionTypes": ["long-polling"]}),
        "no-transport": ("/meta/handshake", {"version": "1.0", "supportedConnectionTypes": ["websocket"]}),
        "wrong-transport": ("/meta/connect", {"connectionType": "websocket"}),
        "no-subscription": ("/meta/subscribe", {}),
        "many-subscriptions": ("/meta/subscribe", {"subscription": [f"/v2/me/verify{each}" for each in range(51)]}),
    }
    for name, (channel, members) in invalid.items():
        reply = session.send(channel, **members)
        play.seen.record(f"cometd.{name}", reply.get("error", "accepted"))
    for name, body, is_anonymous in (("no-channel", [{"id": "1"}], False), ("no-credentials", [], True)):
        response = session.http.try_request("POST", "/notifications", body, is_anonymous=is_anonymous)
        if response is not None:
            play.record_error(f"cometd.{name}", response)
    many = [session.message(channel) for channel in ("/gwsChatVerify", "/meta/connect")]
    many[1] |= {"connectionType": "long-polling"}
    session.send_body(many)
    first = value_at(session.others, 0)
    both = session.duration < longest and value_at(first, "channel") is not None
    play.seen.record("cometd.several-messages", "both" if both else "otherwise")


def _use_other_formats(play: Play, session: Session) -> None:
    subscribe = session.message("/meta/subscribe", subscription=CHATS)
    form = f"message={quote(json.dumps([subscribe]))}".encode()
    as_json = json.dumps([subscribe]).encode()
    for name, body, media_type, segment in (
        ("one-message", subscribe, "application/json", ""),
        ("form", form, "application/x-www-form-urlencoded", ""),
        ("no-media-type", as_json, "", ""),
        ("path-segment", [subscribe], "application/json", "/subscribe"),
    ):
        play.seen.record(f"cometd.{name}", _outcome(session.send_body(body, media_type, segment)))


def _poll_in_the_same_browser(play: Play, desk: Desk) -> None:
    """Poll while the session of the run does, which has the same cookies."""
    session = Session(desk, in_same_browser=True)
    reply = session.send("/meta/handshake", version="1.0", supportedConnectionTypes={"long-polling": {}})
    play.seen.record("cometd.transports", _outcome(reply))
    if reply.get("successful") is not True:
        reply = session.send("/meta/handshake", **HANDSHAKE)
    session.client_id = str(reply.get("clientId"))
    play.seen.record("cometd.ack-off", "absent" if value_at(reply, "ext") is None else "present")
    advice = None
    for _ in range(3):  # the other poll may just have ended
        advice = value_at(session.connect(), "advice")
        if value_at(advice, "multiple-clients"):
            break
    shown = [value_at(advice, "multiple-clients"), value_at(advice, "interval")]
    if BROWSER in session.http.cookies:
        play.seen.record("cometd.same-browser", shown)
    else:
        play.seen.not_reached("cometd.same-browser", f"the server sets no cookie {BROWSER}")
    session.send("/meta/disconnect")


def _outcome(reply: dict[str, Any]) -> Any:
    """Return the word accepted, or the error of the reply."""
    return "accepted" if reply.get("successful") is True else reply.get("error")


def _cause_notification(play: Play, desk: Desk) -> None:
    step = change_ready_state(play, desk, "Ready")
    if step.notification(desk, READY_STATE_CHANGE) is None:
        raise NotReached("Ready causes no notification")
