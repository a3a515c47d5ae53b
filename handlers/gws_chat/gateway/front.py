"""The steps of a request before its operation is found, and those after: response, record, notifications."""

from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass
from time import perf_counter

from starlette.types import Receive, Scope, Send

from gws_chat.gateway.connection import connection_of
from gws_chat.gateway.cors import Cors, preflight_headers, preflight_origin
from gws_chat.gateway.csrf import csrf_headers
from gws_chat.gateway.error_responses import response_to
from gws_chat.gateway.headers import BROWSER_COOKIE, SESSION_COOKIE, set_cookie_header
from gws_chat.gateway.identity import Identity
from gws_chat.gateway.notification_queue import NotificationQueue
from gws_chat.gateway.request import COMETD_PATH, CONTEXT, RequestContext
from gws_chat.gateway.request_record import RequestRecord, record_body, shorten_for_record
from gws_chat.gateway.responses import NOSNIFF, Header, Layer, Response

UI = ("/ui/", "/simulation/ui/")  # these keep their trailing slash: the files of Swagger UI are relative to it


@dataclass(frozen=True, slots=True)
class FrontMiddleware:
    """The outermost layer: path normalisation, access, CORS, error responses, cookies, records, notifications.

    `check_access` raises a `RequestError` for a request that is not allowed. Each of `observers` receives the record of
    every request.
    """

    app: Layer
    _: KW_ONLY
    identity: Identity
    check_access: Callable[[Scope], None]
    cors: Cors | None
    observers: Sequence[Callable[[RequestRecord], None]]
    queue: NotificationQueue

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return  # the service needs no lifespan events
        started = perf_counter()
        given = scope["path"]
        path = "/" + given.lstrip("/") if given.startswith("//") else given  # one slash, as under Flask's server
        record = RequestRecord(shorten_for_record(scope["method"]), shorten_for_record(path))
        if scope["query_string"]:
            record.query = record_body(scope["query_string"])
        context = RequestContext(record, connection_of(scope, receive, send))
        try:
            response = await self._respond(scope, receive, path, context)
            if response.held_body is not None:
                response = Response(response.status, await response.held_body, response.media_type, response.headers)
            if context.before_response is not None:
                await context.before_response(context.connection, self.queue)
            record.set_response(response.status, response.body)
        except Exception as error:  # noqa: BLE001 - every error has a response
            failure = response_to(record, error)
            record.reason = failure.message
            response = failure.response()
            record.set_response(response.status, response.body)
        finally:
            # without a status the server has cancelled the request: uvicorn does at the end of the service
            record.client_gave_up |= record.status is None
            record.milliseconds = (perf_counter() - started) * 1000
            for observe in self.observers:  # before the response, so that the client's next request finds the record
                observe(record)
        headers = response.all_headers() + self._headers(context)
        body = b"" if scope["method"] == "HEAD" else response.body
        try:
            await context.connection.send_response(response.status, headers, body)
        finally:
            if context.batch is not None:
                self.queue.release(context.batch)

    async def _respond(self, scope: Scope, receive: Receive, path: str, context: RequestContext) -> Response:
        """Return the response of the inner layers, or the response to a CORS preflight.

        This is a separate method, so that its copy of the scope is freed while a poll is held.
        """
        scope = {**scope, "path": self._normalised(path), "extensions": scope.get("extensions") or {}, CONTEXT: context}
        context.record.origin = preflight_origin(scope)
        if self.cors is not None:
            context.cors_headers = self.cors.headers(scope)
        self.check_access(scope)
        if context.record.origin and self.cors is not None and self.cors.allows(scope):
            return Response(204, headers=preflight_headers(scope))
        return await self.app.respond(scope, receive)

    def _normalised(self, path: str) -> str:
        """Remove trailing slashes, and the segment that CometD clients append to the path of the endpoint."""
        if path.startswith(UI):
            return path
        path = path.rstrip("/") or "/"
        parent, _, segment = path.rpartition("/")
        return parent if parent == COMETD_PATH and segment else path

    def _headers(self, context: RequestContext) -> list[Header]:
        """Return the headers for cookies, the CSRF token, CORS, and X-Content-Type-Options."""
        headers = [NOSNIFF]
        agent = context.agent_for_new_cookie
        # there is no token after EndContactCenterSession
        if agent is not None and (token := self.identity.login_token(agent)):
            headers.append(set_cookie_header(SESSION_COOKIE, token))
        if context.new_browser_id is not None:
            headers.append(set_cookie_header(BROWSER_COOKIE, context.new_browser_id))
        if context.csrf_token is not None:
            headers += csrf_headers(context.csrf_token)
        return [*headers, *context.cors_headers]
