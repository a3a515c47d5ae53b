"""The steps of a request before its operation is found, and those of its response."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import KW_ONLY, dataclass
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gws_chat.gateway.cors import Cors, preflight_headers, preflight_origin
from gws_chat.gateway.csrf import csrf_headers
from gws_chat.gateway.error_responses import response_to
from gws_chat.gateway.headers import BROWSER_COOKIE, SESSION_COOKIE, set_cookie_header
from gws_chat.gateway.identity import Identity
from gws_chat.gateway.request import COMETD_PATH, CONTEXT, RequestContext
from gws_chat.gateway.request_record import RequestRecord, record_body, shorten_for_record
from gws_chat.gateway.responses import NO_STORE, encode, send_response

UI = ("/ui/", "/simulation/ui/")  # these keep their trailing slash: the files of Swagger UI are relative to it


@dataclass(frozen=True, slots=True)
class FrontMiddleware:
    """The outermost layer: path normalisation, access, CORS, error responses, cookies, records.

    `check_access` raises a `RequestError` for a request that is not allowed. Each of `observers` receives the record of
    every request.
    """

    app: ASGIApp
    _: KW_ONLY
    identity: Identity
    check_access: Callable[[Scope], None]
    cors: Cors | None
    observers: Sequence[Callable[[RequestRecord], None]]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return  # the service needs no lifespan events
        started = perf_counter()
        given = scope["path"]
        path = "/" + given.lstrip("/") if given.startswith("//") else given  # as Flask's development server does
        record = RequestRecord(shorten_for_record(scope["method"]), shorten_for_record(path))
        record.query = record_body(scope["query_string"])
        record.origin = preflight_origin(scope)
        context = RequestContext(record)
        extensions = {**(scope.get("extensions") or {}), CONTEXT: context}
        scope = {**scope, "path": self._normalised(path), "extensions": extensions}
        is_recorded = False

        def finish() -> None:
            """Pass the record to the observers, once."""
            nonlocal is_recorded
            if not is_recorded:
                is_recorded = True
                record.milliseconds = (perf_counter() - started) * 1000
                for observe in self.observers:
                    observe(record)

        async def respond(message: Message) -> None:
            if message["type"] == "http.response.start":
                record.status = message["status"]
                message = {**message, "headers": [*message["headers"], *self._headers(scope, context)]}
            else:
                body = message.get("body", b"")
                record.set_status_code(body)
                record.response_body = record.response_body or record_body(body)
                if not message.get("more_body"):
                    finish()  # before the client has the response, so that its next request finds the record
            await send(message)

        try:
            self.check_access(scope)
            if record.origin and self.cors is not None and self.cors.allows(scope):
                await send_response(respond, 204, headers=preflight_headers(scope))
            else:
                await self.app(scope, receive, respond)
        except Exception as error:
            if record.status is not None:
                raise  # the response has already started
            response = response_to(scope, error)
            record.reason = response.message
            headers = [NO_STORE, *response.headers]
            await send_response(respond, response.status, encode(response.content), headers=headers)
        finally:
            # without a status the server has cancelled the request: the client disconnected, or the service ends
            record.client_gave_up |= record.status is None
            finish()  # for a request that never got a response

    def _normalised(self, path: str) -> str:
        """Remove trailing slashes, and the segment that CometD clients append to the path of the endpoint.

        Otherwise starlette would redirect for the slash, which CometD clients do not follow, and would not find the
        segment.
        """
        if path.startswith(UI):
            return path
        path = path.rstrip("/") or "/"
        parent, _, segment = path.rpartition("/")
        return parent if parent == COMETD_PATH and segment else path

    def _headers(self, scope: Scope, context: RequestContext) -> Iterator[tuple[bytes, bytes]]:
        """Yield the headers that do not depend on the operation."""
        yield b"x-content-type-options", b"nosniff"
        agent = context.agent_for_new_cookie
        # there is no token after EndContactCenterSession
        if agent is not None and (token := self.identity.login_token(agent)):
            yield set_cookie_header(SESSION_COOKIE, token)
        if context.new_browser_id is not None:
            yield set_cookie_header(BROWSER_COOKIE, context.new_browser_id)
        if context.csrf_token is not None:
            yield from csrf_headers(context.csrf_token)
        if self.cors is not None:
            yield from self.cors.headers(scope)
