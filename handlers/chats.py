"""`/api/v2/me/chats`: the chats of the agent who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import wire
from handlers.domain.leave import leave

if TYPE_CHECKING:
    from handlers.domain.agent import Agent
    from handlers.domain.repository import ChatRepository
    from handlers.notifier import Notifier

OPERATIONS = {
    "Leave": (wire.text, leave),
}
"""By `operationName`: what reads the operation's parameters, and the rule that performs it."""


def perform_chat_operation(
    id_: str, body: wire.JSON, user: Agent, external_url: str, *, chats: ChatRepository, notifier: Notifier
) -> wire.JSON:
    read_parameters, perform = OPERATIONS[wire.operation_name(body)]
    chat = chats.chat_of(user, id_)
    events = perform(chat, user, read_parameters(body))
    notifier.tell(events, external_url)
    return wire.success()


def get_chat(id_: str, user: Agent, external_url: str, *, chats: ChatRepository) -> wire.JSON:
    return wire.chat(chats.chat_of(user, id_), user, external_url)


def list_chats(
    user: Agent, external_url: str, fields: str | None = None, *, chats: ChatRepository
) -> wire.JSON:
    return wire.chats(chats.chats_of(user), user, external_url, in_full=fields is not None)
