"""A chat of a run, and the error of stories that cannot go on."""

from dataclasses import dataclass

from gws_chat.verify.customer import Customer
from gws_chat.verify.desk import Desk

NEEDS_CUSTOMER = "needs access to the customer's side of the chat"


class NotReached(Exception):
    """A story cannot go on. The text is the reason, without user data."""


@dataclass(eq=False, slots=True)
class Chat:
    """A chat that this run has requested, or that was routed to one of its agents.

    `owner` is the agent who received it, and `helper` another one. `hand_over` exchanges them.
    """

    id: str
    owner: Desk
    customer: Customer | None
    helper: Desk | None = None
    is_cleaned_up: bool = False  # the clean-up has tried to end it
    could_not_be_ended: bool = False
    why_alone: str = "needs a second --agent"  # why there is no helper

    def hand_over(self) -> None:
        """Make the helper the owner, after the owner has left."""
        self.owner, self.helper = self.require_helper(), self.owner

    def mark_as_read(self) -> None:
        """Let the customer receive all messages, so that those that follow are the new ones."""
        if self.customer:
            self.customer.messages()

    def require_helper(self) -> Desk:
        if self.helper is None:
            raise NotReached(self.why_alone)
        return self.helper

    def require_customer(self) -> Customer:
        if self.customer is None:
            raise NotReached(NEEDS_CUSTOMER)
        return self.customer
