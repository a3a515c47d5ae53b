"""An agent's client for tests, in the words of the field: it signs in, listens, leaves, is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx2

EXCHANGE = "/api/v2/notifications"


class AgentClient:
    """One agent of the service at the other end of `http`, by HTTP Basic."""

    def __init__(self, http: httpx2.AsyncClient, user_name: str, password: str) -> None:
        self.http = http
        self.credentials = (user_name, password)
        self.client_id = ""

    async def request(self, method: str, path: str, **options: Any) -> httpx2.Response:
        return await self.http.request(method, path, **{"auth": self.credentials, **options})

    async def get(self, path: str) -> dict[str, Any]:
        answer = await self.request("GET", path)
        return answer.json()

    async def uri(self) -> str:
        """Return the address by which others ask this agent in."""
        answer = await self.get("/api/v2/me")
        return answer["user"]["uri"]

    async def perform(self, chat_id: str, body: dict[str, Any]) -> httpx2.Response:
        return await self.request("POST", f"/api/v2/me/chats/{chat_id}", json=body)

    async def accept(self, chat_id: str, **parameters: str) -> httpx2.Response:
        return await self.perform(chat_id, {"operationName": "Accept", **parameters})

    async def leave(self, chat_id: str, **parameters: str) -> httpx2.Response:
        return await self.perform(chat_id, {"operationName": "Leave", **parameters})

    async def complete(self, chat_id: str, **parameters: str) -> httpx2.Response:
        return await self.perform(chat_id, {"operationName": "Complete", **parameters})

    async def invite(self, chat_id: str, other: AgentClient) -> httpx2.Response:
        return await self.perform(chat_id, {"operationName": "Invite", "targetUri": await other.uri()})

    async def consult(self, chat_id: str, other: AgentClient) -> httpx2.Response:
        return await self.perform(chat_id, {"operationName": "Consult", "targetUri": await other.uri()})

    async def transfer(self, chat_id: str, other: AgentClient) -> httpx2.Response:
        return await self.perform(chat_id, {"operationName": "Transfer", "targetUri": await other.uri()})

    async def send_to_agents(self, chat_id: str, text: str) -> httpx2.Response:
        return await self.perform(chat_id, {"operationName": "SendToAgents", "text": text})

    async def set_disposition(self, chat_id: str, disposition: str) -> httpx2.Response:
        return await self.perform(chat_id, {"operationName": "SetDisposition", "disposition": disposition})

    async def send(self, channel: str, **members: Any) -> list[dict[str, Any]]:
        """Send one Bayeux message and return all that comes back."""
        message = {"channel": channel, "id": "1", "clientId": self.client_id, **members}
        answer = await self.request("POST", EXCHANGE, json=[message])
        return answer.json()

    async def listen(self, *channels: str) -> None:
        """Open a session and subscribe; the first connect is answered at once."""
        (reply,) = await self.send(
            "/meta/handshake", version="1.0", supportedConnectionTypes=["long-polling"]
        )
        self.client_id = reply["clientId"]
        await self.send("/meta/connect", connectionType="long-polling")
        await self.send("/meta/subscribe", subscription=list(channels or ["/v2/me/chats"]))

    async def poll(self, *, no_longer_than: int | None = None) -> list[dict[str, Any]]:
        """Wait for the answer of one connect; `no_longer_than` in milliseconds is the client's wish."""
        advice = {} if no_longer_than is None else {"advice": {"timeout": no_longer_than}}
        return await self.send("/meta/connect", connectionType="long-polling", **advice)

    async def told(self) -> list[dict[str, Any]]:
        """Return the messages that wait, without waiting for more."""
        return [
            each for each in await self.poll(no_longer_than=0) if not each["channel"].startswith("/meta/")
        ]
