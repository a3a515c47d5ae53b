"""Errors that reject a request for other reasons than the rules of the domain."""


class RequestError(Exception):
    """A rejected request. The text is one line. It usually names the field, the constraint and the value."""


class PathUnknown(RequestError):
    """No operation and no file has this path."""

    def __init__(self, path: str) -> None:
        super().__init__(f"path: nothing is at {path[:200]!r}")


class MethodNotAllowed(RequestError):
    """The path has other methods. `allowed` lists them as in an Allow header."""

    def __init__(self, method: str, allowed: str) -> None:
        super().__init__(f"method: must be one of {allowed}, got {method}")
        self.allowed = allowed


class HostNotAllowed(RequestError):
    """A host in the request target, in Host, in Origin or in the headers of a trusted proxy is not allowed."""


class AccessDenied(RequestError):
    """The credentials are missing or wrong."""

    def __init__(self) -> None:
        super().__init__("Access denied")  # observed: the text of a real server


class CsrfTokenInvalid(RequestError):
    """The CSRF token is missing or does not belong to the session."""

    def __init__(self) -> None:
        super().__init__("Missing or invalid Csrf token")  # documented text


class BodyTooLarge(RequestError):
    """The body exceeds the limit."""


class MediaTypeUnsupported(RequestError):
    """The media type is not the one in openapi.yaml, or the body is compressed."""


class BodyUnreadable(RequestError):
    """The body is missing or incomplete, or cannot be read as UTF-8 and JSON, or as a form, within the limits."""


class ParameterMissing(RequestError):
    """A required parameter is missing."""


class ParameterInvalid(RequestError):
    """A parameter is unknown, or has the wrong type or value."""


class ParameterOutOfRange(RequestError):
    """A parameter is too short, too long, too small or too large."""


class EndedByReset(RequestError):
    """The simulation was reset before the request had its response."""

    def __init__(self) -> None:
        super().__init__("the simulation was reset before the response")


class InjectedError(RequestError):
    """A test injected this error, with its HTTP status and statusCode."""

    def __init__(self, message: str, status: int, status_code: int) -> None:
        super().__init__(message)
        self.status = status
        self.status_code = status_code
