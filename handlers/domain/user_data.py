"""AttachUserData, UpdateUserData, DeleteUserData and SetDisposition: what is kept with a chat.

Permitted in LeftChat, too, as the Leave page's prose promises.
"""

from collections.abc import Mapping, Sequence

from handlers.domain.agent import Agent
from handlers.domain.capabilities import Capability
from handlers.domain.chat import Chat, UserDataValue
from handlers.domain.events import Event, properties_changed

UserData = Mapping[str, UserDataValue]


def attach_user_data(chat: Chat, agent: Agent, user_data: UserData) -> list[Event]:
    """Set the given keys and leave the others. Raises `OperationNotAllowed`."""
    return _change(chat, agent, Capability.ATTACH_USER_DATA, {**chat.user_data, **user_data})


def update_user_data(chat: Chat, agent: Agent, user_data: UserData) -> list[Event]:
    """Do as AttachUserData: a key that is not there is added (decided). Raises `OperationNotAllowed`."""
    return _change(chat, agent, Capability.UPDATE_USER_DATA, {**chat.user_data, **user_data})


def delete_user_data(chat: Chat, agent: Agent, keys: Sequence[str]) -> list[Event]:
    """Remove keys; one that is not there is no fault (decided). Raises `OperationNotAllowed`."""
    kept = {key: value for key, value in chat.user_data.items() if key not in keys}
    return _change(chat, agent, Capability.DELETE_USER_DATA, kept)


def set_disposition(chat: Chat, agent: Agent, disposition: UserData) -> list[Event]:
    """Set the disposition, which is user data under a key of its own. Raises `OperationNotAllowed`."""
    return _change(chat, agent, Capability.SET_DISPOSITION, {**chat.user_data, **disposition})


def _change(
    chat: Chat, agent: Agent, capability: Capability, user_data: dict[str, UserDataValue]
) -> list[Event]:
    chat.require(agent, capability)
    chat.user_data = user_data
    return properties_changed(chat, agent, agent.accept_operation())
