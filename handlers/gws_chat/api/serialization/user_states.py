"""The ready states of agents, as JSON."""

from gws_chat.api.serialization import JsonObject
from gws_chat.domain.agent import ReadyState

# Documented; Ready and NotReady observed as well. A session that has not started is logged out (observed).
_USER_STATES = {
    ReadyState.READY: {"id": "9430250E-0A1B-421F-B372-F29E69366DED", "displayName": "Ready", "state": "Ready"},
    ReadyState.NOT_READY: {
        "id": "900D55CC-2BB0-431F-8BF9-D3525B383BE6",
        "displayName": "Not Ready",
        "state": "NotReady",
    },
    ReadyState.AFTER_CALL_WORK: {
        "id": "D3663509-3D82-4DD3-A82E-2EA8EFA02AEF",
        "displayName": "AfterCallWork",
        "state": "NotReady",
        "workMode": "AfterCallWork",
    },
    None: {"id": "0F7F5003-EF26-4D13-A6EF-D0C7EC819BEB", "displayName": "Offline", "state": "LoggedOut"},
}


def user_state(state: ReadyState | None) -> JsonObject:
    """Return `userState`; `None` stands for a channel on which the agent has no session."""
    return dict(_USER_STATES[state])


def agent_states() -> list[JsonObject]:
    """Return the states that an agent can choose, each with the operation that leads to it."""
    return [{**user_state(state), "operationName": state} for state in ReadyState]


def channel_states(ready_states: dict[str, ReadyState]) -> list[JsonObject]:
    """Return the state of each channel of a session."""
    return [{"channel": channel, "userState": user_state(state)} for channel, state in ready_states.items()]
