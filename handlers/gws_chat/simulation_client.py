"""A client of the simulation API, by which tests control an emulator."""

import time
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypedDict
from urllib.parse import quote

import httpx2

__tracebackhide__ = True  # pytest's tracebacks end in the test

MAX_WAIT = 9000  # milliseconds; the journal rejects a longer wait
NOTIFICATION_EFFECTS = {f"notification{each}" for each in ("Dropped", "Duplicated", "Reordered", "Delayed")}
MAX_LISTED = 20  # notifications in the message of `NotificationTimeout`
RESPONSE_TIMEOUT = 70  # seconds; `advance` gets its response only after all due timers have run

Effect = Literal[
    "delay",
    "notificationBeforeResponse",
    "error",
    "dropRequest",
    "dropResponse",
    "closePoll",
    "cometdError",
    "notificationDropped",
    "notificationDuplicated",
    "notificationReordered",
    "notificationDelayed",
]
NotificationKind = Literal[
    "StatusChange", "ParticipantsUpdated", "PropertiesUpdated", "Error", "NewMessages", "ChannelStateChangeMessageV2"
]
State = Literal["Invited", "Chatting", "LeftChat", "Completed", "Revoked"]


class NewChat(TypedDict):
    """The IDs of a chat: for agents, and for the customer."""

    id: str
    customerId: str


class InjectedFault(TypedDict):
    """A fault, how often it has happened, and whether it can still happen."""

    fault: dict[str, Any]
    fired: int
    isActive: bool


class GwsChatError(Exception):
    """The emulator rejected a request of the test, or it has ended."""


class NotificationTimeout(AssertionError):
    """No matching notification arrived in time."""


class GwsChat:
    """Controls a running emulator. `url` is the emulator's base URL.

    Parameters have the names of the API at `/simulation`. All methods raise `GwsChatError` if the emulator rejects the
    request. `describe_end` returns why the emulator has ended, or None if it runs.
    """

    def __init__(self, url: str, describe_end: Callable[[], str | None] = lambda: None) -> None:
        self.url = url
        self._describe_end = describe_end
        self._http = httpx2.Client(base_url=f"{url}/simulation", trust_env=False)
        self._returned_positions: set[int] = set()  # of the notifications in the journal that a test has received

    def reset(self, *, seed: int | None = None, sessions: Literal["keep", "end"] | None = None) -> None:
        """Restore the initial state of the scenario. With a `seed` the IDs created afterwards are always the same."""
        self._returned_positions = set()  # a new one, by which a wait in another thread notices the reset
        self._post("/reset", seed=seed, sessions=sessions)

    def advance(self, seconds: float) -> None:
        """Advance the clock, so that time-outs expire: those of invitations if the scenario has `invitationTimeout`."""
        self._post("/clock", advance=seconds)

    def create_chat(
        self,
        *agents: Mapping[str, str],
        id: str | None = None,
        customer: str | None = None,
        userData: Mapping[str, object] | None = None,
    ) -> NewChat:
        """Create a chat with agents such as `{"agent": "agent1", "state": "Chatting"}`, and return its IDs.

        `customer` is the customer's nickname; without it the customer has left.
        """
        chat = self._post("/chats", agents=agents, id=id, customer=customer, userData=userData)
        return {"id": chat["id"], "customerId": chat["customerId"]}

    def act_as_customer(self, chat_id: str, operation_name: str, **parameters: object) -> None:
        """Perform an operation, such as SendMessage, as the customer of the chat."""
        self._post(f"/chats/{_segment(chat_id)}/customer", operationName=operation_name, **parameters)

    def act_as_agent(self, chat_id: str, user_name: str, operation_name: str, **parameters: object) -> None:
        """Perform an operation, such as Leave, as an agent."""
        path = f"/chats/{_segment(chat_id)}/agents/{_segment(user_name)}"
        self._post(path, operationName=operation_name, **parameters)

    def inject_fault(
        self,
        effect: Effect,
        *,
        times: int | None = None,
        agent: str | None = None,
        path: str | None = None,
        operationName: str | None = None,
        channel: str | None = None,
        chat: str | None = None,
        kind: NotificationKind | None = None,
        seconds: float | None = None,
        status: int | None = None,
        statusCode: int | None = None,
        statusMessage: str | None = None,
        error: Literal[401, 402, 403] | None = None,
    ) -> None:
        """Inject a fault into the matching requests or notifications from now on, as often as `times` says."""
        selectors = {"agent": agent, "path": path, "operationName": operationName, "channel": channel, "chat": chat}
        response = {"status": status, "statusCode": statusCode, "statusMessage": statusMessage, "error": error}
        self._post("/faults", effect=effect, times=times, kind=kind, seconds=seconds, **selectors, **response)

    def faults(self) -> list[InjectedFault]:
        """Return the faults of this test, also those that were removed."""
        return list(self._request("GET", "/faults")["faults"])

    def clear_faults(self) -> None:
        """Remove all faults."""
        self._request("DELETE", "/faults")

    def forget_sessions(self, *, agent: str | None = None) -> None:
        """End the CometD sessions of an agent, or all, as a restart of a server does."""
        self._post("/sessions/forget", agent=agent)

    def journal(
        self,
        *,
        after: int | None = None,
        changedAfter: int | None = None,
        agent: str | None = None,
        chat: str | None = None,
        kind: NotificationKind | Literal["request", "notification", "simulation"] | None = None,
        outsideApi: bool | None = None,
        state: State | None = None,
        sessions: int | None = None,
        timeout: int | None = None,
    ) -> list[dict[str, Any]]:
        """Return the matching requests and notifications, oldest first.

        `sessions` is the least number of CometD sessions for which a notification was queued. `timeout` is the number
        of milliseconds to wait for the first match, at most 9000. With `outsideApi` there are also the requests to
        `/simulation` that are no reads, and those to paths that do not exist.
        """
        selected = {"agent": agent, "chat": chat, "kind": kind, "state": state, "sessions": sessions}
        limits = {"after": after, "changedAfter": changedAfter, "timeout": timeout, "outsideApi": outsideApi}
        entries: list[dict[str, Any]] = self._read_journal(**limits, **selected)["entries"]
        return entries

    def wait_for_notification(
        self,
        timeout: float = 5.0,
        *,
        agent: str | None = None,
        chat: str | None = None,
        kind: NotificationKind | None = None,
        state: State | None = None,
        sessions: int | None = None,
    ) -> dict[str, Any]:
        """Wait for the first matching notification and return it.

        A notification that an earlier call returned does not match again. `sessions=1` matches only notifications that
        were queued for at least one CometD session. `sentAt` in the journal says when they were sent.

        Raises `NotificationTimeout` if none arrives within `timeout` seconds, or before the next `reset`.
        """
        returned = self._returned_positions
        deadline = time.monotonic() + timeout
        selected = _present(agent=agent, chat=chat, kind=kind, state=state, sessions=sessions)
        query = {"kind": "notification", **selected}
        journal = self._read_journal(**query)
        after = journal["position"]
        while returned is self._returned_positions:
            for entry in journal["entries"]:
                if entry["position"] not in returned:
                    returned.add(entry["position"])
                    return dict(entry["notification"])
                after = max(after, entry["position"])
            remaining = int((deadline - time.monotonic()) * 1000)
            if remaining <= 0:
                raise NotificationTimeout(self._timeout_message(timeout, selected, journal.get("unknown", [])))
            journal = self._read_journal(**query, after=after, timeout=min(remaining, MAX_WAIT))
        raise NotificationTimeout("the emulator was reset before a notification matched")

    def close(self) -> None:
        self._http.close()

    def _timeout_message(self, timeout: float, selected: Mapping[str, Any], unknown: list[str]) -> str:
        wanted = ", ".join(f"{name}={value!r}" for name, value in selected.items()) or "any parameters"
        notifications = self.journal(kind="notification")
        faults = [each for each in self.faults() if each["fired"] and each["fault"]["effect"] in NOTIFICATION_EFFECTS]
        listed = [
            f"  {self._summary(each)}{', already returned' if each['position'] in self._returned_positions else ''}"
            for each in notifications[-MAX_LISTED:]
        ]
        return "\n".join(
            [
                f"no notification matched {wanted} within {timeout:g} seconds",
                *(f"{name} {selected[name]!r} does not exist" for name in unknown),
                f"notifications since the last reset: {len(notifications) or 'none'}",
                *([f"  the last {MAX_LISTED} are:"] if len(notifications) > MAX_LISTED else []),
                *listed,
                *(f"a fault affected notifications: {each['fault']}, times: {each['fired']}" for each in faults),
            ]
        )

    @staticmethod
    def _summary(entry: Mapping[str, Any]) -> str:
        state = entry["notification"].get("chat", {}).get("state")
        chat = f", chat {entry['chat']}" if "chat" in entry else ""
        kind = f"{entry['kind']} {state}" if state else entry["kind"]
        return f"{kind} to {entry['agent']}{chat}, sessions: {entry['sessions']}"

    def _read_journal(self, **query: object) -> dict[str, Any]:
        return self._request("GET", "/journal", params=_present(**query))

    def _post(self, path: str, /, **members: object) -> dict[str, Any]:
        return self._request("POST", path, json=_present(**members))

    def _request(self, method: str, path: str, /, **options: Any) -> dict[str, Any]:
        try:
            response = self._http.request(method, path, timeout=RESPONSE_TIMEOUT, **options)
        except httpx2.TransportError as error:
            raise GwsChatError(self._describe_end() or f"{method} {path}: {error}") from None
        content: dict[str, Any] = response.json()
        if not response.is_success:
            raise GwsChatError(content["statusMessage"])
        return content


def _present(**members: object) -> dict[str, Any]:
    """Return the members that are not None."""
    return {name: value for name, value in members.items() if value is not None}


def _segment(text: str) -> str:
    """Return the text as one segment of a path. Dots are encoded as well, because `..` is another path."""
    return quote(text, safe="").replace(".", "%2E")
