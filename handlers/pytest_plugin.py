"""Fixtures for tests against the stand-in: `gws_chat` controls a service of the test run's own."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class GwsChat:
    """The control side of a running service; `url` is where the service is.

    Parameters are named as in the document. Raises `Refused` where the service refuses.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx2.Client(base_url=f"{url}/simulation", trust_env=False)
        self._returned: set[int] = set()
        """The positions of the notifications that were waited for."""

    def reset(self, **parameters: Any) -> None:
        """Begin the scenario anew."""
        self._returned.clear()
        self._request("POST", "/reset", json=parameters)

    def advance(self, seconds: float) -> None:
        """Put the clock forward."""
        self._request("POST", "/clock", json={"advance": seconds})

    def create_chat(self, *agents: dict[str, str], **parameters: Any) -> dict[str, Any]:
        """Make a chat, and return its `id` and `customerId`."""
        return self._request("POST", "/chats", json={"agents": agents, **parameters})

    def act_as_customer(self, chat_id: str, operation_name: str, **parameters: Any) -> None:
        body = {"operationName": operation_name, **parameters}
        self._request("POST", f"/chats/{chat_id}/customer", json=body)

    def act_as_agent(self, chat_id: str, user_name: str, operation_name: str, **parameters: Any) -> None:
        body = {"operationName": operation_name, **parameters}
        self._request("POST", f"/chats/{chat_id}/agents/{user_name}", json=body)

    def provoke(self, effect: str, **parameters: Any) -> None:
        """Have something go wrong from now on."""
        self._request("POST", "/faults", json={"effect": effect, **parameters})

    def clear_faults(self) -> None:
        self._request("DELETE", "/faults")

    def forget_sessions(self, **parameters: str) -> None:
        """Forget the CometD sessions of an `agent`, or all."""
        self._request("POST", "/sessions/forget", json=parameters)

    def journal(self, **query: Any) -> list[dict[str, Any]]:
        """Return what was asked and told, and matches."""
        entries: list[dict[str, Any]] = self._request("GET", "/journal", params=query)["entries"]
        return entries

    def wait_for_notification(self, timeout: float = 5.0, **query: Any) -> dict[str, Any]:
        """Return the first notification that matches, as soon as it was told, and each only once.

        With `sessions=1` only one that somebody has heard. Raises `NotTold` if it takes longer than `timeout`
        seconds, 60 at most.
        """
        wanted = {"kind": "notification", **query}
        told = self._request("GET", "/journal", params=wanted)
        new = [entry for entry in told["entries"] if entry["position"] not in self._returned]
        if not new:
            later = {"after": told["position"], "timeout": int(timeout * 1000)}
            new = self.journal(**{**wanted, **later})
        if not new:
            raise NotTold(f"nothing like {query} was told within {timeout} seconds")
        self._returned.add(new[0]["position"])
        notification: dict[str, Any] = new[0]["notification"]
        return notification

    def close(self) -> None:
        self._http.close()

    def _request(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        answer = self._http.request(method, path, timeout=70, **options)
        content: dict[str, Any] = answer.json()
        if not answer.is_success:
            raise Refused(content["statusMessage"])
        return content


class Refused(Exception):
    """The service refuses what a test wishes."""


class NotTold(AssertionError):
    """What a test waits for does not come."""


@pytest.fixture(scope="session")
def gws_chat_options() -> Sequence[str]:
    """Return the options of `python -m handlers`; to be overridden."""
    return ()


@pytest.fixture(scope="session")
def gws_chat_service(gws_chat_options: Sequence[str]) -> Iterator[GwsChat]:
    """Run a service on a free port of this machine for the whole test run."""
    # -P: what lies in the folder of the tests is not to be taken for this package
    command = [sys.executable, "-P", "-m", "handlers", "--simulation", "--port", "0", *gws_chat_options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        # it listens before it says so: whoever comes early waits
        first_line = process.stdout.readline() if process.stdout else ""
        try:
            if not first_line:
                raise RuntimeError(f"the service did not start, exit status {process.wait()}")
            control = GwsChat(first_line.split()[-1].removesuffix("/api/v2"))
            yield control
            control.close()
        finally:
            process.terminate()


@pytest.fixture
def gws_chat(gws_chat_service: GwsChat) -> GwsChat:
    """Control a service that has just begun its scenario, and whose ids are the same each time."""
    gws_chat_service.reset(seed=1)
    return gws_chat_service
