"""`/api/v2/me/chats`: the chats of the agent who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import wire
from handlers.domain.complete import complete
from handlers.domain.conversation import (
    TYPING,
    send_custom_notice,
    send_message,
    send_to_agents,
    typing_notification,
)
from handlers.domain.focus import set_in_focus
from handlers.domain.invitation import accept, consult, invite, reject
from handlers.domain.leave import leave
from handlers.domain.remove import remove_participant
from handlers.domain.transfer import transfer
from handlers.domain.user_data import (
    attach_user_data,
    delete_user_data,
    set_disposition,
    update_user_data,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from handlers.domain.agent import Agent
    from handlers.domain.events import Event
    from handlers.domain.repository import ChatRepository
    from handlers.notifier import Notifier

    Answer = Callable[[Agent], wire.JSON]

OPERATIONS: dict[str, tuple[Callable[[wire.JSON], Any], Callable[..., list[Event]], Answer]] = {
    "Accept": (wire.nickname, accept, wire.taken),
    "Reject": (wire.nothing, reject, wire.taken),
    "Leave": (wire.last_words, leave, wire.taken),
    "Complete": (wire.completion, complete, wire.taken),
    "Transfer": (wire.handover, transfer, wire.taken),
    "Invite": (wire.target, invite, wire.taken_with_reference),
    "Consult": (wire.target, consult, wire.taken_with_reference),
    "RemoveParticipantFromConference": (wire.removal, remove_participant, wire.taken),
    "SendMessage": (wire.text, send_message, wire.taken),
    "SendToAgents": (wire.text, send_to_agents, wire.taken),
    "SendCustomNoticeToAgents": (wire.notice, send_custom_notice, wire.taken),
    "InFocus": (wire.nothing, set_in_focus, wire.taken),
    "SetInFocus": (wire.nothing, set_in_focus, wire.taken),
    "AttachUserData": (wire.user_data, attach_user_data, wire.taken),
    "UpdateUserData": (wire.user_data, update_user_data, wire.taken),
    "DeleteUserData": (wire.keys, delete_user_data, wire.taken),
    "SetDisposition": (wire.disposition, set_disposition, wire.taken),
    **{name: (wire.nothing, typing_notification(name), wire.taken) for name in TYPING},
}
"""By `operationName`: what reads its parameters, the rule that performs it, and what answers it."""


def perform_chat_operation(
    id_: str, body: wire.JSON, user: Agent, *, chats: ChatRepository, notifier: Notifier
) -> wire.JSON:
    read_parameters, perform, answer = OPERATIONS[wire.operation_name(body)]
    chat = chats.chat_of(user, id_)
    events = perform(chat, user, read_parameters(body))
    notifier.tell(events)
    return answer(user)


def get_chat(id_: str, user: Agent, external_url: str, *, chats: ChatRepository) -> wire.JSON:
    return wire.chat(chats.chat_of(user, id_), user, external_url)


def list_chats(
    user: Agent, external_url: str, fields: str | None = None, *, chats: ChatRepository
) -> wire.JSON:
    return wire.chats(chats.chats_of(user), user, external_url, in_full=fields is not None)


def list_messages(id_: str, user: Agent, external_url: str, *, chats: ChatRepository) -> wire.JSON:
    return wire.messages(chats.chat_of(user, id_), external_url)
