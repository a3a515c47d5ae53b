"""Where chats are found."""

from collections.abc import Iterable
from typing import Protocol

from handlers.domain.agent import Agent
from handlers.domain.chat import Chat
from handlers.domain.customer_view import CustomerView
from handlers.domain.errors import ChatNotFound


class ChatRepository(Protocol):
    """The chats, as agents and customers may reach them."""

    def chat_of(self, agent: Agent, chat_id: str) -> Chat:
        """Return one of the agent's chats.

        Raises `FeatureRequired` if the account may not use chats, `ChatNotFound` if the agent has
        no such chat.
        """

    def chats_of(self, agent: Agent) -> list[Chat]:
        """Return the agent's chats in order of arrival.

        Raises `FeatureRequired` if the account may not use chats.
        """

    def find(self, chat_id: str) -> Chat:
        """Return any chat. Raises `ChatNotFound`."""

    def seen_by_customer(self, customer_id: str) -> CustomerView:
        """Return the chat that its customer knows by this id; the agents' id of it is another one.

        Raises `ChatNotFound`.
        """

    def add(self, view: CustomerView) -> None:
        """Keep the chat, and how its customer may reach it."""


class InMemoryChatRepository:
    """Everything in dictionaries: a chat is found at the same cost however many there are."""

    def __init__(self, chats: Iterable[Chat] = ()) -> None:
        self._chats = {chat.id: chat for chat in chats}
        self._views: dict[str, CustomerView] = {}

    def replace(self, chats: Iterable[Chat]) -> None:
        """Keep these chats and no others any more."""
        self._chats = {chat.id: chat for chat in chats}
        self._views.clear()

    def chat_of(self, agent: Agent, chat_id: str) -> Chat:
        agent.require_chat_feature()
        chat = self._chats.get(chat_id)
        if chat is None or agent.id not in chat.seats:
            raise ChatNotFound(f"id: you have no chat {_shown(chat_id)}")
        return chat

    def chats_of(self, agent: Agent) -> list[Chat]:
        agent.require_chat_feature()
        return list(agent.chats.values())

    def find(self, chat_id: str) -> Chat:
        if chat_id not in self._chats:
            raise ChatNotFound(f"id: there is no chat {_shown(chat_id)}")
        return self._chats[chat_id]

    def __contains__(self, chat_id: str) -> bool:
        return chat_id in self._chats

    def seen_by_customer(self, customer_id: str) -> CustomerView:
        if customer_id not in self._views:
            raise ChatNotFound(f"id: there is no chat {_shown(customer_id)}")
        return self._views[customer_id]

    def add(self, view: CustomerView) -> None:
        self._chats[view.chat.id] = view.chat
        self._views[view.id] = view


def _shown(value: str, longest: int = 64) -> str:
    return repr(value if len(value) <= longest else value[:longest] + "...")
