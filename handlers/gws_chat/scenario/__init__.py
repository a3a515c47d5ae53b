"""The agents and chats that exist at start, read from a YAML file."""

from gws_chat.scenario.loader import Scenario, build_scenario, load_scenario, prepare_chat, restore_initial_state
from gws_chat.scenario.schema import ScenarioError

__all__ = ["Scenario", "ScenarioError", "build_scenario", "load_scenario", "prepare_chat", "restore_initial_state"]
