"""From an exception to an answer: one table, and nothing else maps errors."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING

from connexion.exceptions import OAuthProblem, ProblemException
from connexion.lifecycle import ConnexionResponse
from starlette.exceptions import HTTPException

from handlers import wire
from handlers.cometd import errors as cometd
from handlers.domain import errors as domain
from handlers.gateway import errors as gateway
from handlers.gateway.request_log import note_refusal
from handlers.scenario import ScenarioError

if TYPE_CHECKING:
    from collections.abc import Callable

    from connexion.lifecycle import ConnexionRequest

logger = logging.getLogger(__name__)

PROBLEMS: dict[type[Exception], tuple[int, int]] = {
    # exception: HTTP status, statusCode. The statuses are decided, but for AccessDenied's, seen
    # on the wire, and CsrfTokenInvalid's, documented as is its text.
    gateway.PathUnknown: (404, 6),
    gateway.MethodNotAllowed: (405, 3),
    gateway.AccessDenied: (403, 20),
    gateway.CsrfTokenInvalid: (403, 3),
    gateway.OriginForeign: (403, 3),
    gateway.BodyTooLarge: (413, 10),
    gateway.MediaTypeUnsupported: (415, 2),
    gateway.BodyUnreadable: (400, 2),
    gateway.ParameterMissing: (400, 1),
    gateway.ParameterInvalid: (400, 2),
    gateway.ParameterOutOfRange: (400, 10),
    domain.FeatureRequired: (403, 5),
    domain.ChatNotFound: (404, 6),
    domain.TargetNotFound: (404, 6),
    domain.OperationNotAllowed: (403, 3),
    ScenarioError: (403, 3),
    cometd.ServerClosing: (503, 4),
    Exception: (500, 4),
}
"""The most special class decides. A text other than an entry's own is never told for `Exception`."""

HANDLED = (Exception, ProblemException, HTTPException)
"""What has to be registered: connexion has handlers of its own for the last two."""


class Problems:
    """Answers whatever was raised, in the one shape. `methods_of` tells which methods a path has."""

    def __init__(self, methods_of: Callable[[str], str]) -> None:
        self._methods_of = methods_of

    async def answer(self, request: ConnexionRequest, error: Exception) -> ConnexionResponse:
        error = self._own(request, error)
        status, status_code = self._statuses(error)
        if status == HTTPStatus.INTERNAL_SERVER_ERROR and not isinstance(error, gateway.Provoked):
            logger.error("%s %r", request.method, request.scope["path"], exc_info=error)
            error = Exception("internal error, the log of the service has the details")
        note_refusal(request.scope, str(error))
        headers = {"Allow": error.allowed} if isinstance(error, gateway.MethodNotAllowed) else {}
        return ConnexionResponse(
            status_code=status,
            mimetype="application/json",
            headers=headers,
            body=json.dumps(wire.failure(status_code, str(error))),
        )

    def _statuses(self, error: Exception) -> tuple[int, int]:
        if isinstance(error, gateway.Provoked):
            return error.status, error.status_code
        return next(PROBLEMS[kind] for kind in type(error).__mro__ if kind in PROBLEMS)

    def _own(self, request: ConnexionRequest, error: Exception) -> Exception:
        """Name what connexion and starlette raise as the gateway does."""
        if isinstance(error, OAuthProblem):
            return gateway.AccessDenied("Access denied")
        path = request.scope["path"]
        if isinstance(error, HTTPException) and error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            allowed = self._methods_of(path)
            return gateway.MethodNotAllowed(
                f"method: must be one of {allowed}, not {request.method}", allowed
            )
        if isinstance(error, HTTPException) and error.status_code == HTTPStatus.NOT_FOUND:
            return gateway.PathUnknown(f"path: nothing is at {path[:200]!r}")
        return error
