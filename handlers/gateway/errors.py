"""Every way in which a request is refused before a rule sees it.

RequestError
├── PathUnknown            nothing is at this path
├── MethodNotAllowed       the path has other methods
├── AccessDenied           no credentials, or wrong ones
├── OriginForeign          a page of another site, or another name than the service's
├── CsrfTokenInvalid       what would change something comes without the session's CSRF token
├── BodyTooLarge           over the limit
├── MediaTypeUnsupported   another media type than the document's
├── BodyUnreadable         no body, not UTF-8, not JSON, nested too deep
├── ParameterMissing       a named parameter is missing
├── ParameterInvalid       unknown, of the wrong type or of a wrong value
├── ParameterOutOfRange    too short, too long, too small, too large
└── Provoked               a test wished so
"""


class RequestError(Exception):
    """A refusal. Its text is one line that names the field, the rule and the value."""


class PathUnknown(RequestError):
    """Nothing is at this path."""


class MethodNotAllowed(RequestError):
    """The path has other methods, which `allowed` lists as the Allow header does."""

    def __init__(self, message: str, allowed: str) -> None:
        super().__init__(message)
        self.allowed = allowed


class AccessDenied(RequestError):
    """No credentials, or wrong ones."""


class OriginForeign(RequestError):
    """It comes from a page of another site, or by another name than the service's."""


class CsrfTokenInvalid(RequestError):
    """What would change something comes without the session's CSRF token, or without its cookie."""


class BodyTooLarge(RequestError):
    """The body is over the limit."""


class MediaTypeUnsupported(RequestError):
    """The body is of another media type than the document's."""


class BodyUnreadable(RequestError):
    """There is no body, or it is not UTF-8, not JSON, or nested too deep."""


class ParameterMissing(RequestError):
    """A named parameter is missing."""


class ParameterInvalid(RequestError):
    """A parameter is unknown, of the wrong type or of a wrong value."""


class ParameterOutOfRange(RequestError):
    """A parameter is too short, too long, too small or too large."""


class Provoked(RequestError):
    """A test wished it, with this HTTP status and this statusCode."""

    def __init__(self, message: str, status: int, status_code: int) -> None:
        super().__init__(message)
        self.status = status
        self.status_code = status_code
