"""Error responses: the table from exception to HTTP status and statusCode."""

import logging
from collections.abc import Sequence
from typing import NamedTuple

from gws_chat.cometd import errors as cometd
from gws_chat.domain import errors as domain
from gws_chat.gateway import errors as gateway
from gws_chat.gateway.request_record import RequestRecord
from gws_chat.gateway.responses import NO_STORE, Response, encode

logger = logging.getLogger(__name__)


class ErrorResponse(NamedTuple):
    """An HTTP status, with the content of the body."""

    status: int
    status_code: int
    message: str
    headers: Sequence[tuple[bytes, bytes]] = ()

    @property
    def content(self) -> dict[str, int | str]:
        return {"statusCode": self.status_code, "statusMessage": self.message}

    def response(self) -> Response:
        return Response(self.status, encode(self.content), headers=[NO_STORE, *self.headers])


STATUSES: dict[type[Exception], tuple[int, int]] = {
    # exception: HTTP status, statusCode. Provenance: the statuses are assumed, except AccessDenied, which is
    # observed, and CsrfTokenInvalid, which is documented
    gateway.PathUnknown: (404, 6),
    gateway.MethodNotAllowed: (405, 3),
    gateway.HostNotAllowed: (403, 3),
    gateway.AccessDenied: (403, 20),
    gateway.CsrfTokenInvalid: (403, 3),
    gateway.BodyTooLarge: (413, 10),
    gateway.MediaTypeUnsupported: (415, 2),
    gateway.BodyUnreadable: (400, 2),
    gateway.EndedByReset: (503, 4),
    gateway.ParameterMissing: (400, 1),
    gateway.ParameterInvalid: (400, 2),
    gateway.ParameterOutOfRange: (400, 10),
    domain.FeatureRequired: (403, 5),
    domain.ChatNotFound: (404, 6),
    domain.ChannelNotFound: (404, 6),
    domain.TargetNotFound: (404, 6),
    domain.FeatureNotFound: (404, 6),
    domain.OperationNotAllowed: (403, 3),
    domain.UserDataTooLarge: (400, 10),
    domain.TooManyChats: (503, 4),
    cometd.ServerClosing: (503, 4),
}


def response_to(record: RequestRecord, error: Exception) -> ErrorResponse:
    """Return the response to an error. Errors that are not in the table are logged."""
    if isinstance(error, gateway.InjectedError):
        return ErrorResponse(error.status, error.status_code, str(error))
    if isinstance(error, gateway.MethodNotAllowed):
        return ErrorResponse(*STATUSES[type(error)], str(error), [(b"allow", error.allowed.encode())])
    if type(error) in STATUSES:
        return ErrorResponse(*STATUSES[type(error)], str(error))
    logger.error("%s %r", record.method, record.path, exc_info=error)
    return ErrorResponse(500, 4, "internal error, see the log of the service")
