"""An agent's participation in a chat."""

from dataclasses import dataclass

from gws_chat.domain.agent import Agent
from gws_chat.domain.capabilities import State
from gws_chat.domain.transcript import Participant, Visibility


@dataclass(frozen=True, slots=True)
class SentInvitation:
    """An Invite or Consult: the agent who sent it, and the `referenceId` of that operation."""

    agent: Agent
    reference_id: int


@dataclass(slots=True)
class Participation:
    agent: Agent
    participant_id: str
    nickname: str
    state: State
    is_consultant: bool = False
    # The Invite or Consult that invited this agent. None after routing, Transfer or the scenario.
    sent_invitation: SentInvitation | None = None

    @property
    def participant(self) -> Participant:
        """The agent as a participant, with the current nickname and visibility."""
        visibility = Visibility.AGENTS if self.is_consultant else Visibility.ALL
        return Participant(self.participant_id, self.nickname, self.agent, visibility)
