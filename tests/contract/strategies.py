"""The requests of agents and customers that the state machines draw."""

import os
from collections.abc import Iterable
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from gws_chat.api import chats, customers

JSON = dict[str, Any]
AGENTS = ("agent1", "agent2", "agent3", "agent4")
AGENT_OPERATIONS = tuple(chats.OPERATIONS)
CUSTOMER_OPERATIONS = ("SendMessage", *customers.OPERATIONS_WITHOUT_PARAMETERS)

AFTER_CALL_WORK = {"AttachUserData", "UpdateUserData", "DeleteUserData", "SetDisposition"}
FOCUS = {"InFocus", "SetInFocus"}
WORDS = st.sampled_from(["Hello", "Grüße", "☕ \n"])
MESSAGE = st.fixed_dictionaries(
    {"text": WORDS},
    optional={"messageType": st.sampled_from(["Text", "Handover"]), "treatAs": st.sampled_from(["Normal", "System"])},
)
FAREWELL = st.just({}) | MESSAGE
AGENT = st.fixed_dictionaries({"targetPath": st.sampled_from([*AGENTS, "nobody"])}) | st.fixed_dictionaries(
    {"targetUri": st.sampled_from(AGENTS)}
)
QUEUE = st.fixed_dictionaries({"queueName": st.sampled_from(["support", "nowhere"])})
TARGET = AGENT | AGENT | QUEUE
KEYS = st.sampled_from(["tier", "order", "DispositionCode"])
VALUES = WORDS | st.integers(-9, 9) | st.sampled_from([None, True, ["a", None], {"a": {}}])
USER_DATA = st.fixed_dictionaries({"userData": st.dictionaries(KEYS, VALUES, min_size=1)})
PARAMETERS: dict[str, tuple[st.SearchStrategy[JSON], ...]] = {
    "Accept": (st.fixed_dictionaries({}, optional={"nickname": WORDS}),),
    "Leave": (FAREWELL,),
    "Complete": (FAREWELL, st.just({}) | QUEUE),
    "Transfer": (FAREWELL, TARGET),
    "Invite": (TARGET,),
    "Consult": (TARGET,),
    "RemoveParticipantFromConference": (FAREWELL, AGENT),
    "SendMessage": (MESSAGE,),
    "SendUrl": (st.fixed_dictionaries({"url": WORDS}),),
    "SendToAgents": (st.fixed_dictionaries({"text": WORDS}),),
    "SendCustomNoticeToAgents": (st.fixed_dictionaries({"noticeText": WORDS}),),
    "AttachUserData": (USER_DATA,),
    "UpdateUserData": (USER_DATA,),
    "DeleteUserData": (st.fixed_dictionaries({"keys": st.lists(KEYS, min_size=1, max_size=2)}),),
    "SetDisposition": (st.fixed_dictionaries({"disposition": WORDS}, optional={"dispositionKey": KEYS}),),
}
# These change who is in a chat. Without them most rules are never exercised.
MOVES = ("Invite", "Consult", "Complete", "Accept", "RemoveParticipantFromConference", "Transfer")

# By state: the operation that brings an agent closer to the end of the chat.
WAY_OUT = {"Invited": "Reject", "Chatting": "Leave", "LeftChat": "Complete"}


def body_of(name: str) -> st.SearchStrategy[JSON]:
    def joined(parts: Iterable[JSON]) -> JSON:
        return {"operationName": name} | {key: value for part in parts for key, value in part.items()}

    return st.tuples(*PARAMETERS.get(name, ())).map(joined)


BODIES = {name: body_of(name) for name in AGENT_OPERATIONS}


def permitted(chat: JSON) -> set[str]:
    """Name the operations that the emulator accepts for a chat as an agent sees it."""
    names = set(chat["capabilities"])
    if names & FOCUS:
        names |= FOCUS
    if "SendMessage" in names:
        names.add("SendUrl")  # allowed, but not listed
    return names | AFTER_CALL_WORK if chat["state"] == "LeftChat" else names


def bodies_in(chat: JSON) -> st.SearchStrategy[JSON]:
    """Draw a permitted operation; half of the draws change who is in the chat."""
    names = permitted(chat)
    some = [name for name in BODIES if name in names]
    moves = [name for name in MOVES if name in names]
    return (st.sampled_from(moves or some) | st.sampled_from(some)).flatmap(BODIES.get)


def settings_for(examples: int) -> settings:
    """Return the settings of a state machine; STATE_MACHINE_EXAMPLES overrides the number of examples."""
    return settings(
        max_examples=int(os.environ.get("STATE_MACHINE_EXAMPLES", examples)),
        stateful_step_count=30,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=[HealthCheck.too_slow],  # each step makes a dozen requests
    )
