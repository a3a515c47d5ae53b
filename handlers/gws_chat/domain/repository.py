"""Finds chats by ID."""

from collections.abc import Container, Iterable
from itertools import islice

from gws_chat.domain.agent import Agent
from gws_chat.domain.chat import Chat
from gws_chat.domain.errors import ChatNotFound, TooManyChats, shorten
from gws_chat.domain.transcript import CustomerTranscript

MAX_CHATS_OF_CUSTOMERS = 5_000  # assumed


class ChatRepository:
    """All chats, in memory. Finding a chat takes the same time however many there are.

    The chats to which customers have access are limited. At the limit, a new one replaces the oldest that has ended.
    """

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
        if chat.customer_transcript is None or chat.customer_transcript.id in self._of_customers:
            return
        if self._is_full and (customer_chat_id := self._oldest_ended()):
            ended, _ = self._of_customers.pop(customer_chat_id)
            self._chats.pop(ended.id, None)
        self._of_customers[chat.customer_transcript.id] = chat, chat.customer_transcript

    def require_room(self) -> None:
        """Raise `TooManyChats` unless a customer may request one more chat."""
        if self._is_full and self._oldest_ended() is None:
            raise TooManyChats(f"chats: customers must have at most {MAX_CHATS_OF_CUSTOMERS} that have not ended")

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

    def get(self, chat_id: str) -> Chat | None:
        """Return any chat, by the ID that agents use, or None."""
        return self._chats.get(chat_id)

    def chat_of_customer(self, customer_chat_id: str) -> tuple[Chat, CustomerTranscript]:
        """Return the chat and its transcript by the ID that the customer uses. Raises `ChatNotFound`."""
        _require_known(customer_chat_id, self._of_customers)
        return self._of_customers[customer_chat_id]

    def newest_open(self, limit: int) -> list[Chat]:
        """Return the chats that still have a customer or agents, the newest first."""
        chats = (each for each in reversed(self._chats.values()) if each.customer is not None or each.participations)
        return list(islice(chats, limit))

    @property
    def _is_full(self) -> bool:
        return len(self._of_customers) >= MAX_CHATS_OF_CUSTOMERS

    def _oldest_ended(self) -> str | None:
        """Return the ID that the customer uses for the oldest chat without a customer and agents."""
        ended = (id_ for id_, (chat, _) in self._of_customers.items() if not chat.customer and not chat.participations)
        return next(ended, None)

    def __contains__(self, chat_id: str) -> bool:
        """Return whether agents or a customer use the ID for a chat."""
        return chat_id in self._chats or chat_id in self._of_customers


def _require_known(chat_id: str, chat_ids: Container[str]) -> None:
    if chat_id not in chat_ids:
        raise ChatNotFound(f"id: must be the ID of a chat, got {shorten(chat_id)!r}")
