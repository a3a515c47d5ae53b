"""The objects that handlers use."""

from dataclasses import dataclass

from gws_chat.api.metrics_text import MetricsText
from gws_chat.api.notifier import Notifier
from gws_chat.cometd.server import Server
from gws_chat.domain.chat import ContactCenter
from gws_chat.domain.repository import ChatRepository
from gws_chat.gateway.identity import Identity


@dataclass(frozen=True, slots=True)
class Services:
    chats: ChatRepository
    center: ContactCenter
    identity: Identity
    cometd: Server
    notifier: Notifier
    metrics: MetricsText
