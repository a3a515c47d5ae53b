"""An agent's desktop: its requests, its CometD session, and the latest capabilities of its chats."""

from threading import Condition
from typing import Any

from gws_chat.verify.http_client import HttpClient, InFlight, NoResponse, Response, value_at
from gws_chat.verify.listener import Listener
from gws_chat.verify.observations import Observations


class NoVerdict(Exception):
    """The server cannot be checked. The text says why, without user data."""


class Desk:
    """One agent. `capabilities` are the latest in a notification, by the ID of a chat."""

    def __init__(
        self,
        url: str,
        account: tuple[str, str],
        timeout: float,
        in_flight: InFlight,
        changed: Condition,
        seen: Observations,
    ) -> None:
        self.name = account[0]
        self._seen = seen
        self.http = HttpClient(url, timeout, in_flight)
        self.http.credentials = account
        self.polling = HttpClient(url, timeout)  # for CometD; has the cookies and headers of `http` after the sign-in
        self.listener = Listener(self.polling, in_flight, changed, lambda problem: seen.record("cometd.poll", problem))
        self.user: dict[str, Any] = {}
        self.capabilities: dict[str, list[str]] = {}
        self.states: dict[str, str] = {}  # the latest in a notification, by the ID of a chat
        self.operations_accepted: int | None = 0  # None if the number is unknown
        self.reference_base: int | None = None  # the `referenceId` minus the accepted operations
        self.has_contact_center_session = False

    def share_identity(self) -> None:
        """Let the CometD session use the cookies and headers of the sign-in."""
        self.polling.credentials = self.http.credentials
        self.polling.cookies, self.polling.headers = self.http.cookies, self.http.headers

    def get(self, path: str) -> Response | None:
        """Return the response to a GET, or None if there is none. Raises `NoVerdict`."""
        return self._request("GET", path, None)

    def post(self, path: str, body: Any) -> Response | None:
        """Return the response to a POST, or None if there is none. Raises `NoVerdict`."""
        return self._request("POST", path, body)

    def read(self, path: str, *names: str | int) -> Any:
        """Return a value inside the response to a GET, or None. Raises `NoVerdict`."""
        response = self.get(path)
        return response.get(*names) if response else None

    def require_server(self) -> None:
        """Raise `NoVerdict` if the server does not respond any more."""
        try:
            self.http.request("GET", "/me")
        except NoResponse as error:
            raise NoVerdict(f"{self.http.base_url} does not respond any more: {error}") from None

    def _request(self, method: str, path: str, body: Any) -> Response | None:
        try:
            response = self.http.request(method, path, body)
        except NoResponse as error:
            self.require_server()
            self._seen.record("responses.arrive", f"{value_at(body, 'operationName') or 'a request'}: {error}")
            return None
        self._seen.record("responses.arrive", "a response")
        return response

    def chat(self, chat_id: str) -> dict[str, Any] | None:
        """Return the chat as the server shows it, or None."""
        chat = self.read(f"/me/chats/{chat_id}", "chat")
        return chat if isinstance(chat, dict) else None

    def state_of(self, chat_id: str) -> Any:
        """Return the state of the chat as the server shows it, or None."""
        return value_at(self.chat(chat_id), "state")

    def count_operation(self, *, is_certain: bool = True) -> int | None:
        """Count an accepted operation and return its `referenceId`, or None if it is unknown.

        If it is not certain that the operation counts, the next `referenceId` of a notification is the new base.
        """
        if self.operations_accepted is None:
            return None
        self.operations_accepted += 1
        if not is_certain:
            self.reference_base = None
        return None if self.reference_base is None else self.reference_base + self.operations_accepted

    def is_in_after_call_work(self, chat_id: str) -> bool:
        """Return whether the agent still has the chat, and either the server or its last notification says LeftChat."""
        chat = self.chat(chat_id)
        return chat is not None and "LeftChat" in {str(chat.get("state")), self.states.get(chat_id)}

    def compare_chat(self, chat_id: str) -> None:
        """Compare the chat as the server shows it with the latest notification of a state."""
        state, response = self.states.get(chat_id), self.get(f"/me/chats/{chat_id}")
        if response is None or state not in {"Invited", "Chatting", "LeftChat"}:
            return  # the facts about states and lists say so
        shown = response.get("chat")
        if not isinstance(shown, dict):
            self._seen.record("chat.state", f"HTTP {response.status} without a chat in {state}")
            return
        same = shown.get("state") == state
        self._seen.record("chat.state", "that of the notification" if same else f"{shown.get('state')} in {state}")
        if chat_id in self.capabilities:
            same = shown.get("capabilities") == self.capabilities[chat_id]
            self._seen.record("chat.capabilities", "those of the notification" if same else f"others in {state}")

    def may(self, chat_id: str, operation: str) -> bool:
        """Return whether the server lists the operation. If its last notification did not, read the chat."""
        if operation in self.capabilities.get(chat_id, []):
            return True
        listed = value_at(self.chat(chat_id), "capabilities")
        return isinstance(listed, list) and operation in listed
