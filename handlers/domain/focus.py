"""InFocus, which newer samples call SetInFocus: one operation, and both names are accepted for it."""

from handlers.domain.agent import Agent
from handlers.domain.capabilities import Capability
from handlers.domain.chat import Chat
from handlers.domain.events import Event


def set_in_focus(chat: Chat, agent: Agent, _: None) -> list[Event]:
    """Take note that the agent looks at this chat. Nothing follows from it (decided).

    Raises `OperationNotAllowed` unless one of the two names is among the capabilities.
    """
    chat.require(agent, Capability.IN_FOCUS, Capability.SET_IN_FOCUS)
    agent.accept_operation()
    return []
