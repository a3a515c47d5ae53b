"""An agent's client for tests."""

from typing import Any, Self

import httpx2

COMETD_PATH = "/api/v2/notifications"


class AgentClient:
    """An agent who sends requests with HTTP Basic."""

    def __init__(self, http: httpx2.AsyncClient, user_name: str, password: str) -> None:
        self.http = http
        self.credentials = (user_name, password)
        self.client_id = ""

    async def request(self, method: str, path: str, **options: Any) -> httpx2.Response:
        return await self.http.request(method, path, **{"auth": self.credentials, **options})

    async def get(self, path: str) -> dict[str, Any]:
        response = await self.request("GET", path)
        return response.json()

    async def perform(self, chat_id: str, body: dict[str, Any]) -> httpx2.Response:
        return await self.request("POST", f"/api/v2/me/chats/{chat_id}", json=body)

    async def accept(self, chat_id: str, **parameters: str) -> httpx2.Response:
        return await self.perform(chat_id, {"operationName": "Accept", **parameters})

    async def leave(self, chat_id: str, **parameters: str) -> httpx2.Response:
        return await self.perform(chat_id, {"operationName": "Leave", **parameters})

    async def complete(self, chat_id: str, **parameters: str) -> httpx2.Response:
        return await self.perform(chat_id, {"operationName": "Complete", **parameters})

    async def perform_with_target(self, operation_name: str, chat_id: str, other: Self) -> httpx2.Response:
        """Perform Invite, Consult or Transfer."""
        target = await other.get("/api/v2/me")
        body = {"operationName": operation_name, "targetUri": target["user"]["uri"]}
        return await self.perform(chat_id, body)

    async def send_to_agents(self, chat_id: str, text: str) -> httpx2.Response:
        return await self.perform(chat_id, {"operationName": "SendToAgents", "text": text})

    async def send(self, channel: str, **members: Any) -> list[dict[str, Any]]:
        """Send one Bayeux message and return all messages of the response."""
        message = {"channel": channel, "id": "1", "clientId": self.client_id, **members}
        response = await self.request("POST", COMETD_PATH, json=[message])
        return response.json()

    async def listen(self, *channels: str) -> None:
        """Open a CometD session and subscribe. The first connect returns at once."""
        (reply,) = await self.send("/meta/handshake", version="1.0", supportedConnectionTypes=["long-polling"])
        self.client_id = reply["clientId"]
        await self.send("/meta/connect", connectionType="long-polling")
        await self.send("/meta/subscribe", subscription=list(channels or ["/v2/me/chats"]))

    async def poll(self, *, timeout: int | None = None) -> list[dict[str, Any]]:  # noqa: ASYNC109 - for the server
        """Send one connect and return the response. `timeout` is the client's own limit, in milliseconds."""
        advice = {} if timeout is None else {"advice": {"timeout": timeout}}
        return await self.send("/meta/connect", connectionType="long-polling", **advice)

    async def notifications(self) -> list[dict[str, Any]]:
        """Return the queued notifications without waiting for more."""
        return [each for each in await self.poll(timeout=0) if not each["channel"].startswith("/meta/")]
