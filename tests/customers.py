"""A customer's client for tests."""

from typing import Any

import httpx2

CHATS = "/api/v2/chats"


class CustomerClient:
    """A customer who sends requests with the header `ContactCenterId`."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self.http = http
        self.path = ""

    async def request(self, method: str, path: str, **options: Any) -> httpx2.Response:
        return await self.http.request(method, path, **{"headers": {"ContactCenterId": "any"}, **options})

    async def get(self, path: str) -> dict[str, Any]:
        response = await self.request("GET", path)
        return response.json()

    async def request_chat(self, nickname: str = "Eva", **parameters: Any) -> httpx2.Response:
        body = {"operationName": "RequestChat", "nickname": nickname, **parameters}
        response = await self.request("POST", CHATS, json=body)
        self.path = f"{CHATS}/{response.json().get('id', 'none')}"
        return response

    async def perform(self, body: dict[str, Any]) -> httpx2.Response:
        return await self.request("POST", self.path, json=body)

    async def write(self, text: str) -> httpx2.Response:
        return await self.perform({"operationName": "SendMessage", "text": text})

    async def complete(self) -> httpx2.Response:
        return await self.perform({"operationName": "Complete"})

    async def chat(self) -> dict[str, Any]:
        response = await self.get(self.path)
        return response["chat"]

    async def new_messages(self) -> list[dict[str, Any]]:
        """Return the messages not received by an earlier call."""
        response = await self.get(f"{self.path}/messages")
        return response["messages"]

    async def messages(self, since: int = 1) -> list[dict[str, Any]]:
        response = await self.get(f"{self.path}/messages?index={since}")
        return response["messages"]
