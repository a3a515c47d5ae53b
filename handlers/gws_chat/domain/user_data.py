"""AttachUserData, UpdateUserData, DeleteUserData and SetDisposition change the user data of a chat.

Each function raises `OperationNotAllowed` unless the operation is allowed in the agent's current state.
"""

import json
from collections.abc import Mapping, Sequence
from functools import partial

from gws_chat.domain.agent import Agent
from gws_chat.domain.capabilities import Capability
from gws_chat.domain.chat import Chat, UserDataValue
from gws_chat.domain.errors import UserDataTooLarge
from gws_chat.domain.events import Event, properties_changed

MAX_LENGTH = 65_536  # characters of JSON; assumed


def require_small(user_data: Mapping[str, UserDataValue]) -> None:
    """Raise `UserDataTooLarge` if a chat cannot have this user data."""
    length = len(json.dumps(user_data, ensure_ascii=False))
    if length > MAX_LENGTH:
        raise UserDataTooLarge(
            f"userData: must be at most {MAX_LENGTH} characters of JSON in the whole chat, got {length}"
        )


def _set(capability: Capability, chat: Chat, agent: Agent, user_data: Mapping[str, UserDataValue]) -> list[Event]:
    """Set the given keys; keep all others. Raises `UserDataTooLarge`."""
    chat.require(agent, capability)
    all_user_data = {**chat.user_data, **user_data}
    require_small(all_user_data)
    return _replace(chat, agent, all_user_data)


attach_user_data = partial(_set, Capability.ATTACH_USER_DATA)
# Assumed: a missing key is added, as by AttachUserData.
update_user_data = partial(_set, Capability.UPDATE_USER_DATA)
# The disposition is stored in the user data.
set_disposition = partial(_set, Capability.SET_DISPOSITION)


def delete_user_data(chat: Chat, agent: Agent, keys: Sequence[str]) -> list[Event]:
    """Delete the given keys. Assumed: a missing key is ignored."""
    chat.require(agent, Capability.DELETE_USER_DATA)
    kept = {key: value for key, value in chat.user_data.items() if key not in keys}
    return _replace(chat, agent, kept)


def _replace(chat: Chat, agent: Agent, user_data: dict[str, UserDataValue]) -> list[Event]:
    # A new dict each time: earlier events keep the user data of their time.
    chat.user_data = user_data
    return properties_changed(chat, agent, agent.next_reference_id())
