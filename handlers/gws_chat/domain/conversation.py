"""Messages, URLs, notices and typing notifications that agents send, and the focus of their desktops.

Each function raises `OperationNotAllowed` unless the operation is allowed in the agent's current situation.
"""

from functools import partial

from gws_chat.domain.agent import Agent
from gws_chat.domain.capabilities import Capability
from gws_chat.domain.chat import Chat
from gws_chat.domain.events import Event, messages_added
from gws_chat.domain.transcript import MessageText, MessageType, Visibility


def _send(
    name: Capability,
    message_type: MessageType,
    visibility: Visibility,
    chat: Chat,
    agent: Agent,
    text: MessageText | None = None,
) -> list[Event]:
    """Send a message to the agents, and to the customer if it is visible to all. Typing notifications have no text."""
    chat.require(agent, name)
    agent.next_reference_id()
    sender = chat.participation_of(agent).participant
    return messages_added(chat, chat.add_message(message_type, sender, visibility, text))


send_message = partial(_send, Capability.SEND_MESSAGE, MessageType.TEXT, Visibility.ALL)
send_url = partial(_send, Capability.SEND_URL, MessageType.PUSH_URL, Visibility.ALL)
send_to_agents = partial(_send, Capability.SEND_TO_AGENTS, MessageType.TEXT, Visibility.AGENTS)
# Only the agents' desktops interpret the content of a custom notice.
send_custom_notice = partial(
    _send, Capability.SEND_CUSTOM_NOTICE_TO_AGENTS, MessageType.CUSTOM_NOTICE, Visibility.AGENTS
)
start_typing = partial(_send, Capability.SEND_START_TYPING_NOTIFICATION, MessageType.TYPING_STARTED, Visibility.ALL)
stop_typing = partial(_send, Capability.SEND_STOP_TYPING_NOTIFICATION, MessageType.TYPING_STOPPED, Visibility.ALL)
start_typing_to_agents = partial(
    _send, Capability.SEND_START_TYPING_TO_AGENTS_NOTIFICATION, MessageType.TYPING_STARTED, Visibility.AGENTS
)
stop_typing_to_agents = partial(
    _send, Capability.SEND_STOP_TYPING_TO_AGENTS_NOTIFICATION, MessageType.TYPING_STOPPED, Visibility.AGENTS
)


def _focus(name: Capability, synonym: Capability, chat: Chat, agent: Agent) -> list[Event]:
    """SetInFocus, or InFocus on the Leave page: changes nothing but the `referenceId` (assumed)."""
    chat.require(agent, name, synonym)
    agent.next_reference_id()
    return []


in_focus = partial(_focus, Capability.IN_FOCUS, Capability.SET_IN_FOCUS)
set_in_focus = partial(_focus, Capability.SET_IN_FOCUS, Capability.IN_FOCUS)
