"""Finds chats by ID."""

from collections.abc import Iterable, Mapping

from gws_chat.domain.agent import Agent
from gws_chat.domain.chat import Chat
from gws_chat.domain.errors import ChatNotFound


class ChatRepository:
    """All chats, in memory. Finding a chat takes the same time however many there are."""

    def __init__(self, chats: Iterable[Chat] = ()) -> None:
        self.replace(chats)

    def replace(self, chats: Iterable[Chat]) -> None:
        """Remove all chats and store these instead."""
        self._chats: dict[str, Chat] = {}
        self._chats_of_customers: dict[str, Chat] = {}
        for chat in chats:
            self.add(chat)

    def add(self, chat: Chat) -> None:
        """Store the chat under the ID that agents use, and under the customer's if it has a customer transcript."""
        self._chats[chat.id] = chat
        if chat.customer_transcript is not None:
            self._chats_of_customers[chat.customer_transcript.id] = chat

    def chat_of(self, agent: Agent, chat_id: str) -> Chat:
        """Return one of the agent's chats. Raises `FeatureRequired` and `ChatNotFound`."""
        agent.require_chat_feature()
        chat = self._chats.get(chat_id)
        if chat is None or agent.id not in chat.participations:
            raise ChatNotFound(f"id: must be the ID of one of your chats, got {_shorten(chat_id)}")
        return chat

    def find(self, chat_id: str) -> Chat:
        """Return any chat, by the ID that agents use. Raises `ChatNotFound`."""
        return _find(self._chats, chat_id)

    def chat_of_customer(self, customer_id: str) -> Chat:
        """Return the chat by the ID that its customer uses. Raises `ChatNotFound`."""
        return _find(self._chats_of_customers, customer_id)

    def __contains__(self, chat_id: str) -> bool:
        return chat_id in self._chats


def _find(chats: Mapping[str, Chat], chat_id: str) -> Chat:
    if chat_id not in chats:
        raise ChatNotFound(f"id: must be the ID of a chat, got {_shorten(chat_id)}")
    return chats[chat_id]


def _shorten(value: str, longest: int = 64) -> str:
    return repr(value if len(value) <= longest else value[:longest] + "...")
