"""Finds chats by ID."""

from collections.abc import Container, Iterable

from gws_chat.domain.agent import Agent
from gws_chat.domain.chat import Chat
from gws_chat.domain.errors import ChatNotFound, shorten
from gws_chat.domain.transcript import CustomerTranscript


class ChatRepository:
    """All chats, in memory. Finding a chat takes the same time however many there are."""

    def __init__(self, chats: Iterable[Chat] = ()) -> None:
        self.replace(chats)

    def replace(self, chats: Iterable[Chat]) -> None:
        """Remove all chats and store these instead."""
        self._chats: dict[str, Chat] = {}
        self._of_customers: dict[str, tuple[Chat, CustomerTranscript]] = {}
        for chat in chats:
            self.add(chat)

    def add(self, chat: Chat) -> None:
        """Store the chat under the ID that agents use, and under the customer's if it has a customer transcript."""
        self._chats[chat.id] = chat
        if chat.customer_transcript is not None:
            self._of_customers[chat.customer_transcript.id] = chat, chat.customer_transcript

    def chat_of(self, agent: Agent, chat_id: str) -> Chat:
        """Return one of the agent's chats. Raises `FeatureRequired` and `ChatNotFound`."""
        agent.require_chat_feature()
        chat = self._chats.get(chat_id)
        if chat is None or agent.id not in chat.participations:
            raise ChatNotFound(f"id: must be the ID of one of your chats, got {shorten(chat_id)!r}")
        return chat

    def find(self, chat_id: str) -> Chat:
        """Return any chat, by the ID that agents use. Raises `ChatNotFound`."""
        _require_known(chat_id, self._chats)
        return self._chats[chat_id]

    def chat_of_customer(self, customer_id: str) -> tuple[Chat, CustomerTranscript]:
        """Return the chat and its transcript by the ID that the customer uses. Raises `ChatNotFound`."""
        _require_known(customer_id, self._of_customers)
        return self._of_customers[customer_id]

    def __contains__(self, chat_id: str) -> bool:
        return chat_id in self._chats


def _require_known(chat_id: str, chat_ids: Container[str]) -> None:
    if chat_id not in chat_ids:
        raise ChatNotFound(f"id: must be the ID of a chat, got {shorten(chat_id)!r}")
