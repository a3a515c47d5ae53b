"""The customer's side of a chat, by HTTP."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from gws_chat.verify.http_client import HttpClient, Response
from gws_chat.verify.names import USER_DATA_KEY


@dataclass(frozen=True, slots=True)
class CustomerAccess:
    """The base URL for customers, and their contact center."""

    http: HttpClient
    contact_center_id: str

    def new_customer(self) -> "Customer":
        return Customer(self, f"verify-{uuid4().hex[:8]}")

    @property
    def identity(self) -> dict[str, str]:
        """The headers of a customer."""
        return {"ContactCenterId": self.contact_center_id}

    def send(self, method: str, path: str, body: Any = None) -> Response | None:
        return self.http.try_request(method, path, body, headers=self.identity)


class Customer:
    """A customer with one chat. `mark` is its nickname, and the value of `USER_DATA_KEY` in its user data."""

    def __init__(self, access: CustomerAccess, mark: str) -> None:
        self.mark = mark
        self._access = access
        self.http, self.identity = access.http, access.identity
        self.path = ""
        self.is_open = False
        self.received: list[dict[str, Any]] = []

    def request_chat(self) -> Response | None:
        body = {
            "operationName": "RequestChat",
            "nickname": self.mark,
            "subject": self.mark,
            "userData": {USER_DATA_KEY: self.mark},
        }
        response = self._access.send("POST", "/chats", body)
        chat_id = response.get("id") if response else None
        if response and response.is_http_success and isinstance(chat_id, str):
            self.path, self.is_open = f"/chats/{chat_id}", True
        return response

    def perform(self, body: dict[str, Any]) -> Response | None:
        response = self._access.send("POST", self.path, body)
        if body["operationName"] == "Complete" and response and response.is_http_success:
            self.is_open = False
        return response

    def chat(self) -> dict[str, Any]:
        """Return the chat that the customer sees, or an empty object."""
        response = self._access.send("GET", self.path)
        chat = response.get("chat") if response else None
        return chat if isinstance(chat, dict) else {}

    def messages(self, query: str = "") -> list[dict[str, Any]] | None:
        """Return the messages not received before, or those that `query` selects. None if there is no list."""
        response = self._access.send("GET", f"{self.path}/messages{query}")
        messages = response.get("messages") if response else None
        if not isinstance(messages, list):
            return None
        found = [each for each in messages if isinstance(each, dict)]
        if not query:
            self.received += found
        return found
