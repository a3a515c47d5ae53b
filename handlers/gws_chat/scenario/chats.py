"""The chats of a scenario: each entry is checked before its chat is built."""

import re
from collections.abc import Mapping
from typing import Any

from gws_chat.domain.agent import CHAT_FEATURE_NAMES, Agent
from gws_chat.domain.capabilities import State
from gws_chat.domain.chat import Chat, ContactCenter
from gws_chat.domain.errors import UserDataTooLarge
from gws_chat.domain.user_data import require_small
from gws_chat.scenario.schema import ScenarioError

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def check_chat(place: str, entry: dict[str, Any], agents: Mapping[str, Agent]) -> None:
    """Raise `ScenarioError` if no chat can be built from the entry. Nothing is changed.

    `agents` are the existing agents, by user name. An entry without an ID is valid.
    """
    if "id" in entry and not _ID.fullmatch(entry["id"]):
        raise ScenarioError(f"{place}.id: must be 1 to 64 letters, digits, '-' or '_', got {entry['id']!r}")
    names: set[str] = set()
    for index, participation in enumerate(entry["agents"]):
        name = participation["agent"]
        agent_place = f"{place}.agents[{index}].agent"
        if name not in agents:
            raise ScenarioError(f"{agent_place}: must be the userName of an agent of the scenario, got {name!r}")
        if not agents[name].may_chat:
            raise ScenarioError(
                f"{agent_place}: must be an agent with a chat feature ({CHAT_FEATURE_NAMES}), got {name!r}"
            )
        if name in names:
            raise ScenarioError(f"{agent_place}: must be unique, got {name!r} again")
        names.add(name)
    _check_states(f"{place}.agents", entry["agents"])
    try:
        require_small(entry.get("userData", {}))
    except UserDataTooLarge as error:
        raise ScenarioError(f"{place}.{error}") from None


def _check_states(place: str, participations: list[dict[str, str]]) -> None:
    """Reject states that no sequence of operations can produce."""
    consultants = [each for each in participations if "role" in each]
    left = [each for each in participations if each["state"] == State.LEFT_CHAT]
    if left and len(participations) > 1:
        raise ScenarioError(f"{place}: an agent in LeftChat must be the only agent of the chat")
    if left and consultants:
        raise ScenarioError(f"{place}[0].state: must be Invited or Chatting for a consultant, got LeftChat")
    if consultants and not any(each["state"] == State.CHATTING and "role" not in each for each in participations):
        name = consultants[0]["agent"]
        raise ScenarioError(f"{place}: must include an agent in Chatting whom consultant {name!r} can advise")


def build_chat(entry: dict[str, Any], chat_id: str, agents: Mapping[str, Agent], center: ContactCenter) -> Chat:
    """Build the chat of an entry that has been checked."""
    chat = Chat(chat_id, center.now(), center, user_data=dict(entry.get("userData", {})))
    if entry["customer"] is not None:
        chat.add_customer(entry["customer"])
    for participation in entry["agents"]:
        agent, state = agents[participation["agent"]], State(participation["state"])
        chat.add_agent(agent, state, as_consultant="role" in participation)
    if chat.participations_in(State.LEFT_CHAT):
        chat.end_customer_session()
    return chat
