"""A chat as its customer sees it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from handlers.domain.capabilities import CUSTOMER_CAPABILITIES, CustomerState, State
from handlers.domain.chat import Visibility

if TYPE_CHECKING:
    from handlers.domain.capabilities import Capability
    from handlers.domain.chat import Chat, Message, Participant


@dataclass(slots=True, eq=False)
class CustomerView:
    """What the customer may see, numbered anew, so that what is for agents only leaves no hole to be counted.

    `id` is the customer's own name for the chat, which no agent knows.
    """

    id: str
    chat: Chat = field(repr=False)
    messages: list[Message] = field(default_factory=list)
    _participant_ids: dict[str, str] = field(default_factory=dict)

    @property
    def state(self) -> CustomerState:
        if self.chat.customer is None:
            return CustomerState.IDLE
        is_alone = not self.chat.seats_in(State.CHATTING)
        return CustomerState.WAITING_FOR_AGENT if is_alone else CustomerState.CHATTING

    @property
    def capabilities(self) -> tuple[Capability, ...]:
        """The operations open to the customer now, in the order in which clients are told them."""
        return CUSTOMER_CAPABILITIES[self.state]

    @property
    def participants(self) -> tuple[Participant, ...]:
        """Who is in the chat, without those whom agents only see; nobody once the session is over."""
        there = () if self.chat.customer is None else self.chat.participants
        return tuple(each for each in there if each.visibility is Visibility.ALL)

    def see(self, message: Message) -> None:
        """Add a message that is for all. Typing is kept, too (decided): who polls misses it otherwise."""
        self.participant_id(message.sender)
        self.messages.append(replace(message, index=len(self.messages) + 1))

    def since(self, index: int) -> list[Message]:
        """Return the messages from this index on; the first one is 1."""
        return self.messages[max(index - 1, 0) :]

    def participant_id(self, participant: Participant) -> str:
        """Return the participant's number in the order of appearance, from "1" (documented)."""
        return self._participant_ids.setdefault(participant.id, str(len(self._participant_ids) + 1))
