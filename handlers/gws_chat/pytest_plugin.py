"""Pytest fixtures for tests against the emulator.

The fixture `gws_chat` starts an emulator for the test run, resets it before each test, and controls it.
"""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

import httpx2
import pytest

MAX_WAIT = 9000  # milliseconds; the journal rejects a longer wait


class GwsChat:
    """Controls a running emulator. `url` is the emulator's base URL.

    Parameters have the names of the API at `/simulation`. All methods raise `GwsChatError` if the
    emulator rejects the request.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx2.Client(base_url=f"{url}/simulation", trust_env=False)
        self._returned_positions: set[int] = set()  # of the notifications in the journal that a test has received

    def reset(self, **parameters: Any) -> None:
        """Restore the initial state of the scenario."""
        self._returned_positions.clear()
        self._request("POST", "/reset", json=parameters)

    def advance(self, seconds: float) -> None:
        self._request("POST", "/clock", json={"advance": seconds})

    def create_chat(self, *agents: dict[str, str], **parameters: Any) -> dict[str, Any]:
        """Create a chat and return its `id` and `customerId`."""
        return self._request("POST", "/chats", json={"agents": agents, **parameters})

    def act_as_customer(self, chat_id: str, operation_name: str, **parameters: Any) -> None:
        self._request("POST", f"/chats/{chat_id}/customer", json={"operationName": operation_name, **parameters})

    def act_as_agent(self, chat_id: str, user_name: str, operation_name: str, **parameters: Any) -> None:
        body = {"operationName": operation_name, **parameters}
        self._request("POST", f"/chats/{chat_id}/agents/{user_name}", json=body)

    def inject_fault(self, effect: str, **parameters: Any) -> None:
        """Inject a fault into the matching requests or notifications from now on."""
        self._request("POST", "/faults", json={"effect": effect, **parameters})

    def clear_faults(self) -> None:
        self._request("DELETE", "/faults")

    def forget_sessions(self, **parameters: str) -> None:
        """Remove the CometD sessions of the given `agent`, or all."""
        self._request("POST", "/sessions/forget", json=parameters)

    def journal(self, **query: Any) -> list[dict[str, Any]]:
        """Return the matching requests and notifications."""
        entries: list[dict[str, Any]] = self._request("GET", "/journal", params=query)["entries"]
        return entries

    def wait_for_notification(self, timeout: float = 5.0, **query: Any) -> dict[str, Any]:
        """Wait for the first matching notification and return it.

        A notification that an earlier call returned does not match again. `sessions=1` matches only notifications that
        were published to at least one CometD session.

        Raises `NotificationTimeout` if none arrives within `timeout` seconds.
        """
        deadline = time.monotonic() + timeout
        params = {"kind": "notification", **query}
        journal = self._request("GET", "/journal", params=params)
        entries = [entry for entry in journal["entries"] if entry["position"] not in self._returned_positions]
        while not entries:
            remaining = int((deadline - time.monotonic()) * 1000)
            if remaining <= 0:
                raise NotificationTimeout(f"no notification matched {query} within {timeout} seconds")
            params |= {"after": journal["position"], "timeout": min(remaining, MAX_WAIT)}
            entries = self.journal(**params)
        self._returned_positions.add(entries[0]["position"])
        notification: dict[str, Any] = entries[0]["notification"]
        return notification

    def close(self) -> None:
        self._http.close()

    def _request(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        response = self._http.request(method, path, timeout=70, **options)
        content: dict[str, Any] = response.json()
        if not response.is_success:
            raise GwsChatError(content["statusMessage"])
        return content


class GwsChatError(Exception):
    """The emulator rejected a request of the test."""


class NotificationTimeout(AssertionError):
    """No matching notification arrived in time."""


@pytest.fixture(scope="session")
def gws_chat_options() -> Sequence[str]:
    """Return the command-line options of the emulator. Override this fixture to change them."""
    return ()


@pytest.fixture(scope="session")
def gws_chat_service(gws_chat_options: Sequence[str]) -> Iterator[GwsChat]:
    """Run an emulator on a free port of this machine during the test run."""
    # -P: do not import a module `gws_chat` from the working directory
    command = [sys.executable, "-P", "-m", "gws_chat", "--simulation", "--port", "0", *gws_chat_options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own command
        # The emulator prints its URL once it accepts connections.
        first_line = process.stdout.readline() if process.stdout else ""
        try:
            if not first_line:
                raise RuntimeError(f"the emulator did not start, exit status {process.wait()}")
            control = GwsChat(first_line.split()[-1].removesuffix("/api/v2"))
            yield control
            control.close()
        finally:
            process.terminate()


@pytest.fixture
def gws_chat(gws_chat_service: GwsChat) -> GwsChat:
    """Control an emulator in its initial state. It generates the same IDs in each test."""
    gws_chat_service.reset(seed=1)
    return gws_chat_service
