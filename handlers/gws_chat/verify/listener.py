"""A CometD session that receives an agent's notifications in a thread."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gws_chat.verify.http_client import HttpClient, InFlight, NoResponse, Response, value_at

CONNECT = "/meta/connect"
CHATS, CHANNELS = "/v2/me/chats", "/v2/me/channels"
READY_STATE_CHANGE = "ChannelStateChangeMessageV2"  # the kind of notifications about ready states
KINDS = {"StatusChange", "ParticipantsUpdated", "PropertiesUpdated", "NewMessages", "Error", READY_STATE_CHANGE}
RETRY_INTERVAL = 0.5  # seconds after a poll that failed
DEFAULT_HOLD_TIME = 60.0  # seconds for which servers hold a poll, unless their advice says otherwise


class CometdError(Exception):
    """A CometD message failed. The text says how, without user data."""


@dataclass(eq=False, slots=True)
class Notification:
    """A notification as it was received.

    `is_early`: the response to a request was still missing. `is_claimed`: the operation that caused it has been found.
    `is_repeated`: an equal one has been received after the same operation.
    """

    channel: str
    data: dict[str, Any]
    received_at: float
    is_early: bool = False
    is_claimed: bool = False
    is_repeated: bool = False
    error_is_missing: bool = False  # its operation should cause an Error that has not arrived, see `_likely_kind`

    @property
    def content(self) -> dict[str, Any]:
        """The data without the time at which it was sent."""
        return {name: value for name, value in self.data.items() if name != "metrics"}

    @property
    def shown_kind(self) -> str:
        """The `notificationType`.

        Without one the `messageType`, if it is about channels or about neither a chat nor messages, else `nothing`.
        """
        is_named = "channels" in self.data or ("chat" not in self.data and "messages" not in self.data)
        name = self.data.get("notificationType", self.data.get("messageType") if is_named else None)
        return name if isinstance(name, str) else "nothing"

    @property
    def kind(self) -> str:
        """The kind that it shows, or if that is unknown, the known one with such members."""
        return self.shown_kind if self.shown_kind in KINDS else self._likely_kind or self.shown_kind

    @property
    def _likely_kind(self) -> str | None:
        content = self.data.get("chat")
        chat = content if isinstance(content, dict) else {}
        state, members = chat.get("state"), {*chat} & {"participants", "userData", "receivedDate"}
        kinds = [
            ("messages" in self.data, "NewMessages"),
            ("channels" in self.data, READY_STATE_CHANGE),
            (not chat, None),
            (self.error_is_missing or (state == "Chatting" and not members), "Error"),
            (bool(chat.get("participants")) and state != "Completed", "ParticipantsUpdated"),
            (members == {"userData"}, "PropertiesUpdated"),
        ]
        return next((kind for has_such_members, kind in kinds if has_such_members), "StatusChange")

    @property
    def chat_id(self) -> str | None:
        """The ID of the chat that it is about, from the first member that has it."""
        found = value_at(self.data, "chat", "id")
        if isinstance(found, str):
            return found
        for place in (("chat", "uri"), ("chat", "path"), ("chatPath",), ("chatUri",)):
            if isinstance(address := value_at(self.data, *place), str):
                return address.rpartition("/")[2]
        return None


class Listener:
    """Receives notifications from `start` to `stop`.

    `changed` is notified of each, and `on_error` is called with each failure of a poll.
    """

    def __init__(
        self, http: HttpClient, in_flight: InFlight, changed: threading.Condition, on_error: Callable[[str], None]
    ) -> None:
        self.received: list[Notification] = []
        self.last_advice: dict[str, Any] = {}
        self.thread_has_ended = threading.Event()
        self.sessions_opened = 0  # more than one, if the server has ended the first
        self.interval = 0.0  # the longest that the server advised, in seconds
        self.was_advised_to_stop = False  # by `reconnect: none`
        self._http = http
        self._in_flight = in_flight
        self._changed = changed
        self._on_error = on_error
        self.client_id = ""
        self._numbers = iter(range(1, 10**9))
        self.session_end_is_expected = False
        self._stop_requested = False
        self._thread = threading.Thread(target=self._poll, daemon=True)

    def start(self) -> Response:
        """Open a session, subscribe and start to poll. Raises `CometdError` or `NoResponse`."""
        self._open()
        response = self._subscribe_all()
        self._thread.start()
        return response

    def _subscribe_all(self) -> Response:
        """Subscribe to the two channels, and to the others that the server may have."""
        response, *others = [self.subscribe(channel) for channel in (CHATS, CHANNELS, "/v2/me/*")]
        self._reply("/meta/subscribe", response)
        self._reply("/meta/subscribe", others[0])  # a server may reject the last one
        return response

    def subscribe(self, channel: str) -> Response:
        return self.send("/meta/subscribe", subscription=channel)

    def send(self, channel: str, *, timeout: float | None = None, **members: Any) -> Response:
        """Send one Bayeux message, and keep the notifications in the response. Raises `NoResponse`."""
        message = {"channel": channel, "id": str(next(self._numbers)), "clientId": self.client_id, **members}
        response = self._http.request("POST", "/notifications", [message], timeout=timeout)
        self._keep(response)
        return response

    def stop(self) -> None:
        """Disconnect, and wait until the held poll has ended."""
        self._stop_requested = True
        if self.client_id:
            try:
                self.send("/meta/disconnect")
            except NoResponse as error:
                self._on_error(str(error))
        if self._thread.is_alive():
            self.thread_has_ended.wait(self._http.timeout)

    def _open(self) -> None:
        self.client_id = ""
        response = self.send(
            "/meta/handshake", version="1.0", supportedConnectionTypes=["long-polling"], minimumVersion="0.9"
        )
        client_id = self._reply("/meta/handshake", response).get("clientId")
        if not isinstance(client_id, str):
            raise CometdError("the reply to the handshake has no clientId")
        self.client_id = client_id
        self.sessions_opened += 1

    def _reply(self, channel: str, response: Response) -> dict[str, Any]:
        """Return the successful reply to a message. Raises `CometdError`."""
        replies = response.content if isinstance(response.content, list) else []
        reply = next((each for each in replies if value_at(each, "channel") == channel), None)
        if reply is None:
            raise CometdError(f"HTTP {response.status} without a reply to {channel}")
        if isinstance(reply.get("advice"), dict):
            self.last_advice = reply["advice"]
        if reply.get("successful") is not True:
            raise CometdError(f"{channel} was rejected: {reply.get('error', 'no reason')}")
        return dict(reply)

    def _poll(self) -> None:
        hold_time = 0.0
        while not self._stop_requested:
            try:
                limit = hold_time + self._http.timeout
                reply = self._reply(CONNECT, self.send(CONNECT, timeout=limit, connectionType="long-polling"))
                advised = value_at(reply, "advice", "timeout")
                hold_time = advised / 1000 if isinstance(advised, (int, float)) else hold_time or DEFAULT_HOLD_TIME
                interval = value_at(reply, "advice", "interval")
                pause = min(interval / 1000, 5) if isinstance(interval, (int, float)) and interval > 0 else 0.0
                self.interval = max(self.interval, pause)
                time.sleep(pause)
                if value_at(reply, "advice", "reconnect") in {"handshake", "none"}:
                    self._recover()
            except (CometdError, NoResponse) as error:
                if self.session_end_is_expected:
                    break
                if not self._stop_requested:
                    self._on_error(str(error))
                    self._recover()
        self.thread_has_ended.set()

    def _recover(self) -> None:
        """Follow the latest advice: stop on `none`, and on `handshake` open another session. Otherwise poll again."""
        advice, self.last_advice = self.last_advice.get("reconnect"), {}
        if advice == "none":
            self._stop_requested = self.was_advised_to_stop = True
        if self._stop_requested:
            return
        time.sleep(RETRY_INTERVAL)
        if advice != "handshake":
            return
        try:
            self._open()
            self._subscribe_all()
        except (CometdError, NoResponse) as error:
            self._on_error(str(error))

    def _keep(self, response: Response) -> None:
        messages = response.content if isinstance(response.content, list) else []
        is_early = len(messages) > 1 and self._in_flight.is_waiting()
        for message in messages:
            channel, data = value_at(message, "channel"), value_at(message, "data")
            if isinstance(channel, str) and not channel.startswith("/meta/") and isinstance(data, dict):
                with self._changed:
                    self.received.append(Notification(channel, data, response.received_at, is_early))
                    self._changed.notify_all()
