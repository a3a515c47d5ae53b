"""A chat, and the contact center to which all chats belong."""

import string
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import chain
from random import Random, SystemRandom
from typing import Any, TypeAlias
from uuid import UUID

from gws_chat.domain.agent import CHAT_FEATURE_NAMES, Agent, ReadyState
from gws_chat.domain.capabilities import DEFAULT_CAPABILITIES, UNLISTED_OPERATIONS, Capability, Situation, State
from gws_chat.domain.errors import OperationNotAllowed, TargetNotFound, shorten
from gws_chat.domain.participation import Participation, SentInvitation
from gws_chat.domain.transcript import CustomerTranscript, Message, MessageText, MessageType, Participant, Visibility

UserDataValue: TypeAlias = Any  # a JSON value


@dataclass(slots=True, eq=False)
class Chat:
    """One chat. `participations` has the agents who still have it. `add_agent`, `remove_agent` and `join` change it."""

    id: str
    received_at: datetime
    center: "ContactCenter"
    customer: Participant | None = None  # None after the customer's session has ended
    customer_nickname: str | None = None  # also after that
    customer_transcript: CustomerTranscript | None = None  # None until the customer gets access to the chat
    user_data: dict[str, UserDataValue] = field(default_factory=dict)
    participations: dict[str, Participation] = field(default_factory=dict)  # by agent ID, in order of arrival
    messages: list[Message] = field(default_factory=list)
    declined_by: dict[Agent, int] = field(default_factory=dict)  # by agent: `availability_count` at that time
    participant_ids_issued: int = 0
    last_message_index: int = 0

    def add_customer(self, nickname: str) -> Participant:
        self.customer_nickname = nickname
        self.customer = Participant(self._new_participant_id(), nickname, None, Visibility.ALL)
        return self.customer

    def end_customer_session(self) -> None:
        self.customer = None

    def add_agent(
        self, agent: Agent, state: State, *, as_consultant: bool = False, sent_invitation: SentInvitation | None = None
    ) -> Participation:
        participant_id = self._new_participant_id()
        participation = Participation(agent, participant_id, agent.user_name, state, as_consultant, sent_invitation)
        self.participations[agent.id] = participation
        self.center.assign(agent, self)
        return participation

    def remove_agent(self, agent: Agent) -> None:
        del self.participations[agent.id]
        self.center.unassign(agent, self)

    def join(self, participation: Participation) -> None:
        """Change an invited agent to Chatting and move it to the end of the order of arrival."""
        participation.state = State.CHATTING
        self.participations[participation.agent.id] = self.participations.pop(participation.agent.id)

    def participation_of(self, agent: Agent) -> Participation:
        return self.participations[agent.id]

    def participations_in(self, state: State) -> list[Participation]:
        return [each for each in self.participations.values() if each.state is state]

    def others_chatting(self, agent: Agent) -> list[Participation]:
        """Return the participations of the other agents in state Chatting."""
        return [
            each for each in self.participations.values() if each.state is State.CHATTING and each.agent is not agent
        ]

    @property
    def participants(self) -> tuple[Participant, ...]:
        """The participants that agents see, the customer first. Invited agents are not among them."""
        agents = tuple(each.participant for each in self.participations_in(State.CHATTING))
        return agents if self.customer is None else (self.customer, *agents)

    def situation_of(self, agent: Agent) -> Situation:
        participation = self.participation_of(agent)
        if participation.state is not State.CHATTING:
            return Situation(participation.state)
        if participation.is_consultant:
            return Situation.CHATTING_AS_CONSULTANT
        return Situation.CHATTING_WITH_AGENTS if self.others_chatting(agent) else Situation.CHATTING

    def capabilities_of(self, agent: Agent) -> tuple[Capability, ...]:
        """Return the operations that clients see, in the order of the table. `require` allows some more."""
        return self.center.capabilities[self.situation_of(agent)]

    def require(self, agent: Agent, name: Capability, *synonyms: Capability) -> None:
        """Raise `OperationNotAllowed` unless the operation or a synonym is allowed in the agent's current situation.

        Those of `UNLISTED_OPERATIONS` are allowed although they are not listed.
        """
        situation = self.situation_of(agent)
        allowed, unlisted = self.center.capabilities[situation], UNLISTED_OPERATIONS.get(situation, frozenset())
        if not any(each in allowed or each in unlisted for each in (name, *synonyms)):
            raise OperationNotAllowed(
                f"operationName: {name} is not allowed while the chat is {self.participation_of(agent).state},"
                f" allowed: {', '.join(allowed) or 'nothing'}"
            )

    def add_message(
        self, message_type: MessageType, sender: Participant, visibility: Visibility, text: MessageText | None = None
    ) -> Message:
        """Create a message under the next index and add it to the transcripts of those who can see it.

        The message of a consultant is always visible to agents only. A typing notification uses an index
        (documented) but is not in the agents' transcript (assumed).
        """
        self.last_message_index += 1
        if sender.visibility is Visibility.AGENTS:
            visibility = Visibility.AGENTS
        message = Message(self.last_message_index, message_type, sender, visibility, self.center.now(), text)
        if message_type not in {MessageType.TYPING_STARTED, MessageType.TYPING_STOPPED}:
            self.messages.append(message)
        if visibility is Visibility.ALL:
            self.show_to_customer(message)
        return message

    def show_to_customer(self, message: Message) -> None:
        """Add the message to the customer's transcript, if the customer has one and the session is open."""
        if self.customer is not None and self.customer_transcript is not None:
            self.customer_transcript.add(message)

    def _new_participant_id(self) -> str:
        """Return 16 hexadecimal digits (assumed) that depend only on the chat's ID and the order of participants."""
        self.participant_ids_issued += 1
        return sha256(f"{self.id}/{self.participant_ids_issued}".encode()).hexdigest()[:16].upper()


@dataclass(frozen=True, slots=True)
class Target:
    """The target of an invitation: one agent, by path, or a queue, by name."""

    path: str | None = None
    queue: str | None = None


@dataclass(slots=True, eq=False)
class ContactCenter:
    """The agents, queues and settings that all chats share.

    `available_agents` are Ready on the channel chat. `waiting_chats` wait for them.
    """

    now: Callable[[], datetime]
    capabilities: Mapping[Situation, tuple[Capability, ...]] = field(default_factory=lambda: DEFAULT_CAPABILITIES)
    agents: Mapping[str, Agent] = field(default_factory=dict)  # by path
    queues: Mapping[str, tuple[Agent, ...]] = field(default_factory=dict)  # in the order in which agents are tried
    invitation_timeout: float | None = None  # in seconds
    random: Random = field(default_factory=SystemRandom)
    session_state: ReadyState = ReadyState.READY  # of all channels when a session starts
    dispositions: tuple[str, ...] = ()  # what desktops offer; SetDisposition takes any text
    available_agents: OrderedDict[Agent, None] = field(default_factory=OrderedDict)  # idle longest first
    free_agents: OrderedDict[Agent, None] = field(default_factory=OrderedDict)  # those without chats, in the same order
    waiting_chats: dict[str, Chat] = field(default_factory=dict)  # by ID
    chats_by_agent: dict[Agent, dict[str, Chat]] = field(default_factory=dict)  # by ID, in order of arrival

    def new_chat_id(self) -> str:
        """Create the chat ID that agents use: sixteen letters and digits, like the vendor's IDs."""
        return "".join(self.random.choices(string.digits + string.ascii_uppercase, k=16))

    def new_customer_chat_id(self) -> str:
        """Create the chat ID that the customer uses: a UUID that nobody can guess unless `random` is seeded."""
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def chats_of(self, agent: Agent) -> list[Chat]:
        """Return the chats in which the agent is Invited, Chatting or LeftChat, in order of arrival."""
        return list(self.chats_by_agent.get(agent, {}).values())

    def assign(self, agent: Agent, chat: Chat) -> None:
        """Add the chat to the agent's chats. The agent's idle time starts again."""
        self.chats_by_agent.setdefault(agent, {})[chat.id] = chat
        if agent in self.available_agents:
            self.make_available(agent)

    def unassign(self, agent: Agent, chat: Chat) -> None:
        """Remove the chat from the agent's chats. The agent's idle time starts again."""
        del self.chats_by_agent[agent][chat.id]
        if agent in self.available_agents:
            self.make_available(agent)

    def make_available(self, agent: Agent) -> None:
        """Make the agent available if it has a chat feature. The agent's idle time starts again."""
        if agent.may_chat:
            self.make_unavailable(agent)
            self.available_agents[agent] = None
            if not self.chats_by_agent.get(agent):
                self.free_agents[agent] = None

    def make_unavailable(self, agent: Agent) -> None:
        self.available_agents.pop(agent, None)
        self.free_agents.pop(agent, None)

    def agents_in(self, queue: str) -> tuple[Agent, ...]:
        """Return the agents of a queue. Raises `TargetNotFound`."""
        if queue not in self.queues:
            raise TargetNotFound(f"queueName: must be the name of a queue, got {shorten(queue)!r}")
        return self.queues[queue]

    def agent_at(self, path: str) -> Agent:
        """Return the agent with this path. Raises `TargetNotFound`."""
        if path not in self.agents:
            raise TargetNotFound(f"target: must be the path of an agent, got {shorten(path)!r}")
        return self.agents[path]

    def next_agent(self, chat: Chat) -> Agent | None:
        """Return the agent to invite to a chat that no agent is in, or None.

        Assumed: agents without any chat come before the others. In both groups the agent who has been idle longest
        comes first: see `make_available`.
        An agent who declined this chat is considered again only when its `availability_count` has increased.
        """
        declined = chat.declined_by
        candidates = chain(self.free_agents, self.available_agents)
        return next((each for each in candidates if declined.get(each) != each.availability_count), None)

    def resolve_target(self, chat: Chat, target: Target) -> Agent:
        """Return the agent to invite to the chat: the first agent of the target who can join.

        Documented: an agent is invited only while Ready on the channel chat. Raises `TargetNotFound` for an agent
        who is not (assumed), or `OperationNotAllowed` if nobody in the target can join (assumed).
        """
        if target.queue is not None:
            field_name, agents = "queueName", self.agents_in(target.queue)
        else:
            field_name, agents = "target", (self.agent_at(target.path or ""),)
        obstacles = []
        for agent in agents:
            if agent.id in chat.participations:
                obstacles.append(f"{agent.user_name} is already in the chat")
            elif not agent.may_chat:
                obstacles.append(f"{agent.user_name} lacks a chat feature ({CHAT_FEATURE_NAMES})")
            elif agent.is_ready_for_chats:
                return agent
            elif target.queue is None:
                raise TargetNotFound(f"target: must be Ready on the channel chat, {agent.user_name} is not")
            else:
                obstacles.append(f"{agent.user_name} is not Ready on the channel chat")
        if not obstacles:
            raise OperationNotAllowed(f"queueName: queue {target.queue!r} has no agents")
        raise OperationNotAllowed(f"{field_name}: no agent can join: {', '.join(obstacles)}")
