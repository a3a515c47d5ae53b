"""What agents write: messages, notices, and that they are typing."""

from collections.abc import Callable

from handlers.domain.agent import Agent
from handlers.domain.capabilities import Capability
from handlers.domain.chat import Chat, MessageType, Text, Visibility
from handlers.domain.events import Event, messages_written

TYPING = {
    Capability.SEND_START_TYPING_NOTIFICATION: (MessageType.TYPING_STARTED, Visibility.ALL),
    Capability.SEND_STOP_TYPING_NOTIFICATION: (MessageType.TYPING_STOPPED, Visibility.ALL),
    Capability.SEND_START_TYPING_TO_AGENTS_NOTIFICATION: (MessageType.TYPING_STARTED, Visibility.AGENTS),
    Capability.SEND_STOP_TYPING_TO_AGENTS_NOTIFICATION: (MessageType.TYPING_STOPPED, Visibility.AGENTS),
}


def send_message(chat: Chat, agent: Agent, text: Text) -> list[Event]:
    """Write to the customer and the agents. Raises `OperationNotAllowed`."""
    return _write(chat, agent, Capability.SEND_MESSAGE, MessageType.TEXT, Visibility.ALL, text)


def send_to_agents(chat: Chat, agent: Agent, text: Text) -> list[Event]:
    """Write to the agents only. Raises `OperationNotAllowed`."""
    return _write(chat, agent, Capability.SEND_TO_AGENTS, MessageType.TEXT, Visibility.AGENTS, text)


def send_custom_notice(chat: Chat, agent: Agent, notice: Text) -> list[Event]:
    """Send the agents' desktops a notice of their own making. Raises `OperationNotAllowed`."""
    capability, kind = Capability.SEND_CUSTOM_NOTICE_TO_AGENTS, MessageType.CUSTOM_NOTICE
    return _write(chat, agent, capability, kind, Visibility.AGENTS, notice)


def typing_notification(capability: Capability) -> Callable[[Chat, Agent, None], list[Event]]:
    """Return the operation that tells that the agent begins or ends to type.

    It takes an index (documented) but is not kept in the transcript (decided).
    """
    kind, visibility = TYPING[capability]

    def notify(chat: Chat, agent: Agent, _: None) -> list[Event]:
        chat.require(agent, capability)
        agent.accept_operation()
        return messages_written(chat, chat.message(kind, chat.seat_of(agent).participant, visibility))

    return notify


def _write(
    chat: Chat, agent: Agent, capability: Capability, kind: MessageType, visibility: Visibility, text: Text
) -> list[Event]:
    chat.require(agent, capability)
    agent.accept_operation()
    return messages_written(chat, chat.write(kind, chat.seat_of(agent).participant, visibility, text))
