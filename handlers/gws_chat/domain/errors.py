"""The errors of the domain rules. After an error nothing has changed."""

MAX_VALUE_LENGTH = 64  # characters of a value that an error repeats


def shorten(value: str) -> str:
    """Return the beginning of a value as errors repeat it."""
    return value if len(value) <= MAX_VALUE_LENGTH else value[:MAX_VALUE_LENGTH] + "..."


class DomainError(Exception):
    """An operation was rejected. The text is one line that names the field, the rule and the value."""


class FeatureRequired(DomainError):
    """The account has no feature that permits chats, or none for the requested channels of a session."""


class ChatNotFound(DomainError):
    """The caller has no such chat. The text is the same if it is unknown, completed or another agent's."""


class ChannelNotFound(DomainError):
    """The agent's contact-center session does not have this channel."""


class TargetNotFound(DomainError):
    """There is no such agent or queue, or the agent is not Ready or not in the conference."""


class FeatureNotFound(DomainError):
    """No account has this feature."""


class UserDataTooLarge(DomainError):
    """The chat would have too much user data."""


class TooManyChats(DomainError):
    """Customers have requested too many chats that have not ended."""


class OperationNotAllowed(DomainError):
    """The state of the chat, the agent or the service does not allow the operation, or the new chat is impossible."""
