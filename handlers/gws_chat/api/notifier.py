"""Notify the agents whom an event concerns, over CometD."""

from collections.abc import Callable
from typing import NamedTuple

from gws_chat.api.serialization import JsonObject
from gws_chat.api.serialization.notifications import SerializeEvent
from gws_chat.cometd.server import Server
from gws_chat.domain.agent import Agent
from gws_chat.domain.events import Event, ReadyStatesSet
from gws_chat.gateway.request_record import RequestRecord
from gws_chat.gateway.responses import to_json


class Notification(NamedTuple):
    """The content to publish as JSON, the event that it reports, and the request that caused it, if one did.

    `content` is None if the agent had no CometD session when it happened.
    """

    event: Event
    content: JsonObject | None
    cause: RequestRecord | None = None


class Notifier:
    """Notifies agents of events. `serialize_event` returns the content of a notification."""

    def __init__(self, cometd: Server, serialize_event: SerializeEvent) -> None:
        self._cometd = cometd
        self._serialize_event = serialize_event
        self._external_urls: dict[str, str] = {}  # by agent ID; set by each CometD request of the agent

    def set_external_url(self, agent: Agent, external_url: str) -> None:
        """Set the base URL in the agent's notifications to that of the agent's own CometD request.

        The request that caused an event may come from a customer, who needs no password. Its Host header must not
        determine the URLs that agents receive.
        """
        self._external_urls[agent.id] = external_url

    def create_notification(self, event: Event, cause: RequestRecord | None = None) -> Notification:
        """Return the notification of an event that has just happened, to be published later."""
        agent_id = event.agent.id
        if not self._cometd.has_session(agent_id):
            return Notification(event, None, cause)
        return Notification(event, self._serialize_event(event, self._external_urls[agent_id]), cause)

    def publish(self, notification: Notification, on_sent: Callable[[], object] = lambda: None) -> int:
        """Publish the notification to the CometD sessions of its agent, and return their number.

        `on_sent` is called for each session that it is sent to.
        """
        if notification.content is None:
            return 0
        channel = "/v2/me/channels" if isinstance(notification.event, ReadyStatesSet) else "/v2/me/chats"
        content = to_json(notification.content).decode()
        return self._cometd.publish(notification.event.agent.id, channel, content, on_sent)
