"""Every way in which a rule refuses. After any of them nothing has changed.

DomainError
├── FeatureRequired        the agent's account lacks the chat feature
├── ChatNotFound           no such chat among the agent's own
├── TargetNotFound         whom or what an operation names is not there
└── OperationNotAllowed    the operation is not open in this state
"""


class DomainError(Exception):
    """A refusal. Its text is one line that names the field, the rule and the value."""


class FeatureRequired(DomainError):
    """The account has neither of the features that chats need."""


class ChatNotFound(DomainError):
    """The agent has no such chat: unknown, over, or another agent's, in the same words for all."""


class TargetNotFound(DomainError):
    """There is no agent at that path, no queue of that name, or not in this conference."""


class OperationNotAllowed(DomainError):
    """The operation is not among what the chat's state permits."""
