"""Revoke invitations that stay unanswered for too long."""

from collections.abc import Callable

from gws_chat.domain.events import Event, StatusChanged
from gws_chat.domain.repository import ChatRepository
from gws_chat.domain.routing import expire_invitation
from gws_chat.gateway.notification_queue import NotificationQueue


def start_timer_if_invitation(
    event: Event, chats: ChatRepository, schedule: Callable[..., object], queue: NotificationQueue
) -> None:
    """Start a timer if the event is an invitation that expires. `schedule` calls a function after some seconds."""
    if isinstance(event, StatusChanged) and event.expires_in is not None:
        chat = chats.find(event.chat_id)
        participation = chat.participation_of(event.agent)
        schedule(event.expires_in, lambda: queue.add_without_response(expire_invitation(chat, participation)))
