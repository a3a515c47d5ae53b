"""A chat: the customer, the agents and their seats, the transcript, the user data."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

from handlers.domain.capabilities import AFTER_WORK, Capability, Situation, State
from handlers.domain.errors import OperationNotAllowed

if TYPE_CHECKING:
    from datetime import datetime

    from handlers.domain.agent import Agent
    from handlers.domain.contact_center import ContactCenter
    from handlers.domain.customer_view import CustomerView

UserDataValue = str | int | float | bool | None


class Visibility(StrEnum):
    """Who sees a participant or a message."""

    ALL = "All"
    AGENTS = "Agents"


class MessageType(StrEnum):
    """What a line of the transcript is."""

    TEXT = "Text"
    PARTICIPANT_JOINED = "ParticipantJoined"
    PARTICIPANT_LEFT = "ParticipantLeft"
    TYPING_STARTED = "TypingStarted"
    TYPING_STOPPED = "TypingStopped"
    NOTICE = "Notice"
    CUSTOM_NOTICE = "CustomNotice"


class TreatAs(StrEnum):
    """How a text is to be treated."""

    NORMAL = "Normal"
    SYSTEM = "System"


@dataclass(frozen=True, slots=True)
class Participant:
    """The customer, or an agent who is in the chat (`agent` is None for the customer)."""

    id: str
    nickname: str
    agent: Agent | None
    visibility: Visibility


@dataclass(frozen=True, slots=True)
class Text:
    """What somebody wrote, with the two parameters that may come with it."""

    text: str
    message_type: str = "Text"
    treat_as: TreatAs = TreatAs.NORMAL


@dataclass(frozen=True, slots=True)
class Message:
    """A line of the transcript; `text` is None where nobody wrote anything."""

    index: int
    type: MessageType
    sender: Participant
    visibility: Visibility
    written_at: datetime
    text: Text | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who asked an agent in, and with which operation."""

    agent: Agent
    reference_id: int


@dataclass(slots=True)
class Seat:
    """An agent's part in a chat; `invitation` is None where no agent asked it in."""

    agent: Agent
    participant_id: str
    nickname: str
    state: State
    is_consultant: bool = False
    invitation: Invitation | None = None

    @property
    def participant(self) -> Participant:
        """The agent as the others see it now."""
        visibility = Visibility.AGENTS if self.is_consultant else Visibility.ALL
        return Participant(self.participant_id, self.nickname, self.agent, visibility)


@dataclass(slots=True, eq=False)
class Chat:
    """One chat.

    `customer` is None once the customer's session is over, whoever ended it. `seats` holds the
    agents whose chat is not completed, by agent id, in the order in which they came in; `take_seat` and
    `give_up_seat` are the only ways in and out. `customer_view` is None where the customer is a scenario's,
    whom nobody plays. `turned_down` has who was asked in vain, with how often it had become free by then.
    """

    id: str
    received_at: datetime
    center: ContactCenter
    customer: Participant | None = None
    customer_view: CustomerView | None = None
    user_data: dict[str, UserDataValue] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    turned_down: dict[Agent, int] = field(default_factory=dict)
    participants_ever: int = 0
    messages_ever: int = 0

    def new_participant_id(self) -> str:
        """Sixteen upper-case hexadecimal digits, the same in every run (decided)."""
        self.participants_ever += 1
        return sha256(f"{self.id}/{self.participants_ever}".encode()).hexdigest()[:16].upper()

    def welcome_customer(self, nickname: str) -> Participant:
        self.customer = Participant(self.new_participant_id(), nickname, None, Visibility.ALL)
        return self.customer

    def end_customer_session(self) -> None:
        self.customer = None

    def take_seat(
        self,
        agent: Agent,
        state: State,
        *,
        as_consultant: bool = False,
        invitation: Invitation | None = None,
    ) -> Seat:
        participant_id = self.new_participant_id()
        seat = Seat(agent, participant_id, agent.user_name, state, as_consultant, invitation)
        self.seats[agent.id] = seat
        agent.chats[self.id] = self
        self.center.renew_place(agent)
        return seat

    def join(self, seat: Seat) -> None:
        """Let an invited agent chat, behind those who are there already."""
        seat.state = State.CHATTING
        self.seats[seat.agent.id] = self.seats.pop(seat.agent.id)

    def give_up_seat(self, agent: Agent) -> None:
        del self.seats[agent.id]
        del agent.chats[self.id]
        self.center.renew_place(agent)

    def seat_of(self, agent: Agent) -> Seat:
        return self.seats[agent.id]

    def seats_in(self, state: State) -> list[Seat]:
        return [seat for seat in self.seats.values() if seat.state is state]

    def others_chatting(self, agent: Agent) -> list[Seat]:
        """The agents who go on if this one leaves."""
        return [seat for seat in self.seats_in(State.CHATTING) if seat.agent is not agent]

    @property
    def participants(self) -> tuple[Participant, ...]:
        """Who is in the chat, as agents see it: the customer first."""
        agents = tuple(seat.participant for seat in self.seats_in(State.CHATTING))
        return agents if self.customer is None else (self.customer, *agents)

    def situation_of(self, agent: Agent) -> Situation:
        seat = self.seat_of(agent)
        if seat.state is not State.CHATTING:
            return Situation(seat.state)
        if seat.is_consultant:
            return Situation.CHATTING_AS_CONSULTANT
        return Situation.CHATTING_WITH_AGENTS if self.others_chatting(agent) else Situation.CHATTING

    def capabilities_of(self, agent: Agent) -> tuple[Capability, ...]:
        """The operations open to the agent now, in the order in which clients are told them."""
        return self.center.capabilities[self.situation_of(agent)]

    @property
    def is_over(self) -> bool:
        """Whether the customer has gone and nobody chats any more: what is left is after-work."""
        return self.customer is None and not self.seats_in(State.CHATTING)

    def require(self, agent: Agent, *names: Capability) -> None:
        """Raise `OperationNotAllowed` unless the operation, by one of its names, is open to the agent now.

        In LeftChat that is what is listed, and `AFTER_WORK`.
        """
        open_now, state = self.capabilities_of(agent), self.seat_of(agent).state
        after_work = AFTER_WORK if state is State.LEFT_CHAT else frozenset()
        if not any(name in open_now or name in after_work for name in names):
            raise OperationNotAllowed(
                f"operationName: {names[-1]} is not allowed while the chat is {state},"
                f" allowed: {', '.join(open_now) or 'nothing'}"
            )

    def message(
        self, kind: MessageType, sender: Participant, visibility: Visibility, text: Text | None = None
    ) -> Message:
        """Make the next message of the chat; its index is used up, whether it is kept or not.

        Whatever it is, of a sender whom only agents see it is for agents only.
        """
        self.messages_ever += 1
        if sender.visibility is Visibility.AGENTS:
            visibility = Visibility.AGENTS
        message = Message(self.messages_ever, kind, sender, visibility, self.center.clock(), text)
        if visibility is Visibility.ALL:
            self.show_customer(message)
        return message

    def show_customer(self, message: Message) -> None:
        """Let the customer see a message, if there is one who looks."""
        if self.customer is not None and self.customer_view is not None:
            self.customer_view.see(message)

    def write(
        self, kind: MessageType, sender: Participant, visibility: Visibility, text: Text | None = None
    ) -> Message:
        """Add a line to the transcript."""
        message = self.message(kind, sender, visibility, text)
        self.messages.append(message)
        return message
