"""Participants, messages, and the transcript that the customer reads."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from gws_chat.domain.agent import Agent


class Visibility(StrEnum):
    """Whether the customer sees a participant or a message."""

    ALL = "All"
    AGENTS = "Agents"


class MessageType(StrEnum):
    TEXT = "Text"
    PARTICIPANT_JOINED = "ParticipantJoined"
    PARTICIPANT_LEFT = "ParticipantLeft"
    TYPING_STARTED = "TypingStarted"
    TYPING_STOPPED = "TypingStopped"
    NOTICE = "Notice"
    CUSTOM_NOTICE = "CustomNotice"
    PUSH_URL = "PushUrl"


class TreatAs(StrEnum):
    NORMAL = "Normal"
    SYSTEM = "System"


@dataclass(frozen=True, slots=True)
class Participant:
    """The customer, or an agent in the chat. `agent` is None for the customer."""

    id: str
    nickname: str
    agent: Agent | None
    visibility: Visibility


@dataclass(frozen=True, slots=True)
class MessageText:
    content: str
    client_type: str = "Text"  # the free-form `messageType` of the API
    treat_as: TreatAs = TreatAs.NORMAL


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the chat. `text` is None for messages without a text, such as ParticipantLeft."""

    index: int
    type: MessageType
    sender: Participant
    visibility: Visibility
    written_at: datetime
    text: MessageText | None = None


@dataclass(slots=True, eq=False)
class CustomerTranscript:
    """The messages that the customer can read, under separate indexes and participant IDs.

    The separate indexes leave no gaps from which a customer could infer messages between agents.
    """

    id: str  # the chat ID that the customer uses; agents never receive it
    messages: list[Message] = field(default_factory=list)
    first_unreceived_index: int = 1
    _numbers: dict[str, str] = field(default_factory=dict)

    def add(self, message: Message) -> None:
        """Append the message under the next index, even a typing message: customers poll for it (assumed)."""
        self.assign_number(message.sender)
        self.messages.append(replace(message, index=len(self.messages) + 1))

    def since(self, index: int) -> list[Message]:
        """Return the messages from this index on; the first index is 1."""
        return self.messages[max(index - 1, 0) :]

    def assign_number(self, participant: Participant) -> str:
        """Return the participant's number. At first use, assign the next one, starting at "1" (documented)."""
        return self._numbers.setdefault(participant.id, str(len(self._numbers) + 1))
